import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// UCRL-VTR on an exact episodic model whose kernel is a mixture of known kernels.
///
/// Notation: `P = Σ θ_i P_i` with the basis `P_1, …, P_d` known, `φ_V = (P_i V)_i`; in the offset
/// form `P = P_d + Σ_{i<d} θ_i (P_i - P_d)`, with one dimension less and features that vanish on
/// constants. Horizon `H`, cap `M` on optimal values, `L2 ≥ ‖φ_V‖²` for `V ∈ [0,1]^S`, `B2 ≥ ‖θ‖²`,
/// grid `g`.
///
/// Source: after Ayoub et al. 2020 and Jia et al. 2020; this form ours,
/// `proofs-notes/ucrl-vtr-regret.md`.
public struct MixtureExperiment: Sendable {
  /// What is chosen freely.
  public struct Options: Sendable {
    /// The failure probability of the bound, in `(0, 1)`.
    public var delta = Rational(1, 20)
    /// `M`; `nil` for the largest optimal value over all states and steps (1 if that is 0).
    public var valueCap: Rational?
    /// `λ`; `nil` for `L2 M²` (1 if that is 0).
    public var lambda: Rational?
    /// `g`: values are rounded up to multiples of `g/2`.
    public var grid = Rational(1, 65536)
    /// `B2`; `nil` for the squared norm of the mixture's weights of least norm.
    public var squaredParameterNorm: Rational?
    /// Whether to learn the offsets from the last kernel.
    public var usesOffsetForm = false

    public init() {}
  }

  public let model: FiniteMDP
  public let horizon: Int
  public let start: State
  public let options: Options
  /// The dimension of what is learned: `d`, or `d - 1` in the offset form.
  public let dimension: Int
  /// `θ`, of least norm.
  public let theta: [Rational]
  /// `M`.
  public let valueCap: Rational
  /// `L2`.
  public let squaredFeatureNorm: Rational
  /// `B2`.
  public let squaredParameterNorm: Rational
  /// `λ`.
  public let lambda: Rational
  /// `V*_h` for `h = 1, …, H + 1`: one entry a state.
  public let optimalValues: [[Rational]]
  let lookahead: BellmanOperator
  let sampler: TransitionSampler
  let features: MixtureFeatures
  /// The same in words; `nil` where they do not fit, or where a test wants the slow way.
  private(set) var words: MixtureWords?

  /// - Parameters:
  ///   - reward: the name of a reward whose expectations are at least 0.
  ///   - basis: kernels with the names and the available actions of `model`.
  /// - Throws: ``LearningError``; ``BoundError/unfit(place:problem:)`` when a kernel does not fit;
  ///   ``Interrupted``.
  public init(
    _ model: FiniteMDP, reward: String, basis: [FiniteMDP], horizon: Int, start: State,
    options: Options = Options(), progress: ProgressHandler = .none
  ) throws {
    guard let function = model.reward(named: reward) else {
      throw LearningError.unfit(place: "rewards", problem: "there is no reward '\(reward)'")
    }
    precondition(horizon > 0, "an episode has a step")
    self.model = model
    self.horizon = horizon
    self.start = start
    self.options = options
    lookahead = BellmanOperator(model: model, reward: function, discount: 1)
    sampler = TransitionSampler(model)
    try Self.check(options)
    try Self.requireGains(lookahead)
    let kernels = try TransitionFeatures(basis: basis, over: model)
    guard let theta = try Self.weights(of: model, in: kernels, options, progress) else {
      throw LearningError.unfit(
        place: "transitions", problem: "the model is no mixture of the basis kernels")
    }
    self.theta = theta
    dimension = theta.count
    let used = options.usesOffsetForm ? kernels.offsetForm : kernels
    squaredFeatureNorm = try FeatureNorm(of: used, progress: progress).squared
    squaredParameterNorm = try Self.parameterNorm(of: theta, options)
    optimalValues = try lookahead.bestValues(horizon: horizon, progress: progress)
    valueCap = try Self.cap(optimalValues, options)
    let scale = squaredFeatureNorm * valueCap * valueCap
    lambda = options.lambda ?? (scale.isZero ? 1 : scale)
    features = MixtureFeatures(
      kernels, isOffset: options.usesOffsetForm, grid: options.grid, cap: valueCap)
    words = MixtureWords(self, kernels)
  }

  /// The same experiment, planned with long integers throughout: the reference for tests.
  var withoutWords: MixtureExperiment {
    var other = self
    other.words = nil
    return other
  }

