extension Enclosure {
  public static func + (a: Enclosure, b: Enclosure) -> Enclosure {
    Enclosure(lower: a.lower + b.lower, upper: a.upper + b.upper)
  }

  public static func - (a: Enclosure, b: Enclosure) -> Enclosure {
    Enclosure(lower: a.lower - b.upper, upper: a.upper - b.lower)
  }

  public static prefix func - (a: Enclosure) -> Enclosure {
    Enclosure(lower: -a.upper, upper: -a.lower)
  }

  public static func * (a: Enclosure, b: Enclosure) -> Enclosure {
    if a.isExact { return b * a.lower }
    if b.isExact { return a * b.lower }
    // A product that is linear in each factor is extreme at the corners.
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    return Enclosure(
      lower: products.dropFirst().reduce(products[0], min),
      upper: products.dropFirst().reduce(products[0], max))
  }

  public static func * (a: Enclosure, factor: Rational) -> Enclosure {
    factor.isNegative
      ? Enclosure(lower: a.upper * factor, upper: a.lower * factor)
      : Enclosure(lower: a.lower * factor, upper: a.upper * factor)
  }

  public static func * (factor: Rational, a: Enclosure) -> Enclosure { a * factor }

  public static func + (a: Enclosure, b: Rational) -> Enclosure { a + Enclosure(b) }

  public static func - (a: Enclosure, b: Rational) -> Enclosure { a - Enclosure(b) }

  /// The quotient.
  ///
  /// - Throws: ``EnclosureError/divisorContainsZero`` when zero lies in `divisor`, at an end too.
  public func divided(by divisor: Enclosure) throws(EnclosureError) -> Enclosure {
    if divisor.contains(0) { throw .divisorContainsZero }
    return self * Enclosure(lower: 1 / divisor.upper, upper: 1 / divisor.lower)
  }

  /// The absolute value.
  public var magnitude: Enclosure {
    if !lower.isNegative { return self }
    if upper.signum <= 0 { return -self }
    return Enclosure(lower: 0, upper: max(-lower, upper))
  }

  /// The number to the power `exponent`, with exact ends; `x⁰ = 1`.
  ///
  /// - Throws: ``EnclosureError/divisorContainsZero`` for a negative exponent of an interval that
  ///   contains zero, ``EnclosureError/resultTooLong(function:limit:)`` when an end would take
  ///   more than about ``maximumBits``; round outward first.
  public func power(_ exponent: Int) throws(EnclosureError) -> Enclosure {
    if exponent < 0 && contains(0) { throw .divisorContainsZero }
    try checkLength(ofPower: exponent.magnitude)
    let base = exponent.isMultiple(of: 2) ? magnitude : self
    // Odd powers grow, even ones do on what is not negative; a negative exponent reverses.
    let (a, b) = (base.lower.power(exponent), base.upper.power(exponent))
    return exponent >= 0 ? Enclosure(lower: a, upper: b) : Enclosure(lower: b, upper: a)
  }

  func checkLength(ofPower exponent: UInt) throws(EnclosureError) {
    let ends = [lower.numerator, lower.denominator, upper.numerator, upper.denominator]
    for end in ends where end.magnitude > 1 {
      let (bits, overflow) = UInt(end.bitLength).multipliedReportingOverflow(by: exponent)
      if overflow || bits > UInt(Self.maximumBits) {
        throw .resultTooLong(function: "a power", limit: Self.maximumBits)
      }
    }
  }
}

// MARK: - Comparison

extension Enclosure {
  /// Whether the one number is less than the other.
  public func isLess(than other: Enclosure) -> Ternary {
    if upper < other.lower { return .true }
    return lower >= other.upper ? .false : .unknown
  }

  /// Whether the number is less than `value`.
  public func isLess(than value: Rational) -> Ternary { isLess(than: Enclosure(value)) }

  /// Whether the one number is at most the other.
  public func isAtMost(_ other: Enclosure) -> Ternary { !other.isLess(than: self) }

  /// Whether the number is at most `value`.
  public func isAtMost(_ value: Rational) -> Ternary { isAtMost(Enclosure(value)) }

  /// Whether the two numbers are equal; `true` only when both are known.
  public func isEqual(to other: Enclosure) -> Ternary {
    if !overlaps(other) { return .false }
    return isExact && other.isExact ? .true : .unknown
  }

  /// Whether the number is equal to `value`.
  public func isEqual(to value: Rational) -> Ternary { isEqual(to: Enclosure(value)) }

  /// Asks `question` with more and more bits until the answer is known.
  ///
  /// - Parameters:
  ///   - bits: the precision of the first question; doubled for each next one.
  ///   - limit: the last precision. A question about two equal numbers has no answer at any.
  ///   - question: takes the number of bits.
  /// - Returns: `unknown` when the question at `limit` bits is still open.
  public static func decide<Failure: Error>(
    bits: Int = 64, limit: Int = 8192, _ question: (Int) throws(Failure) -> Ternary
  ) throws(Failure) -> Ternary {
    var bits = min(max(bits, 1), limit)
    while true {
      let answer = try question(bits)
      if answer != .unknown || bits >= limit { return answer }
      bits = min(bits * 2, limit)
    }
  }
}
