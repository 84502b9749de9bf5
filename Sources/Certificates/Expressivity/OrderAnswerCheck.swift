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
    var values: [String: Rational] = [:]
    for (name, rank) in ranks {
      try require(
        task.objects.contains { $0.name == name },
        "ranks: the task has nothing called \(excerpt(name))")
      values[name] = rank
    }
    for object in task.objects {
      try require(
        values[object.name] != nil, "ranks: \(excerpt(object.name)) has no rank")
    }
    func rank(_ place: Int) -> Rational { values[task.objects[place].name] ?? 0 }
    for left in task.objects.indices {
      for right in task.objects.indices.dropFirst(left + 1) {
        let areSame = areIdentical(
          task.objects[left].behaviour, task.objects[right].behaviour, relation)
        try require(
          !areSame || rank(left) == rank(right),
          "ranks: \(excerpt(task.objects[left].name)) and \(excerpt(task.objects[right].name))"
            + " cannot be told apart, but have the ranks \(rank(left)) and \(rank(right))")
      }
    }
    try requireOrder(rank)
    return "the ranks meet every requirement of the task"
  }

  private func requireOrder(_ rank: (Int) -> Rational) throws(CheckFailure) {
    guard task.kind == .policySet else {
      for constraint in task.orderConstraints {
        let (left, right) = (rank(constraint.left), rank(constraint.right))
        let holds =
          switch constraint.relation {
          case .greater: left > right
          case .atLeast: left >= right
          case .equal: left == right
          }
        try require(
          holds,
          "ranks: \(excerpt(task.objects[constraint.left].name)) \(constraint.relation.rawValue)"
            + " \(excerpt(task.objects[constraint.right].name)) fails: \(left), \(right)")
      }
      return
    }
    // Policies that are not acceptable stand below all ranks: possible unless one of them is
    // identical to an acceptable one.
    for place in task.acceptable {
      for requirement in try TaskRequirements(of: task).all()
      where requirement.relation == .greater {
        try require(
          !areIdentical(task.objects[place].behaviour, requirement.right, relation),
          "ranks: \(excerpt(task.objects[place].name)) cannot be told from a policy that is not"
            + " acceptable")
      }
    }
  }

  /// A cycle of relations with a strict one.
  func cycle(_ steps: [WrittenRequirement]) throws(CheckFailure) -> String {
    try require(!steps.isEmpty, "certificate.steps: there are none")
    var behaviours: [(ExpressTask.Object.Behaviour, ExpressTask.Object.Behaviour)] = []
    var hasStrict = false
    for (index, step) in steps.enumerated() {
      let place = "certificate.steps[\(index)]"
      guard let relation = ExpressAnswer.CycleStep.Relation(rawValue: step.relation) else {
        throw .rejected("\(place): unknown relation \(excerpt(step.relation))")
      }
      if relation == .greater { hasStrict = true }
      switch relation {
      case .greater, .atLeast, .equal:
        let requirement = try check.requirement(step, place)
        behaviours.append((requirement.left, requirement.right))
      case .sameLottery, .samePolicy, .sameTrajectory:
        let left = try check.behaviour(step.left, "\(place).left")
        let right = try check.behaviour(step.right, "\(place).right")
        try require(
          relation == self.relation,
          "\(place): \(task.formalism.rawValue) does not identify what has the '\(step.relation)'")
        try require(
          areIdentical(left, right, relation), "\(place): the two do not have the same behaviour")
        behaviours.append((left, right))
      }
    }
    for (index, pair) in behaviours.enumerated() {
      let next = behaviours[(index + 1) % behaviours.count]
      try require(
        pair.1 == next.0, "certificate.steps[\(index)]: the next step does not start where it ends")
    }
    try require(hasStrict, "certificate.steps: no step is strict")
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

  private func areIdentical(
    _ left: ExpressTask.Object.Behaviour, _ right: ExpressTask.Object.Behaviour,
    _ relation: ExpressAnswer.CycleStep.Relation
  ) -> Bool {
    switch (left, right) {
    case (.trajectory(let first), .trajectory(let second)):
      return first.normalForm == second.normalForm
    case (.policy(let first), .policy(let second)):
      let model = task.model
      var isReached = [Bool](repeating: relation != .sameLottery, count: model.stateCount)
      var pending: [State] = []
      for (state, probability) in task.initial ?? []
      where relation == .sameLottery && !probability.isZero {
        isReached[Int(state.index)] = true
        pending.append(state)
      }
      while let state = pending.popLast() {
        for weighted in first.choices(at: state) {
          for (successor, _) in model.transitions(of: weighted.choice)
          where !isReached[Int(successor.index)] {
            isReached[Int(successor.index)] = true
            pending.append(successor)
          }
        }
      }
      return (0..<model.stateCount).allSatisfy { state in
        !isReached[state] || first.choices(at: State(state)) == second.choices(at: State(state))
      }
    default: return false
    }
  }
}
