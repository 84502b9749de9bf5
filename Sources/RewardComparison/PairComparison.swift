// What is here: everything that is said of two rewards. Directions: 0 is loss in the first reward
// of following the second, 1 the other way round.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Compares two rewards of a problem.
struct PairComparison {
  private let solver: RewardSolver
  private let ranges: [RewardRange]
  /// The places of the rewards.
  private let places: [Int]
  private var problem: ComparisonProblem { solver.problem }

  init(_ solver: RewardSolver, _ ranges: [RewardRange], _ first: Int, _ second: Int) {
    self.solver = solver
    self.ranges = [ranges[first], ranges[second]]
    places = [first, second]
  }

  /// How the two rewards are related up to shaping.
  private enum Relation {
    /// Both are shaping alone.
    case bothTrivial
    case oneTrivial
    /// `r_first = scale · r_second` up to shaping; the scale is not 0.
    case proportional(scale: Rational)
    case independent
  }

  func pair(
    distance: RootNumber, _ certificate: ComparisonAnswer.DistanceCertificate?,
    constants: (lower: Rational, upper: Rational)?
  ) throws -> ComparisonAnswer.Pair {
    let relation = try relation()
    let ratioPoint = try ratioPoint()
    let regrets = try (0...1).map { try regret($0, relation, ratioPoint) }
    let printed = try regrets.map { try $0.map(printedRegret) }
    var isSame = false
    var isReversed = false
    switch relation {
    case .bothTrivial: isSame = true
    case .proportional(let scale):
      isSame = scale.signum > 0
      isReversed = scale.signum < 0
    case .oneTrivial, .independent: break
    }
    let optimalSets = ranges.map { OptimalSet($0.maximum, in: problem) }
    return ComparisonAnswer.Pair(
      first: places[0], second: places[1], distance: ComparisonAnswer.Number(distance),
      spanDistance: spanDistance(ratioPoint),
      worstCaseRegret: (0...1).map { direction in
        regrets[direction].map { $0.loss / ranges[direction].span } ?? 0
      },
      proxyRegret: try (0...1).map(proxyRegret), sameOrdering: isSame,
      reversedOrdering: isReversed, sameOptimalPolicies: optimalSets[0] == optimalSets[1],
      orderingCertificate: try orderingCertificate(relation, regrets, printed),
      boundConstants: constants, regretPolicies: printed,
      spanCertificates: spanCertificates(ratioPoint), distanceCertificate: certificate)
  }

  /// The regret of the first reward against the second, and the span distance.
  func regretAndSpanDistance() throws -> (regret: Rational, spanDistance: Rational) {
    let ratioPoint = try ratioPoint()
    let regret = try regret(0, try relation(), ratioPoint)
    return (regret.map { $0.loss / ranges[0].span } ?? 0, spanDistance(ratioPoint))
  }

  private func relation() throws -> Relation {
    switch (ranges[0].isTrivial, ranges[1].isTrivial) {
    case (true, true): return .bothTrivial
    case (true, false), (false, true): return .oneTrivial
    case (false, false):
      let scale = try solver.proportion(
        places[0], places[1], policy: ranges[0].maximum.policy)
      return scale.map { .proportional(scale: $0) } ?? .independent
    }
  }

  // MARK: - Distances

  /// `r_first - λ r_second` at `λ = ‖r_first‖/‖r_second‖`, for two nontrivial rewards.
  private func ratioPoint() throws -> PencilPoint? {
    guard !ranges[0].isTrivial, !ranges[1].isTrivial else { return nil }
    return try search(0).point(at: ranges[0].span / ranges[1].span)
  }

  /// `½ ‖ r_1/‖r_1‖ - r_2/‖r_2‖ ‖`.
  private func spanDistance(_ point: PencilPoint?) -> Rational {
    guard let point else {
      return ranges[0].isTrivial && ranges[1].isTrivial ? 0 : Rational(1, 2)
    }
    return point.width / (2 * ranges[0].span)
  }

  private func spanCertificates(
    _ point: PencilPoint?
  ) -> (maximum: ComparisonAnswer.Optimum, minimum: ComparisonAnswer.Optimum)? {
    guard let point else { return nil }
    let factor = 1 / ranges[0].span
    return (
      ComparisonAnswer.Optimum(
        values: point.upper.values.scaled(by: factor),
        policy: solver.actions(of: point.upper.policy)),
      ComparisonAnswer.Optimum(
        values: point.lower.values.scaled(by: factor),
        policy: solver.actions(of: point.lower.policy))
    )
  }

  // MARK: - Regret

  private func search(_ direction: Int) -> RegretSearch {
    RegretSearch(solver, trueReward: places[direction], proxy: places[1 - direction])
  }

