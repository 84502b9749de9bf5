import ExactArithmetic
import MarkovDecisionProcesses

/// Checks what a comparison says of two rewards.
struct PairCheck {
  let check: ComparisonCheck
  let pair: ComparisonAnswer.Pair
  let field: String
  /// The two rewards as they are stated, and checked already.
  let stated: [ComparisonAnswer.Reward]
  /// What their distances divide by, as proved: the answer may print no more than an enclosure.
  let norms: [NormValue]
  let places: [Int]
  var model: FiniteMDP { check.model }

  init(
    _ check: ComparisonCheck, _ pair: ComparisonAnswer.Pair, norms: [NormValue], _ field: String
  ) {
    self.check = check
    self.pair = pair
    self.field = field
    places = [pair.first, pair.second]
    stated = places.map { check.answer.rewards[$0] }
    self.norms = places.map { norms[$0] }
  }

  func run() throws(CheckFailure) {
    try checkSpanDistance()
    try checkDistance()
    for direction in 0...1 {
      try checkRegret(direction)
      try checkProxyRegret(direction)
    }
    try checkOrdering()
    try checkOptimalPolicies()
    try checkConstants()
  }

  // MARK: - Regret

  private func checkRegret(_ direction: Int) throws(CheckFailure) {
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

  private func checkProxyRegret(_ direction: Int) throws(CheckFailure) {
    let own = stated[direction]
    let arrow = "\(own.name)->\(stated[1 - direction].name)"
    let printed = pair.proxyRegret[direction]
    let place = "\(field).proxyRegret[\(arrow)]"
    guard !own.isTrivial else {
      try check.requireEqual(printed.worst, 0, "\(place).worst")
      return try check.requireEqual(printed.best, 0, "\(place).best")
    }
    let allowed = try optimalSigns(1 - direction).map { $0 == 0 }
    let combination = [(place: places[direction], weight: Rational.one)]
    let certificate = "\(field).certificate.proxyRegret[\(arrow)]"
    let worst = try check.attained(
      printed.worstCertificate, combination, .minimize, "\(certificate).worst", allowed: allowed)
    let best = try check.attained(
      printed.bestCertificate, combination, .maximize, "\(certificate).best", allowed: allowed)
    try check.requireEqual(printed.worst, (own.maximum - worst) / own.span, "\(place).worst")
    try check.requireEqual(printed.best, (own.maximum - best) / own.span, "\(place).best")
  }

  /// For each choice 0 where it is optimal for a reward.
  private func optimalSigns(_ index: Int) throws(CheckFailure) -> ContiguousArray<Int8> {
    try check.slackSigns(
      try optimalValues(index, .maximize), check.rewards[places[index]])
  }

  private func optimalValues(
    _ index: Int, _ direction: Direction
  ) throws(CheckFailure) -> RationalVector {
    let certificate =
      direction == .maximize
      ? stated[index].maximumCertificate : stated[index].minimumCertificate
    if let certificate { return certificate.values }
    return try check.solvedValues(
      [(place: places[index], weight: 1)], direction, "\(field): the optimal values")
  }

  // MARK: - Order

  private func checkOrdering() throws(CheckFailure) {
    let isTrivial = stated.map(\.isTrivial)
    var (isSame, isReversed) = (isTrivial[0] && isTrivial[1], false)
    if !isTrivial[0], !isTrivial[1] {
      isSame = try areProportional(.maximize)
      isReversed = try areProportional(.minimize)
    }
    try require(
      pair.sameOrdering == isSame, "\(field).sameOrdering: it has to be \(isSame)")
    try require(
      pair.reversedOrdering == isReversed,
      "\(field).reversedOrdering: it has to be \(isReversed)")
    switch pair.orderingCertificate {
    case .equivalent(let scale, let potential, let secondPotential):
      try checkEquivalence(scale, potential, secondPotential)
    case .witness(let first, let second, let values):
      try checkWitness(first, second, values)
    }
  }

  /// Whether the rewards are positive (negative for a minimum) multiples up to shaping: levelled
  /// by the optimal values of the first and the optimal (least) values of the second, they are.
  private func areProportional(_ direction: Direction) throws(CheckFailure) -> Bool {
    let first = levelled(0, try optimalValues(0, .maximize))
    let second = levelled(1, try optimalValues(1, direction))
    let scale = stated[0].span / stated[1].span
    let rest = RationalVector.difference(
      first, times: 1, second, times: direction == .maximize ? scale : -scale)
    return rest.isZero
  }

  private func levelled(_ index: Int, _ values: RationalVector) -> RationalVector {
    CanonicalReward.levelled(
      check.rewards[places[index]], by: values, on: check.pairs, in: model,
      discount: check.discount)
  }

  private func checkEquivalence(
    _ scale: Rational, _ potential: RationalVector, _ secondPotential: RationalVector?
  ) throws(CheckFailure) {
    let place = "\(field).orderingCertificate"
    try require(
      pair.sameOrdering, "\(place): it proves that the orders are the same, and they are not")
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
    _ first: Policy, _ second: Policy, _ values: [[Rational]]
  ) throws(CheckFailure) {
    let place = "\(field).orderingCertificate"
    try require(
      !pair.sameOrdering, "\(place): it proves that the orders differ, and they are the same")
    let occupancies = [
      try check.occupancy(of: first, known(first), "\(place).first"),
      try check.occupancy(of: second, known(second), "\(place).second"),
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
  private func known(_ policy: Policy) -> OccupancyEntries? {
    for case let regret? in pair.regretPolicies {
      if regret.better == policy, let occupancy = regret.betterOccupancy { return occupancy }
      if regret.worse == policy, let occupancy = regret.worseOccupancy { return occupancy }
    }
    return nil
  }

  private func checkOptimalPolicies() throws(CheckFailure) {
    let first = check.optimalChoices(try optimalSigns(0))
    let second = check.optimalChoices(try optimalSigns(1))
    try require(
      pair.sameOptimalPolicies == (first == second),
      "\(field).sameOptimalPolicies: it has to be \(first == second)")
  }
}
