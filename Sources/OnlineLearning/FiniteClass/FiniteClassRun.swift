import ExactArithmetic
import MarkovDecisionProcesses

/// One seeded run of LOOP, with exact accounts.
public struct FiniteClassRun: Sendable, Hashable {
  public let seed: UInt64
  /// `Σ_t (g* - r_t)` at the end.
  public let regret: Rational
  /// The same after each number of steps of `checkpoints`.
  public let regrets: [Rational]
  public let losses: [Rational]
  public let isAlive: [Bool]
  /// The steps in which each hypothesis was played.
  public let played: [Int]
  public let switches: Int
}

extension FiniteClassExperiment {
  /// The numbers of steps at which ``FiniteClassRun/regrets`` are taken.
  public static func checkpoints(upTo steps: Int) -> [Int] {
    OnlineLearning.checkpoints(upTo: steps, count: 100)
  }

  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Throws: ``Interrupted``.
  public func runs(
    steps: Int, seeds: Int, progress: ProgressHandler = .none
  ) throws -> [FiniteClassRun] {
    try seededRuns(seeds, progress: progress) { seed in
      try run(steps: steps, seed: seed, progress: progress)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    steps: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws(Interrupted) -> FiniteClassRun {
    var random = SplitMix64(seed: seed)
    var learner = learner
    var state = start
    var played = [Int](repeating: 0, count: hypotheses.models.count)
    var earned = Rational.zero
    var regrets: [Rational] = []
    let marks = Self.checkpoints(upTo: steps)
    for step in 0..<steps {
      if step & 0x3FF == 0 { try progress.checkpoint() }
      let choice = learner.choice(at: state)
      let successor = sampler.successor(of: choice, using: &random)
      played[learner.current] += 1
      earned += reward(choice, successor)
      learner.observe(choice, successor)
      state = successor
      if step + 1 == marks[regrets.count] { regrets.append(gain * Rational(step + 1) - earned) }
    }
    return FiniteClassRun(
      seed: seed, regret: gain * Rational(steps) - earned, regrets: regrets,
      losses: learner.losses, isAlive: learner.isAlive, played: played,
      switches: learner.switches)
  }
}
