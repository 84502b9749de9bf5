import ExactArithmetic
import MarkovDecisionProcesses

/// One seeded run of a learner of finite models, with exact accounts.
public struct TabularRun: Sendable, Hashable {
  public let seed: UInt64
  /// The regret at the end.
  public let regret: Rational
  /// The same at each of ``TabularExperiment/checkpoints(upTo:)``.
  public let regrets: [Rational]
  /// At least the regret where ``isCovered``: what the learner believed possible, less what it got.
  /// `nil` for learners without confidence sets.
  public let certificate: Rational?
  /// Whether the truth was held possible at every plan (`ucrl2`), or the values were optimistic at
  /// every plan (`ucbvi`).
  public let isCovered: Bool?
  /// How often the policy changed.
  public let switches: Int
}

extension TabularExperiment {
  /// The numbers of steps or episodes at which ``TabularRun/regrets`` are taken.
  public static func checkpoints(upTo count: Int) -> [Int] {
    OnlineLearning.checkpoints(upTo: count, count: 100)
  }

  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameters:
  ///   - count: steps, or episodes.
  ///   - archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    _ count: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [TabularRun] {
    try runs(count, (0..<seeds).map { UInt64($0) }, progress, archive)
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    _ count: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> TabularRun {
    // One seed, one run.
    try runs(count, [seed], progress, nil)[0]
  }

  private func runs(
    _ count: Int, _ seeds: [UInt64], _ progress: ProgressHandler, _ archive: RunArchive?
  ) throws -> [TabularRun] {
    let level = try bonusLevel(count)
    switch (algorithm, horizon) {
    case (.ucrl2, _):
      return try endless(count, seeds, progress, archive) { _ in
        UCRL2Learner(environment, delta: options.delta, radiusDivisor: options.radiusDivisor)
      }
    case (.psrl, nil):
      return try endless(count, seeds, progress, archive) {
        PosteriorLearner(environment, seed: $0)
      }
    case (.qLearning, nil):
      return try endless(count, seeds, progress, archive) {
        QLearner(
          environment, exploration: options.exploration, discount: options.discount, seed: $0)
      }
    case (.ucbvi, .some(let horizon)):
      return try episodic(count, seeds, progress, archive) { _ in
        UCBVILearner(
          environment, horizon: horizon, optimalValues: scaledOptimalValues(horizon), level: level)
      }
    case (.psrl, .some(let horizon)):
      return try episodic(count, seeds, progress, archive) {
        EpisodicPosteriorLearner(environment, horizon: horizon, seed: $0)
      }
    case (.qLearning, .some(let horizon)):
      return try episodic(count, seeds, progress, archive) { _ in
        EpisodicQLearner(environment, horizon: horizon, exploration: options.exploration)
      }
    case (.ucbvi, nil): preconditionFailure("UCBVI needs a horizon")
    }
  }

  private func endless(
    _ steps: Int, _ seeds: [UInt64], _ progress: ProgressHandler, _ archive: RunArchive?,
    _ learner: @Sendable (UInt64) -> some AverageLearner
  ) throws -> [TabularRun] {
    try seededRuns(seeds, total: steps, progress: progress, archive: archive) {
      EndlessAccount(self, learner($0), steps: steps, seed: $0)
    }
  }

  private func episodic(
    _ episodes: Int, _ seeds: [UInt64], _ progress: ProgressHandler, _ archive: RunArchive?,
    _ learner: @Sendable (UInt64) -> some EpisodicLearner
  ) throws -> [TabularRun] {
    try seededRuns(seeds, total: episodes, progress: progress, archive: archive) {
      EpisodicAccount(self, learner($0), episodes: episodes, seed: $0)
    }
  }

  /// `V*_h` for rewards scaled to `[0, 1]`.
  private func scaledOptimalValues(_ horizon: Int) -> [[Rational]] {
    let range = environment.rewardRange
    return (optimalValues ?? []).enumerated().map { step, values in
      values.map {
        range.isZero
          ? 0 : ($0 - environment.leastReward * Rational(horizon - step)) / range
      }
    }
  }
}
