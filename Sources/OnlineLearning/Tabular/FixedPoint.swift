import ExactArithmetic

/// Numbers of learners as integers over a power of two: exact, and as fast as words.
enum FixedPoint {
  /// Bits after the point of values and rewards: the unit is `2^-30`.
  static let bits = 30
  static let one = Int64(1) << 30

  /// `⌊value · 2^30⌋`.
  ///
  /// - Precondition: the result fits in a word.
  static func floor(_ value: Rational) -> Int64 {
    guard let word = value.floor(timesTwoToThe: bits).word else {
      preconditionFailure("a number past 2^33")
    }
    return Int64(word)
  }

  /// `⌊√value⌋`.
  static func squareRoot(_ value: UInt128) -> UInt64 {
    if value == 0 { return 0 }
    // A double is right to 53 bits; Newton's step from above ends at the floor.
    var root = UInt128(Double(value).squareRoot())
    root += (root >> 50) + 1
    while true {
      let next = (root + value / root) >> 1
      if next >= root { return UInt64(truncatingIfNeeded: root) }
      root = next
    }
  }
}
