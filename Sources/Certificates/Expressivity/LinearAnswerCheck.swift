import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers whose values are linear in a table of rewards.
struct LinearAnswerCheck {
  private let check: ExpressCheck
  private let features: CheckedFeatures
  private var task: ExpressTask { check.task }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    self.check = check
    try require(
      check.task.isLinear,
      "formalism: \(check.task.formalism.rawValue) has no table of rewards here")
    let document = check.document
    try require(
      document.rewardSupport ?? check.task.rewardSupport == check.task.rewardSupport,
      "rewardOn: the task says '\(check.task.rewardSupport.rawValue)'")
    if check.task.formalism == .limitAverage {
      features = CheckedFeatures(of: check.task, discount: 0)
      return
    }
    guard let discount = document.discount ?? Self.fixed(check.task.discount) else {
      throw .rejected("discount: neither the answer nor the task has one")
    }
    if let own = Self.fixed(check.task.discount) {
      try require(
        discount == own, "discount: the answer has \(discount), the task \(own)")
    }
    try require(
      discount.signum >= 0 && discount < 1, "discount: it is \(discount), not in [0, 1)")
    features = CheckedFeatures(of: check.task, discount: discount)
  }

  private static func fixed(_ discount: ExpressTask.Discount?) -> Rational? {
    if case .fixed(let value)? = discount { value } else { nil }
  }

  // MARK: - Expressible

  func reward(
    entries: [(parts: [String], value: Rational)],
    regulariser: [(law: [(action: String, probability: Rational)], value: Rational)],
    margin: Rational?, optimality: [WrittenRequirement]
  ) throws(CheckFailure) -> String {
    let reward = try table(entries, regulariser)
    for (coordinate, value) in reward {
      try require(
        value >= -1 && value <= 1,
        "reward: an entry of \(task.describe(coordinate)) is \(shown(value)), not in [-1, 1]")
    }
    var known = KnownFeatures(features, reward: reward)
    let single = try SinglePolicyCheck(of: check, discount: features.discount)
    let least: Rational?
    if let single {
      let outcome = try single.leastMargin(reward, printed: margin)
      known.learn(outcome.value, of: single.policy)
      least = outcome.least
    } else {
      least = try leastMargin(&known)
    }
    try require(
      margin == least,
      "margin: \(margin.map(shown) ?? "null") is printed, but the least difference of a strict"
        + " requirement is \(least.map(shown) ?? "null")")
    if let least {
      try require(least.signum > 0, "margin: it is \(shown(least)), which separates nothing")
    }
    try check.compareValues { (object) throws(CheckFailure) in
      try known.value(of: object.behaviour)
    }
    let claim = "the reward meets every requirement of the task"
    guard let least else { return claim }
    guard !optimality.isEmpty else { return claim + " with the margin \(shown(least))" }
    try requireOptimality(least, optimality, single)
    return claim + " with the margin \(shown(least)), the largest of rewards within [-1, 1]"
  }

  /// The least difference of a strict requirement, after checking the others.
  private func leastMargin(_ known: inout KnownFeatures) throws(CheckFailure) -> Rational? {
    var least: Rational?
    for requirement in try TaskRequirements(of: task).all() {
      try check.checkpoint()
      let left = try known.value(of: requirement.left)
      let right = try known.value(of: requirement.right)
      switch requirement.relation {
      case .greater: least = min(least ?? left - right, left - right)
      case .atLeast:
        try require(
          left >= right, "reward: a requirement '>=' has \(shown(left)) < \(shown(right))")
      case .equal:
        try require(
          left == right, "reward: a requirement '=' has \(shown(left)) and \(shown(right))")
      }
    }
    return least
  }

  private func requireOptimality(
    _ margin: Rational, _ optimality: [WrittenRequirement], _ single: SinglePolicyCheck?
  ) throws(CheckFailure) {
    let weighted = try check.weighted(optimality, "optimality.constraints")
    let strict = weighted.reduce(Rational.zero) { sum, entry in
      entry.requirement.relation == .greater ? sum + entry.multiplier : sum
    }
    // Multipliers of any positive sum: those that add up to 1 may be far longer.
    let sum: RewardFeatures
    if let short = try single?.combination(weighted) {
      sum = short
    } else {
      sum = try combination(weighted)
    }
    let bound = sum.values.reduce(Rational.zero) { $0 + abs($1) }
    try require(
      bound == margin * strict,
      "optimality: it bounds margins by \(shown(bound / strict)), not by \(shown(margin))")
  }

  // MARK: - Inexpressible

  func farkas(_ written: [WrittenRequirement]) throws(CheckFailure) -> String {
    try require(
      !(task.usesDiscount && task.discount == .any),
      "certificate: the task leaves the discount open, and this is about one discount only")
    let weighted = try check.weighted(written, "certificate.constraints")
    if let (coordinate, value) = try combination(weighted).min(by: { $0.key < $1.key }) {
      throw .rejected(
        "certificate: the weighted differences add up to \(shown(value)) at"
          + " \(task.describe(coordinate)), not to 0")
    }
    return "no \(task.formalism.rawValue) reward meets the \(weighted.count) requirements listed:"
      + " the weighted differences of their features cancel"
  }

  /// `Σ λ_k δ_k`, zeros left out.
  private func combination(
    _ weighted: [(requirement: CheckedRequirement, multiplier: Rational)]
  ) throws(CheckFailure) -> RewardFeatures {
    var sum: RewardFeatures = [:]
    var cache: [ExpressTask.Object.Behaviour: RewardFeatures] = [:]
    for (requirement, multiplier) in weighted {
      for (behaviour, sign) in [(requirement.left, multiplier), (requirement.right, -multiplier)] {
        let vector: RewardFeatures
        if let known = cache[behaviour] {
          vector = known
        } else {
          vector = try features.features(of: behaviour)
          cache[behaviour] = vector
        }
        for (coordinate, value) in vector { sum[coordinate, default: 0] += sign * value }
      }
    }
    return sum.filter { !$0.value.isZero }
  }

  // MARK: - The table

  private func table(
    _ entries: [(parts: [String], value: Rational)],
    _ regulariser: [(law: [(action: String, probability: Rational)], value: Rational)]
  ) throws(CheckFailure) -> RewardFeatures {
    var reward: RewardFeatures = [:]
    for (index, entry) in entries.enumerated() {
      let coordinate = try coordinate(entry.parts, "reward[\(index)]")
      try require(
        reward.updateValue(entry.value, forKey: coordinate) == nil,
        "reward[\(index)]: the entry stands there twice")
    }
    for (index, entry) in regulariser.enumerated() {
      var law: [(action: Action, probability: Rational)] = []
      for (name, probability) in entry.law {
        law.append((try action(name, "regulariser[\(index)]"), probability))
      }
      try require(
        reward.updateValue(entry.value, forKey: .regulariser(ActionLaw(law))) == nil,
        "regulariser[\(index)]: the law stands there twice")
    }
    return reward
  }

  private func coordinate(
    _ parts: [String], _ place: String
  ) throws(CheckFailure) -> RewardCoordinate {
    var parts = parts[...]
    var machineState: Int?
    if task.formalism == .rewardMachine, let machine = task.machine {
      let name = parts.popFirst() ?? ""
      guard let found = machine.states.place(of: name) else {
        throw .rejected("\(place): the machine has no state \(excerpt(name))")
      }
      machineState = found
    }
    let expected =
      switch task.rewardSupport {
      case .state: 1
      case .stateAction: 2
      case .transition: 3
      }
    try require(
      parts.count == expected,
      "\(place): \(parts.count) names are given, but an entry on '\(task.rewardSupport.rawValue)'"
        + " has \(expected)")
    let names = Array(parts)
    return .entry(
      machine: machineState, state: try state(names[0], place),
      action: names.count > 1 ? try action(names[1], place) : nil,
      successor: names.count > 2 ? try state(names[2], place) : nil)
  }

  private func state(_ name: String, _ place: String) throws(CheckFailure) -> State {
    guard let found = task.model.states.place(of: name) else {
      throw .rejected("\(place): the model has no state \(excerpt(name))")
    }
    return State(found)
  }

  private func action(_ name: String, _ place: String) throws(CheckFailure) -> Action {
    guard let found = task.model.actions.place(of: name) else {
      throw .rejected("\(place): the model has no action \(excerpt(name))")
    }
    return Action(found)
  }
}

