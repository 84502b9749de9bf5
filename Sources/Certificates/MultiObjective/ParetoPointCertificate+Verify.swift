import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `point` is attained by a policy and (weakly) Pareto optimal.
// Proof: `proofs-notes/pareto-front.md`.

extension ParetoPointCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  public func verify(in model: FiniteMDP) -> Verdict {
    uninterrupted { progress throws(Interrupted) in
      try verify(in: model, progress: progress)
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(statement: try statement(in: model, progress), warnings: warnings(in: model))
    }
  }

  /// Checks the conditions one by one; the sentence that they prove.
  func statement(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> String {
    try requireLengths(in: model)
    guard let law = initial ?? model.initial else {
      throw .rejected("initial: neither the model nor the certificate has an initial law")
    }
    let start = law.map { (state: Int($0.state.index), probability: $0.probability) }
    let functions = try rewardVectors(in: model)
    try occupancy.requireFlow(in: model, discount: discount, initial: start, "occupancy")
    for (index, function) in functions.enumerated() {
      let (left, right) = shown(occupancy.total(of: function), versus: point[index])
      try require(
        occupancy.total(of: function) == point[index],
        "point[\(index)]: the occupancy gives the reward '\(rewards[index])' the sum \(left), "
          + "not \(right)")
    }
    try requireSuperharmonic(functions, in: model, progress)
    let mean = start.reduce(Rational.zero) { $0 + $1.probability * values[$1.state] }
    let weighted = zip(weight, point).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
    let (left, right) = shown(mean, versus: weighted)
    try require(
      mean == weighted,
      "values: their mean under the initial law is \(left), but the weighted point is \(right)")
    return sentence(in: model)
  }

  private func requireLengths(in model: FiniteMDP) throws(CheckFailure) {
    try require(!rewards.isEmpty, "rewards: there is none")
    for (name, count) in [("point", point.count), ("weight", weight.count)] {
      try require(
        count == rewards.count,
        "\(name): there are \(count) entries, but \(rewards.count) rewards")
    }
    try require(
      discount.signum >= 0 && discount < 1,
      "discount: it is \(shown(discount)), but it has to be at least 0 and less than 1")
    for (index, factor) in weight.enumerated() {
      try require(
        factor.signum >= 0,
        "weight[\(index)]: it is \(shown(factor)), but it must not be negative")
    }
    try require(
      weight.contains { !$0.isZero }, "weight: every entry is 0, and so nothing would be proved")
    try requireCount(values.count, model, "values")
    for (state, probability) in initial ?? [] where probability.signum < 0 {
      throw .rejected("initial: the probability of \(model.name(state)) is negative")
    }
    if let initial {
      let sum = initial.reduce(Rational.zero) { $0 + $1.probability }
      try require(sum == 1, "initial: the probabilities add up to \(shown(sum)), not 1")
    }
  }

  /// The expected reward of each choice, for each reward.
  private func rewardVectors(in model: FiniteMDP) throws(CheckFailure) -> [PooledVector] {
    var vectors: [PooledVector] = []
    for name in rewards {
      vectors.append(try model.expectedReward(name, in: "rewards"))
    }
    return vectors
  }

  /// Checks `v(s) ≥ Σ w_i r_i(s,a) + γ P_a v(s)` for every action (`≤` for `minimize`).
  private func requireSuperharmonic(
    _ functions: [PooledVector], in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let reward = weighted(functions, choiceCount: model.choiceCount)
    let judge = BellmanJudge(model: model, reward: reward, discount: discount)
    let signs: ContiguousArray<Int8>
    do throws(Interrupted) {
      signs = try judge.slackSigns(of: values, progress: progress)
    } catch {
      throw .interrupted(error)
    }
    for choice in signs.indices where signs[choice] * direction.sign > 0 {
      let bellman = BellmanOperator(model: model, reward: reward, discount: discount)
      let (left, right) = shown(
        values[Int(model.choiceStates[choice])],
        versus: bellman.lookahead(Choice(choice), over: values.entries))
      throw .rejected(
        "at state \(model.name(stateOf: choice)), action \(model.name(actionOf: choice)): "
          + "value = \(left) has to be \(direction == .maximize ? "at least" : "at most") "
          + "weighted reward + discount × expected next value = \(right)")
    }
  }

  private func weighted(_ functions: [PooledVector], choiceCount: Int) -> PooledVector {
    var pool = RationalPool()
    var places = ContiguousArray<Int32>()
    places.reserveCapacity(choiceCount)
    for choice in 0..<choiceCount {
      let sum = zip(weight, functions).reduce(Rational.zero) { $0 + $1.0 * $1.1[choice] }
      places.append(pool.insert(sum))
    }
    return PooledVector(places: places, pool: pool)
  }

  private func sentence(in model: FiniteMDP) -> String {
    let isStrict = weight.allSatisfy { $0.signum > 0 }
    let names = rewards.map { "'\($0)'" }.joined(separator: ", ")
    let start = initial.map { law in
      let parts = law.map { "\(model.name($0.state)) with probability \(shown($0.probability))" }
      return " from " + parts.joined(separator: ", ")
    }
    return "the point (\(point.map(shown).joined(separator: ", "))) of the expected discounted "
      + "sums of the rewards \(names) with discount \(shown(discount))\(start ?? "") is attained "
      + "and \(isStrict ? "" : "weakly ")Pareto optimal where all are "
      + (direction == .maximize ? "maximized" : "minimized")
  }

  func warnings(in model: FiniteMDP) -> [String] {
    Certificates.warnings(about: discount, in: model)
  }
}

