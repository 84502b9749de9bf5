import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// UCRL-VTR+ on an exact episodic model whose kernel is a mixture of known kernels: regression with
/// weights that estimated variances give.
///
/// Notation as in ``MixtureExperiment``. One regression, `(Σ̃, b̃)`, of `V²` on `φ_{V²}`, and one,
/// `(Σ̂, b̂)`, of `V` on `φ_V` with the weights `1/σ̄²`,
/// `σ̄² = max{M²/d, v̂ + E}`, `v̂ = clip ⟨φ_{V²},θ̃⟩ - (clip ⟨φ_V,θ̂⟩)²`,
/// `E = min{M², β̃‖φ_{V²}‖} + min{M², 2Mβ̌‖φ_V‖}`. The optimistic plan uses `θ̂`, `Σ̂` and `β̂`.
///
/// Source: after Zhou, Gu and Szepesvári 2021 (2012.08507); this form ours,
/// `proofs-notes/weighted-mixture-regret.md`.
public struct WeightedMixtureExperiment: Sendable {
  public let mixture: MixtureExperiment

  public init(_ mixture: MixtureExperiment) { self.mixture = mixture }

  /// `σ_min² = M²/d`.
  public var leastVariance: Rational {
    mixture.valueCap * mixture.valueCap / Rational(max(1, mixture.dimension))
  }

  /// What the theorem says of the regret of `episodes` episodes, with probability `1 - delta`.
  ///
  /// - Throws: ``BoundError``.
  public func bound(episodes: Int) throws -> CertifiedValue {
    var parameters = mixture.boundParameters(episodes: episodes)
    if mixture.hasNothingToLearn {
      // What remains is the grid's error, that of `KH` steps on their own.
      parameters["H"] = 1
      parameters["K"] = Rational(episodes) * Rational(mixture.horizon)
    }
    return try BoundCatalogue.certified(named: "ucrl-vtr+-explicit")(parameters)
  }

  /// The radii `β̃`, `β̌`, `β̂` after `episodes` episodes, each for a quarter of `δ`.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func radii(after episodes: Int) throws -> WeightedRadii {
    let vectors = episodes * (mixture.horizon - 1)
    let square = mixture.valueCap * mixture.valueCap
    let ratio = square / leastVariance
    let (squares, values) = (
      normRadius(squaredVectorNorm: mixture.squaredFeatureNorm * square * square),
      normRadius(squaredVectorNorm: mixture.squaredFeatureNorm * ratio)
    )
    return WeightedRadii(
      squares: try squares.subGaussian(vectors: vectors, squaredNoise: square * square / 4),
      variance: try values.subGaussian(vectors: vectors, squaredNoise: ratio / 4),
      values: try values.bernstein(vectors: vectors, squaredNoise: ratio))
  }

  private func normRadius(squaredVectorNorm: Rational) -> NormRadius {
    NormRadius(
      dimension: mixture.dimension, squaredVectorNorm: squaredVectorNorm, lambda: mixture.lambda,
      squaredParameterNorm: mixture.squaredParameterNorm, delta: mixture.options.delta / 4,
      bits: mixture.precision)
  }
}

/// `β̃`, `β̌`, `β̂`.
struct WeightedRadii: Sendable {
  let (squares, variance, values): (Enclosure, Enclosure, Enclosure)
}
