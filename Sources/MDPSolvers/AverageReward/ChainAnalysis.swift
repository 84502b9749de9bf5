// What is here: the long run of one chain, in the numbers that people know it by.
// Notation: q_C the stationary law of a class C, P* the limiting matrix, D the deviation matrix.
// Source: Kemeny and Snell 1960; Puterman, appendix A; proofs-notes/kemeny-constant.md.

import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The chain of a deterministic policy: stationary laws, matrices, hitting times, exactly.
public struct ChainAnalysis: Sendable {
  /// The recurrent classes and their periods.
  public let classes: RecurrentClasses
  private let chain: PolicyBlocks

  /// The chain of a policy.
  ///
  /// - Precondition: the policy is deterministic and belongs to `model`.
  /// - Complexity: O(states + transitions of the policy).
  public init(of policy: Policy, in model: FiniteMDP) {
    guard case .deterministic(let choices) = policy.form else {
      preconditionFailure("the analysis is that of a deterministic policy")
    }
    classes = RecurrentClasses(of: policy, in: model)
    chain = PolicyBlocks(of: ContiguousArray(choices.map(\.index)), in: model)
  }

  private var stateCount: Int { chain.policy.count }

  /// The stationary law of each class, in the order of ``classes`` and of their states.
  ///
  /// - Complexity: one exact solve a class.
  public func stationaryLaws(
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> [[Rational]] {
    let numbers = chain.blocks.indices.filter { chain.blocks[$0].isClosed }
      .sorted { chain.blocks[$0].states[0] < chain.blocks[$1].states[0] }
    var laws: [[Rational]] = []
    for number in numbers { laws.append(try stationaryLaw(of: number, progress)) }
    return laws
  }

  /// The column of ones makes the sum 1; the others say that no step changes the law.
  private func stationaryLaw(
    of number: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> [Rational] {
    let size = chain.blocks[number].states.count
    guard size > 1 else { return [1] }
    var right = [Rational](repeating: 0, count: size)
    right[0] = 1
    return try chain.factored(number, progress).solveTransposed(right, progress: progress).entries
  }

  /// The Kemeny constant `tr D = Σ 1/(1-λ)` over the eigenvalues `λ ≠ 1` of the chain.
  ///
  /// For an irreducible chain it is `Σ_j q_j m_ij` for every `i`, with mean first-passage times `m`
  /// and `m_jj = 0`. The deviation matrix is not formed.
  ///
  /// - Complexity: one exact solve a state of a component that has several.
  public func kemenyConstant(
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> Rational {
    var sum = Rational.zero
    for (number, block) in chain.blocks.enumerated() {
      if block.states.count == 1 {
        if !block.isClosed { sum += 1 / chain.leaving(block.states[0]) }
      } else {
        sum += try trace(of: number, progress)
      }
    }
    return sum
  }

  /// The part of `tr D` that belongs to one component.
  ///
  /// A transient block adds `tr (I - P_B)⁻¹`. On a class, with the first state taken out of `I - P`
  /// and `N` the inverse of the rest, `D = (I - P*) diag(0, N) (I - P*)` has the trace
  /// `tr N - q N 1`. The solution `x` of `(I - P) x + m 1 = e_j`, `x = 0` at the first state, is
  /// `N (e_j - q_j 1)` there, so that the sum of the `x_j` over all `j` is the same number.
  private func trace(
    of number: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> Rational {
    let block = chain.blocks[number]
    let factored = try chain.factored(number, progress)
    var sum = RationalAccumulator()
    for place in block.states.indices.dropFirst(block.isClosed ? 1 : 0) {
      try progress.checkpoint()
      progress.report(
        "Kemeny constant", fraction: Double(place) / Double(block.states.count))
      var right = [Rational](repeating: 0, count: block.states.count)
      right[place] = 1
      sum.add(try factored.solve(right, progress: progress)[place])
    }
    return sum.value
  }
}

// MARK: - Matrices

extension ChainAnalysis {
  /// The limiting matrix `P*`: long-run frequencies, one row a start.
  ///
  /// - Complexity: states × states entries; for small and moderate models.
  public func limitingMatrix(
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> [[Rational]] {
    var rows = [[Rational]](repeating: zeros, count: stateCount)
    var series = LaurentSeries(chain, reward: zeros, progress: progress)
    for (states, law) in zip(classes.classes, try stationaryLaws(progress: progress)) {
      var indicator = zeros
      for state in states { indicator[Int(state.index)] = 1 }
      series = series.replacingReward(indicator)
      let absorption = try series.gain().entries
      for start in 0..<stateCount where !absorption[start].isZero {
        for (state, share) in zip(states, law) {
          rows[start][Int(state.index)] = absorption[start] * share
        }
      }
    }
    return rows
  }

  /// The deviation matrix `D = (I - P + P*)⁻¹ - P*`, one row a start.
  ///
  /// - Complexity: one bias a state; for small and moderate models.
  public func deviationMatrix(
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> [[Rational]] {
    var rows = [[Rational]](repeating: zeros, count: stateCount)
    var series = LaurentSeries(chain, reward: zeros, progress: progress)
    for column in 0..<stateCount {
      try progress.checkpoint()
      var unit = zeros
      unit[column] = 1
      series = series.replacingReward(unit)
      for (state, value) in try series.bias().entries.enumerated() { rows[state][column] = value }
    }
    return rows
  }

  /// The mean number of steps until the chain is at `target`, from each state; `nil` where it is
  /// infinite.
  ///
  /// - Complexity: one exact solve.
  public func hittingTimes(
    to target: State, progress: ProgressHandler = .none
  ) throws(Interrupted) -> [Rational?] {
    let times = HittingTimes(of: chain.policy, in: chain.model, target: Int(target.index))
    return try times.solve(progress)
  }

  private var zeros: [Rational] { Array(repeating: 0, count: stateCount) }
}
