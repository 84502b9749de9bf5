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

  /// - Throws: ``EnclosureError`` where the radius has no value, which positive `λ` excludes.
  init(_ experiment: MixtureExperiment, _ regression: MixtureRegression) throws {
    let (model, features) = (experiment.model, experiment.features)
    let precision = experiment.precision
    self.precision = precision
    estimate = regression.estimate(precision: precision)
    let beta = try experiment.radius(determinantRatio: estimate.determinantRatio)
    radius = (
      beta.lower.floor(timesTwoToThe: precision), -(-beta.upper).floor(timesTwoToThe: precision)
    )
    values = [[Integer](repeating: 0, count: model.stateCount)]
    policy = []
    for _ in 0..<experiment.horizon {
      let next = values[values.count - 1]
      var (own, chosen): ([Integer], [Choice]) = ([], [])
      for state in 0..<model.stateCount {
        var best: (choice: Int, value: Integer)?
        for choice in model.choiceRange(at: state) {
          let value = value(of: choice, next, experiment, features)
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
    of choice: Int, _ next: [Integer], _ experiment: MixtureExperiment,
    _ features: MixtureFeatures
  ) -> Integer {
    let (feature, origin) = features.image(of: next, after: choice)
    let learned =
      estimate.prediction(feature, precision: precision)
      + estimate.bonus(feature, radius: radius).upper
    let sum =
      experiment.lookahead.reward[choice] + origin
      + Rational(learned, timesTwoToThe: -precision)
    let step = experiment.options.grid / 2
    let rounded = Rational((sum / step).ceiling) * step
    return features.integer(max(0, min(experiment.valueCap, rounded)))
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
    let bits = precision + 16
    let growth = try Enclosure(ratio).roundedOutward(significantBits: bits).logarithm(bits: bits)
    let events = try Enclosure(2 / options.delta).logarithm(bits: bits)
    // The ratio is at least 1; rounding it must not take the logarithm below 0.
    let inside = Enclosure(lower: max(0, growth.lower), upper: growth.upper) + events * 2
    let noise = try inside.squareRoot(bits: bits) * (valueCap / 2)
    return try noise + Enclosure(lambda * squaredParameterNorm).squareRoot(bits: bits)
  }
}
