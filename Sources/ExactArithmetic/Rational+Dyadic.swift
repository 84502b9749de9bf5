internal import CGMP

extension Rational {
  /// `mantissa · 2^exponent`, without a gcd.
  ///
  /// - Precondition: the caller has bounded the magnitude of `exponent`.
  /// - Complexity: linear in the lengths of `mantissa` and of the result.
  public init(_ mantissa: Integer, timesTwoToThe exponent: Int) {
    if mantissa.isZero || exponent >= 0 {
      self.init(mantissa << max(exponent, 0))
      return
    }
    let zeros = min(mantissa.trailingZeroBitCount, -exponent)
    let odd = mantissa >> zeros
    let bits = -exponent - zeros
    if let word = odd.word, bits <= 62 {
      self.init(reducedNumerator: word, denominator: 1 << bits)
    } else {
      self = Rational.make { out in
        odd.withGMP { __gmpz_set(rationale_mpq_numerator(out), $0) }
        __gmpz_mul_2exp(
          rationale_mpq_denominator(out), UnsafePointer(rationale_mpq_denominator(out)),
          UInt(bits))
      }
    }
  }

  /// The largest integer that is at most `self · 2^exponent`, without a gcd.
  ///
  /// - Precondition: the caller has bounded the magnitude of `exponent`.
  public func floor(timesTwoToThe exponent: Int) -> Integer {
    exponent >= 0
      ? (numerator << exponent).floorDivided(by: denominator)
      : numerator.floorDivided(by: denominator << -exponent)
  }
}

extension Integer {
  /// The number of zeros at the end of the binary digits; 0 for zero.
  public var trailingZeroBitCount: Int {
    if let word { return word == 0 ? 0 : word.trailingZeroBitCount }
    return withGMP { Int(__gmpz_scan1($0, 0)) }
  }

  /// The floor of the root of degree `degree`, and whether that is the root itself.
  ///
  /// - Precondition: `self` is not negative and `degree` is positive.
  public func floorRoot(_ degree: Int) -> (root: Integer, isExact: Bool) {
    precondition(signum >= 0 && degree > 0, "a root of a negative integer, or of no degree")
    var isExact = false
    let root = Integer.make { out in
      withGMP { isExact = __gmpz_root(out, $0, UInt(degree)) != 0 }
    }
    return (root, isExact)
  }
}
