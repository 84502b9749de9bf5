// What is here: the exact reward of a single acceptable policy from the basis that rounded programs
// suggest.
// Notation: as in SinglePolicyDesign. The unknowns are V and those rewards that stand in a regular part
// of the equations for V and the tight neighbours' rows; all others have the short values of the guess.
//   x = x₀ + ε Σ_k w_k u_k with short vectors x₀, u_k: a tight row has −1 + ε w_k on its right side.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The point that has the margin of the core exactly.
struct SinglePolicyPoint {
  let margin: Rational
  /// One a state, within `[-1, 1]`.
  let rewards: [Rational]
  /// Of the acceptable policy under the initial law.
  let value: Rational
  /// `V(s) − γ P_a V − ε w` of the neighbours that were asked for.
  let rooms: [Int: Rational]
}

/// Computes the exact point.
struct SinglePolicyLift {
  typealias Entry = (column: Int, value: Rational)

  let design: SinglePolicyDesign
  let core: SinglePolicyProgram.Core
  let guess: SinglePolicyProgram.Guess
  private let tight: [Int]
  /// The tight neighbours but one, whose row follows from the others and the multipliers.
  private let kept: [Int]
  /// The states whose reward is not at a bound and may have to be computed.
  private let free: [Int]

  init(
    _ design: SinglePolicyDesign, _ core: SinglePolicyProgram.Core,
    _ guess: SinglePolicyProgram.Guess
  ) {
    self.design = design
    self.core = core
    self.guess = guess
    tight = core.tight
    kept = Array(tight.dropLast())
    let open = core.fixed.indices.filter { core.fixed[$0] == nil }
    // Rewards that may stay 0 if the others are enough come last.
    free =
      open.filter { !guess.rewards[$0].isZero } + open.filter { guess.rewards[$0].isZero }
  }

  private var stateCount: Int { core.fixed.count }

  /// - Parameter doubtful: neighbours whose room is wanted.
  /// - Returns: `nil` when the guess does not fit the exact problem.
  func point(doubtful: [Int]) throws -> SinglePolicyPoint? {
    guard let basis = try basis() else { return nil }
    let wanted = wanted(doubtful)
    // What the unknowns contribute to what is wanted, and what the others do.
    let functionals = wanted.map { entries in
      entries.compactMap { entry in
        basis.place[entry.column].map { (column: $0, value: entry.value) }
      }
    }
    let constants = wanted.map { entries in
      entries.reduce(Rational.zero) { sum, entry in
        basis.place[entry.column] == nil ? sum + entry.value * short(entry.column) : sum
      }
    }
    var rights = [basis.right]
    for offset in kept.indices {
      var unit = [Rational](repeating: 0, count: basis.size)
      unit[stateCount + offset] = 1
      rights.append(unit)
    }
    let scaled = functionals.map(ScaledFunctional.init)
    let terms = try basis.matrix.solve(rights, progress: design.progress) { _, vector in
      FunctionalValues(scaled, vector)
    }
    return try combined(terms, scaled, constants, doubtful)
  }

  // MARK: - The basis

  private struct Basis {
    let matrix: FactoredMatrix
    /// The place of an unknown by its column: states first, then rewards.
    let place: [Int: Int]
    let right: [Rational]
    var size: Int { right.count }
  }

  private func basis() throws -> Basis? {
    let nonzero = free.prefix { !guess.rewards[$0].isZero }
    for candidates in [Array(nonzero), free] where candidates.count >= kept.count {
      if let basis = try basis(candidates) { return basis }
    }
    return nil
  }

