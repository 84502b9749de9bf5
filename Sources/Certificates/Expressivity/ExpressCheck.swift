// What is here: the check of an answer to a task of reward design, against the task alone. Features,
// policies in question and identities are computed here once more, by code that the solvers do not
// use: if the checker shared the builder of the linear program, its mistakes would be certified.

import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ExpressAnswerDocument {
  /// Checks the answer against the task without solving a linear program.
  ///
  /// - Complexity: one elimination a policy that is compared.
  public func verify(
    against task: ExpressTask, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    do throws(CheckFailure) {
      guard let search else {
        let own = try taskTakingBest(of: task)
        return try ExpressCheck(document: self, task: own, progress: progress).verdict()
      }
      return try MachineAnswerCheck(self, search, task, progress).verdict()
    } catch {
      switch error {
      case .rejected(let reason): return .rejected(reason: reason)
      case .interrupted(let interrupted): throw interrupted
      }
    }
  }
}

/// One answer against one task.
struct ExpressCheck {
  let document: ExpressAnswerDocument
  let task: ExpressTask
  let progress: ProgressHandler

  func verdict() throws(CheckFailure) -> Verdict {
    try require(
      document.kind == task.kind,
      "kind: the answer is to '\(document.kind.rawValue)', the task is '\(task.kind.rawValue)'")
    try require(
      document.formalism == task.formalism,
      "formalism: the answer is for \(document.formalism.rawValue), the task asks for"
        + " \(task.formalism.rawValue)")
    try requireAnswerToOptimumRequest()
    try requireDecimals()
    if case .noDiscount(let pieces) = document.outcome {
      return try FreeDiscountCheck(self, pieces).verdict()
    }
    return .accepted(statement: try statement(document.outcome), warnings: [])
  }

  /// What an outcome proves.
  func statement(_ outcome: WrittenOutcome) throws(CheckFailure) -> String {
    let statement: String
    switch outcome {
    case .reward(let entries, let regulariser, let margin, let optimality):
      statement = try LinearAnswerCheck(self).reward(
        entries: entries, regulariser: regulariser, margin: margin, optimality: optimality)
    case .function(let terms): statement = try LotteryAnswerCheck(self).function(terms)
    case .ranks(let ranks): statement = try OrderAnswerCheck(self).ranks(ranks)
    case .farkas(let requirements):
      statement =
        task.isLinear
        ? try LinearAnswerCheck(self).farkas(requirements)
        : try LotteryAnswerCheck(self).farkas(requirements)
    case .cycle(let steps): statement = try OrderAnswerCheck(self).cycle(steps)
    case .levels(let steps): statement = try TemporalAnswerCheck(self).levels(steps)
    case .formula: statement = try TemporalAnswerCheck(self).values()
    case .violations(let violations):
      statement = try TemporalAnswerCheck(self).violations(violations)
    case .noMachine:
      throw .rejected("certificate: the answer does not say what a machine reads ('machineInput')")
    case .noDiscount:
      throw .rejected("certificate: a proof for one discount is expected, not one for all")
    case .optimum(let optimum): statement = try OptimumAnswerCheck(self).optimum(optimum)
    case .noOptimum(let conflicts): statement = try OptimumAnswerCheck(self).impossible(conflicts)
    case .unavoidable(let ranks): statement = try AvoidanceCheck(self).unavoidable(ranks)
    case .visit(let run): statement = try AvoidanceCheck(self).visit(run)
    case .refuted(let policies): statement = try AvoidanceCheck(self).refuted(policies)
    case .undecided:
      throw .rejected("expressible: an undecided answer proves nothing")
    }
    return statement
  }

