import ExactArithmetic
import MarkovDecisionProcesses

extension MomentExperiment {
  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [RewardFreeRun] {
    try seededRuns(seeds, total: episodes, progress: progress, archive: archive) {
      try MomentAccount(self, seed: $0)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(seed: UInt64, progress: ProgressHandler = .none) throws -> RewardFreeRun {
    try seededRun(seed, total: episodes, progress: progress) { try MomentAccount(self, seed: $0) }
  }
}

/// HF-UCRL-RFE++ as it goes on.
struct MomentAccount: ResumableRun {
  private let experiment: MomentExperiment
  private var log: ExplorationLog
  private(set) var regressions: [WeightedRegression]
  /// `β√s`, in the units of the regressions.
  private let radius: Enclosure
  /// An upper bound of `γ²√s`, which turns norms of the regressions into `γ²‖φ‖` in that of `Σ_m`.
  private let normFactor: Rational
  /// Whether every weight was the inverse of at least the true variance.
  private(set) var hasVarianceBounds = true

  var done: Int { log.episodes }
  var outcome: RewardFreeRun { log.run }

  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  init(_ experiment: MomentExperiment, seed: UInt64) throws {
    self.experiment = experiment
    let mixture = experiment.mixture
    log = ExplorationLog(experiment.exploration, episodes: experiment.episodes, seed: seed)
    let regression = WeightedRegression(
      dimension: mixture.dimension, scale: mixture.features.scale, lambda: mixture.lambda,
      least: experiment.leastVariance, most: experiment.largestVariance)
    regressions = Array(repeating: regression, count: experiment.moments)
    let root = try regression.rootOfUnit(bits: mixture.precision)
    radius = (try experiment.radius() * root).roundedOutward(bits: mixture.precision)
    normFactor = experiment.normWeight * root.upper
  }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { playEpisode() }
  }

  private func estimates() -> [MixtureEstimate] {
    regressions.map { $0.scaled.estimate(precision: experiment.mixture.precision) }
  }

  private func covers(_ estimates: [MixtureEstimate]) -> Bool {
    zip(regressions, estimates).allSatisfy {
      experiment.mixture.covers($0.scaled, $1, radius)
    }
  }

  private mutating func playEpisode() {
    let (mixture, exploration) = (experiment.mixture, experiment.exploration)
    let known = estimates()
    log.judge(covers(known))
    let uncertain = (0..<mixture.model.choiceCount).map {
      UncertainValue(of: $0, mixture, known[0])
    }
    let plan = exploration.explorationPlan(known[0], radius, uncertain)
    for (choice, next) in log.play(plan.policy) {
      learn(choice, uncertain[choice].values, to: next, known)
    }
    guard log.isAtCheckpoint else { return }
    let last = estimates()
    log.judge(covers(last))
    log.record(exploration.suboptimalities(last[0], radius: radius))
  }

  private mutating func learn(
    _ choice: Int, _ values: [Integer], to next: State, _ known: [MixtureEstimate]
  ) {
    let features = experiment.mixture.features
    var own = values
    for moment in regressions.indices {
      let square = experiment.squared(own)
      let variance = variance(of: choice, moment, own, square, known)
      let weight = regressions[moment].weight(of: variance)
      if hasVarianceBounds {
        hasVarianceBounds =
          regressions[moment].unit / Rational(weight) >= trueVariance(choice, own)
      }
      regressions[moment].add(
        features.image(of: own, after: choice).feature,
        target: features.target(of: own, after: choice, to: next), weight: weight)
      own = square
    }
  }

  /// `σ̄_m²` of a choice.
  func variance(
    of choice: Int, _ moment: Int, _ values: [Integer], _ square: [Integer],
    _ known: [MixtureEstimate]
  ) -> Rational {
    let mixture = experiment.mixture
    let (features, precision) = (mixture.features, mixture.precision)
    let top = -(-radius.upper).floor(timesTwoToThe: precision)
    func part(_ values: [Integer], _ moment: Int) -> VarianceEstimate.Part {
      let (feature, origin) = features.image(of: values, after: choice)
      return VarianceEstimate.Part(
        estimate: known[moment], radius: top, feature: feature, origin: origin)
    }
    let own = part(values, moment)
    let one = Integer.one << precision
    let norm = own.estimate.bonus(own.feature, radius: (one, one)).upper
    let floor = max(
      experiment.leastVariance, normFactor * Rational(norm, timesTwoToThe: -precision))
    guard moment + 1 < regressions.count else { return max(1, floor) }
    let estimate = VarianceEstimate(cap: 1, precision: precision)
    return max(floor, estimate(value: own, square: part(square, moment + 1)))
  }

  private func trueVariance(_ choice: Int, _ values: [Integer]) -> Rational {
    let scale = experiment.mixture.features.valueScale
    return experiment.mixture.model.variance(after: Choice(choice)) {
      Rational(values[Int($0.index)], scale)
    }
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let log: ExplorationLog.Memento
    let regressions: [MixtureRegression.Memento]
    let hasVarianceBounds: Bool
  }

  var memento: Memento {
    Memento(
      log: log.memento, regressions: regressions.map(\.scaled.memento),
      hasVarianceBounds: hasVarianceBounds)
  }

  mutating func restore(_ memento: Memento) throws {
    try LearningError.require(
      memento.regressions.count == regressions.count, "the regressions")
    try log.restore(memento.log)
    for moment in regressions.indices {
      try regressions[moment].restore(memento.regressions[moment])
    }
    hasVarianceBounds = memento.hasVarianceBounds
  }
}

extension FiniteMDP {
  /// The variance of a function of the state after a choice.
  func variance(after choice: Choice, of value: (State) -> Rational) -> Rational {
    var (mean, square) = (Rational.zero, Rational.zero)
    for (successor, probability) in transitions(of: choice) {
      let value = value(successor)
      mean += probability * value
      square += probability * value * value
    }
    return square - mean * mean
  }
}
