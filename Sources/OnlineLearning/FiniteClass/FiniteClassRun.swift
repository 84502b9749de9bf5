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
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``.
  public func runs(
    steps: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [FiniteClassRun] {
    try seededRuns(seeds, total: steps, progress: progress, archive: archive) {
      FiniteClassAccount(self, steps: steps, seed: $0)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    steps: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> FiniteClassRun {
    try seededRun(seed, total: steps, progress: progress) {
      FiniteClassAccount(self, steps: steps, seed: $0)
    }
  }
}

/// LOOP as it goes on.
private struct FiniteClassAccount: ResumableRun {
  private let experiment: FiniteClassExperiment
  private let seed: UInt64
  private var random: SplitMix64
  private var learner: FiniteClassLearner
  private var state: State
  private var played: [Int]
  private var earned = Rational.zero
  private var record: RegretRecord
  private(set) var done = 0

  init(_ experiment: FiniteClassExperiment, steps: Int, seed: UInt64) {
    self.experiment = experiment
    self.seed = seed
    random = SplitMix64(seed: seed)
    learner = experiment.learner
    state = experiment.start
    played = Array(repeating: 0, count: experiment.hypotheses.models.count)
    record = RegretRecord(marks: FiniteClassExperiment.checkpoints(upTo: steps))
  }

  static var stride: Int { 1024 }

  private var regret: Rational { experiment.gain * Rational(done) - earned }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count {
      let choice = learner.choice(at: state)
      let successor = experiment.sampler.successor(of: choice, using: &random)
      played[learner.current] += 1
      earned += experiment.reward(choice, successor)
      learner.observe(choice, successor)
      state = successor
      done += 1
      if record.isDue(at: done) { record.record(regret) }
    }
  }

  var outcome: FiniteClassRun {
    FiniteClassRun(
      seed: seed, regret: regret, regrets: record.regrets, losses: learner.losses,
      isAlive: learner.isAlive, played: played, switches: learner.switches)
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let done: Int
    let random: SplitMix64
    let learner: FiniteClassLearner.Memento
    let state: Int32
    let played: [Int]
    let earned: Rational
    let regrets: [Rational]
  }

  var memento: Memento {
    Memento(
      done: done, random: random, learner: learner.memento, state: state.index, played: played,
      earned: earned, regrets: record.regrets)
  }

  mutating func restore(_ memento: Memento) throws {
    try LearningError.require(
      memento.done >= 0 && memento.played.count == played.count
        && (0..<experiment.model.stateCount).contains(Int(memento.state)),
      "the account")
    try learner.restore(memento.learner)
    (done, random) = (memento.done, memento.random)
    state = State(Int(memento.state))
    (played, earned) = (memento.played, memento.earned)
    try record.restore(memento.regrets, at: done)
  }
}
