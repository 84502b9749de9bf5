import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks answers whose values are linear in a table of rewards.
struct LinearAnswerCheck {
  private let check: ExpressCheck
  let features: CheckedFeatures
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
        "reward: an entry of \(describe(coordinate)) is \(shown(value)), not in [-1, 1]")
    }
    var known = KnownValues(features, reward: reward)
    let single = try SinglePolicyCheck(of: check, discount: features.discount)
    let least: Rational?
    if let single {
      let outcome = try single.leastMargin(reward, printed: margin)
      known.learn(outcome.value, of: single.policy)
      least = outcome.least
    } else if task.kind == .policySet {
      least = try leastMarginOfSet(&known, reward)
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
    try check.compareValues { (object, printed) throws(CheckFailure) in
      try known.comparedValue(of: object.behaviour, with: printed)
    }
    let claim = "the reward meets every requirement of the task"
    guard let least else { return claim }
    guard !optimality.isEmpty else { return claim + " with the margin \(shown(least))" }
    try requireOptimality(least, optimality, single)
    return claim + " with the margin \(shown(least)), the largest of rewards within [-1, 1]"
  }

  /// The least difference of a strict requirement, after checking the others.
  private func leastMargin(_ known: inout KnownValues) throws(CheckFailure) -> Rational? {
    var least: ScaledValue?
    for requirement in try TaskRequirements(of: task).all() {
      try check.checkpoint()
      let left = try known.value(of: requirement.left)
      let right = try known.value(of: requirement.right)
      switch requirement.relation {
      case .greater:
        let difference = left - right
        if least.map({ difference < $0 }) ?? true { least = difference }
      case .atLeast:
        try require(
          !(left < right),
          "reward: a requirement '>=' has \(known.text(left)) < \(known.text(right))")
      case .equal:
        try require(
          left == right,
          "reward: a requirement '=' has \(known.text(left)) and \(known.text(right))")
      }
    }
    return least.map(known.number)
  }

  /// The least value of an acceptable policy less the largest of another, after checking equality
  /// where that is required; `nil` when there is no other.
  private func leastMarginOfSet(
    _ known: inout KnownValues, _ reward: RewardFeatures
  ) throws(CheckFailure) -> Rational? {
    var worst: ScaledValue?
    for place in task.acceptable {
      try check.checkpoint()
      let value = try known.value(of: task.objects[place].behaviour)
      if task.variant == .equal, let first = worst {
        try require(
          value == first,
          "reward: a requirement '=' has \(known.text(first)) and \(known.text(value))")
      }
      if worst.map({ value < $0 }) ?? true { worst = value }
    }
    guard let worst else { return nil }
    if task.formalism == .markovReward, task.candidates == nil,
      let best = try bestNeighbour(&known, reward)
    {
      return best.map { known.number(worst) - $0 }
    }
    var best: ScaledValue?
    for other in try TaskRequirements(of: task).others() {
      try check.checkpoint()
      let value = try known.value(of: other)
      if best.map({ $0 < value }) ?? true { best = value }
    }
    return best.map { known.number(worst - $0) }
  }

  /// The largest value of a neighbour of an acceptable policy that is not acceptable, inner `nil`
  /// when there is none; `nil` where inverses are out of reach.
  private func bestNeighbour(
    _ known: inout KnownValues, _ reward: RewardFeatures
  ) throws(CheckFailure) -> Rational?? {
    let acceptable = TaskRequirements(of: task).acceptableActions
    var best: Rational?
    for place in task.acceptable {
      guard
        let policy = try SinglePolicyCheck(of: check, discount: features.discount, place: place)
      else { return nil }
      let outcome = try policy.leastMargin(reward, printed: nil, excluding: acceptable)
      if let least = outcome.least {
        best = max(best ?? outcome.value - least, outcome.value - least)
      }
    }
    return .some(best)
  }

  private func requireOptimality(
    _ margin: Rational, _ optimality: [WrittenRequirement], _ single: SinglePolicyCheck?
  ) throws(CheckFailure) {
    let weighted = try check.weighted(optimality, "optimality.constraints")
    let strict = weighted.reduce(Rational.zero) { sum, entry in
      entry.requirement.relation == .greater ? sum + entry.multiplier : sum
    }
    // Multipliers of any positive sum: those that add up to 1 may be far longer.
    let bound: Rational
    if let short = try single?.combination(weighted) {
      bound = short.values.reduce(Rational.zero) { $0 + $1.magnitude }
    } else {
      let sum = try combination(weighted)
      bound = Rational(
        sum.numerators.values.reduce(Integer.zero) { $0 + $1.magnitude }, sum.denominator)
    }
    try require(
      bound == margin * strict,
      "optimality: it bounds margins by \(shown(bound / strict)), not by \(shown(margin))")
  }

  // MARK: - Inexpressible

  func farkas(_ written: [WrittenRequirement]) throws(CheckFailure) -> String {
    try check.requireOneDiscount()
    let weighted = try check.weighted(written, "certificate.constraints")
    let sum = try combination(weighted)
    if let (coordinate, value) = sum.numerators.min(by: { $0.key < $1.key }) {
      throw .rejected(
        "certificate: the weighted differences add up to"
          + " \(shown(Rational(value, sum.denominator))) at"
          + " \(describe(coordinate)), not to 0")
    }
    return "no \(task.formalism.rawValue) reward meets the \(weighted.count) requirements listed:"
      + " the weighted differences of their features cancel"
  }

  /// `Σ λ_k δ_k`, zeros left out.
  ///
  /// The weight of each behaviour first, then one sum of whole numbers an unknown.
  private func combination(
    _ weighted: [(requirement: CheckedRequirement, multiplier: Rational)]
  ) throws(CheckFailure) -> ScaledFeatures {
    let multipliers = RationalVector(weighted.map(\.multiplier)).commonForm
    var weights: [ExpressTask.Object.Behaviour: Integer] = [:]
    var order: [ExpressTask.Object.Behaviour] = []
    for ((requirement, _), multiplier) in zip(weighted, multipliers.numerators) {
      for (behaviour, sign) in [(requirement.left, multiplier), (requirement.right, -multiplier)] {
        if weights[behaviour] == nil { order.append(behaviour) }
        weights[behaviour, default: 0] += sign
      }
    }
    var scale = Integer.one
    var terms: [(weight: Integer, divisor: Integer, features: ScaledFeatures)] = []
    for behaviour in order {
      guard let weight = weights[behaviour], !weight.isZero else { continue }
      try check.checkpoint()
      let features = try features.features(of: behaviour)
      // As a rule the denominator of the features divides the weight.
      let shared = Integer.gcd(weight, features.denominator)
      let divisor = features.denominator.exactlyDivided(by: shared)
      if !divisor.divides(scale) { scale = Integer.lcm(scale, divisor) }
      terms.append((weight.exactlyDivided(by: shared), divisor, features))
    }
    var columns: [RewardCoordinate: [(term: Int, value: Integer)]] = [:]
    for (term, entry) in terms.enumerated() {
      terms[term].weight = entry.weight * scale.exactlyDivided(by: entry.divisor)
      for (coordinate, value) in entry.features.numerators {
        columns[coordinate, default: []].append((term, value))
      }
    }
    var numerators: [RewardCoordinate: Integer] = [:]
    var sum = Accumulator()
    for (coordinate, column) in columns {
      sum.reset()
      for (term, value) in column { sum.add(terms[term].weight, times: value) }
      if !sum.isZero { numerators[coordinate] = sum.value }
    }
    return ScaledFeatures(
      denominator: multipliers.denominator * scale, numerators: numerators)
  }

  // MARK: - The table

  func table(
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

  func describe(_ coordinate: RewardCoordinate) -> String { task.describe(coordinate) }
}

