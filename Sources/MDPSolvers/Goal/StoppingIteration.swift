import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The optimal values of a stopping problem, or bounds on them, and a proper policy that attains
/// them.
struct StoppingResult: Sendable {
  /// One allowed choice at each open state, -1 elsewhere.
  let policy: ContiguousArray<Int32>
  /// One entry a state; the policy attains the lower bounds of an enclosure.
  let values: CertifiedVector
  /// For each allowed choice the sign of its advantage, 0 for the optimal ones; `nil` where they
  /// were not computed.
  let signs: ContiguousArray<Int8>?
  let iterations: Int
  var warnings: [String] = []
  /// The exact mean under the initial law, where it was asked for beside bounds.
  var initialValue: Rational?

  /// The exact values, or the lower bounds.
  var attained: RationalVector {
    switch values {
    case .exact(let vector): vector
    case .enclosed(let lower, _): lower
    }
  }

  func with(iterations: Int) -> StoppingResult {
    StoppingResult(
      policy: policy, values: values, signs: signs, iterations: iterations, warnings: warnings)
  }
}

/// How the search for optimal values ends.
enum StoppingOutcome: Sendable {
  case solved(StoppingResult)
  /// A policy with states from which it never leaves the open ones and where some recurrent class
  /// has a positive mean reward, so that values are infinite; and a proper policy.
  case unbounded(policy: ContiguousArray<Int32>, trapped: [Int], proper: ContiguousArray<Int32>)
}

/// Howard's policy iteration on proper policies, with exact values in every round.
///
/// A policy changes only where another choice is strictly better. Such a change either is proper
/// again and at least as good everywhere, or its new recurrent classes have positive mean rewards:
/// Bellman's equation alone decides nothing, and no step of it is ever followed blindly
/// (`proofs-notes/proper-policy-iteration.md`).
///
/// Source: Bertsekas and Tsitsiklis, *An analysis of stochastic shortest path problems*, 1991,
/// which assumes that improper policies cost infinitely much; here that is found out.
struct StoppingIteration {
  let problem: StoppingProblem
  let progress: ProgressHandler

  /// - Parameter start: a proper policy.
  func solve(from start: ContiguousArray<Int32>) throws -> StoppingOutcome {
    try solve(from: EvaluatedPolicy(policy: start))
  }

  /// - Parameter start: a proper policy.
  func solve(from start: EvaluatedPolicy) throws -> StoppingOutcome {
    var current = start
    var iterations = 0
    while true {
      try progress.checkpoint()
      iterations += 1
      progress.report("policy iteration, round \(iterations)")
      let policy = current.policy
      let values =
        try current.source.map { problem.withClosedValues(try $0.exactSolution()) }
        ?? problem.values(of: policy, progress)
      let signs = try problem.signs(of: values, progress)
      let improved = improvedPolicy(policy, signs, problem.model)
      guard improved != policy else {
        return .solved(
          StoppingResult(
            policy: policy, values: .exact(values), signs: signs, iterations: iterations))
      }
      let trapped = problem.trapped(by: improved)
      guard trapped.isEmpty else {
        return .unbounded(policy: improved, trapped: trapped, proper: policy)
      }
      current = EvaluatedPolicy(policy: improved)
    }
  }
}
