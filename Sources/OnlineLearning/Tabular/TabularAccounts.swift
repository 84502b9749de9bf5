import ExactArithmetic
import MarkovDecisionProcesses

/// A run without end as it goes on.
struct EndlessAccount<Learner: AverageLearner>: ResumableRun {
  private let experiment: TabularExperiment
  private let seed: UInt64
  private var learner: Learner
  private var random: SplitMix64
  private var state: Int
  private var visits: [Int64]
  private var record: RegretRecord
  private(set) var done = 0

  init(_ experiment: TabularExperiment, _ learner: Learner, steps: Int, seed: UInt64) {
    self.experiment = experiment
    self.learner = learner
    self.seed = seed
    random = SplitMix64(seed: seed)
    state = Int(experiment.start.index)
    visits = Array(repeating: 0, count: experiment.environment.sampler.slotCount)
    record = RegretRecord(marks: TabularExperiment.checkpoints(upTo: steps))
  }

  static var stride: Int { 4096 }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    let sampler = experiment.environment.sampler
    let goal = done + count
    while done < goal {
      // Up to the next checkpoint nothing but the learner is asked.
      let mark = min(goal, max(done + 1, record.next))
      while done < mark {
        done += 1
        let choice = try learner.choice(at: state, step: done, progress: progress)
        let slot = sampler.slot(of: choice, draw: random.next())
        visits[slot] += 1
        state = sampler.successor(at: slot)
        learner.observe(choice, slot: slot)
      }
      if record.isDue(at: done) { record.record(regret) }
    }
  }

  private var earned: Rational {
    zip(visits, experiment.environment.rewards).reduce(Rational.zero) {
      $0 + $1.1 * Rational(Int($1.0))
    }
  }

  private var regret: Rational { (experiment.gain ?? 0) * Rational(done) - earned }

  var outcome: TabularRun {
    let environment = experiment.environment
    // Σ G_t for scaled rewards, back in the units of the model, less what was earned.
    let certificate = learner.optimisticGains.map {
      $0 * environment.rewardRange + environment.leastReward * Rational(done) - earned
    }
    return TabularRun(
      seed: seed, regret: regret, regrets: record.regrets, certificate: certificate,
      isCovered: learner.isCovered, switches: max(0, learner.switches))
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let done: Int
    let random: SplitMix64
    let learner: Learner.Memento
    let state: Int
    let visits: [Int64]
    let regrets: [Rational]
  }

  var memento: Memento {
    Memento(
      done: done, random: random, learner: learner.memento, state: state, visits: visits,
      regrets: record.regrets)
  }

  mutating func restore(_ memento: Memento) throws {
    try LearningError.require(
      memento.done >= 0 && memento.visits.count == visits.count
        && (0..<experiment.model.stateCount).contains(memento.state), "the account")
    try learner.restore(memento.learner)
    (done, random) = (memento.done, memento.random)
    (state, visits) = (memento.state, memento.visits)
    try record.restore(memento.regrets, at: done)
  }
}

/// A run in episodes as it goes on.
struct EpisodicAccount<Learner: EpisodicLearner>: ResumableRun {
  private let experiment: TabularExperiment
  private let seed: UInt64
  private var learner: Learner
  private var random: SplitMix64
  private var explorer: SplitMix64
  private var policies: PolicyAccount
  private var regret = Rational.zero
  private var promised = Rational.zero
  private var record: RegretRecord
  private(set) var done = 0

  init(_ experiment: TabularExperiment, _ learner: Learner, episodes: Int, seed: UInt64) {
    self.experiment = experiment
    self.learner = learner
    self.seed = seed
    random = SplitMix64(seed: seed)
    explorer = SplitMix64(seed: ~seed)
    policies = PolicyAccount(experiment.environment.lookahead, start: experiment.start)
    record = RegretRecord(marks: TabularExperiment.checkpoints(upTo: episodes))
  }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { playEpisode() }
  }

  private mutating func playEpisode() {
    let environment = experiment.environment
    let start = Int(experiment.start.index)
    learner.plan()
    let value = policies.value(of: learner.policy, exploration: learner.exploration)
    regret += (experiment.optimalValues?[0][start] ?? 0) - value
    if let optimistic = learner.optimisticValue {
      let least = environment.leastReward * Rational(learner.policy.count)
      promised += optimistic * environment.rewardRange + least - value
    }
    var state = start
    for step in learner.policy.indices {
      var choice = learner.policy[step][state]
      let choices = environment.model.choiceRange(at: state)
      if let place = learner.exploration?.draw(choices.count, using: &explorer) {
        choice = choices.lowerBound + place
      }
      let slot = environment.sampler.slot(of: choice, draw: random.next())
      learner.observe(choice, slot: slot, state: state, step: step)
      state = environment.sampler.successor(at: slot)
    }
    done += 1
    if record.isDue(at: done) { record.record(regret) }
  }

  var outcome: TabularRun {
    TabularRun(
      seed: seed, regret: regret, regrets: record.regrets,
      certificate: learner.optimisticValue == nil ? nil : promised,
      isCovered: learner.isCovered, switches: policies.switches)
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let done: Int
    let random, explorer: SplitMix64
    let learner: Learner.Memento
    let lastPolicy: [[Int]]
    let switches: Int
    let regret, promised: Rational
    let regrets: [Rational]
  }

  var memento: Memento {
    Memento(
      done: done, random: random, explorer: explorer, learner: learner.memento,
      lastPolicy: policies.last ?? [], switches: policies.switches, regret: regret,
      promised: promised, regrets: record.regrets)
  }

  mutating func restore(_ memento: Memento) throws {
    try LearningError.require(
      memento.done >= 0 && memento.lastPolicy.allSatisfy { experiment.environment.isPolicy($0) },
      "the account")
    try learner.restore(memento.learner)
    (done, random, explorer) = (memento.done, memento.random, memento.explorer)
    policies.goOn(
      after: memento.lastPolicy.isEmpty ? nil : memento.lastPolicy, switches: memento.switches)
    (regret, promised) = (memento.regret, memento.promised)
    try record.restore(memento.regrets, at: done)
  }
}

/// The exact values of the policies of episodes; a policy that comes again is not worked out again.
struct PolicyAccount {
  private let lookahead: BellmanOperator
  private let start: Int
  private var known: [[[Int]]: Rational] = [:]
  private(set) var last: [[Int]]?
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

  /// Takes up a run after this policy.
  mutating func goOn(after policy: [[Int]]?, switches: Int) {
    last = policy
    self.switches = switches
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
