import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension TaskObjects {
  /// Adds that the policy which has to be the only optimum is better than every deterministic policy
  /// with another lottery: each lottery once, or, where a formalism orders lotteries at will, only
  /// policies that the task names, as the others can stand below.
  ///
  /// - Throws: ``ExpressError/tooManyPolicies(limit:)``, ``Interrupted``.
  mutating func addUniqueOptimum(
    of task: ExpressTask, maximumPolicies: Int, progress: ProgressHandler
  ) throws {
    guard let unique = task.uniqueOptimum, let place = task.optimum?.unique,
      let initial = task.initial
    else { return }
    let own = ReachedPolicy(of: unique, in: task.model, from: initial)?.choices
    var known: [[Choice?]: Int] = [:]
    for (other, object) in task.objects.enumerated() {
      guard case .policy(let policy) = object.behaviour,
        let reached = ReachedPolicy(of: policy, in: task.model, from: initial),
        reached.choices != own
      else { continue }
      constraints.append(ExpressTask.Constraint(place, .greater, other))
      known[reached.choices] = other
    }
    if task.formalism.ordersLotteriesAtWill { return }
    var count = 0
    try ReachedPolicy.visitAll(in: task.model, from: initial) { other in
      try progress.checkpoint()
      count += 1
      guard count <= maximumPolicies else {
        throw ExpressError.tooManyPolicies(limit: maximumPolicies)
      }
      guard other.choices != own, known[other.choices] == nil else { return true }
      constraints.append(ExpressTask.Constraint(place, .greater, entries.count))
      entries.append(
        Entry(
          reference: .policy(other.actions),
          behaviour: .policy(try Policy(other.actions, in: task.model))))
      return true
    }
  }
}

extension Formalism {
  /// Whether any order of finitely many different lotteries is one of the formalism's.
  var ordersLotteriesAtWill: Bool {
    switch self {
    case .outerNonlinear, .outerMultiObjective, .occupancyFunction, .lotteryFunction,
      .policyFunction, .occupancyOrder, .lotteryOrder, .generalisedMultiObjective, .policyOrder:
      true
    default: false
    }
  }
}
