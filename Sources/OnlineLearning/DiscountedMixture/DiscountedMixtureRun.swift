import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// One seeded run of UCLK, with exact accounts.
public struct DiscountedMixtureRun: Sendable, Hashable {
  public let seed: UInt64
  /// `Σ_t (V* - V^{π_k})(s_t)` with the stationary greedy policy `π_k` of the running epoch.
  public let regret: Rational
  /// The same at each of ``DiscountedMixtureExperiment/checkpoints(upTo:)``.
  public let regrets: [Rational]
  /// At least the regret where ``isCovered``.
  public let certificate: Enclosure
  /// Whether the true weights lay in the confidence set of every epoch, and every epoch was planned.
  public let isCovered: Bool
  /// Whether `V_k ≥ V*` in every epoch.
  public let isOptimistic: Bool
  /// The epochs after the first.
  public let switches: Int
}

extension DiscountedMixtureRun: AccountedRun {
  public var certifiedRegret: Rational? { certificate.upper }
  public var coverage: Bool? { isCovered }
}

extension DiscountedMixtureExperiment {
  /// The numbers of steps at which regret is recorded.
  public static func checkpoints(upTo steps: Int) -> [Int] {
    OnlineLearning.checkpoints(upTo: steps, count: 100)
  }

  /// Runs for the seeds `0..<seeds`, in this order.
  ///
  /// - Parameter archive: where runs that are stopped are kept, and taken up again from.
  /// - Throws: ``Interrupted``; ``ArchiveError``; ``LearningError`` where planning is too hard.
  public func runs(
    steps: Int, seeds: Int, progress: ProgressHandler = .none, archive: RunArchive? = nil
  ) throws -> [DiscountedMixtureRun] {
    try seededRuns(seeds, total: steps, progress: progress, archive: archive) {
      try DiscountedMixtureAccount(self, steps: steps, seed: $0, progress)
    }
  }

  /// The run of one seed.
  ///
  /// - Throws: ``Interrupted``; ``LearningError`` where planning is too hard.
  public func run(
    steps: Int, seed: UInt64, progress: ProgressHandler = .none
  ) throws -> DiscountedMixtureRun {
    try seededRun(seed, total: steps, progress: progress) {
      try DiscountedMixtureAccount(self, steps: steps, seed: $0, progress)
    }
  }
}

/// A run as it goes on.
private struct DiscountedMixtureAccount: ResumableRun {
  private let experiment: DiscountedMixtureExperiment
  private let seed: UInt64
  private let horizonRadius: HorizonRadius
  private var planner: EpochPlanner
  private var regression: MixtureRegression
  /// The regression at the start of the epoch.
  private var epochRegression: MixtureRegression
  private var random: SplitMix64
  private var record: RegretRecord
  private(set) var done = 0
  private var state: State
  private var plan: EpochPlan
  private var epoch: Epoch
  private var determinant: Rational
  private var regret = Rational.zero
  private var bonuses = Enclosure(0)
  private var noise = Rational.zero
  private var switches = 0
  private var isCovered = true
  private var isOptimistic = true

  /// What stays the same within an epoch, state by state.
  private struct Epoch {
    /// `V* - V^π`.
    let losses: [Rational]
    /// `V_k - V^π`, and its mean after the policy's choice.
    let excess: [Rational]
    let means: [Rational]
    let features: [[Integer]]
    /// `min{M, (2 + ε)β‖x‖}`.
    let bonuses: [Enclosure]
  }

  init(
    _ experiment: DiscountedMixtureExperiment, steps: Int, seed: UInt64,
    _ progress: ProgressHandler
  ) throws {
    self.experiment = experiment
    self.seed = seed
    record = RegretRecord(marks: DiscountedMixtureExperiment.checkpoints(upTo: steps))
    horizonRadius = try HorizonRadius(experiment, steps: steps)
    planner = EpochPlanner(experiment)
    let mixture = experiment.mixture
    regression = MixtureRegression(
      dimension: mixture.dimension, scale: mixture.features.scale, lambda: mixture.lambda)
    epochRegression = regression
    random = SplitMix64(seed: seed)
    state = experiment.start
    // Before the first sample the confidence set holds every weight that the bound of ‖θ‖ allows.
    guard
      let first = try planner.plan(regression, horizonRadius, progress: progress)
    else {
      throw LearningError.unfit(
        place: "transitions", problem: "the first confidence set cannot be planned for")
    }
    plan = first
    determinant = 1
    epoch = try Self.epoch(experiment, first, progress)
    judge()
  }

  private static func epoch(
    _ experiment: DiscountedMixtureExperiment, _ plan: EpochPlan, _ progress: ProgressHandler
  ) throws -> Epoch {
    let (mixture, model) = (experiment.mixture, experiment.model)
    let policy = try Policy(plan.policy.map { model.action(of: $0) }, in: model)
    let own = try discountedValues(
      of: policy, in: model, reward: mixture.lookahead.reward, discount: experiment.discount,
      progress: progress)
    let excess = zip(plan.values, own).map { Rational($0, mixture.features.valueScale) - $1 }
    let features = plan.policy.map {
      mixture.features.image(of: plan.values, after: Int($0.index)).feature
    }
    let precision = mixture.precision
    let ends = (
      lower: plan.radius.lower.floor(timesTwoToThe: precision),
      upper: -(-plan.radius.upper).floor(timesTwoToThe: precision)
    )
    let bonuses = features.map { feature -> Enclosure in
      let bonus = plan.estimate.bonus(feature, radius: ends)
      let factor = 2 + plan.slack
      return Enclosure(
        lower: min(
          mixture.valueCap, factor * Rational(bonus.lower, timesTwoToThe: -precision)),
        upper: min(
          mixture.valueCap, factor * Rational(bonus.upper, timesTwoToThe: -precision)))
    }
    return Epoch(
      losses: zip(experiment.optimalValues, own).map { $0 - $1 }, excess: excess,
      means: plan.policy.map { choice in
        model.transitions(of: choice).reduce(Rational.zero) {
          $0 + $1.probability * excess[Int($1.successor.index)]
        }
      }, features: features, bonuses: bonuses)
  }

