extension Enclosure {
  /// The natural logarithm, each end to within `2^-bits`.
  ///
  /// - Complexity: `O(bits)` multiplications of numbers of `bits` bits, and one division of the
  ///   length of each end.
  /// - Throws: ``EnclosureError/outsideDomain(function:)`` unless the lower end is positive,
  ///   ``EnclosureError/resultTooLong(function:limit:)`` when `bits` exceeds
  ///   ``maximumPrecision``.
  /// - Precondition: `bits` is not negative.
  ///
  /// Source: ours, `proofs-notes/certified-logarithms.md`.
  public func logarithm(bits: Int) throws(EnclosureError) -> Enclosure {
    precondition(bits >= 0, "a negative precision")
    guard lower.signum > 0 else { throw .outsideDomain(function: "log") }
    if bits > Self.maximumPrecision {
      throw .resultTooLong(function: "log", limit: Self.maximumPrecision)
    }
    let low = Self.logarithm(of: lower, bits: bits)
    let high = isExact ? low : Self.logarithm(of: upper, bits: bits)
    return Enclosure(lower: low.lower, upper: high.upper)
  }

  /// The logarithm of a positive number: with `x = 2^e m`, `2/3 <= m < 4/3` and
  /// `z = (m - 1)/(m + 1)` it is `e log 2 + 2 atanh z`, and `|z| <= 1/5`.
  private static func logarithm(of x: Rational, bits: Int) -> Enclosure {
    let (e, n, d) = reduced(x)
    if e == 0 && n == d { return Enclosure(0) }
    let w = bits + 32 + Integer(e).bitLength
    let z = n - d
    let y = (z.magnitude << w).floorDivided(by: n + d)
    let tangent = FixedPointSeries.inverseHyperbolicTangent(y, bits: w)
    // An exact zero stays one.
    var lower = tangent.lower
    var upper = z.isZero ? 0 : tangent.upper
    if z.isNegative { (lower, upper) = (-upper, -lower) }
    if e != 0 {
      let half = FixedPointSeries.halfLogarithmOfTwo(bits: w)
      lower += Integer(e) * (e > 0 ? half.lower : half.upper)
      upper += Integer(e) * (e > 0 ? half.upper : half.lower)
    }
    // Both parts are halves of what they stand for.
    return Enclosure(
      lower: Rational(lower, timesTwoToThe: 1 - w), upper: Rational(upper, timesTwoToThe: 1 - w))
  }

  /// `x = 2^e · n/d` with `2/3 <= n/d < 4/3`.
  private static func reduced(_ x: Rational) -> (exponent: Int, n: Integer, d: Integer) {
    // 2^(e-1) < x < 2^(e+1), so n/d is between 1/2 and 2.
    let e = x.numerator.bitLength - x.denominator.bitLength
    let n = e >= 0 ? x.numerator : x.numerator << -e
    let d = e >= 0 ? x.denominator << e : x.denominator
    if 3 * n < 2 * d { return (e - 1, n << 1, d) }
    if 3 * n >= 4 * d { return (e + 1, n, d << 1) }
    return (e, n, d)
  }
}
