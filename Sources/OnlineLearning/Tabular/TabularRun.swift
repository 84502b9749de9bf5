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
  /// - Parameter count: steps, or episodes.
  /// - Throws: ``Interrupted``.
  public func runs(
    _ count: Int, seeds: Int, progress: ProgressHandler = .none
  ) throws -> [TabularRun] {
    try seededRuns(seeds, progress: progress) { seed in
      try run(count, seed: seed, progress: progress)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    _ count: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> TabularRun {
    switch (algorithm, horizon) {
    case (.ucrl2, _):
      let learner = UCRL2Learner(
        environment, delta: options.delta, radiusDivisor: options.radiusDivisor)
      return try endless(learner, count, seed, progress)
    case (.psrl, nil):
      return try endless(PosteriorLearner(environment, seed: seed), count, seed, progress)
    case (.qLearning, nil):
      let learner = QLearner(
        environment, exploration: options.exploration, discount: options.discount, seed: seed)
      return try endless(learner, count, seed, progress)
    case (.ucbvi, .some(let horizon)):
      let learner = UCBVILearner(
        environment, horizon: horizon, optimalValues: scaledOptimalValues(horizon),
        level: try bonusLevel(episodes: count, horizon: horizon))
      return try episodic(learner, count, seed, progress)
    case (.psrl, .some(let horizon)):
      let learner = EpisodicPosteriorLearner(environment, horizon: horizon, seed: seed)
      return try episodic(learner, count, seed, progress)
    case (.qLearning, .some(let horizon)):
      let learner = EpisodicQLearner(
        environment, horizon: horizon, exploration: options.exploration)
      return try episodic(learner, count, seed, progress)
    case (.ucbvi, nil): preconditionFailure("UCBVI needs a horizon")
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

  // MARK: - Without end

  private func endless(
    _ learner: some AverageLearner, _ steps: Int, _ seed: UInt64, _ progress: ProgressHandler
  ) throws(Interrupted) -> TabularRun {
    var learner = learner
    var random = SplitMix64(seed: seed)
    var state = Int(start.index)
    var visits = [Int64](repeating: 0, count: environment.sampler.slotCount)
    var regrets: [Rational] = []
    let marks = Self.checkpoints(upTo: steps)
    regrets.reserveCapacity(marks.count)
    var next = 0
    for mark in marks {
      while next < mark {
        if next & 0xFFF == 0 { try progress.checkpoint() }
        next += 1
        let choice = try learner.choice(at: state, step: next, progress: progress)
        let slot = environment.sampler.slot(of: choice, draw: random.next())
        visits[slot] += 1
        state = environment.sampler.successor(at: slot)
        learner.observe(choice, slot: slot)
      }
      regrets.append((gain ?? 0) * Rational(mark) - earned(visits))
    }
    // Σ G_t for scaled rewards, back in the units of the model, less what was earned.
    let certificate = learner.optimisticGains.map {
      $0 * environment.rewardRange + environment.leastReward * Rational(steps) - earned(visits)
    }
    return TabularRun(
      seed: seed, regret: regrets.last ?? 0, regrets: regrets, certificate: certificate,
      isCovered: learner.isCovered, switches: max(0, learner.switches))
  }

  private func earned(_ visits: [Int64]) -> Rational {
    zip(visits, environment.rewards).reduce(Rational.zero) { $0 + $1.1 * Rational(Int($1.0)) }
  }

  // MARK: - In episodes

  private func episodic(
    _ learner: some EpisodicLearner, _ episodes: Int, _ seed: UInt64,
    _ progress: ProgressHandler
  ) throws(Interrupted) -> TabularRun {
    var learner = learner
    var random = SplitMix64(seed: seed)
    var explorer = SplitMix64(seed: ~seed)
    var account = PolicyAccount(environment.lookahead, start: start)
    var (regret, promised) = (Rational.zero, Rational.zero)
    var regrets: [Rational] = []
    let marks = Self.checkpoints(upTo: episodes)
    let best = optimalValues?[0][Int(start.index)] ?? 0
    let least = environment.leastReward * Rational(horizon ?? 0)
    for episode in 1...max(1, episodes) {
      try progress.checkpoint()
      learner.plan()
      let value = account.value(of: learner.policy, exploration: learner.exploration)
      regret += best - value
      if let optimistic = learner.optimisticValue {
        promised += optimistic * environment.rewardRange + least - value
      }
      var state = Int(start.index)
      for step in learner.policy.indices {
        var choice = learner.policy[step][state]
        let choices = model.choiceRange(at: state)
        if let place = learner.exploration?.draw(choices.count, using: &explorer) {
          choice = choices.lowerBound + place
        }
        let slot = environment.sampler.slot(of: choice, draw: random.next())
        learner.observe(choice, slot: slot, state: state, step: step)
        state = environment.sampler.successor(at: slot)
      }
      if episode == marks[regrets.count] { regrets.append(regret) }
    }
    return TabularRun(
      seed: seed, regret: regret, regrets: regrets,
      certificate: learner.optimisticValue == nil ? nil : promised,
      isCovered: learner.isCovered, switches: account.switches)
  }
}

/// The exact values of the policies of episodes; a policy that comes again is not worked out again.
struct PolicyAccount {
  private let lookahead: BellmanOperator
  private let start: Int
  private var known: [[[Int]]: Rational] = [:]
  private var last: [[Int]]?
  private(set) var switches = 0
  /// Policies whose values are kept; more are worked out again.
  private static let mostPolicies = 1000

  init(_ lookahead: BellmanOperator, start: State) {
    self.lookahead = lookahead
    self.start = Int(start.index)
  }

  /// The value of the start.
  mutating func value(of policy: [[Int]], exploration: Exploration?) -> Rational {
    if let last, last != policy { switches += 1 }
    last = policy
    if let value = known[policy] { return value }
    let value = evaluate(policy, exploration?.probability ?? 0)
    if known.count < Self.mostPolicies { known[policy] = value }
    return value
  }

  private func evaluate(_ policy: [[Int]], _ exploration: Rational) -> Rational {
    let model = lookahead.model
    var values = [Rational](repeating: 0, count: model.stateCount)
    for choices in policy.reversed() {
      values = values.indices.map { state in
        let own = lookahead.lookahead(Choice(choices[state]), over: values)
        if exploration.isZero { return own }
        let range = model.choiceRange(at: state)
        let sum = range.reduce(Rational.zero) {
          $0 + lookahead.lookahead(Choice($1), over: values)
        }
        return (1 - exploration) * own + exploration * sum / Rational(range.count)
      }
    }
    return values[start]
  }
}