  /// Columns `0..<stateCount` are values, column `stateCount + s` is the reward of `s`.
  private func basis(_ candidates: [Int]) throws -> Basis? {
    var column: [Int: Int] = [:]
    for (offset, state) in candidates.enumerated() { column[state] = stateCount + offset }
    var rows: [[Entry]] = design.ownChoices.enumerated().map { state, choice in
      design.difference(choice) + (column[state].map { [(column: $0, value: Rational(-1))] } ?? [])
    }
    var right = core.fixed.indices.map { (state) -> Rational in
      column[state] == nil ? guess.rewards[state] : 0
    }
    rows += kept.map { design.difference(design.neighbours[$0].choice) }
    right += kept.map { _ in Rational(-1) }
    let rank = rows.count
    // Rows of zeros make it square, so that the pivots say which columns to compute.
    rows += Array(repeating: [], count: stateCount + candidates.count - rank)
    var chosen = Array(0..<rows.count)
    var outcome = try FactoredMatrix.factor(rows: rows, progress: design.progress)
    if case .singular(let pivotRows, let pivotColumns) = outcome {
      guard pivotRows.count == rank, pivotRows.allSatisfy({ $0 < rank }) else { return nil }
      chosen = pivotColumns.sorted()
      let places = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
      for index in 0..<rank {
        for entry in rows[index] where places[entry.column] == nil {
          right[index] -= entry.value * shortened(entry.column, candidates)
        }
        rows[index] = rows[index].compactMap { entry in
          places[entry.column].map { (column: $0, value: entry.value) }
        }
      }
      outcome = try FactoredMatrix.factor(
        rows: Array(rows.prefix(rank)), progress: design.progress)
    }
    guard case .regular(let matrix) = outcome else { return nil }
    var place: [Int: Int] = [:]
    for (index, column) in chosen.enumerated() {
      place[column < stateCount ? column : stateCount + candidates[column - stateCount]] = index
    }
    return Basis(matrix: matrix, place: place, right: right)
  }

  private func shortened(_ column: Int, _ candidates: [Int]) -> Rational {
    short(column < stateCount ? column : stateCount + candidates[column - stateCount])
  }

  /// The value of a column that is not computed: that of the guess, rounded towards 0.
  private func short(_ column: Int) -> Rational {
    let value =
      column < stateCount ? guess.values[column] : guess.rewards[column - stateCount]
    if value.isInteger { return value }
    let bits = 24
    let magnitude = Rational(value.magnitude.floor(timesTwoToThe: bits), timesTwoToThe: -bits)
    return value.signum < 0 ? -magnitude : magnitude
  }

  // MARK: - What is wanted

  /// The rewards that are not at a bound, the value under the initial law, and the rooms of
  /// neighbours, as sums of columns.
  private func wanted(_ doubtful: [Int]) -> [[Entry]] {
    free.map { [(column: stateCount + $0, value: Rational.one)] }
      + [
        (design.task.initial ?? []).map {
          (column: Int($0.state.index), value: $0.probability)
        }
      ]
      + doubtful.map { design.difference(design.neighbours[$0].choice) }
  }

  private func combined(
    _ terms: [FunctionalValues], _ scaled: [ScaledFunctional], _ constants: [Rational],
    _ doubtful: [Int]
  ) throws -> SinglePolicyPoint? {
    let weights = TightWeights(tight.map { design.neighbours[$0] })
    let (ratio, margin) = weights.margin(tight.map { core.multipliers[$0] }, norm: core.norm)
    let common = terms.reduce(Integer.one) {
      $1.denominator.divides($0) ? $0 : Integer.lcm($0, $1.denominator)
    }
    let parts = terms.map { term -> [Integer] in
      let factor = common.exactlyDivided(by: term.denominator)
      return factor == 1 ? term.numerators : term.numerators.map { $0 * factor }
    }
    // Entry j is (parts₀ + z/s Σ_k N_k parts_k) / common, where ε w_k = z N_k / s.
    let numerators = try concurrentMap(
      scaled.count, stage: "putting together", progress: design.progress
    ) { (j) throws(Interrupted) in
      let sum = weights.numerator(kept.indices.map { parts[$0 + 1][j] })
      return sum * ratio.top + parts[0][j] * ratio.bottom
    }
    let denominator = common * ratio.bottom
    var rewards = guess.rewards
    var found = Rational.fractions(Array(numerators.prefix(free.count)), over: denominator)
    found += numerators.dropFirst(free.count).map { Rational($0, denominator) }
    for (j, functional) in scaled.enumerated() where functional.scale != 1 {
      found[j] /= Rational(functional.scale)
    }
    for (j, constant) in constants.enumerated() where !constant.isZero { found[j] += constant }
    for (offset, state) in free.enumerated() {
      guard found[offset].magnitude <= 1 else { return nil }
      rewards[state] = found[offset]
    }
    var rooms: [Int: Rational] = [:]
    for (offset, place) in doubtful.enumerated() {
      rooms[place] = found[free.count + 1 + offset] - margin / design.neighbours[place].visits
    }
    return SinglePolicyPoint(
      margin: margin, rewards: rewards, value: found[free.count], rooms: rooms)
  }
}

