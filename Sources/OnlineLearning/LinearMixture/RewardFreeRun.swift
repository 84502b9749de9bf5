import ExactArithmetic
import MarkovDecisionProcesses

/// One seeded run of exploration without rewards.
public struct RewardFreeRun: Sendable, Hashable {
  public let seed: UInt64
  /// For each reward of the model, in its order: the optimal value of the start less that of the
  /// policy planned at the end.
  public let suboptimalities: [Rational]
  /// The largest of them after each of ``RewardFreeExperiment/checkpoints(upTo:)``, and at the end.
  public let largestSuboptimalities: [Rational]
  /// Whether the true weights lay in the confidence sets in every episode and at the end.
  public let isCovered: Bool
  /// How often the exploring policy changed.
  public let switches: Int
}

extension RewardFreeExperiment {
  /// The numbers of episodes after which plans are made and judged: ten at most, they take time.
  public static func checkpoints(upTo episodes: Int) -> [Int] {
    OnlineLearning.checkpoints(upTo: episodes, count: 10)
  }

  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    episodes: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [RewardFreeRun] {
    let radius = try radius(episodes: episodes)
    return try seededRuns(seeds, total: episodes, progress: progress, archive: archive) {
      RewardFreeAccount(self, episodes: episodes, radius: radius, seed: $0)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    episodes: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> RewardFreeRun {
    let radius = try radius(episodes: episodes)
    return try seededRun(seed, total: episodes, progress: progress) {
      RewardFreeAccount(self, episodes: episodes, radius: radius, seed: $0)
    }
  }
}

/// UCRL-RFE as it goes on.
private struct RewardFreeAccount: ResumableRun {
  private let experiment: RewardFreeExperiment
  private let radius: Enclosure
  private var log: ExplorationLog
  private var regression: MixtureRegression

  var done: Int { log.episodes }
  var outcome: RewardFreeRun { log.run }

  init(_ experiment: RewardFreeExperiment, episodes: Int, radius: Enclosure, seed: UInt64) {
    self.experiment = experiment
    self.radius = radius
    log = ExplorationLog(experiment, episodes: episodes, seed: seed)
    let mixture = experiment.mixture
    regression = MixtureRegression(
      dimension: mixture.dimension, scale: mixture.features.scale, lambda: mixture.lambda)
  }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { playEpisode() }
  }

  private mutating func playEpisode() {
    let mixture = experiment.mixture
    let features = mixture.features
    let estimate = regression.estimate(precision: mixture.precision)
    log.judge(mixture.covers(regression, estimate, radius))
    let uncertain = (0..<mixture.model.choiceCount).map {
      UncertainValue(of: $0, mixture, estimate)
    }
    let plan = experiment.explorationPlan(estimate, radius, uncertain)
    for (choice, next) in log.play(plan.policy) {
      let values = uncertain[choice].values
      regression.add(
        features.image(of: values, after: choice).feature,
        target: features.target(of: values, after: choice, to: next))
    }
    guard log.isAtCheckpoint else { return }
    let last = regression.estimate(precision: mixture.precision)
    log.judge(mixture.covers(regression, last, radius))
    log.record(experiment.suboptimalities(last, radius: radius))
  }

  struct Memento: Codable, Sendable {
    let log: ExplorationLog.Memento
    let regression: MixtureRegression.Memento
  }

  var memento: Memento { Memento(log: log.memento, regression: regression.memento) }

  mutating func restore(_ memento: Memento) throws {
    try log.restore(memento.log)
    try regression.restore(memento.regression)
  }
}

/// What is counted about an exploration, whatever it learns from.
struct ExplorationLog {
  private let experiment: RewardFreeExperiment
  private let seed: UInt64
  private let marks: [Int]
  private var random: SplitMix64
  private var policy: [[Choice]]?
  private(set) var episodes = 0
  private var switches = 0
  private var isCovered = true
  private var found: [Rational] = []
  private var largest: [Rational] = []

  init(_ experiment: RewardFreeExperiment, episodes: Int, seed: UInt64) {
    self.experiment = experiment
    self.seed = seed
    random = SplitMix64(seed: seed)
    marks = RewardFreeExperiment.checkpoints(upTo: episodes)
  }

  /// Plays an episode of this policy.
  ///
  /// - Returns: the choices before the last step, and where they led.
  mutating func play(_ policy: [[Choice]]) -> [(choice: Int, next: State)] {
    if let last = self.policy, last != policy { switches += 1 }
    self.policy = policy
    episodes += 1
    var path: [(choice: Int, next: State)] = []
    var state = experiment.mixture.start
    for step in policy.indices {
      let choice = policy[step][Int(state.index)]
      let next = experiment.mixture.sampler.successor(of: choice, using: &random)
      if step < policy.count - 1 { path.append((Int(choice.index), next)) }
      state = next
    }
    return path
  }

  mutating func judge(_ isCovered: Bool) {
    if !isCovered { self.isCovered = false }
  }

  var isAtCheckpoint: Bool { largest.count < marks.count && episodes == marks[largest.count] }

  mutating func record(_ suboptimalities: [Rational]) {
    found = suboptimalities
    largest.append(suboptimalities.max() ?? 0)
  }

  var run: RewardFreeRun {
    RewardFreeRun(
      seed: seed, suboptimalities: found, largestSuboptimalities: largest, isCovered: isCovered,
      switches: switches)
  }

  struct Memento: Codable, Sendable {
    let random: SplitMix64
    let policy: [[Int32]]
    let episodes, switches: Int
    let isCovered: Bool
    let found, largest: [Rational]
  }

  var memento: Memento {
    Memento(
      random: random, policy: (policy ?? []).map { $0.map(\.index) }, episodes: episodes,
      switches: switches, isCovered: isCovered, found: found, largest: largest)
  }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError) {
    try LearningError.require(
      memento.episodes >= 0
        && memento.largest.count == marks.count { $0 <= memento.episodes && memento.episodes > 0 }
        && memento.found.count == (memento.largest.isEmpty ? 0 : experiment.rewards.count),
      "the suboptimalities")
    random = memento.random
    policy = try experiment.mixture.policy(memento.policy)
    (episodes, switches) = (memento.episodes, memento.switches)
    isCovered = memento.isCovered
    (found, largest) = (memento.found, memento.largest)
  }
}
