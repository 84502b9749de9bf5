import ExactArithmetic
import MarkovDecisionProcesses

/// One seeded run of UCRL-VTR+, with exact accounts.
public struct WeightedMixtureRun: Sendable, Hashable {
  /// The account of the plans, with `β̂`, `θ̂` and `Σ̂` for `β`, `θ̂` and `Σ`.
  public let account: MixtureRun
  /// Whether the sets of `β̃` and `β̌`, on which the weights rest, held the truth in every episode.
  public let isVarianceCovered: Bool
  /// Whether every weight was the inverse of at least the true variance.
  public let hasVarianceBounds: Bool
  /// The mean of `σ̄²` over the data, each rounded up to a multiple of `2^-32`; 0 without any.
  public let meanVariance: Rational
}

extension WeightedMixtureRun: AccountedRun {
  public var regret: Rational { account.regret }
  public var certifiedRegret: Rational? { account.certifiedRegret }
  public var coverage: Bool? { account.coverage }
}

extension WeightedMixtureExperiment {
  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    episodes: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [WeightedMixtureRun] {
    try seededRuns(seeds, total: episodes, progress: progress, archive: archive) {
      try WeightedMixtureAccount(self, episodes: episodes, seed: $0)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    episodes: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> WeightedMixtureRun {
    try seededRun(seed, total: episodes, progress: progress) {
      try WeightedMixtureAccount(self, episodes: episodes, seed: $0)
    }
  }
}

/// UCRL-VTR+ as it goes on.
struct WeightedMixtureAccount: ResumableRun {
  private let experiment: WeightedMixtureExperiment
  private let seed: UInt64
  private var random: SplitMix64
  /// Of `V²` over `C G`, and of `V` over `C`.
  private(set) var squares: MixtureRegression
  private(set) var values: WeightedRegression
  private let rootOfUnit: Enclosure
  private var ledger: MixtureLedger
  private var record: RegretRecord
  private(set) var isCovered = true
  private(set) var isVarianceCovered = true
  private(set) var hasVarianceBounds = true
  private(set) var isOptimistic = true
  private var variances = Rational.zero

  var done: Int { ledger.episodes }

  /// - Throws: ``EnclosureError``, which positive variances exclude.
  init(_ experiment: WeightedMixtureExperiment, episodes: Int, seed: UInt64) throws {
    let mixture = experiment.mixture
    let features = mixture.features
    self.experiment = experiment
    self.seed = seed
    random = SplitMix64(seed: seed)
    squares = MixtureRegression(
      dimension: mixture.dimension, scale: features.scale * features.valueScale,
      lambda: mixture.lambda)
    values = WeightedRegression(
      dimension: mixture.dimension, scale: features.scale, lambda: mixture.lambda,
      least: experiment.leastVariance, most: 3 * mixture.valueCap * mixture.valueCap)
    rootOfUnit = try values.rootOfUnit(bits: mixture.precision)
    ledger = MixtureLedger(mixture)
    record = RegretRecord(marks: MixtureExperiment.checkpoints(upTo: episodes))
  }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { try playEpisode() }
  }

  /// What stays the same within an episode.
  struct Knowledge {
    let squares, values: MixtureEstimate
    /// The radii, the last two in the units of the weighted regression.
    let radii: WeightedRadii
  }

  /// What has been learned.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func knowledge() throws -> Knowledge {
    let precision = experiment.mixture.precision
    let radii = try experiment.radii(after: done)
    return Knowledge(
      squares: squares.estimate(precision: precision),
      values: values.scaled.estimate(precision: precision),
      radii: WeightedRadii(
        squares: radii.squares,
        variance: (radii.variance * rootOfUnit).roundedOutward(bits: precision),
        values: (radii.values * rootOfUnit).roundedOutward(bits: precision)))
  }

