import ExactArithmetic
import MarkovDecisionProcesses

// Statement and proof: `proofs-notes/enclosed-comparison.md`.

extension EnclosedComparison {
  /// The enclosures that the evidence proves, rounded outward to readable length.
  ///
  /// - Throws: ``Rejection`` when a condition fails, ``Interrupted``.
  package init(
    proving evidence: ComparisonEvidence, in model: FiniteMDP, progress: ProgressHandler
  ) throws {
    do throws(CheckFailure) {
      let check = try EnclosedComparisonCheck(
        evidence.discount, evidence.initial, evidence.rewards.map(\.name), model, progress)
      let rewards = try check.rewards(evidence.rewards, rounded: true)
      discount = evidence.discount
      initial = evidence.initial
      self.rewards = rewards
      var pairs: [Pair] = []
      for pair in evidence.pairs { pairs.append(try check.pair(pair, rewards, rounded: true)) }
      self.pairs = pairs
    } catch {
      switch error {
      case .interrupted(let interrupted): throw interrupted
      case .rejected(let reason): throw Rejection(reason: reason)
      }
    }
  }

  /// A condition that does not hold.
  package struct Rejection: Error {
    package let reason: String
  }

  /// Checks every condition on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the answer, times the length of the numbers.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try statement(in: model, progress),
        warnings: warnings(about: discount, in: model))
    }
  }

  func statement(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> String {
    try requireEachPairOnce(pairs.map { ($0.first, $0.second) }, of: rewards.count)
    let check = try EnclosedComparisonCheck(
      discount, initial, rewards.map(\.name), model, progress)
    let proved = try check.rewards(rewards.map { ($0.name, $0.evidence) }, rounded: false)
    for (printed, proved) in zip(rewards, proved) {
      let field = "rewards.\(printed.name)"
      try requireHolds(printed.minimum, proved.minimum, "\(field).minimum")
      try requireHolds(printed.maximum, proved.maximum, "\(field).maximum")
      try requireHolds(printed.span, proved.span, "\(field).span")
    }
    for (place, printed) in pairs.enumerated() {
      let evidence = ComparisonEvidence.Pair(
        first: printed.first, second: printed.second, span: printed.spanEvidence,
        regrets: printed.regretEvidence)
      let field = "pairs[\(place)]"
      let proved = try check.pair(evidence, proved, rounded: false, "\(field).")
      try requireHolds(printed.spanDistance, proved.spanDistance, "\(field).spanDistance")
      for (printed, proved) in zip(printed.worstCaseRegret, proved.worstCaseRegret) {
        try requireHolds(printed, proved, "\(field).worstCaseRegret")
      }
    }
    let names = rewards.map { "'\($0.name)'" }.joined(separator: ", ")
    return "the spans of the rewards \(names) with discount \(shown(discount)), and the span "
      + "distance and both worst-case regrets of \(pairs.count == 1 ? "the pair" : "each pair") "
      + "are enclosed as printed (bounds, not exact values)"
  }

  /// Bounds may be wider than proved, never narrower.
  private func requireHolds(
    _ printed: Enclosure, _ proved: Enclosure, _ field: String
  ) throws(CheckFailure) {
    if printed.lower > proved.lower {
      let (left, right) = shown(printed.lower, versus: proved.lower)
      throw .rejected("\(field).lower: it is \(left), but only \(right) is proved")
    }
    if printed.upper < proved.upper {
      let (left, right) = shown(printed.upper, versus: proved.upper)
      throw .rejected("\(field).upper: it is \(left), but only \(right) is proved")
    }
  }
}

/// Evaluates the evidence of an enclosed comparison on a model.
struct EnclosedComparisonCheck: RewardConditions {
  let model: FiniteMDP
  let discount: Rational
  let law: [(state: Int, probability: Rational)]
  let rewards: [PooledVector]
  let progress: ProgressHandler