  /// The decimals are those of the numbers beside them, correctly rounded.
  private func requireDecimals() throws(CheckFailure) {
    var pairs: [(place: String, decimal: String, value: Rational?)] = []
    if let decimal = document.marginDecimal {
      pairs.append(("marginDecimal", decimal, document.outcome.margin))
    }
    let values = Dictionary(
      (document.values ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    for (name, decimal) in document.valuesDecimal ?? [] {
      pairs.append(("valuesDecimal[\(excerpt(name))]", decimal, values[name]))
    }
    for (place, decimal, value) in pairs {
      let digits = decimal.firstIndex(of: ".").map {
        decimal.distance(from: $0, to: decimal.endIndex) - 1
      }
      try require(
        value?.decimal(digits: digits ?? 0) == decimal,
        "\(place): the decimals are not those of the number beside")
    }
  }

  func checkpoint() throws(CheckFailure) {
    do throws(Interrupted) {
      try progress.checkpoint()
    } catch {
      throw .interrupted(error)
    }
  }

  // MARK: - Objects

  /// What a reference of the answer stands for.
  func behaviour(
    _ object: WrittenObject, _ place: String
  ) throws(CheckFailure) -> ExpressTask.Object.Behaviour {
    switch object {
    case .name(let name):
      guard let found = task.objects.first(where: { $0.name == name }) else {
        throw .rejected("\(place): the task has nothing called \(excerpt(name))")
      }
      return found.behaviour
    case .policy(let node):
      let reader = TaskReader(
        fields: document.fields, model: task.model, limits: document.limits, path: "-")
      do throws(Malformed) {
        return .policy(try reader.policy(node))
      } catch {
        throw .rejected("\(place): \(error.problem)")
      }
    }
  }

  /// The requirement of the answer, after checking that the task makes it.
  ///
  /// - Parameter listedOnly: not what follows from the request for an only optimum.
  func requirement(
    _ written: WrittenRequirement, _ place: String, listedOnly: Bool = false
  ) throws(CheckFailure) -> CheckedRequirement {
    guard let relation = ExpressTask.Relation(rawValue: written.relation) else {
      throw .rejected(
        "\(place): the relation is \(excerpt(written.relation)), but it has to be >, >= or =")
    }
    let requirement = CheckedRequirement(
      left: try behaviour(written.left, "\(place).left"), relation: relation,
      right: try behaviour(written.right, "\(place).right"))
    try require(
      TaskRequirements(of: task).contains(requirement)
        || (!listedOnly && task.impliesByOptimum(requirement)),
      "\(place): the task does not require that the left '\(written.relation)' the right")
    return requirement
  }

  /// The requirements with their multipliers: of the right signs, with a strict one.
  func weighted(
    _ written: [WrittenRequirement], _ field: String
  ) throws(CheckFailure) -> [(requirement: CheckedRequirement, multiplier: Rational)] {
    var weighted: [(requirement: CheckedRequirement, multiplier: Rational)] = []
    var strictSum = Rational.zero
    for (index, entry) in written.enumerated() {
      let place = "\(field)[\(index)]"
      let requirement = try requirement(entry, place)
      guard let multiplier = entry.multiplier else {
        throw .rejected("\(place): the multiplier is missing")
      }
      try require(
        requirement.relation == .equal || multiplier.signum >= 0,
        "\(place): the multiplier of '\(requirement.relation.rawValue)' is \(shown(multiplier)),"
          + " but it must not be negative")
      if requirement.relation == .greater { strictSum += multiplier }
      weighted.append((requirement, multiplier))
    }
    try require(
      strictSum.signum > 0, "\(field): the multipliers of the strict requirements add up to 0")
    return weighted
  }

  /// Whether two behaviours are the same as far as a relation looks.
  func areIdentical(
    _ left: ExpressTask.Object.Behaviour, _ right: ExpressTask.Object.Behaviour,
    _ relation: ExpressAnswer.CycleStep.Relation
  ) -> Bool {
    key(of: left, relation) == key(of: right, relation)
  }

  /// What identical behaviours have in common, and others have not.
  func key(
    of behaviour: ExpressTask.Object.Behaviour, _ relation: ExpressAnswer.CycleStep.Relation
  ) -> BehaviourKey {
    switch behaviour {
    case .trajectory(let trajectory): return .trajectory(trajectory.normalForm)
    case .policy(let policy):
      if relation == .sameTrajectory, let run = behaviour.singleRun(in: task) {
        return .trajectory(run)
      }
      var isReached = [Bool](repeating: true, count: task.model.stateCount)
      if relation == .sameLottery {
        let starts = (task.initial ?? []).filter { !$0.probability.isZero }
        isReached = task.model.graph(of: policy).reachable(
          from: starts.map { Int($0.state.index) })
      }
      return .laws(
        isReached.enumerated().map { $1 ? policy.choices(at: State($0)) : [] })
    }
  }

  /// A step of a path of relations.
  struct PathStep {
    let left: ExpressTask.Object.Behaviour
    let right: ExpressTask.Object.Behaviour
    let isStrict: Bool
  }

  /// Relations of the task, or identities, each of which starts where the one before ends.
  ///
  /// - Parameter identity: what the formalism cannot tell apart.
  func path(
    _ steps: [WrittenRequirement], identity: ExpressAnswer.CycleStep.Relation
  ) throws(CheckFailure) -> [PathStep] {
    try require(!steps.isEmpty, "certificate.steps: there are none")
    var path: [PathStep] = []
    for (index, step) in steps.enumerated() {
      let place = "certificate.steps[\(index)]"
      guard let relation = ExpressAnswer.CycleStep.Relation(rawValue: step.relation) else {
        throw .rejected("\(place): unknown relation \(excerpt(step.relation))")
      }
      let found = try pathStep(step, relation, identity, place)
      try require(
        path.isEmpty || path.last?.right == found.left,
        "\(place): it does not start where the step before ends")
      path.append(found)
    }
    return path
  }

  private func pathStep(
    _ step: WrittenRequirement, _ relation: ExpressAnswer.CycleStep.Relation,
    _ identity: ExpressAnswer.CycleStep.Relation, _ place: String
  ) throws(CheckFailure) -> PathStep {
    switch relation {
    case .greater, .atLeast, .equal:
      let requirement = try requirement(step, place)
      return PathStep(
        left: requirement.left, right: requirement.right, isStrict: relation == .greater)
    case .sameLottery, .samePolicy, .sameTrajectory:
      let left = try behaviour(step.left, "\(place).left")
      let right = try behaviour(step.right, "\(place).right")
      try require(
        relation == identity,
        "\(place): \(task.formalism.rawValue) does not identify what has the '\(step.relation)'")
      try require(
        areIdentical(left, right, relation), "\(place): the two do not have the same behaviour")
      return PathStep(left: left, right: right, isStrict: false)
    }
  }

  /// The printed values against the true ones.
  ///
  /// - Parameter value: the value of an object, given what is printed.
  func compareValues(
    _ value: (ExpressTask.Object, _ printed: Rational) throws(CheckFailure) -> Rational
  ) throws(CheckFailure) {
    guard let values = document.values else { return }
    let places = task.placesByName
    for (name, printed) in values {
      guard let place = places[name] else {
        throw .rejected("values: the task has nothing called \(excerpt(name))")
      }
      let real = try value(task.objects[place], printed)
      try require(
        printed == real,
        "values[\(excerpt(name))]: \(shown(printed)) is printed, but it is \(shown(real))")
    }
  }
}

/// A behaviour as far as a relation looks.
enum BehaviourKey: Hashable {
  case trajectory(Trajectory)
  /// For each state the choices, none where it is not reached.
  case laws([[Policy.WeightedChoice]])
}

/// A requirement between two things.
struct CheckedRequirement {
  let left: ExpressTask.Object.Behaviour
  let relation: ExpressTask.Relation
  let right: ExpressTask.Object.Behaviour
}

/// What a task requires, written out.
struct TaskRequirements {
  let task: ExpressTask

  init(of task: ExpressTask) {
    self.task = task
  }

  /// Whether the task makes this requirement: listed, or implied by the tiers of a ranking, or by
  /// what is acceptable.
  func contains(_ requirement: CheckedRequirement) -> Bool {
    let lefts = places(of: requirement.left)
    let rights = places(of: requirement.right)
    guard task.kind != .policySet else { return isOfPolicySet(requirement, lefts, rights) }
    return lefts.contains { left in
      rights.contains { right in isOfOrder(left, requirement.relation, right) }
    }
  }

  private func places(of behaviour: ExpressTask.Object.Behaviour) -> [Int] {
    task.objects.indices.filter { task.objects[$0].behaviour == behaviour }
  }

  private func isOfOrder(_ left: Int, _ relation: ExpressTask.Relation, _ right: Int) -> Bool {
    if task.relations.contains(ExpressTask.Constraint(left, relation, right)) { return true }
    if relation == .equal,
      task.relations.contains(ExpressTask.Constraint(right, .equal, left))
    {
      return true
    }
    let leftTier = task.ranking.firstIndex { $0.contains(left) }
    let rightTier = task.ranking.firstIndex { $0.contains(right) }
    guard let leftTier, let rightTier else { return false }
    switch relation {
    case .greater: return leftTier < rightTier
    case .atLeast: return leftTier <= rightTier
    case .equal: return leftTier == rightTier
    }
  }

  private func isOfPolicySet(
    _ requirement: CheckedRequirement, _ lefts: [Int], _ rights: [Int]
  ) -> Bool {
    let isAcceptable = { (places: [Int]) in places.contains { task.acceptable.contains($0) } }
    switch requirement.relation {
    case .greater:
      return isAcceptable(lefts) && !isAcceptable(rights) && isCandidate(requirement.right)
    case .equal: return task.variant == .equal && isAcceptable(lefts) && isAcceptable(rights)
    case .atLeast: return false
    }
  }

  /// Whether the object at `place` is one of the policies that must not be acceptable.
  func isRejected(_ place: Int) -> Bool {
    let behaviour = task.objects[place].behaviour
    return isCandidate(behaviour)
      && !task.acceptable.contains { task.objects[$0].behaviour == behaviour }
  }

  private func isCandidate(_ behaviour: ExpressTask.Object.Behaviour) -> Bool {
    guard case .policy(let policy) = behaviour else { return false }
    guard let candidates = task.candidates else { return policy.actions(in: task.model) != nil }
    return candidates.contains { task.objects[$0].behaviour == behaviour }
  }

  /// All requirements. For a set of policies with all deterministic ones in question the
  /// comparison with their neighbours is enough where one-state improvements lead to an optimum
  /// (`proofs-notes/fringe.md`); else there are too many when they pass `limit`.
  func all(limit: Int = 1_000_000) throws(CheckFailure) -> [CheckedRequirement] {
    guard task.kind == .policySet else {
      return task.orderConstraints.map {
        CheckedRequirement(
          left: task.objects[$0.left].behaviour, relation: $0.relation,
          right: task.objects[$0.right].behaviour)
      } + (try requirementsOfOptimum(limit))
    }
    let good = task.acceptable.map { task.objects[$0].behaviour }
    var requirements: [CheckedRequirement] = []
    for other in try others(limit: limit) {
      for behaviour in good {
        requirements.append(
          CheckedRequirement(left: behaviour, relation: .greater, right: other))
      }
    }
    if task.variant == .equal {
      for behaviour in good.dropFirst() {
        requirements.append(
          CheckedRequirement(left: good[0], relation: .equal, right: behaviour))
      }
    }
    return requirements
  }

  /// The actions of the acceptable policies that are deterministic.
  var acceptableActions: Set<[Action]> {
    Set(
      task.acceptable.compactMap { place in
        guard case .policy(let policy) = task.objects[place].behaviour else { return nil }
        return policy.actions(in: task.model)
      })
  }

  /// The policies that acceptable ones are compared with, each once.
  func others(
    limit: Int = 1_000_000
  ) throws(CheckFailure) -> [ExpressTask.Object.Behaviour] {
    let good = task.acceptable.map { task.objects[$0].behaviour }
    let isGood = Set(good)
    if let candidates = task.candidates {
      return Array(Set(candidates.map { task.objects[$0].behaviour }).subtracting(isGood))
    }
    let model = task.model
    var others: Set<ExpressTask.Object.Behaviour> = []
    switch task.formalism {
    case .markovReward, .limitAverage, .regularised:
      for case .policy(let policy) in good {
        guard let actions = policy.actions(in: model) else { continue }
        for state in 0..<model.stateCount {
          for choice in model.choices(at: State(state)) {
            var changed = actions
            changed[state] = model.action(of: choice)
            others.insert(try Self.behaviour(changed, model))
          }
        }
      }
    default:
      try visitAll(limit) { (actions) throws(CheckFailure) in
        others.insert(try Self.behaviour(actions, model))
      }
    }
    return Array(others.subtracting(isGood))
  }

  static func behaviour(
    _ actions: [Action], _ model: FiniteMDP
  ) throws(CheckFailure) -> ExpressTask.Object.Behaviour {
    do throws(PolicyError) {
      return .policy(try Policy(actions, in: model))
    } catch {
      throw .rejected("\(error)")
    }
  }

  private func visitAll(
    _ limit: Int, _ body: ([Action]) throws(CheckFailure) -> Void
  ) throws(CheckFailure) {
    let model = task.model
    var actions = (0..<model.stateCount).map { state in
      model.choices(at: State(state)).map { model.action(of: $0) }
    }.map { (all: $0, place: 0) }
    var count = 0
    while true {
      count += 1
      try require(
        count <= limit, "acceptable: there are more than \(limit) policies to compare with")
      try body(actions.map { $0.all[$0.place] })
      guard let turned = actions.lastIndex(where: { $0.place + 1 < $0.all.count }) else { return }
      actions[turned].place += 1
      for state in (turned + 1)..<max(turned + 1, actions.count) { actions[state].place = 0 }
    }
  }
}

extension ExpressTask {
  /// The place of each object by its name.
  var placesByName: [String: Int] {
    Dictionary(
      objects.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether values are linear in an unknown table of rewards.
  var isLinear: Bool {
    switch formalism {
    case .markovReward, .limitAverage, .regularised: true
    case .rewardMachine: machine != nil
    default: false
    }
  }
}

extension WrittenOutcome {
  /// The margin that is claimed.
  fileprivate var margin: Rational? {
    switch self {
    case .reward(_, _, let margin, _): margin
    case .optimum(let optimum): optimum.margin
    default: nil
    }
  }
}