extension ExpressTask {
  /// An unknown of a reward, for a message.
  func describe(_ coordinate: RewardCoordinate) -> String {
    switch coordinate {
    case .regulariser: return "the regulariser of a law"
    case .entry(_, let state, let action, let successor):
      var text = "the state \(model.name(state))"
      if let action { text += ", the action \(model.name(action))" }
      if let successor { text += ", the successor \(model.name(successor))" }
      return text
    }
  }
}

/// The values of behaviours under one reward, each computed once.
private struct KnownFeatures {
  private let features: CheckedFeatures
  private let reward: RewardFeatures
  private var values: [ExpressTask.Object.Behaviour: Rational] = [:]

  init(_ features: CheckedFeatures, reward: RewardFeatures) {
    self.features = features
    self.reward = reward
  }

  mutating func learn(_ value: Rational, of behaviour: ExpressTask.Object.Behaviour) {
    values[behaviour] = value
  }

  mutating func value(
    of behaviour: ExpressTask.Object.Behaviour
  ) throws(CheckFailure) -> Rational {
    if let known = values[behaviour] { return known }
    var sum = Rational.zero
    for (coordinate, weight) in try features.features(of: behaviour) {
      if let value = reward[coordinate] { sum += weight * value }
    }
    values[behaviour] = sum
    return sum
  }
}

private func abs(_ value: Rational) -> Rational { value.magnitude }