  /// `nil` where the true reward is trivial.
  private func regret(
    _ direction: Int, _ relation: Relation, _ ratioPoint: PencilPoint?
  ) throws -> RegretOptimum? {
    let (own, other) = (ranges[direction], ranges[1 - direction])
    guard !own.isTrivial else { return nil }
    let search = search(direction)
    if case .proportional(let scale) = relation, scale.signum > 0 {
      let point = try search.point(at: direction == 0 ? scale : 1 / scale)
      let policy = MixedPolicy(first: point.upper.policy, second: nil, weight: 1)
      return RegretOptimum(loss: 0, point: point, better: policy, worse: policy)
    }
    let spanPair = try search.pair(own.maximum.policy, own.minimum.policy)
    return try search.minimum(
      spanPair: spanPair, ratio: other.isTrivial ? nil : own.span / other.span,
      ratioPoint: direction == 0 ? ratioPoint : ratioPoint.map(turned))
  }

  /// `r_2 - λ⁻¹ r_1` from `r_1 - λ r_2`: the same policies with their roles exchanged.
  private func turned(_ point: PencilPoint) -> PencilPoint {
    let factor = -1 / point.multiplier
    func turned(_ optimum: CombinationOptimum) -> CombinationOptimum {
      CombinationOptimum(
        policy: optimum.policy, values: optimum.values.scaled(by: factor),
        mean: factor * optimum.mean, signs: optimum.signs)
    }
    return PencilPoint(
      multiplier: 1 / point.multiplier, upper: turned(point.lower), lower: turned(point.upper))
  }

  private func printedRegret(_ regret: RegretOptimum) throws -> ComparisonAnswer.Regret {
    let (better, betterOccupancy) = try printed(regret.better)
    let (worse, worseOccupancy) = try printed(regret.worse)
    return ComparisonAnswer.Regret(
      multiplier: regret.point.multiplier, better: better, worse: worse,
      upperValues: regret.point.upper.values, lowerValues: regret.point.lower.values,
      betterOccupancy: betterOccupancy, worseOccupancy: worseOccupancy)
  }

  private func printed(_ mixed: MixedPolicy) throws -> (Policy, OccupancyEntries) {
    let first = try solver.occupancy(of: mixed.first)
    var masses = first.masses
    if let other = mixed.second {
      let second = try solver.occupancy(of: other)
      masses = zip(first.masses, second.masses).map { a, b in
        a == b ? a : mixed.weight * a + (1 - mixed.weight) * b
      }
    }
    let laws = (0..<problem.model.stateCount).map { state in
      law(at: state, masses, otherwise: mixed.first[state])
    }
    return (
      try Policy(laws: laws, in: problem.model),
      OccupancyEntries(
        masses.indices.compactMap { choice in
          masses[choice].isZero ? nil : (Choice(choice), masses[choice])
        })
    )
  }

  private func law(
    at state: Int, _ masses: [Rational], otherwise choice: Int32
  ) -> [(action: Action, probability: Rational)] {
    let model = problem.model
    let used = model.choiceRange(at: state).filter { !masses[$0].isZero }
    if used.count <= 1 {
      return [(model.action(of: Choice(used.first ?? Int(choice))), 1)]
    }
    let total = used.reduce(Rational.zero) { $0 + masses[$1] }
    return used.map { (model.action(of: Choice($0)), masses[$0] / total) }
  }

  /// The loss in one reward of being optimal for the other, divided by the span.
  private func proxyRegret(_ direction: Int) throws -> ComparisonAnswer.ProxyRegret {
    let (own, proxy) = (ranges[direction], ranges[1 - direction])
    guard !own.isTrivial else {
      return ComparisonAnswer.ProxyRegret(
        worst: 0, best: 0, worstCertificate: nil, bestCertificate: nil)
    }
    let optima = try ProxyOptima(solver, trueReward: places[direction], proxy: proxy.maximum)
    return ComparisonAnswer.ProxyRegret(
      worst: (own.maximum.mean - optima.worst.mean) / own.span,
      best: (own.maximum.mean - optima.best.mean) / own.span,
      worstCertificate: solver.certificate(optima.worst),
      bestCertificate: solver.certificate(optima.best))
  }

  // MARK: - Ordering

  private func orderingCertificate(
    _ relation: Relation, _ regrets: [RegretOptimum?], _ printed: [ComparisonAnswer.Regret?]
  ) throws -> ComparisonAnswer.OrderingCertificate {
    if case .bothTrivial = relation {
      return .equivalent(
        scale: 0, potential: -ranges[0].maximum.values, secondPotential: -ranges[1].maximum.values)
    }
    if case .proportional(let scale) = relation, scale.signum > 0, let regret = regrets[0] {
      return .equivalent(
        scale: scale, potential: -regret.point.upper.values, secondPotential: nil)
    }
    // The pair of the regret: a change for the worse in one reward that the other allows.
    let direction = regrets[0] == nil ? 1 : 0
    guard let regret = regrets[direction], let pair = printed[direction] else {
      throw ComparisonError.rejected("rewards that differ have a regret")
    }
    let values = try places.map { reward in
      [try mean(regret.better, reward), try mean(regret.worse, reward)]
    }
    return .witness(first: pair.better, second: pair.worse, values: values)
  }

  private func mean(_ mixed: MixedPolicy, _ reward: Int) throws -> Rational {
    let first = try solver.mean(of: mixed.first, reward: reward)
    guard let second = mixed.second else { return first }
    return mixed.weight * first
      + (1 - mixed.weight) * (try solver.mean(of: second, reward: reward))
  }
}
