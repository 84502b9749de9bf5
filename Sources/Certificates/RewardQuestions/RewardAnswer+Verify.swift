import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension RewardAnswer {
  /// Checks the answer on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the answer, times the length of the numbers; policies
  ///   without an occupancy are evaluated by elimination, and are refused on large models.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try RewardQuestionCheck(self, model, progress).statement(),
        warnings: warnings(about: discount, in: model))
    }
  }
}

/// The checks of one answer on its model.
struct RewardQuestionCheck: RewardConditions {
  let answer: RewardAnswer
  let model: FiniteMDP
  let progress: ProgressHandler
  let law: [(state: Int, probability: Rational)]
  /// The expected rewards in the order of ``RewardQuestion/rewardNames``, negated where they are
  /// minimised.
  let rewards: [PooledVector]
  private let pairs: ComparedPairs

  init(
    _ answer: RewardAnswer, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.answer = answer
    self.model = model
    self.progress = progress
    try requireContracting(answer.discount)
    let law = answer.initial ?? model.initial
    if law == nil, answer.question.needsInitialLaw {
      throw .rejected("initial: neither the model nor the answer has an initial law")
    }
    self.law = law?.map { (Int($0.state.index), $0.probability) } ?? []
    pairs = ComparedPairs(model: model, discount: answer.discount, initial: law ?? [])
    var rewards: [PooledVector] = []
    for name in answer.question.rewardNames {
      let expected = try model.expectedReward(name, in: "rewards")
      rewards.append(answer.direction == .maximize ? expected : expected.negated)
    }
    self.rewards = rewards
  }

  var discount: Rational { answer.discount }

  /// Runs every check; the sentence that the answer proves.
  func statement() throws(CheckFailure) -> String {
    switch answer.question {
    case .hackable(let answer): try statement(of: answer)
    case .hackableOnSet(let answer): try statement(of: answer)
    case .simplification(let answer): try statement(of: answer)
    case .auxiliary(let answer):
      "adding the reward '\(answer.auxiliary)' to the reward '\(answer.reward)' "
        + (try answer.effect.conclusion(self, pairs)) + ", \(place)"
    case .blend(let answer): try BlendCheck(answer: answer, check: self).run() + "; \(place)"
    case .design(let answer): try DesignCheck(answer: answer, check: self).run()
    case .nearest(let answer):
      try NearestCheck(answer: answer, check: self, pairs: pairs).run()
    }
  }

  private var place: String {
    let negated = answer.direction == .minimize ? ", rewards negated" : ""
    return "with discount \(shown(discount))\(negated)"
  }

  // MARK: - All policies

  private func statement(of answer: HackabilityAnswer) throws(CheckFailure) -> String {
    let names = "the reward '\(answer.proxy)'"
    switch answer.outcome {
    case .hackable(let hacked, let honest, let loss, let gain):
      let (low, high) = (try masses(of: hacked, "hacked"), try masses(of: honest, "honest"))
      try requireEqual(loss, high.total(of: rewards[0]) - low.total(of: rewards[0]), "loss")
      try requireEqual(gain, low.total(of: rewards[1]) - high.total(of: rewards[1]), "gain")
      try require(
        loss.signum > 0 && gain.signum > 0, "loss: loss and gain have to be positive, both")
      return "\(names) can be hacked: a change of policy gains \(shown(gain)) in it and loses "
        + "\(shown(loss)) in the reward '\(answer.trueReward)', \(place)"
    case .sameOrdering(let scale, let potential):
      try require(
        scale.signum > 0, "scale: it is \(shown(scale)), but it has to be positive")
      try requireShaping(
        [(place: 0, weight: 1), (place: 1, weight: -scale)], potential, on: pairs, "potential")
      return "\(names) cannot be hacked: it orders all policies as the reward "
        + "'\(answer.trueReward)' does, \(place)"
    case .trivialProxy(let potential):
      try requireShaping([(place: 1, weight: 1)], potential, on: pairs, "potential")
      return "\(names) cannot be hacked: it gives all policies the same value, \(place)"
    case .trivialTruth(let potential):
      try requireShaping([(place: 0, weight: 1)], potential, on: pairs, "potential")
      return "\(names) cannot be hacked: the reward '\(answer.trueReward)' gives all policies the "
        + "same value, \(place)"
    }
  }