  /// Holds the plan against the truth, which the learner does not know.
  private mutating func judge() {
    let mixture = experiment.mixture
    if !mixture.covers(regression, plan.estimate, plan.radius) { isCovered = false }
    let scale = mixture.features.valueScale
    isOptimistic =
      isOptimistic
      && zip(plan.values, experiment.optimalValues).allSatisfy { Rational($0, scale) >= $1 }
  }

  static var stride: Int { 256 }

  mutating func advance(by count: Int, progress: ProgressHandler) throws {
    for _ in 0..<count { try play(progress) }
  }

  private mutating func play(_ progress: ProgressHandler) throws {
    if hasDoubled { try startEpoch(progress) }
    let place = Int(state.index)
    let choice = plan.policy[place]
    let next = experiment.mixture.sampler.successor(of: choice, using: &random)
    regret += epoch.losses[place]
    bonuses = bonuses + epoch.bonuses[place]
    noise += epoch.means[place] - epoch.excess[Int(next.index)]
    regression.add(
      epoch.features[place],
      target: experiment.mixture.features.target(
        of: plan.values, after: Int(choice.index), to: next))
    state = next
    done += 1
    if record.isDue(at: done) { record.record(regret) }
  }

  /// Whether `det Σ > 2 det Σ_k`, exactly.
  private var hasDoubled: Bool {
    let limit = 2 * determinant
    if let data = regression.words(),
      let factor = JudgedFactor(data.matrix, dimension: regression.dimension, bits: data.bits)
    {
      // det(Σ/λ) = det(I + E)/∏ Z_ii², and det(I + E) lies between (1 - ε)^d and (1 + ε)^d.
      let square = factor.diagonal * factor.diagonal * limit
      if (1 + factor.error).power(factor.dimension) <= square { return false }
      if (1 - factor.error).power(factor.dimension) > square { return true }
    }
    return regression.estimate(precision: 1).determinantRatio > limit
  }

  private mutating func startEpoch(_ progress: ProgressHandler) throws {
    if let next = try planner.plan(regression, horizonRadius, progress: progress) {
      plan = next
      epochRegression = regression
      determinant = next.estimate.determinantRatio
      epoch = try Self.epoch(experiment, next, progress)
      switches += 1
      judge()
    } else {
      // No weights are left: the truth has been lost, and the old policy stays.
      isCovered = false
      determinant = regression.estimate(precision: 1).determinantRatio
    }
  }

  var outcome: DiscountedMixtureRun {
    let (gamma, cap) = (experiment.discount, experiment.mixture.valueCap)
    let sum = bonuses + (noise + Rational(switches + 1) * cap)
    let rounding = Rational(done) * experiment.tolerance * cap
    return DiscountedMixtureRun(
      seed: seed, regret: regret, regrets: record.regrets,
      certificate: (sum * (gamma * cap) + rounding).roundedOutward(bits: 64),
      isCovered: isCovered, isOptimistic: isOptimistic, switches: switches)
  }

  // MARK: - Setting aside

  struct Memento: Codable, Sendable {
    let done: Int
    let random: SplitMix64
    let state: Int32
    let regression, epochRegression: MixtureRegression.Memento
    let planner: EpochPlanner.Memento
    let plan: EpochPlan.Memento
    let determinant, regret, noise: Rational
    let bonuses, regrets: [Rational]
    let switches: Int
    let isCovered, isOptimistic: Bool
  }

  var memento: Memento {
    Memento(
      done: done, random: random, state: state.index, regression: regression.memento,
      epochRegression: epochRegression.memento, planner: planner.memento, plan: plan.memento,
      determinant: determinant, regret: regret, noise: noise,
      bonuses: [bonuses.lower, bonuses.upper], regrets: record.regrets, switches: switches,
      isCovered: isCovered, isOptimistic: isOptimistic)
  }

  mutating func restore(_ memento: Memento) throws {
    let states = experiment.model.stateCount
    try LearningError.require(
      memento.done >= 0 && (0..<states).contains(Int(memento.state))
        && memento.bonuses.count == 2 && memento.bonuses[0] <= memento.bonuses[1],
      "the account")
    (done, random) = (memento.done, memento.random)
    state = State(Int(memento.state))
    try regression.restore(memento.regression)
    try epochRegression.restore(memento.epochRegression)
    try planner.restore(memento.planner)
    plan = try EpochPlan(memento.plan, experiment, epochRegression)
    epoch = try Self.epoch(experiment, plan, .none)
    determinant = memento.determinant
    (regret, noise) = (memento.regret, memento.noise)
    bonuses = Enclosure(lower: memento.bonuses[0], upper: memento.bonuses[1])
    try record.restore(memento.regrets, at: done)
    switches = memento.switches
    (isCovered, isOptimistic) = (memento.isCovered, memento.isOptimistic)
  }
}
