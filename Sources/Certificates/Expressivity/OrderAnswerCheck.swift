import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers in formalisms that order lotteries, policies or trajectories at will.
struct OrderAnswerCheck {
  private let check: ExpressCheck
  private var task: ExpressTask { check.task }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    self.check = check
    let isFitting =
      switch check.task.formalism {
      case .markovReward, .limitAverage, .regularised, .temporalLogic: false
      case .rewardMachine: check.task.machine == nil && check.task.kind == .trajectoryOrder
      case .trajectoryFunction, .innerNonlinear, .innerMultiObjective:
        check.task.kind == .trajectoryOrder
      default: true
      }
    try require(
      isFitting, "formalism: \(check.task.formalism.rawValue) is not answered by an order here")
  }

  /// Ranks that meet the requirements, equal where objects cannot be told apart.
  func ranks(_ ranks: [(name: String, rank: Rational)]) throws(CheckFailure) -> String {
    let places = task.placesByName
    var values = [Rational?](repeating: nil, count: task.objects.count)
    for (name, rank) in ranks {
      guard let place = places[name] else {
        throw .rejected("ranks: the task has nothing called \(excerpt(name))")
      }
      values[place] = rank
    }
    for (object, value) in zip(task.objects, values) {
      try require(value != nil, "ranks: \(excerpt(object.name)) has no rank")
    }
    func rank(_ place: Int) -> Rational { values[place] ?? 0 }
    var first: [BehaviourKey: Int] = [:]
    for (place, object) in task.objects.enumerated() {
      let key = check.key(of: object.behaviour, relation)
      guard let same = first[key] else {
        first[key] = place
        continue
      }
      try require(
        rank(same) == rank(place),
        "ranks: \(excerpt(task.objects[same].name)) and \(excerpt(object.name))"
          + " cannot be told apart, but have the ranks \(rank(same)) and \(rank(place))")
    }
    try requireOrder(rank)
    return "the ranks meet every requirement of the task"
  }

  private func requireOrder(_ rank: (Int) -> Rational) throws(CheckFailure) {
    guard task.kind == .policySet else {
      for constraint in task.orderConstraints { try requireRelation(constraint, rank) }
      return try requireOptimum(rank)
    }
    let requirements = TaskRequirements(of: task)
    for place in task.objects.indices where requirements.isRejected(place) {
      for good in task.acceptable {
        try requireRelation(ExpressTask.Constraint(good, .greater, place), rank)
      }
    }
    if task.variant == .equal, let first = task.acceptable.first {
      for good in task.acceptable.dropFirst() {
        try requireRelation(ExpressTask.Constraint(first, .equal, good), rank)
      }
    }
    // Policies that have no rank stand below all ranks: possible unless one of them is identical
    // to an acceptable one.
    var acceptable: [BehaviourKey: Int] = [:]
    for place in task.acceptable {
      acceptable[check.key(of: task.objects[place].behaviour, relation)] = place
    }
    for other in try requirements.others() {
      guard let place = acceptable[check.key(of: other, relation)] else { continue }
      throw .rejected(
        "ranks: \(excerpt(task.objects[place].name)) cannot be told from a policy that is not"
          + " acceptable")
    }
  }

  private func requireRelation(
    _ constraint: ExpressTask.Constraint, _ rank: (Int) -> Rational
  ) throws(CheckFailure) {
    let (left, right) = (rank(constraint.left), rank(constraint.right))
    try require(
      constraint.relation.holds(left, right),
      "ranks: \(excerpt(task.objects[constraint.left].name)) \(constraint.relation.rawValue)"
        + " \(excerpt(task.objects[constraint.right].name)) fails: \(left), \(right)")
  }

  /// Of the policies only the named ones have ranks; others may stand below them all.
  ///
  /// A best policy without a name has the rank of the named ones that cannot be told from it, else it
  /// may stand above them all.
  private func requireOptimum(_ rank: (Int) -> Rational) throws(CheckFailure) {
    guard let rivals = OptimumRivals(of: task) else { return }
    let best = ExpressTask.Object.Behaviour.policy(rivals.best)
    let same = task.objects.indices.first {
      check.areIdentical(best, task.objects[$0].behaviour, relation)
    }
    guard let same else { return }
    for (place, object) in task.objects.enumerated() {
      guard let relation = task.relationByOptimum(rivals, to: object.behaviour) else { continue }
      try require(
        relation.holds(rank(same), rank(place)),
        "ranks: \(excerpt(object.name)) stands \(relation == .greater ? "as high as" : "above")"
          + " a policy that has to be \(relation == .greater ? "better" : "optimal")")
    }
  }

  /// A cycle of relations with a strict one.
  func cycle(_ steps: [WrittenRequirement]) throws(CheckFailure) -> String {
    let path = try check.path(steps, identity: relation)
    try require(path.last?.right == path.first?.left, "certificate.steps: they do not go round")
    try require(path.contains(where: \.isStrict), "certificate.steps: no step is strict")
    return "no order meets the \(steps.count) relations listed: they go round"
  }

  /// What the formalism cannot tell apart.
  private var relation: ExpressAnswer.CycleStep.Relation {
    if task.kind == .trajectoryOrder { return .sameTrajectory }
    switch task.formalism {
    case .policyFunction, .policyOrder: return .samePolicy
    default: return .sameLottery
    }
  }
}
