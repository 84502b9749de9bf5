extension Enclosure {
  /// The exponential function, each end to within `2^-bits`.
  ///
  /// - Parameter bits: may be negative: `exp 1000` to within `2^1400` has some 40 correct bits.
  /// - Complexity: `O(w)` operations on numbers of `w` bits, where `w` is about `bits` and the
  ///   length of the integer part of the result; and one division of the length of each end.
  /// - Throws: ``EnclosureError/resultTooLong(function:limit:)`` when an end of the result is
  ///   above `2^maximumBits` or below `2^-maximumBits`, or `w` exceeds ``maximumPrecision``.
  ///
  /// Source: ours, `proofs-notes/certified-exponential.md`.
  public func exponential(bits: Int) throws(EnclosureError) -> Enclosure {
    // log 2 > 693/1000, so this keeps |k| below the limit.
    let limit = Rational(Self.maximumBits) * Rational(693, 1000)
    guard -limit <= lower, upper <= limit else {
      throw .resultTooLong(function: "exp", limit: Self.maximumBits)
    }
    let low = try Self.exponential(of: lower, bits: bits)
    let high = isExact ? low : try Self.exponential(of: upper, bits: bits)
    return Enclosure(lower: low.lower, upper: high.upper)
  }

  /// `exp x = 2^k exp ρ` with `x = k log 2 + ρ`, where the lower end of ρ is in `[0, 3/4)`.
  private static func exponential(
    of x: Rational, bits: Int
  ) throws(EnclosureError) -> Enclosure {
    if x.isZero { return Enclosure(1) }
    // At least |k|, as 1/log 2 < 3/2; the caller has bounded x.
    let size = ((x.magnitude.ceiling * 3) >> 1) + 1
    let integerPart = x.isNegative ? 0 : size.word ?? maximumPrecision
    guard bits <= maximumPrecision - integerPart else {
      throw .resultTooLong(function: "exp", limit: maximumPrecision)
    }
    let w = max(0, bits + integerPart) + 32 + size.bitLength
    let half = FixedPointSeries.halfLogarithmOfTwo(bits: w)
    let fixed = x.floor(timesTwoToThe: w)
    // Rounding log 2 up for k >= 0 and down for k < 0 gives the lower end of ρ.
    let logarithm = (fixed.isNegative ? half.lower : half.upper) << 1
    let k = fixed.floorDivided(by: logarithm)
    let rho = fixed - k * logarithm
    let rhoWidth = 1 + k.magnitude * Integer(2 * half.deficit)
    let series = FixedPointSeries.exponential(rho, bits: w)
    // exp δ <= 1 + 2δ for the width 0 <= δ <= 1 of ρ.
    let upper = series.upper + ((series.upper * rhoWidth) >> (w - 1)) + 1
    let shift = k.word! - w  // |k| <= size
    return Enclosure(
      lower: Rational(series.lower, timesTwoToThe: shift),
      upper: Rational(upper, timesTwoToThe: shift))
  }
}