extension WrittenSolution {
  /// Checks the claims of a solution around a Pareto point; what the point does not prove is
  /// rejected.
  func requireFit(
    to certificate: ParetoPointCertificate, in model: FiniteMDP, isEmbedded: Bool
  ) throws(CheckFailure) {
    if let objective {
      try require(objective == "discounted", "objective: the solution says '\(objective)'")
    }
    let stated = direction ?? (isEmbedded ? certificate.direction : .maximize)
    try require(
      stated == certificate.direction,
      "direction: the solution says '\(stated.rawValue)', the certificate proves "
        + "'\(certificate.direction.rawValue)'")
    if let discount {
      try require(
        discount == certificate.discount,
        "discount: the solution says \(shown(discount)), the certificate proves "
          + shown(certificate.discount))
    }
    let unproved: [(String, Bool)] = [
      ("reward", reward != nil), ("values", values != nil), ("policy", policies != nil),
      ("initialValue", initialValue != nil), ("optimalActions", optimalActions != nil),
      ("policyIsOptimal", policyIsOptimal == true), ("undecided", undecided != nil),
      ("horizon", horizon != nil), ("terminal", terminal != nil),
      ("initialValueDecimal", initialValueDecimal != nil),
      ("valuesDecimal", valuesDecimal != nil), (foreignKey ?? "", foreignKey != nil),
    ]
    for (name, isClaimed) in unproved where isClaimed {
      throw .rejected(
        "\(name): a certificate of the kind '\(ParetoPointCertificate.kind)' does not prove it")
    }
    if let initial {
      try requireSameLaw(try model.law(initial), certificate.initial ?? model.initial)
    } else if certificate.initial != nil {
      try requireSameLaw(model.initial, certificate.initial)
    }
  }

  private func requireSameLaw(
    _ left: [(state: State, probability: Rational)]?,
    _ right: [(state: State, probability: Rational)]?
  ) throws(CheckFailure) {
    func table(_ law: [(state: State, probability: Rational)]?) -> [State: Rational] {
      Dictionary((law ?? []).map { ($0.state, $0.probability) }, uniquingKeysWith: +)
        .filter { !$0.value.isZero }
    }
    try require(
      table(left) == table(right),
      "initial: the solution's law of the first state is not the certificate's")
  }
}