  private func masses(
    of traced: TracedPolicy, _ field: String
  ) throws(CheckFailure) -> OccupancyEntries {
    try occupancy(of: traced.policy, traced.occupancy, field)
  }

  // MARK: - Finitely many policies

  private func masses(of policies: [NamedPolicy]) throws(CheckFailure) -> [OccupancyEntries] {
    try require(
      !policies.isEmpty && Set(policies.map(\.name)).count == policies.count,
      "policies: there has to be one at least, and no name twice")
    var masses: [OccupancyEntries] = []
    for policy in policies {
      masses.append(try self.masses(of: policy.traced, "policies[\(excerpt(policy.name))]"))
    }
    return masses
  }

  private func requireValues(
    _ printed: [Rational], _ masses: [OccupancyEntries], _ reward: PooledVector, _ field: String
  ) throws(CheckFailure) {
    try require(
      printed.count == masses.count,
      "\(field): there are \(printed.count) numbers, but \(masses.count) policies")
    for (place, mass) in masses.enumerated() {
      try requireEqual(printed[place], mass.total(of: reward), "\(field)[\(place)]")
    }
  }

  private func statement(of answer: PolicySetAnswer) throws(CheckFailure) -> String {
    let masses = try masses(of: answer.policies)
    for (place, name) in [answer.trueReward, answer.proxy].enumerated() {
      try requireValues(
        answer.values[place], masses, rewards[place], "values[\(excerpt(name))]")
    }
    let order = ValueOrder(answer.values[0])
    let isHackable = order.inversion(in: answer.values[1]) != nil
    try require(
      isHackable == (answer.witness != nil), "hackable: it has to be \(isHackable)")
    if let (hacked, honest) = answer.witness {
      try require(
        answer.values[0][hacked] < answer.values[0][honest]
          && answer.values[1][hacked] > answer.values[1][honest],
        "hacked: the policy has to be worse in the true reward and better in the proxy")
    }
    let isSimplification = order.isSimplified(by: answer.values[1])
    try require(
      answer.isSimplification == isSimplification,
      "simplification: it has to be \(isSimplification)")
    let isNontrivial = order.isNontriviallySimplified(by: answer.values[1])
    try require(
      answer.isNontrivial == isNontrivial, "nontrivial: it has to be \(isNontrivial)")
    return "on the \(answer.policies.count) policies the reward '\(answer.proxy)' "
      + (isHackable ? "can" : "cannot") + " be hacked for the reward '\(answer.trueReward)' and is "
      + (isNontrivial ? "a nontrivial" : isSimplification ? "a trivial" : "no")
      + " simplification of it, \(place)"
  }

  private func statement(of answer: SimplificationAnswer) throws(CheckFailure) -> String {
    let masses = try masses(of: answer.policies)
    try requireValues(answer.values, masses, rewards[0], "values")
    let order = ValueOrder(answer.values)
    let space = OccupancyDifferences(masses, order: order)
    let dimensions = space.dimensions
    try require(
      dimensions == answer.dimensions,
      "dimensions: they have to be \(dimensions.all) and \(dimensions.ties)")
    let what = "simplification of the reward '\(answer.reward)' on the \(masses.count) policies"
    guard let simple = answer.simple else {
      try require(
        dimensions.all - dimensions.ties < 2,
        "simplification: there is one, because the dimensions differ by 2 or more")
      return "there is no nontrivial \(what), \(place)"
    }
    var table = [Rational](repeating: 0, count: model.choiceCount)
    for (choice, value) in simple.table.entries { table[Int(choice.index)] = value }
    try requireValues(simple.values, masses, PooledVector(table), "simplification.values")
    try require(
      order.isNontriviallySimplified(by: simple.values),
      "simplification: it is none, or makes ties of no strict difference, or of all")
    return "the reward given is a nontrivial \(what), \(place)"
  }
}
