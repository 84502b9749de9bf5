import ExactArithmetic
import MarkovDecisionProcesses

extension ExpressTask {
  /// Whether a requirement follows from the request about optimal policies.
  func impliesByOptimum(_ requirement: CheckedRequirement) -> Bool {
    guard let rivals = OptimumRivals(of: self), requirement.left == .policy(rivals.best) else {
      return false
    }
    return relationByOptimum(rivals, to: requirement.right) == requirement.relation
  }

  /// What the request asks of the best policy and another object.
  func relationByOptimum(
    _ rivals: OptimumRivals, to other: ExpressTask.Object.Behaviour
  ) -> Relation? {
    guard case .policy(let other) = other,
      let reached = ReachedPolicy(of: other, in: model, from: initial ?? [])
    else { return nil }
    return rivals.relation(to: reached)
  }
}

extension TaskRequirements {
  /// What the request about optimal policies asks of deterministic ones, each lottery once.
  func requirementsOfOptimum(_ limit: Int) throws(CheckFailure) -> [CheckedRequirement] {
    guard let rivals = OptimumRivals(of: task) else { return [] }
    var others: [ReachedPolicy] = []
    var count = 0
    ReachedPolicy.visitAll(in: task.model, from: task.initial ?? []) { other in
      count += 1
      if rivals.contain(other) { others.append(other) }
      return count <= limit
    }
    try require(
      count <= limit, "optimum: there are more than \(limit) policies to compare with")
    var requirements: [CheckedRequirement] = []
    for other in others {
      requirements.append(
        CheckedRequirement(
          left: .policy(rivals.best), relation: .greater,
          right: try Self.behaviour(other.actions, task.model)))
    }
    return requirements
  }
}
