extension Rational {
  /// The number with exactly `digits` digits after the point, rounded half to even.
  ///
  /// There is no point when `digits` is zero, and no minus sign when all digits are zero.
  ///
  /// - Precondition: `digits` is not negative; the caller has bounded the size of the result.
  /// - Complexity: subquadratic in the lengths of the number and of the result.
  public func decimal(digits: Int) -> String {
    precondition(digits >= 0, "a negative number of digits")
    let scale = Integer(10).power(UInt(digits))
    let scaled = (Rational(numerator.magnitude * scale, denominator)).roundedToEven
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
  public var roundedToEven: Integer {
    let floor = self.floor
    let excess = self - Rational(floor)
    let half = Rational(1, 2)
    if excess == half { return floor.isEven ? floor : floor + 1 }
    return excess > half ? floor + 1 : floor
  }
}
