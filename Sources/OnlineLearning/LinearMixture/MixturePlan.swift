import ExactArithmetic
import MarkovDecisionProcesses

/// One episode's optimistic plan.
///
/// `V_{H+1} = 0`, and for `h = H, …, 1`: `Q_h(s,a) = r + ⟨φ_V, θ̂⟩ + β‖φ_V‖_{Σ^{-1}}` with
/// `V = V_{h+1}`, rounded up to a multiple of `g/2` and then clipped to `[0, M]`; `V_h = max_a Q_h`.
/// What is rounded is itself an upper bound with an error far below `g/2`, so a step overestimates
/// by at most `g`.
struct MixturePlan: Sendable {
  /// `G V_h` for `h = 1, …, H + 1`.
  private(set) var values: [[Integer]]
  /// The greedy choice of each state at each step; where choices tie, the first.
  private(set) var policy: [[Choice]]
  /// `2^p` times the ends of an enclosure of `β`.
  let radius: (lower: Integer, upper: Integer)
  /// `p`.
  let precision: Int
  let estimate: MixtureEstimate

  /// The plan for the rewards of the experiment, with the radius of what has been seen.
  ///
  /// - Throws: ``EnclosureError`` where the radius has no value, which positive `λ` excludes.
  init(_ experiment: MixtureExperiment, _ regression: MixtureRegression) throws {
    let estimate = regression.estimate(precision: experiment.precision)
    let rewards = experiment.lookahead.reward
    self.init(
      experiment, estimate,
      radius: try experiment.radius(determinantRatio: estimate.determinantRatio),
      rewards: { _, choice in rewards[choice] })
  }

  /// The plan for any rewards of at least 0.
  ///
  /// - Parameter rewards: the reward of a choice at a step, counted from 0.
  init(
    _ experiment: MixtureExperiment, _ estimate: MixtureEstimate, radius beta: Enclosure,
    rewards: (_ step: Int, _ choice: Int) -> Rational
  ) {
    let (model, features) = (experiment.model, experiment.features)
    let precision = experiment.precision
    self.precision = precision
    self.estimate = estimate
    radius = (
      beta.lower.floor(timesTwoToThe: precision), -(-beta.upper).floor(timesTwoToThe: precision)
    )
    values = [[Integer](repeating: 0, count: model.stateCount)]
    policy = []
    for step in (0..<experiment.horizon).reversed() {
      let next = values[values.count - 1]
      var (own, chosen): ([Integer], [Choice]) = ([], [])
      for state in 0..<model.stateCount {
        var best: (choice: Int, value: Integer)?
        for choice in model.choiceRange(at: state) {
          let value = value(of: choice, rewards(step, choice), next, experiment, features)
          if best.map({ value > $0.value }) ?? true { best = (choice, value) }
        }
        // Every state has a choice.
        own.append(best?.value ?? 0)
        chosen.append(Choice(best?.choice ?? 0))
      }
      values.append(own)
      policy.append(chosen)
    }
    values.reverse()
    policy.reverse()
  }

  /// `G Q(s,a)`.
  private func value(
    of choice: Int, _ reward: Rational, _ next: [Integer], _ experiment: MixtureExperiment,
    _ features: MixtureFeatures
  ) -> Integer {
    let (feature, origin) = features.image(of: next, after: choice)
    let learned =
      estimate.prediction(feature, precision: precision)
      + estimate.bonus(feature, radius: radius).upper
    let sum = reward + origin + Rational(learned, timesTwoToThe: -precision)
    let step = experiment.options.grid / 2
    let rounded = Rational((sum / step).ceiling) * step
    return features.integer(max(0, min(experiment.valueCap, rounded)))
  }

  /// Whether `V_h ≥ V*_h` at all states and steps.
  func isOptimistic(_ experiment: MixtureExperiment) -> Bool {
    let scale = experiment.features.valueScale
    return zip(values, experiment.optimalValues).allSatisfy { own, best in
      zip(own, best).allSatisfy { Rational($0, scale) >= $1 }
    }
  }
}

extension MixtureExperiment {
  /// The bits after the point of radii and bonuses: their error is far below the grid.
  var precision: Int {
    100 + options.grid.denominator.bitLength + valueCap.ceiling.bitLength
  }

  /// `β = (M/2)√(log(det Σ/λᵈ) + 2 log(2/δ)) + √(λ B2)`.
  ///
  /// - Throws: ``EnclosureError``, which arguments of at least 1 and 0 exclude.
  func radius(determinantRatio ratio: Rational) throws -> Enclosure {
    try radius(logarithmOf: ratio, times: 1)
  }

  /// `(M/2)√(c log x + 2 log(2/δ)) + √(λ B2)` for `x ≥ 1`.
  ///
  /// - Throws: ``EnclosureError``, which arguments of at least 1 and 0 exclude.
  func radius(logarithmOf x: Rational, times factor: Rational) throws -> Enclosure {
    let bits = precision + 16
    let growth = try Enclosure(x).roundedOutward(significantBits: bits).logarithm(bits: bits)
    let events = try Enclosure(2 / options.delta).logarithm(bits: bits)
    // x is at least 1; rounding it must not take the logarithm below 0.
    let inside =
      Enclosure(lower: max(0, growth.lower), upper: growth.upper) * factor + events * 2
    let noise = try inside.squareRoot(bits: bits) * (valueCap / 2)
    return try noise + Enclosure(lambda * squaredParameterNorm).squareRoot(bits: bits)
  }

  /// Whether `‖θ̂ - θ‖_Σ` is at most the upper end of the radius, for the true `θ`.
  func covers(
    _ regression: MixtureRegression, _ estimate: MixtureEstimate, _ radius: Enclosure
  ) -> Bool {
    regression.squaredDistance(estimate, to: theta) <= radius.upper * radius.upper
  }
}
