import ExactArithmetic
import MarkovDecisionProcesses

/// Checks what a comparison says of two rewards.
struct PairCheck {
  let check: ComparisonCheck
  let field: String
  let places: [Int]
  /// The two rewards, which are checked already.
  let proved: [ProvedReward]
  var model: FiniteMDP { check.model }
  /// What is stated of them.
  var stated: [ComparisonAnswer.Reward] { proved.map(\.stated) }

  init(
    _ check: ComparisonCheck, _ proved: [ProvedReward], _ first: Int, _ second: Int,
    _ field: String
  ) {
    self.check = check
    self.field = field
    places = [first, second]
    self.proved = places.map { proved[$0] }
  }

  func run(_ pair: ComparisonAnswer.Pair) throws(CheckFailure) {
    try checkSpanDistance(pair)
    try checkDistance(
      pair.distance, pair.distanceCertificate, spanDistance: pair.spanDistance)
    for direction in 0...1 {
      try checkRegret(direction, pair)
      try checkProxyRegret(direction, pair)
    }
    try checkOrder(
      isSame: pair.sameOrdering, isReversed: pair.reversedOrdering,
      sharesOptima: pair.sameOptimalPolicies)
    switch pair.orderingCertificate {
    case .equivalent(let scale, let potential, let secondPotential):
      try checkEquivalence(scale, potential, secondPotential)
    case .witness(let first, let second, let values):
      try checkWitness(first, second, values, pair)
    }
    try checkConstants(pair)
  }

  // MARK: - Regret

  private func checkRegret(
    _ direction: Int, _ pair: ComparisonAnswer.Pair
  ) throws(CheckFailure) {
    let own = stated[direction]
    let arrow = "\(own.name)->\(stated[1 - direction].name)"
    let printed = pair.worstCaseRegret[direction]
    guard !own.isTrivial else {
      try check.requireEqual(printed, 0, "\(field).worstCaseRegret[\(arrow)]")
      return try require(
        pair.regretPolicies[direction] == nil,
        "\(field).regretPolicies[\(arrow)]: a trivial reward has none")
    }
    guard let regret = pair.regretPolicies[direction] else {
      throw .rejected("\(field).regretPolicies[\(arrow)]: it is missing")
    }
    let place = "\(field).regretPolicies[\(arrow)]."
    let loss = try check.provedLoss(
      multiplier: regret.multiplier, upper: regret.upperValues, lower: regret.lowerValues,
      better: check.occupancy(of: regret.better, regret.betterOccupancy, "\(place)better"),
      worse: check.occupancy(of: regret.worse, regret.worseOccupancy, "\(place)worse"),
      places: (own: places[direction], proxy: places[1 - direction]), place)
    try check.requireEqual(printed, loss / own.span, "\(field).worstCaseRegret[\(arrow)]")
  }

  private func checkProxyRegret(
    _ direction: Int, _ pair: ComparisonAnswer.Pair
  ) throws(CheckFailure) {
    let own = stated[direction]
    let arrow = "\(own.name)->\(stated[1 - direction].name)"
    let printed = pair.proxyRegret[direction]
    let place = "\(field).proxyRegret[\(arrow)]"
    guard !own.isTrivial else {
      try check.requireEqual(printed.worst, 0, "\(place).worst")
      return try check.requireEqual(printed.best, 0, "\(place).best")
    }
    let allowed = proved[1 - direction].optimalSigns.map { $0 == 0 }
    let combination = [(place: places[direction], weight: Rational.one)]
    let certificate = "\(field).certificate.proxyRegret[\(arrow)]"
    let worst = try check.attained(
      printed.worstCertificate, combination, .minimize, "\(certificate).worst", allowed: allowed)
    let best = try check.attained(
      printed.bestCertificate, combination, .maximize, "\(certificate).best", allowed: allowed)
    try check.requireEqual(printed.worst, (own.maximum - worst) / own.span, "\(place).worst")
    try check.requireEqual(printed.best, (own.maximum - best) / own.span, "\(place).best")
  }

  // MARK: - Order

  /// Decides whether the rewards order policies alike, or the other way round, and whether they
  /// have the same optimal policies.
  func checkOrder(
    isSame: Bool, isReversed: Bool, sharesOptima: Bool
  ) throws(CheckFailure) {
    let isTrivial = stated.map(\.isTrivial)
    var known = (same: isTrivial[0] && isTrivial[1], reversed: false)
    if !isTrivial[0], !isTrivial[1] {
      known = (areProportional(.maximize), areProportional(.minimize))
    }
    try require(isSame == known.same, "\(field).sameOrdering: it has to be \(known.same)")
    try require(
      isReversed == known.reversed, "\(field).reversedOrdering: it has to be \(known.reversed)")
    let shares = proved[0].optimalChoices == proved[1].optimalChoices
    try require(sharesOptima == shares, "\(field).sameOptimalPolicies: it has to be \(shares)")
  }

  /// Whether the rewards are positive (negative for a minimum) multiples up to shaping: levelled
  /// by the optimal values of the first and the optimal (least) values of the second, they are.
  private func areProportional(_ direction: Direction) -> Bool {
    let scale = stated[0].span / stated[1].span
    let first = proved[0].levelled.greatest
    return direction == .maximize
      ? first.isMultiple(of: proved[1].levelled.greatest, by: scale)
      : first.isMultiple(of: proved[1].levelled.least, by: -scale)
  }

  /// What a shaping proves of the orders.
  func checkEquivalence(
    _ scale: Rational, _ potential: RationalVector, _ secondPotential: RationalVector?
  ) throws(CheckFailure) {
    let place = "\(field).orderingCertificate"
    try require(
      scale.signum > 0 || (scale.isZero && secondPotential != nil),
      "\(place).scale: it is \(shown(scale)), but it has to be positive, or 0 with a second "
        + "potential")
    try check.requireShaping(
      [(place: places[0], weight: 1), (place: places[1], weight: -scale)], potential,
      on: check.pairs, "\(place).potential")
    if let secondPotential {
      try check.requireShaping(
        [(place: places[1], weight: 1)], secondPotential, on: check.pairs,
        "\(place).secondPotential")
    }
  }

  private func checkWitness(
    _ first: Policy, _ second: Policy, _ values: [[Rational]], _ pair: ComparisonAnswer.Pair
  ) throws(CheckFailure) {
    let place = "\(field).orderingCertificate"
    try require(
      !pair.sameOrdering, "\(place): it proves that the orders differ, and they are the same")
    let occupancies = [
      try check.occupancy(of: first, known(first, pair), "\(place).first"),
      try check.occupancy(of: second, known(second, pair), "\(place).second"),
    ]
    for index in 0...1 {
      for policy in 0...1 {
        try check.requireEqual(
          values[index][policy], occupancies[policy].total(of: check.rewards[places[index]]),
          "\(place).values[\(stated[index].name)][\(policy)]")
      }
    }
    let signs = values.map { ($0[0] - $0[1]).signum }
    try require(
      signs[0] != signs[1], "\(place): both rewards order the two policies alike")
  }

  /// The occupancy of a policy that is one of the regret's.
  private func known(_ policy: Policy, _ pair: ComparisonAnswer.Pair) -> OccupancyEntries? {
    for case let regret? in pair.regretPolicies {
      if regret.better == policy, let occupancy = regret.betterOccupancy { return occupancy }
      if regret.worse == policy, let occupancy = regret.worseOccupancy { return occupancy }
    }
    return nil
  }
}
