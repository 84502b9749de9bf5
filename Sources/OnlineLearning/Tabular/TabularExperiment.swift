import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds

/// A learner of finite models without structure, on an exact model.
///
/// Without a horizon a run goes on without end, and regret is `Σ_t (g* - r_t)` with the optimal gain
/// and the rewards that were drawn. With a horizon `H` it is a sequence of episodes from one state,
/// and regret is `Σ_k (V* - V^{π_k})(s_1)`. Both are exact.
public struct TabularExperiment: Sendable {
  /// What learns.
  public enum Algorithm: String, Sendable, CaseIterable {
    /// Optimism within confidence sets; without horizon.
    case ucrl2
    /// Optimism through bonuses; with a horizon.
    case ucbvi
    /// Posterior sampling; both.
    case psrl
    /// Q-learning with an ε-greedy policy; both.
    case qLearning = "q-learning"
  }

  /// What is chosen freely.
  public struct Options: Sendable {
    /// The failure probability of the bound, in `(0, 1)`.
    public var delta = Rational(1, 20)
    /// The share of uniform choices of Q-learning, in `[0, 1]`.
    public var exploration = Rational(1, 10)
    /// The discount of Q-learning without horizon, in `[0, 1)`.
    public var discount = Rational(99, 100)
    /// What the radii of `ucrl2` are divided by: 1, unless a test breaks them on purpose.
    var radiusDivisor = 1

    public init() {}
  }

  public let algorithm: Algorithm
  public let options: Options
  /// `H`; `nil` for runs without end.
  public let horizon: Int?
  /// The optimal gain, from the start; `nil` with a horizon.
  public let gain: Rational?
  /// The diameter; `nil` where it is infinite, and with a horizon.
  public let diameter: Rational?
  /// `V*_h` for `h = 1, …, H + 1`, one entry a state; `nil` without horizon.
  public let optimalValues: [[Rational]]?
  let environment: TabularEnvironment

  public var model: FiniteMDP { environment.model }
  public var start: State { environment.start }
  /// The least and the largest reward of a possible transition.
  public var rewardRange: (least: Rational, largest: Rational) {
    (environment.leastReward, environment.largestReward)
  }

  /// - Throws: ``LearningError``; what solving the model throws; ``Interrupted``.
  public init(
    _ algorithm: Algorithm, on model: FiniteMDP, reward: String, horizon: Int? = nil,
    start: State, options: Options = Options(), progress: ProgressHandler = .none
  ) throws {
    try Self.check(algorithm, horizon, options)
    self.algorithm = algorithm
    self.options = options
    self.horizon = horizon
    environment = try TabularEnvironment(model, reward: reward, start: start)
    if let horizon {
      optimalValues = try environment.lookahead.bestValues(horizon: horizon, progress: progress)
      (gain, diameter) = (nil, nil)
      return
    }
    optimalValues = nil
    var solving = SolverOptions()
    solving.progress = progress
    let solution = try solve(AverageProblem(model: model, reward: reward), options: solving)
    guard let gains = solution.exactValues?.gain else { throw Interrupted(.memoryLimit) }
    gain = gains[Int(start.index)]
    // Only the bound of UCRL2 asks for it.
    diameter = algorithm == .ucrl2 ? try Diameter(of: model, progress: progress).value() : nil
  }

  private static func check(
    _ algorithm: Algorithm, _ horizon: Int?, _ options: Options
  ) throws(LearningError) {
    guard options.delta.signum > 0, options.delta < 1 else {
      throw .option(name: "delta", value: options.delta, rule: "more than 0 and less than 1")
    }
    guard !options.exploration.isNegative, options.exploration <= 1 else {
      throw .option(
        name: "epsilon", value: options.exploration, rule: "at least 0 and at most 1")
    }
    guard !options.discount.isNegative, options.discount < 1 else {
      throw .option(name: "discount", value: options.discount, rule: "at least 0 and less than 1")
    }
    if let horizon {
      precondition(algorithm != .ucrl2, "UCRL2 has no episodes of fixed length")
      guard horizon > 0 else {
        throw .option(name: "horizon", value: Rational(horizon), rule: "at least 1")
      }
    } else {
      precondition(algorithm != .ucbvi, "UCBVI needs a horizon")
    }
  }

  /// What is counted: the steps of a run without end, or the episodes.
  public var unit: String { horizon == nil ? "steps" : "episodes" }

  // MARK: - Bounds

  /// What the theorem says of the regret after `count` steps, or episodes.
  ///
  /// - Returns: `nil` for a learner without theorem, and where its assumptions fail.
  /// - Throws: ``BoundError``.
  public func bound(_ count: Int) throws -> LearningBound? {
    var parameters: [String: Rational] = [
      "S": Rational(model.stateCount), "A": Rational(environment.largestChoiceCount),
      "delta": options.delta,
    ]
    switch (algorithm, horizon) {
    case (.ucrl2, _):
      guard let diameter else { return nil }
      parameters["D"] = diameter
      parameters["T"] = Rational(count)
    case (.ucbvi, .some(let horizon)):
      parameters["H"] = Rational(horizon)
      parameters["K"] = Rational(count)
    default: return nil
    }
    do {
      let name = algorithm == .ucrl2 ? "ucrl2" : "ucbvi-ch"
      let value = try BoundCatalogue.certified(named: name)(parameters)
      return LearningBound(
        value, factor: environment.rewardRange,
        allowance: algorithm == .ucbvi ? roundingAllowance(count) : 0)
    } catch BoundError.conditionViolated {
      return nil
    } catch BoundError.outOfRange {
      return nil
    }
  }

  /// What rounding can add to the regret of `episodes` episodes of UCBVI.
  ///
  /// A step overestimates by less than `2^-29`, like a bonus that is larger by as much, and the proof
  /// counts a bonus with a factor of at most `(1 + 1/H)^H < 3`.
  private func roundingAllowance(_ episodes: Int) -> Rational {
    3 * Rational(episodes) * Rational(horizon ?? 0) * environment.rewardRange
      / Rational(1 << (FixedPoint.bits - 1))
  }

  /// What holds without any theorem: the gain less the least reward at every step, or the span of
  /// what an episode can earn.
  public func trivialBound(_ count: Int) -> Rational {
    if let gain { return (gain - environment.leastReward) * Rational(count) }
    let best = optimalValues?[0][Int(start.index)] ?? 0
    return (best - environment.leastReward * Rational(horizon ?? 0)) * Rational(count)
  }

  /// `ln(5HSA·KH/δ)`, rounded up; 0 without a horizon.
  func bonusLevel(_ episodes: Int) throws -> Rational {
    guard let horizon else { return 0 }
    let steps = Rational(horizon) * Rational(horizon) * Rational(episodes)
    let sizes = Rational(model.stateCount) * Rational(environment.largestChoiceCount)
    return try Enclosure(5 * steps * sizes / options.delta).logarithm(bits: 48).upper
  }
}
