extension Rational {
  /// The number with exactly `digits` digits after the point, rounded half to even.
  ///
  /// There is no point when `digits` is zero, and no minus sign when all digits are zero.
  ///
  /// - Precondition: `digits` is not negative; the caller has bounded the size of the result.
  /// - Complexity: subquadratic in the lengths of the number and of the result.
  public func decimal(digits: Int) -> String {
    precondition(digits >= 0, "a negative number of digits")
    // No fraction is formed, so that long numbers cost a division and no gcd.
    let scaled = (numerator.magnitude * Integer(10).power(UInt(digits)))
      .quotientRoundedToEven(dividingBy: denominator)
    var text = scaled.description
    if digits > 0 {
      let missing = digits + 1 - text.utf8.count
      if missing > 0 { text = String(repeating: "0", count: missing) + text }
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return isNegative && !scaled.isZero ? "-" + text : text
  }

  /// Whether the number is less than zero.
  @inlinable
  public var isNegative: Bool { signum < 0 }

  /// The nearest integer; of two equally near ones the even one.
  public var roundedToEven: Integer { numerator.quotientRoundedToEven(dividingBy: denominator) }
}

extension Integer {
  /// The integer nearest to `self / divisor`; of two equally near ones the even one.
  ///
  /// - Precondition: `divisor` is positive.
  public func quotientRoundedToEven(dividingBy divisor: Integer) -> Integer {
    precondition(divisor.signum > 0, "a divisor that is not positive")
    let floor = floorDivided(by: divisor)
    let twice = (self - floor * divisor) << 1
    if twice == divisor { return floor.isEven ? floor : floor + 1 }
    return twice > divisor ? floor + 1 : floor
  }
}
