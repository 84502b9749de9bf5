import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Every deterministic policy of a small model, each valued exactly: the method that needs no
/// theorem beyond the existence of an optimal deterministic policy.
struct PolicyEnumeration {
  /// The most policies that are visited.
  static let limit = 200_000

  private let problem: MaximizationProblem
  private let builder: PolicySystemBuilder
  private let progress: ProgressHandler

  init(
    _ problem: MaximizationProblem, _ builder: PolicySystemBuilder, _ progress: ProgressHandler
  ) {
    self.problem = problem
    self.builder = builder
    self.progress = progress
  }

  func solve() throws -> ExactDiscountedResult {
    let model = problem.model
    var count = 1
    for state in 0..<model.stateCount {
      count = count.multipliedReportingOverflow(by: model.choiceRange(at: state).count).partialValue
      guard count <= Self.limit else { throw SolverError.tooManyPolicies(limit: Self.limit) }
    }
    var policy = ContiguousArray(model.choiceOffsets.dropLast())
    var best: [Rational]?
    var bestPolicy = policy
    var visited = 0
    repeat {
      visited += 1
      if visited & 63 == 0 { try progress.checkpoint() }
      let values = try builder.system(of: policy).solved(progress: progress).prefix(policy.count)
        .entries
      // Some policy is the best at every state at once; it displaces any other.
      if let known = best, !zip(values, known).allSatisfy({ $0 >= $1 }) { continue }
      if best != values {
        best = values
        bestPolicy = policy
      }
    } while advance(&policy)
    let values = RationalVector(best ?? [])
    let signs = try problem.judge.slackSigns(of: values, progress: progress)
    return ExactDiscountedResult(
      policy: bestPolicy, values: values, slackSigns: signs, iterations: visited)
  }

  /// The next policy in the order of an odometer; false after the last.
  private func advance(_ policy: inout ContiguousArray<Int32>) -> Bool {
    for state in policy.indices {
      policy[state] += 1
      if policy[state] < problem.model.choiceOffsets[state + 1] { return true }
      policy[state] = problem.model.choiceOffsets[state]
    }
    return false
  }
}