/// A sum of unknowns with whole coefficients over one scale.
private struct ScaledFunctional {
  let entries: [(column: Int, weight: Integer)]
  let scale: Integer

  init(_ entries: [(column: Int, value: Rational)]) {
    let scale = commonDenominator(entries.lazy.map(\.value))
    self.scale = scale
    self.entries = entries.map {
      ($0.column, $0.value.numerator * scale.exactlyDivided(by: $0.value.denominator))
    }
  }
}

/// Functionals of one solution.
private struct FunctionalValues {
  let numerators: [Integer]
  let denominator: Integer

  init(_ functionals: [ScaledFunctional], _ vector: RationalVector) {
    let (denominator, entries) = vector.commonForm
    self.denominator = denominator
    var sum = Accumulator()
    numerators = functionals.map { functional in
      sum.reset()
      for (column, weight) in functional.entries { sum.add(entries[column], times: weight) }
      return sum.value
    }
  }
}

/// The weights `w_k` of tight neighbours, over products of denominators by states.
private struct TightWeights {
  private let tree: FractionTree
  /// The leaf of each neighbour, and its weight times the leaf's denominator.
  private let leaves: [(leaf: Int, numerator: Integer)]

  init(_ neighbours: [PolicySetProgram.Neighbour]) {
    var places: [Int: Int] = [:]
    var denominators: [Integer] = []
    let weights = neighbours.map { 1 / $0.visits }
    for (neighbour, weight) in zip(neighbours, weights) {
      if let place = places[neighbour.state] {
        denominators[place] = Integer.lcm(denominators[place], weight.denominator)
      } else {
        places[neighbour.state] = denominators.count
        denominators.append(weight.denominator)
      }
    }
    leaves = zip(neighbours, weights).map { neighbour, weight in
      let leaf = places[neighbour.state] ?? 0
      return (
        leaf, weight.numerator * denominators[leaf].exactlyDivided(by: weight.denominator)
      )
    }
    tree = FractionTree(denominators: denominators)
  }

  /// `Σ_k factors_k w_k` times the product of all denominators, over the first neighbours.
  func numerator(_ factors: [Integer]) -> Integer {
    var sums = [Integer](repeating: 0, count: leafCount)
    for (factor, leaf) in zip(factors, leaves) { sums[leaf.leaf] += factor * leaf.numerator }
    return tree.numerator(sums)
  }

  private var leafCount: Int { (leaves.lazy.map(\.leaf).max() ?? 0) + 1 }

  /// The margin `norm / Σ y_k w_k`, and the factor that takes a weight times all denominators to
  /// the margin times the weight.
  func margin(
    _ multipliers: [Rational], norm: Rational
  ) -> (ratio: (top: Integer, bottom: Integer), margin: Rational) {
    let scale = commonDenominator(multipliers)
    let sum = numerator(
      multipliers.map { $0.numerator * scale.exactlyDivided(by: $0.denominator) })
    let ratio = norm * Rational(scale)
    let (top, bottom) = (ratio.numerator, ratio.denominator * sum)
    let shared = Integer.gcd(top, bottom)
    let (z, s) = (top.exactlyDivided(by: shared), bottom.exactlyDivided(by: shared))
    return ((z, s), Rational(z * tree.denominator, s))
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
