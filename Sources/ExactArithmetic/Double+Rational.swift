extension Double {
  /// The double nearest to `value`, of two equally near ones the even one.
  ///
  /// From 2¹⁰²⁴ - 2⁹⁷⁰ on the result is infinite, as IEEE 754 rounds; below 2⁻¹⁰²² it is
  /// subnormal, and a negative number that rounds to zero gives `-0.0`.
  ///
  /// - Complexity: linear in the length of `value`.
  public init(_ value: Rational) {
    if let (n, d) = value.words, n.magnitude <= 1 << 53, d <= 1 << 53 {
      self = Double(n) / Double(d)  // both are exact, and the division rounds correctly
    } else {
      self.init(nearestTo: value.numerator, over: value.denominator)
    }
  }

  /// The double nearest to `value`, of two equally near ones the even one.
  public init(_ value: Integer) {
    if let word = value.word {
      self.init(word)
    } else {
      self.init(nearestTo: value, over: 1)
    }
  }

  /// The double nearest to `n / d`, where `n ≠ 0` and `d > 0`.
  private init(nearestTo n: Integer, over d: Integer) {
    let sign: FloatingPointSign = n.isNegative ? .minus : .plus
    // 2^(e-1) < |n/d| < 2^(e+1).
    let e = n.bitLength - d.bitLength
    if e > 1025 || e < -1077 {
      self.init(sign: sign, exponent: 0, significand: e > 0 ? .infinity : 0)
      return
    }
    // The quotient in units of 2^t has 54 or 55 bits; `isInexact` says whether more follow.
    let t = e - 54
    let magnitude = n.magnitude
    let (quotient, remainder) = (t < 0 ? magnitude << -t : magnitude)
      .quotientAndRemainder(dividingBy: t < 0 ? d : d << t)
    let q = UInt64(quotient.word!)  // below 2⁵⁵
    let isInexact = !remainder.isZero
    // The last place of the result: 53 bits, and none below 2^-1074.
    let place = max(t + (64 - q.leadingZeroBitCount) - 53, -1074)
    let dropped = UInt64(place - t)
    var kept = q >> dropped
    let rest = q - (kept << dropped)
    let half: UInt64 = 1 << (dropped - 1)
    if rest > half || (rest == half && (isInexact || kept & 1 == 1)) { kept += 1 }
    self.init(sign: sign, exponent: place, significand: Double(kept))
  }
}

extension Rational {
  /// The number that `value` is exactly; `nil` for an infinity or NaN.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    if value == 0 {
      self.init(0)
      return
    }
    // |value| = m · 2^shift with m odd.
    let scaled = Int64(value.significand * 0x1p52)
    let zeros = scaled.trailingZeroBitCount
    let m = Int(scaled >> zeros) * (value < 0 ? -1 : 1)
    let shift = Int(value.exponent) - 52 + zeros
    if shift >= 0 {
      self.init(Integer(m) << shift)
    } else if shift >= -62 {
      self.init(reducedNumerator: m, denominator: 1 << -shift)
    } else {
      self.init(Integer(m), Integer.one << -shift)
    }
  }
}

extension Integer {
  /// The integer that `value` is exactly; `nil` for a fraction, an infinity or NaN.
  public init?(exactly value: Double) {
    guard let rational = Rational(exactly: value), rational.isInteger else { return nil }
    self = rational.numerator
  }
}
