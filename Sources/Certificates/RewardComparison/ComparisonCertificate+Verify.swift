import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statements and proofs: `proofs-notes/reward-order.md`, `proofs-notes/regret-span-distance.md`.

extension ComparisonCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try RewardPairCheck(terms, model, progress).statement(of: self),
        warnings: warnings(about: terms.discount, in: model))
    }
  }
}

/// The two rewards of a certificate on a model.
struct RewardPairCheck: RewardConditions {
  let terms: RewardPairTerms
  let model: FiniteMDP
  let progress: ProgressHandler
  let law: [(state: Int, probability: Rational)]
  let rewards: [PooledVector]
  private let pairs: ComparedPairs

  init(
    _ terms: RewardPairTerms, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.terms = terms
    self.model = model
    self.progress = progress
    try requireContracting(terms.discount)
    guard let law = terms.initial ?? model.initial else {
      throw .rejected("initial: neither the model nor the certificate has an initial law")
    }
    self.law = law.map { (Int($0.state.index), $0.probability) }
    pairs = ComparedPairs(model: model, discount: terms.discount, initial: law)
    rewards = [
      try model.expectedReward(terms.first, in: "rewards"),
      try model.expectedReward(terms.second, in: "rewards"),
    ]
  }

  var discount: Rational { terms.discount }

  /// Checks the conditions of the kind; the sentence that they prove.
  func statement(of certificate: ComparisonCertificate) throws(CheckFailure) -> String {
    switch certificate {
    case .orderEqual(let certificate): try statement(of: certificate)
    case .orderDifferent(let certificate): try statement(of: certificate)
    case .worstCaseRegret(let certificate): try statement(of: certificate)
    case .proxyRegret(let certificate): try statement(of: certificate)
    }
  }

  private var names: String { "the rewards '\(terms.first)' and '\(terms.second)'" }

  /// Discount and start, at the end of a statement.
  private var place: String {
    let start = terms.initial.map { law in
      let parts = law.filter { !$0.probability.isZero }.prefix(5).map {
        "\(model.name($0.state)) with \(shown($0.probability))"
      }
      return ", from the initial law " + parts.joined(separator: ", ")
    }
    return "with discount \(shown(discount))\(start ?? ", from the model's initial law")"
  }

  // MARK: - Order

  private func statement(
    of certificate: RewardOrderEqualCertificate
  ) throws(CheckFailure) -> String {
    let scale = certificate.scale
    try require(
      scale.signum > 0 || (scale.isZero && certificate.secondPotential != nil),
      "scale: it is \(shown(scale)), but it has to be positive, or 0 with a second potential")
    try requireShaping(
      [(place: 0, weight: 1), (place: 1, weight: -scale)], certificate.potential, on: pairs,
      "potential")
    if let potential = certificate.secondPotential {
      try requireShaping([(place: 1, weight: 1)], potential, on: pairs, "secondPotential")
    }
    if scale.isZero {
      return "\(names) give all policies the same value, each, \(place)"
    }
    return "\(names) order all policies alike \(place): the first is \(shown(scale)) times the "
      + "second, up to potential shaping and redistribution over successors"
  }

  private func statement(
    of certificate: RewardOrderDifferentCertificate
  ) throws(CheckFailure) -> String {
    try requireFlow(certificate.first, "first")
    try requireFlow(certificate.second, "second")
    let differences = rewards.map { reward in
      certificate.first.total(of: reward) - certificate.second.total(of: reward)
    }
    try require(
      differences[0].signum != differences[1].signum,
      "order: the differences \(shown(differences[0])) and \(shown(differences[1])) of the two "
        + "policies have the same sign")
    return "\(names) do not order all policies alike \(place): two policies differ by "
      + "\(shown(differences[0])) in the first and by \(shown(differences[1])) in the second"
  }

  private func requireFlow(
    _ occupancy: OccupancyEntries, _ field: String
  ) throws(CheckFailure) {
    try occupancy.requireFlow(in: model, discount: discount, initial: law, field)
  }

  // MARK: - Regret