  private static func check(_ options: Options) throws(LearningError) {
    guard options.delta.signum > 0, options.delta < 1 else {
      throw .option(name: "delta", value: options.delta, rule: "more than 0 and less than 1")
    }
    for (name, value) in [
      ("grid", options.grid), ("lambda", options.lambda ?? 1),
      ("value-cap", options.valueCap ?? 1),
    ] where value.signum <= 0 {
      throw .option(name: name, value: value, rule: "more than 0")
    }
  }

  static func requireGains(_ lookahead: BellmanOperator) throws(LearningError) {
    for choice in 0..<lookahead.reward.count where lookahead.reward[choice].isNegative {
      let model = lookahead.model
      let state = model.states[Int(model.state(of: Choice(choice)).index)]
      let action = model.actions[Int(model.action(of: Choice(choice)).index)]
      throw .unfit(
        place: "rewards",
        problem: "the reward of '\(action)' at '\(state)' is \(lookahead.reward[choice]), but the"
          + " theorem needs rewards of at least 0")
    }
  }

  private static func weights(
    of model: FiniteMDP, in kernels: TransitionFeatures, _ options: Options,
    _ progress: ProgressHandler
  ) throws -> [Rational]? {
    options.usesOffsetForm
      ? try MixtureRecognition.offsetTheta(of: model, in: kernels, progress: progress)
      : try MixtureRecognition(of: model, in: kernels, progress: progress).minimumNormTheta
  }

  private static func parameterNorm(
    of theta: [Rational], _ options: Options
  ) throws(LearningError) -> Rational {
    let norm = theta.reduce(Rational.zero) { $0 + $1 * $1 }
    guard let given = options.squaredParameterNorm else { return norm }
    guard given >= norm else {
      throw .option(
        name: "theta-bound", value: given,
        rule: "at least the squared norm of the true weights, \(norm)")
    }
    return given
  }

  private static func cap(
    _ values: [[Rational]], _ options: Options
  ) throws(LearningError) -> Rational {
    let largest = values.joined().max() ?? 0
    guard let given = options.valueCap else { return largest.isZero ? 1 : largest }
    guard given >= largest else {
      throw .option(
        name: "value-cap", value: given, rule: "at least the largest optimal value, \(largest)")
    }
    return given
  }

  // MARK: - Bounds

  /// What the theorem says of the regret of `episodes` episodes, with probability `1 - delta`.
  ///
  /// - Throws: ``BoundError``.
  public func bound(episodes: Int) throws -> CertifiedValue {
    var parameters = boundParameters(episodes: episodes)
    if hasNothingToLearn {
      // What remains is the grid's error, that of `KH` steps on their own.
      parameters["H"] = 1
      parameters["K"] = Rational(episodes) * Rational(horizon)
    }
    return try BoundCatalogue.certified(named: "ucrl-vtr")(parameters)
  }

  var hasNothingToLearn: Bool { dimension == 0 || squaredFeatureNorm.isZero }

  func boundParameters(episodes: Int) -> [String: Rational] {
    [
      "H": Rational(horizon), "K": Rational(episodes), "d": Rational(max(1, dimension)),
      "M": valueCap, "L2": squaredFeatureNorm, "B2": squaredParameterNorm,
      "delta": options.delta, "lambda": lambda, "grid": options.grid,
    ]
  }

  /// `K M`: no learner has more regret.
  public func trivialBound(episodes: Int) -> Rational { Rational(episodes) * valueCap }
}

extension BellmanOperator {
  /// The optimal values of each step, exactly: `horizon + 1` vectors, the last one 0.
  ///
  /// - Throws: ``Interrupted``.
  func bestValues(horizon: Int, progress: ProgressHandler) throws(Interrupted) -> [[Rational]] {
    var steps = [[Rational](repeating: 0, count: model.stateCount)]
    for step in 0..<horizon {
      try progress.checkpoint()
      progress.report("optimal values", fraction: Double(step) / Double(horizon))
      let next = steps[step]
      steps.append(
        (0..<model.stateCount).map { state in
          let choices = model.choiceRange(at: state)
          var best = lookahead(Choice(choices.lowerBound), over: next)
          for choice in choices.dropFirst() {
            best = max(best, lookahead(Choice(choice), over: next))
          }
          return best
        })
    }
    return steps.reversed()
  }

  /// The values of a policy that is given step by step, one choice a state: `H + 1` vectors.
  func values(of policy: [[Choice]]) -> [[Rational]] {
    var steps = [[Rational](repeating: 0, count: model.stateCount)]
    for choices in policy.reversed() {
      let next = steps[steps.count - 1]
      steps.append(choices.map { lookahead($0, over: next) })
    }
    return steps.reversed()
  }
}
