extension Enclosure: CustomStringConvertible {
  /// `[lower, upper]`, or the number where it is known.
  public var description: String { isExact ? "\(lower)" : "[\(lower), \(upper)]" }

  /// The number in decimals: as many digits after the point as both ends agree on after correct
  /// rounding, at most `digits`; and where they do not even agree on the integer part, both ends
  /// with `digits` digits, rounded outward, as `[a, b]`.
  ///
  /// - Precondition: `digits` is not negative; the caller has bounded the size of the result.
  public func decimal(digits: Int) -> String {
    for count in stride(from: min(digits, mostAgreedDigits ?? digits), through: 0, by: -1) {
      if let text = agreedDecimal(digits: count) { return text }
    }
    let scale = Rational(Integer(10).power(UInt(digits)))
    let low = Rational((lower * scale).floor) / scale
    let high = Rational((upper * scale).ceiling) / scale
    return "[\(low.decimal(digits: digits)), \(high.decimal(digits: digits))]"
  }

  /// The number with exactly `digits` digits after the point, correctly rounded, or `nil` when
  /// the ends round differently and more precision is needed to tell.
  public func agreedDecimal(digits: Int) -> String? {
    let text = lower.decimal(digits: digits)
    return isExact || text == upper.decimal(digits: digits) ? text : nil
  }

  /// A bound on the digits on which ends that differ can agree: past it the width is more than
  /// two units of the last place.
  private var mostAgreedDigits: Int? {
    if isExact { return nil }
    // width > 2^-b, so digits > (b + 1) log₁₀ 2 make a unit less than half of it.
    let b = width.denominator.bitLength - width.numerator.bitLength + 1
    return max(0, (b + 1) * 30103 / 100_000 + 1)
  }
}
