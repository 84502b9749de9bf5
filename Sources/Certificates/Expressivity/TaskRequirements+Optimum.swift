import ExactArithmetic
import MarkovDecisionProcesses

extension ExpressTask {
  /// Whether a requirement follows from the request for an only optimum: that policy is better than
  /// every deterministic one with another lottery.
  func impliesByOptimum(_ requirement: CheckedRequirement) -> Bool {
    guard let unique = uniqueOptimum, requirement.relation == .greater,
      requirement.left == .policy(unique), case .policy(let other) = requirement.right,
      let initial
    else { return false }
    guard let theirs = ReachedPolicy(of: other, in: model, from: initial) else { return false }
    guard let ours = ReachedPolicy(of: unique, in: model, from: initial) else { return true }
    return ours.choices != theirs.choices
  }
}

extension TaskRequirements {
  /// The only optimum against every deterministic policy with another lottery, each lottery once.
  func requirementsOfUniqueOptimum(_ limit: Int) throws(CheckFailure) -> [CheckedRequirement] {
    guard let unique = task.uniqueOptimum, let initial = task.initial else { return [] }
    var requirements: [CheckedRequirement] = []
    var others: [ReachedPolicy] = []
    ReachedPolicy.visitAll(in: task.model, from: initial) { other in
      others.append(other)
      return others.count <= limit
    }
    try require(
      others.count <= limit,
      "uniqueOptimum: there are more than \(limit) policies to compare with")
    for other in others {
      let requirement = CheckedRequirement(
        left: .policy(unique), relation: .greater,
        right: try Self.behaviour(other.actions, task.model))
      if task.impliesByOptimum(requirement) { requirements.append(requirement) }
    }
    return requirements
  }
}
