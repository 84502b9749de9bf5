import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

extension TaskObjects {
  /// Adds what a request about optimal policies asks of deterministic ones: the only optimum is better
  /// than those with another lottery, or the policy that is taken to be optimal is better than those
  /// that visit states to be avoided.
  ///
  /// Each lottery is listed once, or, where a formalism orders lotteries at will, only policies that
  /// the task names, as the others can stand below.
  ///
  /// - Throws: ``ExpressError/tooManyPolicies(limit:)``, ``Interrupted``.
  mutating func addOptimum(
    of task: ExpressTask, maximumPolicies: Int, progress: ProgressHandler
  ) throws {
    guard let rivals = OptimumRivals(of: task), let initial = task.initial else { return }
    let place = try placeOfBest(rivals, in: task)
    var known: Set<[Choice?]> = []
    for (other, object) in task.objects.enumerated() {
      guard case .policy(let policy) = object.behaviour,
        let reached = ReachedPolicy(of: policy, in: task.model, from: initial),
        let relation = rivals.relation(to: reached), other != place
      else { continue }
      constraints.append(ExpressTask.Constraint(place, relation, other))
      known.insert(reached.choices)
    }
    if task.formalism.ordersLotteriesAtWill { return }
    var count = 0
    try ReachedPolicy.visitAll(in: task.model, from: initial) { other in
      try progress.checkpoint()
      count += 1
      guard count <= maximumPolicies else {
        throw ExpressError.tooManyPolicies(limit: maximumPolicies)
      }
      guard rivals.contain(other), !known.contains(other.choices) else { return true }
      constraints.append(ExpressTask.Constraint(place, .greater, entries.count))
      try append(other.actions, in: task)
      return true
    }
  }

  private mutating func placeOfBest(_ rivals: OptimumRivals, in task: ExpressTask) throws -> Int {
    let named = task.objects.firstIndex { $0.behaviour == .policy(rivals.best) }
    if let named { return named }
    try append(rivals.best.actions(in: task.model) ?? [], in: task)
    return entries.count - 1
  }

  private mutating func append(_ actions: [Action], in task: ExpressTask) throws {
    entries.append(
      Entry(
        reference: task.reference(actions),
        behaviour: .policy(try Policy(actions, in: task.model))))
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
