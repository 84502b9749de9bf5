import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// LOOP on an exact model: seeded runs, exact expectations, and the bound that they are held to.
public struct FiniteClassExperiment: Sendable {
  /// What is chosen freely.
  public struct Options: Sendable {
    /// The failure probability of the bound, in `(0, 1)`.
    public var delta = Rational(1, 20)
    /// `β`; `nil` for the upper end of an enclosure of the least one, `(B²/2) ι`.
    public var radius: Rational?
    /// `c`: at least 1.
    public var keep = Rational.one

    public init() {}
  }

  public let hypotheses: HypothesisClass
  /// The model that the learner meets.
  public let model: FiniteMDP
  /// The number of the model in the class; `nil` when it is not in it, and nothing is claimed then.
  public let truth: Int?
  public let start: State
  public let options: Options
  /// `β`.
  public let radius: Rational
  /// The optimal gain of the model.
  public let gain: Rational
  /// The longest sequence of independent points of the error table; `nil` without a truth.
  public let eluder: EluderDimension?
  let sampler: TransitionSampler
  let table: LossTable

  /// - Parameter model: what the learner meets; it has the choices and the reward of the class.
  /// - Throws: ``LearningError``; ``BoundError/unfit(place:problem:)`` when the model does not fit
  ///   the class; what solving throws.
  public init(
    _ hypotheses: HypothesisClass, model: FiniteMDP, reward: String, start: State,
    options: Options = Options(), progress: ProgressHandler = .none
  ) throws {
    guard options.delta.signum > 0, options.delta < 1 else {
      throw LearningError.option(
        name: "delta", value: options.delta, rule: "more than 0 and less than 1")
    }
    guard options.keep >= 1 else {
      throw LearningError.option(name: "keep", value: options.keep, rule: "at least 1")
    }
    if let radius = options.radius, radius.isNegative {
      throw LearningError.option(name: "beta", value: radius, rule: "at least 0")
    }
    self.hypotheses = hypotheses
    self.model = model
    self.start = start
    self.options = options
    // The pair is a class of its own, which checks that choices and rewards agree.
    gain = try HypothesisClass(
      [hypotheses.models[0], model], reward: reward, progress: progress
    ).gains[1]
    truth = hypotheses.index(of: model)
    radius = try options.radius ?? Self.leastRadius(hypotheses, delta: options.delta)
    sampler = TransitionSampler(model)
    table = try LossTable(hypotheses, truth: model, progress: progress)
    eluder = try truth.map {
      try EluderDimension(of: hypotheses.errorTable(truth: $0), progress: progress)
    }
  }

  /// The upper end of an enclosure of `(B²/2) ι`, `ι = log((2N - 1)/δ)`.
  private static func leastRadius(
    _ hypotheses: HypothesisClass, delta: Rational
  ) throws -> Rational {
    let range = hypotheses.largestRange
    if range.isZero { return 0 }
    let events = Rational(2 * hypotheses.models.count - 1)
    let level = try Enclosure(events / delta).logarithm(bits: 48)
    return (level * (range * range / 2)).roundedOutward(bits: 40).upper
  }

  /// A learner that has seen nothing.
  public var learner: FiniteClassLearner {
    FiniteClassLearner(hypotheses, table: table, radius: radius, keep: options.keep)
  }

  /// The reward `r(s,a,s')`, which the whole class shares.
  func reward(_ choice: Choice, _ successor: State) -> Rational {
    hypotheses.reward.value(
      state: model.state(of: choice), action: model.action(of: choice), successor: successor)
  }

  // MARK: - Bounds

  /// What Theorem L says of the regret of `steps` steps.
  ///
  /// - Returns: `nil` where it says nothing: the model is not in the class, or `β` is below the
  ///   least radius.
  /// - Throws: ``BoundError``.
  public func bound(steps: Int) throws -> CertifiedValue? {
    guard let truth, steps > 0 else { return nil }
    var parameters: [String: Rational] = [
      "N": Rational(hypotheses.models.count), "B": hypotheses.largestRange,
      "H": hypotheses.largestSpan, "T": Rational(steps), "delta": options.delta,
      "keep": options.keep, "beta": radius,
    ]
    if let eluder, eluder.isExact { parameters["eluder"] = Rational(eluder.value) }
    if let least = hypotheses.leastError(truth: truth) { parameters["zmin"] = least }
    do {
      return try BoundCatalogue.certified(named: "loop-finite")(parameters)
    } catch BoundError.conditionViolated {
      return nil
    }
  }

  /// `(g* - r_min) T`, which no run exceeds.
  public func trivialBound(steps: Int) -> Rational {
    var least: Rational?
    for choice in 0..<model.choiceCount {
      for (successor, _) in model.transitions(of: Choice(choice)) {
        let value = reward(Choice(choice), successor)
        least = min(least ?? value, value)
      }
    }
    return (gain - (least ?? 0)) * Rational(steps)
  }
}
