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
  /// - Throws: ``Interrupted``.
  public func runs(
    episodes: Int, seeds: Int, progress: ProgressHandler = .none
  ) throws -> [MixtureRun] {
    try seededRuns(seeds, progress: progress) { seed in
      try run(episodes: episodes, seed: seed, progress: progress)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``.
  public func run(
    episodes: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> MixtureRun {
    var account = MixtureAccount(self, seed: seed)
    let marks = Self.checkpoints(upTo: episodes)
    var regrets: [Rational] = []
    for episode in 1...max(1, episodes) {
      try progress.checkpoint()
      try account.playEpisode()
      if episode == marks[regrets.count] { regrets.append(account.regret) }
    }
    return account.run(seed: seed, regrets: regrets)
  }
}

/// A run as it goes on: the learner, and what is counted about it.
struct MixtureAccount {
  private let experiment: MixtureExperiment
  private var random: SplitMix64
  private(set) var regression: MixtureRegression
  private var values: [[[Choice]]: [[Rational]]] = [:]
  private var lastPolicy: [[Choice]]?
  private(set) var regret = Rational.zero
  private var bonuses: (lower: Integer, upper: Integer) = (0, 0)
  private var noise = Rational.zero
  private var episodes = 0
  private var switches = 0
  private(set) var isCovered = true
  private(set) var isOptimistic = true

  /// Policies whose values are kept; more are worked out again.
  private static let mostPolicies = 1000

  init(_ experiment: MixtureExperiment, seed: UInt64) {
    self.experiment = experiment
    random = SplitMix64(seed: seed)
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
    let own = policyValues(plan.policy)
    regret += experiment.optimalValues[0][start] - own[0][start]
    if let lastPolicy, lastPolicy != plan.policy { switches += 1 }
    lastPolicy = plan.policy
    episodes += 1
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
      count(plan.bonus(of: Int(choice.index), feature, step: step, experiment))
      let excess = zip(after, own[step + 1]).map { Rational($0, features.valueScale) - $1 }
      noise += mean(of: excess, after: choice) - excess[Int(next.index)]
      regression.add(
        feature, target: features.target(of: after, after: Int(choice.index), to: next))
    }
  }

  private var start: Int { Int(experiment.start.index) }

  private func mean(of values: [Rational], after choice: Choice) -> Rational {
    experiment.model.transitions(of: choice).reduce(Rational.zero) {
      $0 + $1.probability * values[Int($1.successor.index)]
    }
  }

  /// Adds `min{M, 2β‖x‖}`, in units of `2^-p`.
  private mutating func count(_ bonus: (lower: Integer, upper: Integer)) {
    let (cap, precision) = (experiment.valueCap, experiment.precision)
    bonuses.lower += min(bonus.lower << 1, cap.floor(timesTwoToThe: precision))
    bonuses.upper += min(bonus.upper << 1, -(-cap).floor(timesTwoToThe: precision))
  }

  /// Holds the plan against the truth, which the learner does not know.
  private mutating func judge(_ plan: EpisodePlan) {
    if !plan.covers(experiment, regression) { isCovered = false }
    if isOptimistic { isOptimistic = plan.isOptimistic(experiment) }
  }

  private mutating func policyValues(_ policy: [[Choice]]) -> [[Rational]] {
    if let known = values[policy] { return known }
    let found = experiment.lookahead.values(of: policy)
    if values.count < Self.mostPolicies { values[policy] = found }
    return found
  }

  func run(seed: UInt64, regrets: [Rational]) -> MixtureRun {
    let precision = experiment.precision
    let grid = experiment.options.grid * Rational(episodes) * Rational(experiment.horizon)
    let sum = Enclosure(
      lower: Rational(bonuses.lower, timesTwoToThe: -precision),
      upper: Rational(bonuses.upper, timesTwoToThe: -precision))
    return MixtureRun(
      seed: seed, regret: regret, regrets: regrets, certificate: sum + (grid + noise),
      isCovered: isCovered, isOptimistic: isOptimistic, switches: switches)
  }
}
