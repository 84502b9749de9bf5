// What is here: the linear system (I - γ P_σ) v = r_σ of a policy in integers.
// Row s is multiplied by q_s, the common denominator of its γ p(t|s): diagonal q_s - q_s γ p(s|s),
// entries -q_s γ p(t|s), right side q_s r_s; the right sides share one further factor.

import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The system of a policy on all states or on a closed set of them.
struct PolicySystem {
  let system: SparseSystem
  /// For each row the number of its strongly connected component, dependencies first.
  let components: ContiguousArray<Int32>?

  /// The exact values.
  ///
  /// - Parameter dominance: of the system's matrix, if it is known.
  func solved(
    _ progress: ProgressHandler, dominance: MatrixDominance? = nil
  ) throws -> RationalVector {
    try system.solved(components: components, dominance: dominance, progress: progress)
      .prefix(stateCount).reduced()
  }

  /// The number of states; the system may have further unknowns.
  let stateCount: Int
}

/// Builds the systems of the policies of one problem.
struct PolicySystemBuilder: Sendable {
  private let model: FiniteMDP
  private let reward: PooledVector
  /// γ times each probability of the pool.
  private let discounted: [Rational]

  init(_ problem: MaximizationProblem) {
    self.init(model: problem.model, reward: problem.reward, discount: problem.discount)
  }

  /// - Parameters:
  ///   - reward: one entry a choice.
  ///   - discount: in `[0, 1]`; with 1 only policies that leave the states of a system almost
  ///     surely have one with a solution.
  init(model: FiniteMDP, reward: PooledVector, discount: Rational) {
    self.model = model
    self.reward = reward
    discounted = model.probabilityPool.values.map { $0 * discount }
  }

  /// The system of a policy with its components.
  ///
  /// - Parameters: as for ``system(of:on:)``.
  func policySystem(
    of policy: ContiguousArray<Int32>, on states: [Int32]? = nil
  ) -> PolicySystem {
    let system = system(of: policy, on: states)
    let count = states?.count ?? policy.count
    // Rows of long numbers bring unknowns of their own.
    guard system.size == count else {
      return PolicySystem(system: system, components: nil, stateCount: count)
    }
    let all = StronglyConnectedComponents(of: model.graph(of: policy)).component
    let components = states.map { ContiguousArray($0.map { all[Int($0)] }) } ?? all
    return PolicySystem(system: system, components: components, stateCount: count)
  }

  /// The system of a policy.
  ///
  /// - Parameters:
  ///   - policy: the index of one choice a state; it may be -1 outside `states`.
  ///   - states: the states of the system, ascending; `nil` stands for all. The unknowns are in
  ///     this order, and the value of every other state is 0.
  func system(
    of policy: ContiguousArray<Int32>, on states: [Int32]? = nil
  ) -> SparseSystem {
    let rows = states ?? Array(0..<Int32(policy.count))
    var place = ContiguousArray<Int32>()
    if let states {
      place = ContiguousArray(repeating: -1, count: policy.count)
      for (index, state) in states.enumerated() { place[Int(state)] = Int32(index) }
    }
    var matrix = SparseIntegerMatrix()
    matrix.reserve(rows: rows.count, entries: 4 * rows.count)
    var scales = ContiguousArray<Int>()
    scales.reserveCapacity(rows.count)
    for state in rows {
      guard let scale = append(Int(state), policy, place, &matrix) else {
        return wideSystem(of: policy, rows: rows, place)
      }
      scales.append(scale)
    }
    guard let (right, common) = rightSide(policy, rows, scales) else {
      return wideSystem(of: policy, rows: rows, place)
    }
    return SparseSystem(matrix: matrix, rightSide: right, scale: common)
  }

  /// The bits of `q`, the common denominator of `γ p(t|s,a)`, for one choice.
  func scaleBits(_ choice: Int) -> Int {
    var scale = Integer.one
    for transition in model.transitionRange(of: choice) {
      scale = Integer.lcm(scale, discounted[Int(model.probabilities[transition])].denominator)
    }
    return scale.bitLength
  }