  init(
    _ discount: Rational, _ initial: [(state: State, probability: Rational)]?, _ names: [String],
    _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let terms = RewardPairTerms(
      first: names.first ?? "", second: names.last ?? "", discount: discount, initial: initial)
    let common = try RewardPairCheck(terms, model, progress)
    self.model = model
    self.discount = discount
    self.progress = progress
    law = common.law
    var rewards: [PooledVector] = []
    for name in names { rewards.append(try model.expectedReward(name, in: "rewards")) }
    self.rewards = rewards
  }

  /// The ranges of the rewards alone.
  func rewards(
    _ evidence: [(name: String, evidence: EnclosedComparison.Evidence)], rounded: Bool
  ) throws(CheckFailure) -> [EnclosedComparison.Reward] {
    var proved: [EnclosedComparison.Reward] = []
    for (place, (name, evidence)) in evidence.enumerated() {
      progress.report("checking the reward '\(name)'")
      let field = "rewards.\(name).certificate."
      let upper = try upperEnds(evidence, [(place: place, weight: 1)], field)
      let better = try occupancy(evidence.better, "\(field)better").total(of: rewards[place])
      let worse = try occupancy(evidence.worse, "\(field)worse").total(of: rewards[place])
      let span = Enclosure(
        lower: max(0, min(better.lower - worse.upper, upper.maximum - upper.minimum)),
        upper: upper.maximum - upper.minimum)
      // Both ends are proved, so that they are in order.
      proved.append(
        EnclosedComparison.Reward(
          name: name,
          minimum: printed(Enclosure(lower: upper.minimum, upper: worse.upper), rounded),
          maximum: printed(Enclosure(lower: better.lower, upper: upper.maximum), rounded),
          span: printed(span, rounded), evidence: evidence))
    }
    return proved
  }

  func pair(
    _ evidence: ComparisonEvidence.Pair, _ ranges: [EnclosedComparison.Reward], rounded: Bool,
    _ field: String = ""
  ) throws(CheckFailure) -> EnclosedComparison.Pair {
    progress.report(
      "checking '\(ranges[evidence.first].name)' and '\(ranges[evidence.second].name)'")
    let places = [evidence.first, evidence.second]
    let distance = try spanDistance(
      evidence.span, places, ranges, "\(field)spanCertificate.")
    var regrets: [Enclosure] = []
    for direction in 0...1 {
      let regret = try regret(
        evidence.regrets[direction], own: places[direction], proxy: places[1 - direction], ranges,
        "\(field)regretCertificates.")
      regrets.append(printed(regret, rounded))
    }
    return EnclosedComparison.Pair(
      first: evidence.first, second: evidence.second, spanDistance: printed(distance, rounded),
      worstCaseRegret: regrets, spanEvidence: evidence.span, regretEvidence: evidence.regrets)
  }

  private func printed(_ proved: Enclosure, _ rounded: Bool) -> Enclosure {
    rounded ? proved.roundedOutward(significantBits: 60) : proved
  }

  /// Bounds that superharmonic and subharmonic values prove.
  private func upperEnds(
    _ evidence: EnclosedComparison.Evidence, _ combination: Combination, _ field: String
  ) throws(CheckFailure) -> (maximum: Rational, minimum: Rational) {
    let reward = reward(of: combination)
    try requireBounds(evidence.upperValues, reward, .maximize, "\(field)upperValues")
    try requireBounds(evidence.lowerValues, reward, .minimize, "\(field)lowerValues")
    return (mean(evidence.upperValues), mean(evidence.lowerValues))
  }

  private func occupancy(
    _ masses: RationalVector, _ field: String
  ) throws(CheckFailure) -> NearOccupancy {
    try require(
      masses.count == model.choiceCount,
      "\(field): there are \(masses.count) masses, but the model has \(model.choiceCount) choices")
    for choice in masses.indices where masses.sign(at: choice) < 0 {
      throw .rejected(
        "\(field): at state \(model.name(stateOf: choice)), action "
          + "\(model.name(actionOf: choice)) the mass is negative")
    }
    return NearOccupancy(masses, in: model, discount: discount, initial: law)
  }

