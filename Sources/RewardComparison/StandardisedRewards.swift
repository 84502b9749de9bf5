import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The standardised rewards of a problem, and the distances between them.
struct StandardisedRewards {
  let rewards: [StandardisedReward]
  let settings: ComparisonSettings
  /// Solves the canonical rewards.
  let solver: RewardSolver
  let progress: ProgressHandler
  private let vectors: [StandardisedVector]

  init(
    rewards: [StandardisedReward], settings: ComparisonSettings, solver: RewardSolver,
    progress: ProgressHandler
  ) {
    self.rewards = rewards
    self.settings = settings
    self.solver = solver
    self.progress = progress
    vectors = rewards.map { StandardisedVector($0.canonical, $0.divisor) }
  }

  /// The distance of two rewards, with what proves it where it is no sum over entries.
  func distance(
    _ first: Int, _ second: Int
  ) throws -> (RootNumber, ComparisonAnswer.DistanceCertificate?) {
    let pair = StandardisedPair(vectors[first], vectors[second])
    if settings.isQuotient(settings.metric) { return try quotient(first, second, pair) }
    switch settings.metric {
    case .l1, .l2, .linf: return (pair.distance(settings.metric), nil)
    case .span: return try span(first, second, pair)
    case .none: throw ComparisonError.metricWithoutMeaning("the metric has to be a norm")
    }
  }

  private struct QuotientSample: PencilSample {
    let multiplier: Rational
    let f: Rational
    let g: Rational
    let potential: RationalVector
    let dual: RationalVector
  }

  private func quotient(
    _ first: Int, _ second: Int, _ pair: StandardisedPair
  ) throws -> (RootNumber, ComparisonAnswer.DistanceCertificate?) {
    let norm = QuotientNorm(problem: solver.problem, norm: settings.metric, progress: progress)
    let (a, b) = (rewards[first].canonical, rewards[second].canonical)
    let samples = try PencilAtRoot<QuotientSample> { multiplier, near in
      let vector = RationalVector.difference(a, times: 1, b, times: multiplier)
      let value = try norm.value(of: vector)
      // The line of the other side, where it is active here too.
      let keeps = near.map { $0.f - multiplier * $0.g == value.value } ?? false
      let dual = keeps ? near?.dual ?? value.dual : value.dual
      return QuotientSample(
        multiplier: multiplier, f: dual.dot(a), g: dual.dot(b), potential: value.potential,
        dual: dual)
    }.samples(square: pair.squaredMultiplier)
    let line = (f: samples[0].f, g: samples[0].g)
    return (
      pair.distance(line: line),
      .quotient(
        points: samples.map { ($0.multiplier, $0.potential) }, dual: samples[0].dual)
    )
  }

  private struct SpanSample: PencilSample {
    let point: PencilPoint
    let line: PolicyPair
    var multiplier: Rational { point.multiplier }
    var f: Rational { line.f }
    var g: Rational { line.g }
  }

  private func span(
    _ first: Int, _ second: Int, _ pair: StandardisedPair
  ) throws -> (RootNumber, ComparisonAnswer.DistanceCertificate?) {
    let search = RegretSearch(solver, trueReward: first, proxy: second)
    let samples = try PencilAtRoot<SpanSample> { multiplier, near in
      let point = try search.point(at: multiplier, near: near?.line)
      if let near, near.line.f - multiplier * near.line.g == point.width {
        return SpanSample(point: point, line: near.line)
      }
      return SpanSample(
        point: point, line: try search.pair(point.upper.policy, point.lower.policy))
    }.samples(square: pair.squaredMultiplier)
    let line = samples[0].line
    return (
      pair.distance(line: (line.f, line.g)),
      .span(
        points: samples.map { sample in
          ComparisonAnswer.SpanPoint(
            multiplier: sample.multiplier,
            maximum: ComparisonAnswer.Optimum(
              values: sample.point.upper.values, policy: solver.actions(of: line.upper)),
            minimum: ComparisonAnswer.Optimum(
              values: sample.point.lower.values, policy: solver.actions(of: line.lower)))
        })
    )
  }
}