  /// The exact mean of the values of a policy under a law, by digit streaming.
  ///
  /// - Parameter states: a set closed under the policy (but for states of value 0) that holds the
  ///   support of the law, ascending.
  /// - Returns: `nil` where digits do not apply.
  func streamedMean(
    under law: [(state: Int32, probability: Rational)], of policy: ContiguousArray<Int32>,
    on states: [Int32], _ progress: ProgressHandler
  ) throws -> Rational? {
    var place: [Int32: Int] = [:]
    for (index, state) in states.enumerated() { place[state] = index }
    let common = law.reduce(Integer.one) { Integer.lcm($0, $1.probability.denominator) }
    var weights: [(row: Int, weight: Int)] = []
    for (state, probability) in law where !probability.isZero {
      guard let row = place[state],
        let weight = (probability * Rational(common)).numerator.word
      else { return nil }
      weights.append((row, weight))
    }
    let system = policySystem(of: policy, on: states)
    let value = try system.system.combination(
      weights, components: system.components, progress: progress)
    return value.map { $0 / Rational(common) }
  }

  /// Bytes that the exact answer needs at its peak, from the bound on its denominator (R3): the
  /// digits, 1.5 times as long as the numerators that are made from them, and the numerators.
  ///
  /// The bound is for the worst policy: at each state the largest `log₂ q`.
  func predictedMemory() -> Int {
    var bits = 0.0
    for state in 0..<model.stateCount {
      bits += Double(model.choiceRange(at: state).lazy.map(scaleBits).max() ?? 0)
    }
    return Int(min(2.6 * (bits / 8 + 64) * Double(model.stateCount), 0x1p62))
  }

  /// Adds the row of a state in words; `nil` when they do not hold it.
  private func append(
    _ state: Int, _ policy: ContiguousArray<Int32>, _ place: ContiguousArray<Int32>,
    _ matrix: inout SparseIntegerMatrix
  ) -> Int? {
    let range = model.transitionRange(of: Int(policy[state]))
    var scale = 1
    for transition in range {
      guard let (_, d) = discounted[Int(model.probabilities[transition])].words else { return nil }
      if scale % d == 0 { continue }
      let step = d / Int(wordGCD(UInt(scale), UInt(d)))
      let (next, overflow) = scale.multipliedReportingOverflow(by: step)
      if overflow { return nil }
      scale = next
    }
    var diagonal = scale
    for transition in range {
      guard let (n, d) = discounted[Int(model.probabilities[transition])].words else { return nil }
      let weight = scale / d * n  // at most the scale, since γ p ≤ 1
      if weight == 0 { continue }
      let successor = Int(model.successors[transition])
      if successor == state {
        diagonal -= weight
      } else {
        let column = place.isEmpty ? Int32(successor) : place[successor]
        if column >= 0 { matrix.append(column: column, entry: -Int64(weight)) }
      }
    }
    matrix.endRow(diagonal: Int64(diagonal))
    return scale
  }

  /// The right sides over one common factor; `nil` when that would be long.
  private func rightSide(
    _ policy: ContiguousArray<Int32>, _ rows: [Int32], _ scales: ContiguousArray<Int>
  ) -> ([Integer], Integer)? {
    var common = Integer.one
    var scaled: [Rational] = []
    scaled.reserveCapacity(rows.count)
    for (index, state) in rows.enumerated() {
      let value = reward[Int(policy[Int(state)])] * Rational(scales[index])
      let denominator = value.denominator
      if !denominator.divides(common) { common = Integer.lcm(common, denominator) }
      if common.bitLength > 256 { return nil }
      scaled.append(value)
    }
    let factor = Rational(common)
    return (scaled.map { ($0 * factor).numerator }, common)
  }

  /// The system when some row, or the factor of the right side, is longer than words hold well:
  /// rows of long integers, each with its own factor.
  private func wideSystem(
    of policy: ContiguousArray<Int32>, rows: [Int32], _ place: ContiguousArray<Int32>
  ) -> SparseSystem {
    return SparseSystem(
      wideRows: rows.enumerated().map { index, state in
        let choice = Int(policy[Int(state)])
        let reward = reward[choice]
        let range = model.transitionRange(of: choice)
        let scale = range.reduce(reward.denominator) {
          Integer.lcm($0, discounted[Int(model.probabilities[$1])].denominator)
        }
        var row = WideRow(diagonal: scale, entries: [], rightSide: scaled(reward, scale))
        for transition in range {
          let weight = scaled(discounted[Int(model.probabilities[transition])], scale)
          let successor = Int(model.successors[transition])
          let column = place.isEmpty ? Int32(successor) : place[successor]
          if Int(column) == index {
            row.diagonal -= weight
          } else if column >= 0, !weight.isZero {
            row.entries.append((column, -weight))
          }
        }
        return row
      })
  }

  private func scaled(_ value: Rational, _ scale: Integer) -> Integer {
    value.numerator * scale.exactlyDivided(by: value.denominator)
  }
}
