import ExactArithmetic

/// An upper bound of the variance of a value after a choice, from two regressions.
///
/// `c₂ - c₁² + min{C², β₂‖φ_{V²}‖} + min{C², 2Cβ₁‖φ_V‖}` with `c₂` the estimated mean of `V²`,
/// clipped to `[0, C²]`, and `c₁` that of `V`, clipped to `[0, C]`, for `0 ≤ V ≤ C`. Everything is rounded
/// so that the result is not too small. While both confidence sets hold the truth it is at least the
/// variance, since `|c₂ - PV²| ≤ β₂‖φ_{V²}‖` and `|c₁² - (PV)²| ≤ 2C|c₁ - PV|`.
struct VarianceEstimate {
  let cap: Rational
  /// Bits after the point.
  let precision: Int

  /// What one regression says of one vector.
  struct Part {
    let estimate: MixtureEstimate
    /// `2^p` times an upper bound of the radius, in the units of the regression.
    let radius: Integer
    let feature: [Integer]
    /// What is known of the mean beside `⟨x, θ̂⟩`.
    let origin: Rational

    fileprivate func upperMean(_ precision: Int) -> Rational {
      origin
        + Rational(
          estimate.prediction(feature, precision: precision), timesTwoToThe: -precision)
    }

    fileprivate func lowerMean(_ precision: Int) -> Rational {
      origin
        - Rational(
          estimate.prediction(feature.map { -$0 }, precision: precision),
          timesTwoToThe: -precision)
    }

    fileprivate func bonus(_ precision: Int) -> Rational {
      let upper = estimate.bonus(feature, radius: (radius, radius)).upper
      return Rational(upper, timesTwoToThe: -precision)
    }
  }

  /// - Parameters:
  ///   - value: of `V`; and `square`: of `V²`.
  func callAsFunction(value: Part, square: Part) -> Rational {
    let top = cap * cap
    let second = min(top, max(0, square.upperMean(precision)))
    let first = min(cap, max(0, value.lowerMean(precision)))
    let error =
      min(top, square.bonus(precision)) + min(top, 2 * cap * value.bonus(precision))
    return second - first * first + error
  }
}