  private func statement(
    of certificate: WorstCaseRegretCertificate
  ) throws(CheckFailure) -> String {
    try requireFlow(certificate.better, "better")
    try requireFlow(certificate.worse, "worse")
    let loss = try provedLoss(
      multiplier: certificate.multiplier, upper: certificate.upperValues,
      lower: certificate.lowerValues, better: certificate.better, worse: certificate.worse,
      places: (own: 0, proxy: 1), "")
    try requireEqual(certificate.regret, loss, "regret")
    return "\(shown(loss)) is the largest loss in the reward '\(terms.first)' of a change of "
      + "policy that the reward '\(terms.second)' does not object to, \(place), exactly"
  }

  private func statement(
    of certificate: ProxyRegretCertificate
  ) throws(CheckFailure) -> String {
    try requireFlow(certificate.best, "best")
    try requireFlow(certificate.worst, "worst")
    try require(
      certificate.multiplier.signum >= 0,
      "multiplier: it is \(shown(certificate.multiplier)), but it must not be negative")
    let (a, b) = (rewards[0], rewards[1])
    try requireBounds(certificate.evaluatedValues, a, .maximize, "evaluatedValues")
    try requireBounds(certificate.optimisedValues, b, .maximize, "optimisedValues")
    let combination = [
      (place: 0, weight: -Rational.one), (place: 1, weight: certificate.multiplier),
    ]
    try requireBounds(certificate.dual, reward(of: combination), .maximize, "dual")
    let evaluated = mean(certificate.evaluatedValues)
    let optimised = mean(certificate.optimisedValues)
    try requireEqual(certificate.best.total(of: a), evaluated, "best: its sum of the evaluated")
    try requireEqual(certificate.worst.total(of: b), optimised, "worst: its sum of the optimised")
    let loss = evaluated - certificate.worst.total(of: a)
    try requireEqual(
      evaluated + mean(certificate.dual) - certificate.multiplier * optimised, loss,
      "dual: the bound that it proves")
    try requireEqual(certificate.regret, loss, "regret")
    return "\(shown(loss)) is the largest loss in the reward '\(terms.first)' among policies that "
      + "are optimal for the reward '\(terms.second)', \(place), exactly"
  }
}

extension RewardConditions {
  /// `Σ w_i r_i = γ P Φ - Φ` on the compared choices.
  func requireShaping(
    _ combination: Combination, _ potential: RationalVector, on pairs: ComparedPairs,
    _ place: String
  ) throws(CheckFailure) {
    try requireCount(potential.count, model, place)
    let rest = CanonicalReward.levelled(
      reward(of: combination), by: -potential, on: pairs, in: model, discount: discount)
    for entry in rest.indices where rest.sign(at: entry) != 0 {
      let choice = Int(pairs.choices[entry].index)
      throw .rejected(
        "\(place): at state \(model.name(stateOf: choice)), action "
          + "\(model.name(actionOf: choice)) the rewards differ by \(shown(rest[entry])) more")
    }
  }

  /// The largest loss over all pairs of policies that the proxy does not rank the other way.
  ///
  /// - Parameters:
  ///   - better: an occupancy that is balanced; so is `worse`.
  ///   - places: of the true reward and of the proxy.
  ///   - prefix: goes in front of the names of fields.
  func provedLoss(
    multiplier: Rational, upper: RationalVector, lower: RationalVector, better: OccupancyEntries,
    worse: OccupancyEntries, places: (own: Int, proxy: Int), _ prefix: String
  ) throws(CheckFailure) -> Rational {
    try require(
      multiplier.signum >= 0,
      "\(prefix)multiplier: it is \(shown(multiplier)), but it must not be negative")
    let reward = reward(of: [
      (place: places.own, weight: 1), (place: places.proxy, weight: -multiplier),
    ])
    try requireBounds(upper, reward, .maximize, "\(prefix)upperValues")
    try requireBounds(lower, reward, .minimize, "\(prefix)lowerValues")
    let (own, proxy) = (rewards[places.own], rewards[places.proxy])
    let (proxyBetter, proxyWorse) = (better.total(of: proxy), worse.total(of: proxy))
    try require(
      proxyWorse >= proxyBetter,
      "\(prefix)worse: the proxy gives it \(shown(proxyWorse)), less than the better one's "
        + shown(proxyBetter))
    let loss = better.total(of: own) - worse.total(of: own)
    let bound = mean(upper) - mean(lower)
    guard loss == bound else {
      let (left, right) = shown(loss, versus: bound)
      throw .rejected(
        "\(prefix)better: the policies differ by \(left), but the values prove the bound \(right)")
    }
    return loss
  }
}
