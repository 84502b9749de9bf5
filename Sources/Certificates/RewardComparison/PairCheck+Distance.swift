import ExactArithmetic
import MarkovDecisionProcesses

extension PairCheck {
  /// Half of the span of `r_1/‖r_1‖ - r_2/‖r_2‖`, where a trivial reward counts as 0.
  func checkSpanDistance(_ pair: ComparisonAnswer.Pair) throws(CheckFailure) {
    let isTrivial = stated.map(\.isTrivial)
    guard !isTrivial[0], !isTrivial[1] else {
      let proved: Rational = isTrivial[0] && isTrivial[1] ? 0 : Rational(1, 2)
      return try check.requireEqual(pair.spanDistance, proved, "\(field).spanDistance")
    }
    let combination = [
      (place: places[0], weight: 1 / stated[0].span),
      (place: places[1], weight: -1 / stated[1].span),
    ]
    let place = "\(field).certificate.spanDistance"
    let maximum = try check.attained(
      pair.spanCertificates?.maximum, combination, .maximize, "\(place).maximum")
    let minimum = try check.attained(
      pair.spanCertificates?.minimum, combination, .minimize, "\(place).minimum")
    try check.requireEqual(pair.spanDistance, (maximum - minimum) / 2, "\(field).spanDistance")
  }

  /// - Parameter spanDistance: the span distance where it is proved already.
  func checkDistance(
    _ distance: ComparisonAnswer.Number, _ certificate: ComparisonAnswer.DistanceCertificate?,
    spanDistance: Rational?
  ) throws(CheckFailure) {
    let standardised = StandardisedPair(proved[0].canonical, proved[1].canonical)
    let metric = check.settings.metric
    let place = "\(field).certificate.distance"
    let value: RootNumber
    if check.settings.isQuotient(metric) {
      value = standardised.distance(line: try quotientLine(certificate, standardised, place))
    } else if metric != .span {
      value = standardised.distance(metric)
    } else if check.settings.isSpanDistance, let spanDistance {
      value = RootNumber(spanDistance)
    } else {
      value = try spanMetric(certificate, standardised, place)
    }
    try check.requireNumber(distance, value, "\(field).distance")
  }

  private func spanMetric(
    _ certificate: ComparisonAnswer.DistanceCertificate?, _ standardised: StandardisedPair,
    _ place: String
  ) throws(CheckFailure) -> RootNumber {
    guard case .span(let points)? = certificate else {
      throw .rejected("\(place): it is missing")
    }
    let isDard = check.settings.canonicalization == .dard
    let canonical = proved.map(\.canonical.vector)
    try requireAround(points.map(\.multiplier), standardised, place)
    var widths: [(multiplier: Rational, width: Rational)] = []
    for point in points {
      let width =
        isDard
        ? try width(
          of: point, CanonicalConditions(check, canonical), (0, 1), place)
        : try width(of: point, check, (places[0], places[1]), place)
      widths.append((point.multiplier, width))
      try require(
        point.maximum.policy == points[0].maximum.policy
          && point.minimum.policy == points[0].minimum.policy,
        "\(place): the policies at the two multipliers differ")
    }
    return standardised.distance(line: line(through: widths))
  }

  private func width(
    of point: ComparisonAnswer.SpanPoint, _ conditions: some RewardConditions,
    _ places: (Int, Int), _ field: String
  ) throws(CheckFailure) -> Rational {
    let combination = [
      (place: places.0, weight: Rational.one), (place: places.1, weight: -point.multiplier),
    ]
    return try conditions.attained(
      point.maximum, combination, .maximize, "\(field).maximum", isLocal: true)
      - conditions.attained(
        point.minimum, combination, .minimize, "\(field).minimum", isLocal: true)
  }

  /// The quotient norm of `c_1 - λ c_2` around the multiplier.
  private func quotientLine(
    _ certificate: ComparisonAnswer.DistanceCertificate?, _ standardised: StandardisedPair,
    _ place: String
  ) throws(CheckFailure) -> (f: Rational, g: Rational) {
    guard case .quotient(let points, let dual)? = certificate else {
      throw .rejected("\(place): it is missing")
    }
    let canonical = proved.map(\.canonical.vector)
    try requireAround(points.map(\.multiplier), standardised, place)
    for (multiplier, potential) in points {
      let vector = RationalVector.difference(
        canonical[0], times: 1, canonical[1], times: multiplier)
      _ = try check.provedQuotient(
        vector, check.settings.metric, potential: potential, dual: dual, place)
    }
    return (dual.dot(canonical[0]), dual.dot(canonical[1]))
  }

  /// One multiplier has to be `n_1/n_2`, two have to lie around it: convex functions that agree
  /// with a line below them at two points agree with it between these.
  private func requireAround(
    _ multipliers: [Rational], _ standardised: StandardisedPair, _ place: String
  ) throws(CheckFailure) {
    let square = standardised.squaredMultiplier
    let isAround =
      switch multipliers.count {
      case 1: multipliers[0].signum > 0 && multipliers[0] * multipliers[0] == square
      case 2:
        multipliers[0].signum > 0 && multipliers[0] < multipliers[1]
          && multipliers[0] * multipliers[0] <= square
          && square <= multipliers[1] * multipliers[1]
      default: false
      }
    try require(isAround, "\(place): the multipliers are not around the ratio of the norms")
  }

  /// `f - λ g` through one or two points; through one, the constant line serves.
  private func line(
    through points: [(multiplier: Rational, width: Rational)]
  ) -> (f: Rational, g: Rational) {
    guard points.count == 2 else { return (points[0].width, 0) }
    let (a, b) = (points[0], points[1])
    let g = (a.width - b.width) / (b.multiplier - a.multiplier)
    return (a.width + a.multiplier * g, g)
  }

  /// The constants are bounds for all rewards of the environment; here they are held against this
  /// pair.
  func checkConstants(_ pair: ComparisonAnswer.Pair) throws(CheckFailure) {
    try checkForm(of: pair.boundConstants)
    guard let constants = pair.boundConstants, !stated[0].isTrivial, !stated[1].isTrivial else {
      return
    }
    let (low, high): (Rational, Rational) =
      switch pair.distance {
      case .exact(let value): (value, value)
      case .enclosed(let lower, let upper, _): (lower, upper)
      }
    for regret in pair.worstCaseRegret {
      try require(
        constants.lower * low <= regret && regret <= constants.upper * high,
        "\(field).boundConstants: the regret \(shown(regret)) is not between the bounds times "
          + "the distance")
    }
  }

  /// Some settings have constants, some have none.
  func checkForm(
    of constants: (lower: Rational, upper: Rational)?
  ) throws(CheckFailure) {
    let hasConstants =
      check.settings.canonicalization.isSound && check.settings.normalization != .none
    guard let constants else {
      return try require(
        !hasConstants, "\(field).boundConstants: they are null, but these settings have some")
    }
    try require(hasConstants, "\(field).boundConstants: these settings have none")
    try require(
      constants.lower.signum >= 0, "\(field).boundConstants.lower: it must not be negative")
  }
}
