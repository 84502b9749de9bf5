// What is here: one acceptable policy g, rewards on state and action, exactly and with short numbers
// for as long as possible.
// Notation: r_s = r(s, g(s)); V = the value of g; k = a neighbour, which takes a at s; w_k = 1 / d_k(s),
// a long fraction. The margin is the largest ε with V(s) − γ P_a V − r(s,a) ≥ ε w_k for all k, so that
// r(s,a) = −1 is best, and only the column of ε has long entries. Dual multipliers y do not see them
// but in Σ y_k w_k = 1: the basis, y up to a factor and its signs come from a program with rounded w.
// Source: ours; proofs-notes/fringe.md.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// The best reward for a single acceptable policy.
struct SinglePolicyDesign {
  struct Answer {
    let margin: Rational
    let reward: RewardFeatures
    /// One a neighbour, not negative: `‖Σ λ_k δ_k‖₁ = margin · Σ λ_k`.
    let multipliers: [Rational]
    /// Of the acceptable policy under the initial law.
    let value: Rational
  }

  let task: ExpressTask
  let discount: Rational
  let actions: [Action]
  let neighbours: [PolicySetProgram.Neighbour]
  let progress: ProgressHandler

  private var model: FiniteMDP { task.model }

  /// The answer, or `nil` where the rounded program's basis is degenerate or does not fit the exact
  /// one; everything that is returned has been decided exactly.
  ///
  /// - Complexity: one sparse linear program with short numbers, one exact solve a tight
  ///   neighbour, and (tight neighbours)² products of a short and a long number.
  func solve() throws -> Answer? {
    progress.report("solving the rounded linear program of \(neighbours.count) neighbours")
    guard let rounded = try roundedOptimum() else { return nil }
    let tight = rounded.multipliers.indices.filter { !rounded.multipliers[$0].isZero }
    guard tight.count == rounded.inner.count + 1, let dropped = tight.last,
      let lifted = try lifted(rounded, tight, dropped)
    else { return nil }
    guard let loose = try looseRewards(lifted, Set(tight)) else { return nil }
    var reward: RewardFeatures = [:]
    for (state, value) in lifted.rewards.enumerated() where !value.isZero {
      reward[coordinate(State(state), actions[state])] = value
    }
    for (place, neighbour) in neighbours.enumerated() {
      let value = loose[place] ?? -1
      if value.isZero { continue }
      reward[coordinate(model.state(of: neighbour.choice), model.action(of: neighbour.choice))] =
        value
    }
    return Answer(
      margin: lifted.margin, reward: reward,
      multipliers: zip(rounded.multipliers, neighbours).map { $0 / $1.visits },
      value: lifted.value)
  }

  private func coordinate(_ state: State, _ action: Action) -> RewardCoordinate {
    .entry(machine: nil, state: state, action: action, successor: nil)
  }

  // MARK: - The rounded program

  private struct RoundedOptimum {
    /// `y`, one a neighbour, up to a factor.
    let multipliers: [Rational]
    /// `Σ y_k + Σ_s |x_s|`: the margin is this over `Σ y_k w_k`.
    let norm: Rational
    /// The states whose reward is not at a bound.
    let inner: [Int]
    /// −1 or 1 where it is.
    let rewards: [Rational]
  }

