// What is here: bounds from value iteration in doubles, made rigorous by exact residuals.
// Source: proofs-notes/discounted-enclosed-certificate.md (bounds around any vector).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Value iteration in doubles, then a margin that the judge accepts.
struct ValueIterationBounds {
  private let problem: MaximizationProblem
  private let progress: ProgressHandler

  init(_ problem: MaximizationProblem, _ progress: ProgressHandler) {
    self.problem = problem
    self.progress = progress
  }

  /// - Returns: the bounds; `nil` where doubles cannot hold the values, or are too short for bounds
  ///   of a relative width of 1e-12 of the largest value.
  func solve() throws -> ProvedBounds? {
    var guide = DiscountedGuide(problem, progress: progress)
    try guide.iterateValues(tolerance: 0x1p-52, limit: 1_000_000)
    let norm = guide.values.lazy.map(abs).max() ?? 0
    let isWorthless = (0..<problem.reward.count).allSatisfy { problem.reward[$0].isZero }
    guard guide.values.allSatisfy(\.isFinite), norm.isNormal || isWorthless else { return nil }
    // 60-bit integers over a power of two.
    let exponent = norm > 0 ? Int(norm.exponent) + 1 : 0
    let bits = 60 - exponent
    let scale =
      bits >= 0 ? Rational(Integer.one << bits) : Rational(1, 1) / Rational(Integer.one << -bits)
    let numerators = guide.values.map { value -> Integer in
      Rational(exactly: value).map { ($0 * scale).floor } ?? 0
    }
    // 2 ε ≤ 1e-12 max |v|
    let largest = numerators.lazy.map(\.magnitude).max() ?? 0
    return try widened(numerators, scale, guide.policy, limit: largest)
  }

  /// Doubles the margin until the judge accepts both bounds, or they are too wide.
  private func widened(
    _ numerators: [Integer], _ scale: Rational, _ policy: ContiguousArray<Int32>,
    limit largest: Integer
  ) throws -> ProvedBounds? {
    // Without any reward the zeros are exact.
    var margin: Integer = largest.isZero ? 0 : 16
    while true {
      try progress.checkpoint()
      let lower = vector(numerators.map { $0 - margin }, scale)
      let upper = vector(numerators.map { $0 + margin }, scale)
      let above = try problem.judge.slackSigns(of: upper, progress: progress)
      let below = try problem.judge.slackSigns(of: lower, progress: progress)
      if above.allSatisfy({ $0 <= 0 }), policy.allSatisfy({ below[Int($0)] >= 0 }) {
        return try proved(policy, lower, upper)
      }
      margin = margin * 2
      guard margin * 2_000_000_000_000 <= largest else { return nil }
    }
  }

  private func vector(_ numerators: [Integer], _ scale: Rational) -> RationalVector {
    // Over a denominator that is an integer, whichever way the scale goes.
    RationalVector(
      numerators: numerators.map { $0 * scale.denominator }, denominator: scale.numerator)
  }

  private func proved(
    _ policy: ContiguousArray<Int32>, _ lower: RationalVector, _ upper: RationalVector
  ) throws -> ProvedBounds {
    let signs = try problem.judge.lookaheadSigns(
      of: upper, against: lower, at: policy.map { Choice(Int($0)) }, progress: progress)
    let open = (0..<problem.model.choiceCount).filter { choice in
      signs[choice] >= 0 && choice != Int(policy[Int(problem.model.choiceStates[choice])])
    }
    let undecided = Set(open.map { State(Int(problem.model.choiceStates[$0])) }).sorted()
    return ProvedBounds(
      policy: policy, lower: lower, upper: upper, undecided: undecided, partition: nil,
      iterations: 1)
  }
}
