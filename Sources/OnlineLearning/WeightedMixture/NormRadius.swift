import ExactArithmetic

/// Radii of confidence sets of regressions, with explicit constants.
///
/// `n` vectors with `‖x‖² ≤ X2` in dimension `d`, regularisation `λ`, `‖θ‖² ≤ B2`, failure probability
/// `δ`; each holds for all `n` at once.
///
/// Source: Abbasi-Yadkori, Pál and Szepesvári 2011, Theorem 2; Zhou, Gu and Szepesvári 2021
/// (2012.08507), the Bernstein form.
struct NormRadius: Sendable {
  let dimension: Int
  let squaredVectorNorm: Rational
  let lambda: Rational
  let squaredParameterNorm: Rational
  let delta: Rational
  /// Bits after the point; radii are rounded up to them.
  let bits: Int

  /// `d log(1 + n X2/(dλ))`.
  private func growth(_ vectors: Int) throws -> Enclosure {
    let d = Rational(max(1, dimension))
    let inside = 1 + Rational(vectors) * squaredVectorNorm / (d * lambda)
    let logarithm = try Enclosure(inside).roundedOutward(significantBits: bits + 16)
      .logarithm(bits: bits + 16)
    return Enclosure(lower: max(0, logarithm.lower), upper: max(0, logarithm.upper)) * d
  }

  private func shrinkage() throws -> Enclosure {
    try Enclosure(lambda * squaredParameterNorm).squareRoot(bits: bits)
  }

  /// `√(R² (d log(1 + n X2/(dλ)) + 2 log(1/δ))) + √(λ B2)`, for noise that is `R`-sub-Gaussian.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func subGaussian(vectors: Int, squaredNoise: Rational) throws -> Enclosure {
    if vectors == 0 { return try shrinkage() }
    let level = try Enclosure(1 / delta).logarithm(bits: bits)
    let inside = (try growth(vectors) + level * 2) * squaredNoise
    return try (inside.squareRoot(bits: bits) + shrinkage()).roundedOutward(bits: bits)
  }

  /// `8√(d log(1 + n X2/(dλ)) ℓ) + 4Rℓ + √(λ B2)`, `ℓ = log(4n²/δ)`, for noise of at most `R` with
  /// conditional variances of at most 1.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func bernstein(vectors: Int, squaredNoise: Rational) throws -> Enclosure {
    if vectors == 0 { return try shrinkage() }
    let count = Rational(vectors)
    let level = try Enclosure(4 * count * count / delta).logarithm(bits: bits)
    let main = try (growth(vectors) * level).squareRoot(bits: bits) * 8
    let noise = try Enclosure(squaredNoise).squareRoot(bits: bits) * level * 4
    return try (main + noise + shrinkage()).roundedOutward(bits: bits)
  }
}