  private func roundedOptimum() throws -> RoundedOptimum? {
    let weights = neighbours.map { 1 / $0.visits }
    let exponent =
      weights.lazy.map { $0.numerator.bitLength - $0.denominator.bitLength + 1 }.max() ?? 0
    var builder = LinearProgramBuilder(direction: .maximize)
    let values = try (0..<model.stateCount).map {
      try builder.addColumn("v\($0)", lower: nil, upper: nil)
    }
    let rewards = try (0..<model.stateCount).map {
      try builder.addColumn("r\($0)", lower: -1, upper: 1)
    }
    let margin = try builder.addColumn("margin", lower: 0, upper: nil, objective: 1)
    let own = try ownChoices().enumerated().map { state, choice in
      try builder.addRow(
        lower: 0, upper: 0,
        entries: difference(choice).map { (column: values[$0.column], coefficient: $0.value) }
          + [(rewards[state], -1)])
    }
    let rows = try neighbours.indices.map { place in
      // At most 34 bits, so that rows stay in words.
      let weight = weights[place].floor(timesTwoToThe: 32 - exponent) + 1
      return try builder.addRow(
        lower: -1, upper: nil,
        entries: difference(neighbours[place].choice).map {
          (column: values[$0.column], coefficient: $0.value)
        } + [(margin, -Rational(weight))])
    }
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    guard let primal = solution.primal, let dual = solution.dual else { return nil }
    let point = rewards.map { primal[$0] }
    let multipliers = rows.map { -dual[$0] }
    let norm = own.reduce(multipliers.reduce(Rational.zero, +)) { $0 + dual[$1].magnitude }
    return RoundedOptimum(
      multipliers: multipliers, norm: norm,
      inner: point.indices.filter { point[$0].magnitude != 1 }, rewards: point)
  }

  private func ownChoices() -> [Choice] {
    actions.enumerated().compactMap { model.choice(of: $1, at: State($0)) }
  }

  /// `V(s) − γ P V` of a choice at `s`, as entries in the states.
  private func difference(_ choice: Choice) -> [(column: Int, value: Rational)] {
    var row: [Int: Rational] = [Int(model.state(of: choice).index): 1]
    for (successor, probability) in model.transitions(of: choice) {
      row[Int(successor.index), default: 0] -= discount * probability
    }
    return row.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
  }

  // MARK: - The exact point

  private struct Lifted {
    let margin: Rational
    /// One a state.
    let rewards: [Rational]
    let value: Rational
  }

  /// The vertex for the exact weights: `x = x₀ + ε Σ_k w_k u_k` with short vectors `u_k`; `nil` if
  /// it is not within the bounds.
  private func lifted(
    _ rounded: RoundedOptimum, _ tight: [Int], _ dropped: Int
  ) throws -> Lifted? {
    let own = ownChoices()
    var place: [Int: Int] = [:]
    for (offset, state) in rounded.inner.enumerated() { place[state] = own.count + offset }
    var rows: [[(column: Int, value: Rational)]] = own.enumerated().map { state, choice in
      guard let column = place[state] else { return difference(choice) }
      return difference(choice) + [(column: column, value: -1)]
    }
    // The row that is left out follows from the others and the multipliers.
    let kept = tight.filter { $0 != dropped }
    rows += kept.map { difference(neighbours[$0].choice) }
    guard case .regular(let matrix) = try FactoredMatrix.factor(rows: rows, progress: progress)
    else { return nil }
    let start =
      own.indices.map { place[$0] == nil ? rounded.rewards[$0] : 0 }
      + kept.map { _ in Rational(-1) }
    var terms = [functionals(try matrix.solve(start, progress: progress), rounded.inner.count)]
    // A tight row has −1 + ε w_k on its right side.
    for offset in kept.indices {
      progress.report("tight neighbour \(offset + 1) of \(kept.count)")
      var unit = [Rational](repeating: 0, count: rows.count)
      unit[own.count + offset] = 1
      terms.append(functionals(try matrix.solve(unit, progress: progress), rounded.inner.count))
    }
    return try combined(terms, rounded, tight, kept)
  }

  /// The inner rewards and the value under the initial law, over one denominator.
  private func functionals(_ solution: RationalVector, _ innerCount: Int) -> RationalVector {
    guard case .common(let denominator, let numerators) = solution.form else { return solution }
    let law = task.initial ?? []
    let scale = commonDenominator(law.lazy.map(\.probability))
    var value = Accumulator()
    for (state, probability) in law {
      value.add(
        numerators[Int(state.index)],
        times: probability.numerator * scale.exactlyDivided(by: probability.denominator))
    }
    return RationalVector(
      numerators: numerators.suffix(innerCount).map { $0 * scale } + [value.value],
      denominator: denominator * scale)
  }

