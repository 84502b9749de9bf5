import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// HF-UCRL-RFE++ on an exact episodic model whose kernel is a mixture of known kernels: exploration
/// without rewards, with weights from estimated moments, where the total reward is at most 1.
///
/// Notation as in ``RewardFreeExperiment``, with `M = 1`. Regression `m = 0, …, m̄ - 1` is of `W_m` on
/// `φ_{W_m}`, `W_0 = f_k` and `W_{m+1} = W_m²` rounded up to the grid, with the weight `1/σ̄_m²`,
/// `σ̄_m² = max{v̂_m + E_m, α², γ²‖φ_{W_m}‖}` in the norm of `Σ_m^{-1}`, `v̂_m` and `E_m` from regressions `m`
/// and `m + 1`; the last has 1 for `v̂ + E`. Exploring and planning use `Σ_0`, `θ̂_0`.
///
/// Source: after Zhang, Zhang and Gu 2023 (2303.10165) and Zhou and Gu 2022; this form ours,
/// `proofs-notes/weighted-mixture-regret.md`.
public struct MomentExperiment: Sendable {
  public let exploration: RewardFreeExperiment
  /// `m̄`, at least 1.
  public let moments: Int
  /// `α²`, in `(0, 1]`.
  public let leastVariance: Rational
  /// `K`.
  public let episodes: Int

  public var mixture: MixtureExperiment { exploration.mixture }

  /// - Parameters:
  ///   - options: its regularisation is `d/B2` where none is given; its cap is 1.
  ///   - moments: `m̄`; `nil` for `⌈log₂ 7KH⌉`.
  ///   - leastVariance: `α²`; `nil` for `1/(KH)`.
  /// - Throws: ``LearningError``; ``BoundError``; ``Interrupted``.
  public init(
    _ model: FiniteMDP, basis: [FiniteMDP], horizon: Int, start: State, episodes: Int,
    options: MixtureExperiment.Options = MixtureExperiment.Options(), moments: Int? = nil,
    leastVariance: Rational? = nil, progress: ProgressHandler = .none
  ) throws {
    precondition(episodes > 0 && horizon > 0, "there is an episode, and it has a step")
    let total = Rational(episodes) * Rational(horizon)
    self.episodes = episodes
    self.moments = moments ?? max(1, (7 * total - 1).ceiling.bitLength)
    self.leastVariance = leastVariance ?? 1 / total
    guard self.moments >= 1 else {
      throw LearningError.option(
        name: "moments", value: Rational(self.moments), rule: "at least 1")
    }
    guard self.leastVariance.signum > 0, self.leastVariance <= 1 else {
      throw LearningError.option(
        name: "least-variance", value: self.leastVariance, rule: "more than 0 and at most 1")
    }
    if let cap = options.valueCap, cap != 1 {
      throw LearningError.option(
        name: "value-cap", value: cap, rule: "1: this learner is for total rewards of at most 1")
    }
    var chosen = options
    chosen.valueCap = 1
    let first = try RewardFreeExperiment(
      model, basis: basis, horizon: horizon, start: start, options: chosen, progress: progress)
    guard options.lambda == nil else {
      exploration = first
      return
    }
    let bound = first.mixture.squaredParameterNorm
    chosen.lambda = bound.isZero ? 1 : Rational(max(1, first.mixture.dimension)) / bound
    exploration = try RewardFreeExperiment(
      model, basis: basis, horizon: horizon, start: start, options: chosen, progress: progress)
  }

  // MARK: - Bounds

  /// What the theorem says of the suboptimality after all episodes, for all rewards at once.
  ///
  /// - Throws: ``BoundError``.
  public func bound() throws -> CertifiedValue {
    var parameters = mixture.boundParameters(episodes: episodes)
    parameters["M"] = nil
    parameters["moments"] = Rational(moments)
    parameters["alpha2"] = leastVariance
    if mixture.hasNothingToLearn {
      parameters["H"] = 1
      parameters["grid"] = mixture.options.grid * Rational(mixture.horizon)
    }
    return try BoundCatalogue.certified(named: "hf-ucrl-rfe++-explicit")(parameters)
  }

  /// `β` for all episodes, one of `m̄ + 1` events.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func radius() throws -> Enclosure {
    try NormRadius(
      dimension: mixture.dimension,
      squaredVectorNorm: mixture.squaredFeatureNorm / leastVariance, lambda: mixture.lambda,
      squaredParameterNorm: mixture.squaredParameterNorm,
      delta: mixture.options.delta / Rational(moments + 1), bits: mixture.precision
    ).bernstein(vectors: episodes * (mixture.horizon - 1), squaredNoise: 1 / leastVariance)
  }

  /// At least `3 + γ²‖φ‖`, which no variance exceeds: `γ² = d^{-1/2}`, `‖φ‖² ≤ L2/λ`, `2√x ≤ 1 + x`.
  var largestVariance: Rational {
    let norm = mixture.squaredFeatureNorm / (Rational(max(1, mixture.dimension)) * mixture.lambda)
    return 4 + norm
  }

  /// An upper bound of `γ² = d^{-1/2}`.
  var normWeight: Rational {
    let root = try? Enclosure(Rational(1, max(1, mixture.dimension)))
      .squareRoot(bits: mixture.precision)
    // A positive number has a root.
    return root?.upper ?? 1
  }

  /// `W²`, rounded up to the grid, for values as integers over `G` that are at most `G`.
  func squared(_ values: [Integer]) -> [Integer] {
    let features = mixture.features
    return values.map { value in
      if value.isZero || value == features.cap { return value }
      let square = -((-(value * value)).floorDivided(by: features.valueScale))
      let count = -((-square).floorDivided(by: features.gridUnit))
      return min(features.cap, count * features.gridUnit)
    }
  }
}
