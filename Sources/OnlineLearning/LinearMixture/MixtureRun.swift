import ExactArithmetic
import MarkovDecisionProcesses

/// One seeded run of UCRL-VTR, with exact accounts.
public struct MixtureRun: Sendable, Hashable {
  public let seed: UInt64
  /// `Σ_k (V* - V^{π_k})(s_1)`.
  public let regret: Rational
  /// The same after each number of episodes of ``MixtureExperiment/checkpoints(upTo:)``.
  public let regrets: [Rational]
  /// `Σ_{k,h<H} min{M, 2β_k‖x_{k,h}‖} + KHg + Σ ξ_{k,h}`: at least the regret where ``isCovered``.
  public let certificate: Enclosure
  /// Whether `‖θ̂_k - θ‖_{Σ_k} ≤ β_k` in every episode.
  public let isCovered: Bool
  /// Whether `V_{k,h} ≥ V*_h` in every episode, at all states and steps.
  public let isOptimistic: Bool
  /// How often the policy differed from that of the episode before.
  public let switches: Int
}

extension MixtureExperiment {
  /// The numbers of episodes at which ``MixtureRun/regrets`` are taken.
  public static func checkpoints(upTo episodes: Int) -> [Int] {
    OnlineLearning.checkpoints(upTo: episodes, count: 100)
  }

  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    episodes: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [MixtureRun] {
    try seededRuns(seeds, total: episodes, progress: progress, archive: archive) {
      MixtureAccount(self, episodes: episodes, seed: $0)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    episodes: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> MixtureRun {
    try seededRun(seed, total: episodes, progress: progress) {
      MixtureAccount(self, episodes: episodes, seed: $0)
    }
  }
}

/// A run as it goes on: the learner, and what is counted about it.
struct MixtureAccount: ResumableRun {
  private let experiment: MixtureExperiment
  private let seed: UInt64
  private var random: SplitMix64
  private(set) var regression: MixtureRegression
  private var ledger: MixtureLedger
  private var record: RegretRecord
  private(set) var isCovered = true
  private(set) var isOptimistic = true

  var done: Int { ledger.episodes }

  init(_ experiment: MixtureExperiment, episodes: Int, seed: UInt64) {
    self.experiment = experiment
    self.seed = seed
    record = RegretRecord(marks: MixtureExperiment.checkpoints(upTo: episodes))
    random = SplitMix64(seed: seed)
    ledger = MixtureLedger(experiment)
    regression = MixtureRegression(
      dimension: experiment.dimension, scale: experiment.features.scale,
      lambda: experiment.lambda)
  }

  /// Plans, plays and learns from one episode.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  mutating func playEpisode() throws {
    let plan = try EpisodePlan(experiment, regression)
    judge(plan)
    ledger.begin(plan.policy)
    var state = experiment.start
    let features = experiment.features
    for step in 0..<experiment.horizon {
      let choice = plan.policy[step][Int(state.index)]
      let next = experiment.sampler.successor(of: choice, using: &random)
      defer { state = next }
      // The last step has no values after it: nothing to learn, no noise.
      guard step < experiment.horizon - 1 else { continue }
      let after = plan.values(after: step, experiment)
      let (feature, _) = features.image(of: after, after: Int(choice.index))
      ledger.count(
        bonus: plan.bonus(of: Int(choice.index), feature, step: step, experiment),
        values: after, step: step, choice, to: next)
      regression.add(
        feature, target: features.target(of: after, after: Int(choice.index), to: next))
    }
    if record.isDue(at: done) { record.record(ledger.regret) }
  }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { try playEpisode() }
  }

  /// Holds the plan against the truth, which the learner does not know.
  private mutating func judge(_ plan: EpisodePlan) {
    if !plan.covers(experiment, regression) { isCovered = false }
    if isOptimistic { isOptimistic = plan.isOptimistic(experiment) }
  }

  var outcome: MixtureRun {
    MixtureRun(
      seed: seed, regret: ledger.regret, regrets: record.regrets,
      certificate: ledger.certificate, isCovered: isCovered, isOptimistic: isOptimistic,
      switches: ledger.switches)
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let random: SplitMix64
    let regression: MixtureRegression.Memento
    let ledger: MixtureLedger.Memento
    let regrets: [Rational]
    let isCovered, isOptimistic: Bool
  }

  var memento: Memento {
    Memento(
      random: random, regression: regression.memento, ledger: ledger.memento,
      regrets: record.regrets, isCovered: isCovered, isOptimistic: isOptimistic)
  }

  mutating func restore(_ memento: Memento) throws {
    random = memento.random
    try regression.restore(memento.regression)
    try ledger.restore(memento.ledger)
    try record.restore(memento.regrets, at: done)
    (isCovered, isOptimistic) = (memento.isCovered, memento.isOptimistic)
  }
}