  private func combined(
    _ terms: [RationalVector], _ rounded: RoundedOptimum, _ tight: [Int], _ kept: [Int]
  ) throws -> Lifted? {
    // w_k = W_k / Π and ε w_k = z W_k / S, with S = Σ y_k W_k.
    let product = commonDenominator(tight.lazy.map { 1 / neighbours[$0].visits })
    var long: [Int: Integer] = [:]
    for k in tight {
      let weight = 1 / neighbours[k].visits
      long[k] = weight.numerator * product.exactlyDivided(by: weight.denominator)
    }
    let scale = commonDenominator(tight.lazy.map { rounded.multipliers[$0] })
    var sum = Accumulator()
    for k in tight {
      let y = rounded.multipliers[k]
      sum.add(
        long[k] ?? 0, times: y.numerator * scale.exactlyDivided(by: y.denominator))
    }
    let ratio = rounded.norm * Rational(scale)
    let (top, bottom) = (ratio.numerator, ratio.denominator * sum.value)
    let shared = Integer.gcd(top, bottom)
    let (z, s) = (top.exactlyDivided(by: shared), bottom.exactlyDivided(by: shared))
    let common = terms.reduce(Integer.one) { Integer.lcm($0, $1.commonForm.denominator) }
    let parts = terms.map { term -> [Integer] in
      let factor = common.exactlyDivided(by: term.commonForm.denominator)
      return term.commonForm.numerators.map { $0 * factor }
    }
    let denominator = common * s
    var found: [Rational] = []
    for j in 0...rounded.inner.count {
      try progress.checkpoint()
      progress.report("entry \(j + 1) of \(rounded.inner.count + 1)")
      sum.reset()
      for (offset, k) in kept.enumerated() { sum.add(long[k] ?? 0, times: parts[offset + 1][j]) }
      let numerator = sum.value * z + parts[0][j] * s
      if j < rounded.inner.count, numerator.magnitude > denominator { return nil }
      found.append(Rational(numerator, denominator))
    }
    var rewards = rounded.rewards
    for (offset, state) in rounded.inner.enumerated() { rewards[state] = found[offset] }
    return Lifted(
      margin: Rational(z * product, s), rewards: rewards, value: found[rounded.inner.count])
  }

  // MARK: - The other neighbours

  /// Rewards 0 or −1 for the neighbours that are not tight, 0 where that is enough; `nil` if
  /// neither is for some neighbour as far as 192 bits show.
  private func looseRewards(_ lifted: Lifted, _ tight: Set<Int>) throws -> [Int: Rational]? {
    let bits = 192
    let unit = Rational(1, Integer.one << bits)
    let below = lifted.rewards.map { value in
      value.isInteger ? value : Rational(value.floor(timesTwoToThe: bits)) * unit
    }
    let rows = ownChoices().map { difference($0) }
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { return nil }
    // Values are monotone in rewards, so they lie within `width` above these.
    let values = try matrix.solve(below, progress: progress)
    let lower = values.entries.map { Rational($0.floor(timesTwoToThe: bits)) * unit }
    let width = unit + unit / (1 - discount)
    let margin = Rational(lifted.margin.floor(timesTwoToThe: bits) + 1) * unit
    var rewards: [Int: Rational] = [:]
    for (place, neighbour) in neighbours.enumerated() where !tight.contains(place) {
      let state = Int(model.state(of: neighbour.choice).index)
      var room = lower[state]
      for (successor, probability) in model.transitions(of: neighbour.choice) {
        room -= discount * probability * (lower[Int(successor.index)] + width)
      }
      let weight = Rational((1 / neighbour.visits).floor(timesTwoToThe: bits) + 1) * unit
      room -= margin * weight
      if room < -1 { return nil }
      rewards[place] = room.signum >= 0 ? 0 : -1
    }
    return rewards
  }
}

extension RationalVector {
  /// The vector over one denominator.
  fileprivate var commonForm: (denominator: Integer, numerators: [Integer]) {
    if case .common(let denominator, let numerators) = form { return (denominator, numerators) }
    let denominator = commonDenominator(entries)
    return (
      denominator,
      entries.map { $0.numerator * denominator.exactlyDivided(by: $0.denominator) }
    )
  }
}
