import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers in linear temporal logic: probabilities of the given formula, or levels where
/// every object is a single run.
struct TemporalAnswerCheck {
  private let check: ExpressCheck
  private var task: ExpressTask { check.task }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    self.check = check
    try require(
      check.task.formalism == .temporalLogic,
      "formalism: \(check.task.formalism.rawValue) is not answered by a formula")
  }

  // MARK: - A given formula

  /// The values meet every requirement.
  func values() throws(CheckFailure) -> String {
    guard task.temporal != nil else { return try twoLevels() }
    let probabilities = try KnownProbabilities(of: task)
    for requirement in try TaskRequirements(of: task).all() {
      try check.checkpoint()
      let left = try probabilities.value(of: requirement.left)
      let right = try probabilities.value(of: requirement.right)
      try require(
        requirement.relation.holds(left, right),
        "formula: a requirement '\(requirement.relation.rawValue)' has the probabilities"
          + " \(shown(left)) and \(shown(right))")
    }
    try requireAllValues()
    try check.compareValues { (object, _) throws(CheckFailure) in
      try probabilities.value(of: object.behaviour)
    }
    return "the probability of the formula meets every requirement of the task"
  }

  /// The requirements listed are broken.
  func violations(_ written: [WrittenRequirement]) throws(CheckFailure) -> String {
    try require(!written.isEmpty, "certificate.violated: there are none")
    let probabilities = try KnownProbabilities(of: task)
    for (index, entry) in written.enumerated() {
      let place = "certificate.violated[\(index)]"
      let requirement = try check.requirement(entry, place)
      let left = try probabilities.value(of: requirement.left)
      let right = try probabilities.value(of: requirement.right)
      try require(
        entry.leftValue == left && entry.rightValue == right,
        "\(place): the probabilities are \(shown(left)) and \(shown(right))")
      try require(
        !requirement.relation.holds(left, right), "\(place): the requirement holds")
    }
    try check.compareValues { (object, _) throws(CheckFailure) in
      try probabilities.value(of: object.behaviour)
    }
    return "the probability of the formula breaks \(written.count) of the task's requirements"
  }

  private func requireAllValues() throws(CheckFailure) {
    let printed = Set((check.document.values ?? []).map(\.name))
    for object in task.objects {
      try require(
        printed.contains(object.name), "values: \(excerpt(object.name)) has no value")
    }
  }

  // MARK: - Without a formula

  /// Every object is a single run with the value 0 or 1, equal for equal runs.
  private func twoLevels() throws(CheckFailure) -> String {
    try requireAllValues()
    var values: [Trajectory: Rational] = [:]
    for (name, value) in check.document.values ?? [] {
      guard let object = task.objects.first(where: { $0.name == name }) else {
        throw .rejected("values: the task has nothing called \(excerpt(name))")
      }
      try require(
        value.isZero || value == 1, "values[\(excerpt(name))]: a single run has the value 0 or 1")
      let run = try singleRun(object.behaviour)
      try require(
        values[run] == nil || values[run] == value,
        "values[\(excerpt(name))]: the same run has another value elsewhere")
      values[run] = value
    }
    if let best = OptimumRivals(of: task)?.best {
      // Without a name it may have the larger value.
      let run = try singleRun(.policy(best))
      values[run] = values[run] ?? 1
    }
    for requirement in try TaskRequirements(of: task).all() {
      // Policies that are not acceptable are not named; their runs have the value 0.
      let left = values[try singleRun(requirement.left)] ?? 0
      let right = values[try singleRun(requirement.right)] ?? 0
      try require(
        requirement.relation.holds(left, right),
        "values: a requirement '\(requirement.relation.rawValue)' fails")
    }
    return "every object is a single run, and these values of a formula meet every requirement"
  }

  /// At least two strict steps on a path between single runs.
  func levels(_ steps: [WrittenRequirement]) throws(CheckFailure) -> String {
    let path = try check.path(steps, identity: .sameTrajectory)
    for step in path {
      _ = try singleRun(step.left)
      _ = try singleRun(step.right)
    }
    let isRound = path.last?.right == path.first?.left
    let needed = isRound ? 1 : 2
    try require(
      path.count(where: \.isStrict) >= needed,
      "certificate.steps: fewer than \(needed) steps are strict")
    return "no formula meets the \(steps.count) relations listed: single runs have two levels"
  }

  private func singleRun(
    _ behaviour: ExpressTask.Object.Behaviour
  ) throws(CheckFailure) -> Trajectory {
    guard let run = behaviour.singleRun(in: task) else {
      throw .rejected("formula: an object is no single run, so that a formula is required")
    }
    return run
  }
}

extension ExpressTask.Relation {
  package func holds(_ left: Rational, _ right: Rational) -> Bool {
    switch self {
    case .greater: left > right
    case .atLeast: left >= right
    case .equal: left == right
    }
  }
}

extension ExpressTask.Object.Behaviour {
  /// The one run that this behaviour has, in normal form, or `nil` when chance has a say or the
  /// run ends.
  package func singleRun(in task: ExpressTask) -> Trajectory? {
    switch self {
    case .trajectory(let trajectory):
      return trajectory.cycle == nil ? nil : trajectory.normalForm
    case .policy(let policy):
      let start = (task.initial ?? []).filter { !$0.probability.isZero }
      guard start.count == 1 else { return nil }
      var steps: [Trajectory.Step] = []
      var visits: [State: Int] = [:]
      var state = start[0].state
      while visits[state] == nil {
        visits[state] = steps.count
        let choices = policy.choices(at: state)
        guard choices.count == 1 else { return nil }
        let transitions = task.model.transitions(of: choices[0].choice)
        guard transitions.count == 1, let next = transitions.first else { return nil }
        steps.append(
          Trajectory.Step(state, task.model.action(of: choices[0].choice), next.successor))
        state = next.successor
      }
      let first = visits[state] ?? 0
      return Trajectory(
        start: start[0].state, steps: Array(steps[..<first]), cycle: Array(steps[first...])
      ).normalForm
    }
  }
}

/// The probabilities of the task's formula, each computed once.
private final class KnownProbabilities {
  private let task: ExpressTask
  private let property: Property
  private var values: [ExpressTask.Object.Behaviour: Rational] = [:]

  private enum Property {
    case formula(TemporalFormula)
    case automaton(OmegaAutomaton)
  }

  init(of task: ExpressTask) throws(CheckFailure) {
    self.task = task
    switch task.temporal {
    case .formula(let text)?:
      do throws(FormulaError) {
        property = .formula(try TemporalFormula(parsing: text))
      } catch {
        throw .rejected("formula: \(error)")
      }
    case .automaton(let automaton)?: property = .automaton(automaton)
    case nil: throw .rejected("formula: the task has none")
    }
  }

  func value(of behaviour: ExpressTask.Object.Behaviour) throws(CheckFailure) -> Rational {
    if let known = values[behaviour] { return known }
    var chain: FormulaElimination
    switch behaviour {
    case .policy(let policy): chain = FormulaElimination(of: policy, in: task)
    case .trajectory(let trajectory):
      try require(trajectory.cycle != nil, "trajectories: a finite one has no value in LTL")
      chain = FormulaElimination(of: trajectory, in: task.model)
    }
    let probability =
      switch property {
      case .formula(let formula): chain.probability(of: formula)
      case .automaton(let automaton): chain.probability(of: automaton)
      }
    guard let value = probability else {
      throw .rejected("formula: an elimination failed; this is a defect of the check")
    }
    values[behaviour] = value
    return value
  }
}