  /// Plans, plays and learns from one episode.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  mutating func playEpisode() throws {
    let mixture = experiment.mixture
    let known = try knowledge()
    let rewards = mixture.lookahead.reward
    let plan = MixturePlan(mixture, known.values, radius: known.radii.values) { rewards[$1] }
    judge(plan, known)
    ledger.begin(plan.policy)
    var state = mixture.start
    for step in 0..<mixture.horizon {
      let choice = plan.policy[step][Int(state.index)]
      let next = mixture.sampler.successor(of: choice, using: &random)
      defer { state = next }
      // The last step has no values after it: nothing to learn, no noise.
      guard step < mixture.horizon - 1 else { continue }
      let after = plan.values[step + 1]
      learn(choice, after, to: next, known)
      let feature = mixture.features.image(of: after, after: Int(choice.index)).feature
      ledger.count(
        bonus: known.values.bonus(feature, radius: plan.radius), values: after, step: step, choice,
        to: next)
    }
    if record.isDue(at: done) { record.record(ledger.regret) }
  }

  private mutating func learn(
    _ choice: Choice, _ after: [Integer], to next: State, _ known: Knowledge
  ) {
    let features = experiment.mixture.features
    let own = Int(choice.index)
    let squared = after.map { $0 * $0 }
    let variance = variance(of: own, after, squared, known)
    let weight = values.weight(of: variance)
    let charged = values.unit / Rational(weight)
    variances += Rational(-(-charged).floor(timesTwoToThe: 32), timesTwoToThe: -32)
    if hasVarianceBounds { hasVarianceBounds = charged >= trueVariance(choice, after) }
    squares.add(
      features.image(of: squared, after: own).feature,
      target: features.target(of: squared, after: own, to: next))
    values.add(
      features.image(of: after, after: own).feature,
      target: features.target(of: after, after: own, to: next), weight: weight)
  }

  /// `σ̄²` of a choice, for the values after it as integers over `G` and their squares over `G²`.
  func variance(
    of choice: Int, _ after: [Integer], _ squared: [Integer], _ known: Knowledge
  ) -> Rational {
    let mixture = experiment.mixture
    let (features, precision) = (mixture.features, mixture.precision)
    func part(
      _ values: [Integer], _ estimate: MixtureEstimate, _ radius: Enclosure, _ unit: Integer
    ) -> VarianceEstimate.Part {
      let (feature, origin) = features.image(of: values, after: choice)
      return VarianceEstimate.Part(
        estimate: estimate, radius: -(-radius.upper).floor(timesTwoToThe: precision),
        feature: feature, origin: origin / Rational(unit))
    }
    let estimate = VarianceEstimate(cap: mixture.valueCap, precision: precision)
    return max(
      experiment.leastVariance,
      estimate(
        value: part(after, known.values, known.radii.variance, 1),
        square: part(squared, known.squares, known.radii.squares, features.valueScale)))
  }

  private func trueVariance(_ choice: Choice, _ after: [Integer]) -> Rational {
    let scale = experiment.mixture.features.valueScale
    return experiment.mixture.model.variance(after: choice) {
      Rational(after[Int($0.index)], scale)
    }
  }

  /// Holds the plan against the truth, which the learner does not know.
  private mutating func judge(_ plan: MixturePlan, _ known: Knowledge) {
    let mixture = experiment.mixture
    if !mixture.covers(values.scaled, known.values, known.radii.values) { isCovered = false }
    if isVarianceCovered {
      isVarianceCovered =
        mixture.covers(squares, known.squares, known.radii.squares)
        && mixture.covers(values.scaled, known.values, known.radii.variance)
    }
    if isOptimistic { isOptimistic = plan.isOptimistic(mixture) }
  }

  var outcome: WeightedMixtureRun {
    let data = done * (experiment.mixture.horizon - 1)
    return WeightedMixtureRun(
      account: MixtureRun(
        seed: seed, regret: ledger.regret, regrets: record.regrets,
        certificate: ledger.certificate, isCovered: isCovered, isOptimistic: isOptimistic,
        switches: ledger.switches),
      isVarianceCovered: isVarianceCovered, hasVarianceBounds: hasVarianceBounds,
      meanVariance: data == 0 ? 0 : variances / Rational(data))
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let random: SplitMix64
    let squares, values: MixtureRegression.Memento
    let ledger: MixtureLedger.Memento
    let regrets: [Rational]
    let variances: Rational
    let isCovered, isVarianceCovered, hasVarianceBounds, isOptimistic: Bool
  }

  var memento: Memento {
    Memento(
      random: random, squares: squares.memento, values: values.scaled.memento,
      ledger: ledger.memento, regrets: record.regrets, variances: variances,
      isCovered: isCovered, isVarianceCovered: isVarianceCovered,
      hasVarianceBounds: hasVarianceBounds, isOptimistic: isOptimistic)
  }

  mutating func restore(_ memento: Memento) throws {
    random = memento.random
    try squares.restore(memento.squares)
    try values.restore(memento.values)
    try ledger.restore(memento.ledger)
    try record.restore(memento.regrets, at: done)
    variances = memento.variances
    (isCovered, isVarianceCovered) = (memento.isCovered, memento.isVarianceCovered)
    (hasVarianceBounds, isOptimistic) = (memento.hasVarianceBounds, memento.isOptimistic)
  }
}