/// The values of behaviours under one reward, each computed once, times the reward's scale.
private struct KnownValues {
  private let features: CheckedFeatures
  private let reward: ScaledReward
  private var values: [ExpressTask.Object.Behaviour: ScaledValue] = [:]

  init(_ features: CheckedFeatures, reward: RewardFeatures) {
    self.features = features
    self.reward = ScaledReward(reward)
  }

  mutating func learn(_ value: Rational, of behaviour: ExpressTask.Object.Behaviour) {
    values[behaviour] = ScaledValue(
      numerator: value.numerator * reward.scale, denominator: value.denominator)
  }

  mutating func value(
    of behaviour: ExpressTask.Object.Behaviour
  ) throws(CheckFailure) -> ScaledValue {
    if let known = values[behaviour] { return known }
    let value = reward.value(try features.features(of: behaviour))
    values[behaviour] = value
    return value
  }

  /// The value of a behaviour: `printed` itself if that is it.
  mutating func comparedValue(
    of behaviour: ExpressTask.Object.Behaviour, with printed: Rational
  ) throws(CheckFailure) -> Rational {
    let value = try value(of: behaviour)
    return value.numerator * printed.denominator
      == printed.numerator * (value.denominator * reward.scale) ? printed : number(value)
  }

  func number(_ value: ScaledValue) -> Rational {
    Rational(value.numerator, value.denominator * reward.scale)
  }

  func text(_ value: ScaledValue) -> String { shown(number(value)) }
}
