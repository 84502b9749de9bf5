import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Every deterministic policy of a small model, each valued exactly: the method that needs no
/// theorem beyond the existence of an optimal deterministic policy.
struct PolicyEnumeration {
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
    var best: (policy: ContiguousArray<Int32>, values: [Rational])?
    var visited = 0
    for policy in try DeterministicPolicies(of: problem.model) {
      visited += 1
      if visited & 63 == 0 { try progress.checkpoint() }
      let values = try builder.system(of: policy).solved(progress: progress).prefix(policy.count)
        .entries
      // Some policy is the best at every state at once; it displaces any other.
      if let best, !zip(values, best.values).allSatisfy({ $0 >= $1 }) { continue }
      if best?.values != values { best = (policy, values) }
    }
    guard let best else { preconditionFailure("every state has an action") }
    let values = RationalVector(best.values)
    let signs = try problem.judge.slackSigns(of: values, progress: progress)
    return ExactDiscountedResult(
      policy: best.policy, values: values, slackSigns: signs, iterations: visited)
  }
}
