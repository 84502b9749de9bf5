import ExactArithmetic

/// Ridge regression in which each datum counts with the inverse of a bound of its variance.
///
/// `Σ = λI + Σ w xxᵀ` and `b = Σ w x y`. Weights are multiples `w = j/s` of one unit, so that with
/// integers `j` the sums `sΣ` and `sb` are those of a regression with the regularisation `λs` in which
/// the datum is added `j` times: `θ̂` is the same, and `β‖x‖_{Σ^{-1}} = β√s ‖x‖_{(sΣ)^{-1}}`. With
/// `s = 2^k v_min` and `v_min ≤ v ≤ v_max`, `j = ⌊s/v⌋ ≥ 2^16`: the variance `1/w` that is charged is at
/// least `v`, and above it by less than a part in 65 535.
struct WeightedRegression: Sendable {
  /// `s`.
  let unit: Rational
  /// The regression with the sums `sΣ`, `sb`.
  private(set) var scaled: MixtureRegression

  /// - Precondition: `0 < least <= most`.
  init(dimension: Int, scale: Integer, lambda: Rational, least: Rational, most: Rational) {
    precondition(least.signum > 0 && least <= most, "variances between two positive bounds")
    let bits = 16 + (most / least).ceiling.bitLength
    unit = Rational(least.numerator << bits, least.denominator)
    scaled = MixtureRegression(dimension: dimension, scale: scale, lambda: lambda * unit)
  }

  /// `√s`: radii times this are radii of the scaled regression.
  ///
  /// - Throws: ``EnclosureError``, which positive variances exclude.
  func rootOfUnit(bits: Int) throws -> Enclosure { try Enclosure(unit).squareRoot(bits: bits) }

  /// `j` of a variance.
  ///
  /// - Precondition: `variance` lies between the bounds.
  func weight(of variance: Rational) -> Integer { (unit / variance).floor }

  /// Adds `x = feature/C` with the target `y = target/C`, `j` times the unit.
  mutating func add(_ feature: [Integer], target: Integer, weight: Integer) {
    scaled.add(feature, target: target, weight: weight)
  }

  mutating func restore(_ memento: MixtureRegression.Memento) throws(LearningError) {
    try scaled.restore(memento)
  }
}