  /// What the pair of policies differs by in two rewards.
  private func differences(
    _ evidence: EnclosedComparison.Evidence, _ places: [Int], _ field: String
  ) throws(CheckFailure) -> [Enclosure] {
    let better = try occupancy(evidence.better, "\(field)better")
    let worse = try occupancy(evidence.worse, "\(field)worse")
    return places.map { better.total(of: rewards[$0]) - worse.total(of: rewards[$0]) }
  }

  /// `½ h(τ)/‖r_1‖` with `τ = ‖r_1‖/‖r_2‖`; `h` changes by at most `‖r_2‖` a unit.
  private func spanDistance(
    _ evidence: EnclosedComparison.Evidence, _ places: [Int],
    _ ranges: [EnclosedComparison.Reward], _ field: String
  ) throws(CheckFailure) -> Enclosure {
    let (first, second) = (ranges[places[0]].span, ranges[places[1]].span)
    guard first.lower.signum > 0, second.lower.signum > 0 else {
      // A trivial reward is divided by nothing, and what is left of the other has the span 1.
      let trivial = [first, second].filter(\.upper.isZero).count
      if trivial == 2 { return Enclosure(0) }
      let isOtherProved = first.lower.signum > 0 || second.lower.signum > 0
      return trivial == 1 && isOtherProved
        ? Enclosure(Rational(1, 2)) : Enclosure(lower: 0, upper: 1)
    }
    let multiplier = evidence.multiplier
    let ends = try upperEnds(
      evidence, [(place: places[0], weight: 1), (place: places[1], weight: -multiplier)], field)
    let ratio = Enclosure(lower: first.lower / second.upper, upper: first.upper / second.lower)
    let away = max((multiplier - ratio.lower).magnitude, (ratio.upper - multiplier).magnitude)
    let upper = (ends.maximum - ends.minimum + away * second.upper) / (2 * first.lower)
    let gains = try differences(evidence, places, field)
    let lower = (gains[0] - ratio * gains[1]).lower / (2 * first.upper)
    return Enclosure(lower: max(0, min(lower, upper)), upper: min(1, upper))
  }

  /// Any multiplier bounds the regret from above, any pair that the proxy allows from below.
  private func regret(
    _ evidence: EnclosedComparison.Evidence, own: Int, proxy: Int,
    _ ranges: [EnclosedComparison.Reward], _ field: String
  ) throws(CheckFailure) -> Enclosure {
    let span = ranges[own].span
    guard span.lower.signum > 0 else {
      return Enclosure(lower: 0, upper: span.upper.isZero ? 0 : 1)
    }
    try require(
      evidence.multiplier.signum >= 0,
      "\(field)multiplier: it is \(shown(evidence.multiplier)), but it must not be negative")
    let ends = try upperEnds(
      evidence, [(place: own, weight: 1), (place: proxy, weight: -evidence.multiplier)], field)
    let upper = min(1, (ends.maximum - ends.minimum) / span.lower)
    let gains = try differences(evidence, [own, proxy], field)
    let loss = allowedLoss(gains[0].lower, objection: gains[1].upper, span, ranges[proxy].span)
    let lower = loss / span.upper
    return Enclosure(lower: max(0, min(lower, upper)), upper: upper)
  }

  /// What a pair loses once so much of the pair that gains most by the proxy, turned round, is mixed
  /// in that the proxy does not object: `(1-t)f - t ‖r_1‖` with `(1-t)g = t ‖r_2‖`.
  private func allowedLoss(
    _ loss: Rational, objection: Rational, _ own: Enclosure, _ proxy: Enclosure
  ) -> Rational {
    // A trivial proxy objects to nothing.
    if objection.signum <= 0 || proxy.upper.isZero { return loss }
    guard proxy.lower.signum > 0 else { return 0 }
    let share = objection / (objection + proxy.lower)
    return (1 - share) * loss - share * own.upper
  }
}
