internal import CGMP

extension Integer: Equatable, Hashable, Comparable {
  @inlinable
  public static func == (a: Integer, b: Integer) -> Bool {
    switch (a.storage, b.storage) {
    case (.small(let x), .small(let y)): x == y
    case (.big, .big): bigCompare(a, b) == 0
    default: false  // the representation is canonical
    }
  }

  @inlinable
  public static func < (a: Integer, b: Integer) -> Bool {
    if case .small(let x) = a.storage, case .small(let y) = b.storage { return x < y }
    return bigCompare(a, b) < 0
  }

  @usableFromInline
  static func bigCompare(_ a: Integer, _ b: Integer) -> Int {
    a.withGMP { a in b.withGMP { b in Int(__gmpz_cmp(a, b)) } }
  }

  public func hash(into hasher: inout Hasher) {
    switch storage {
    case .small(let value):
      hasher.combine(value)
    case .big(let big):
      big.withLimbs { limbs in
        hasher.combine(rationale_mpz_sgn(limbs))
        hasher.combine(
          bytes: UnsafeRawBufferPointer(
            start: __gmpz_limbs_read(limbs), count: __gmpz_size(limbs) * MemoryLayout<UInt>.size))
      }
    }
  }
}

extension Integer: ExpressibleByIntegerLiteral {
  @inlinable
  public init(integerLiteral value: Int) {
    self.init(value)
  }
}

extension Integer: SignedNumeric {
  public typealias Magnitude = Integer

  public init?<Source: BinaryInteger>(exactly source: Source) {
    if let word = Int(exactly: source) {
      self.init(word)
    } else {
      self.init(String(source))
    }
  }

  public var magnitude: Integer { signum < 0 ? -self : self }

  @inlinable
  public static func + (a: Integer, b: Integer) -> Integer {
    if case .small(let x) = a.storage, case .small(let y) = b.storage {
      let (sum, overflow) = x.addingReportingOverflow(y)
      if !overflow { return Integer(sum) }
    }
    return bigSum(a, b)
  }

  @usableFromInline
  static func bigSum(_ a: Integer, _ b: Integer) -> Integer {
    make { out in a.withGMP { a in b.withGMP { b in __gmpz_add(out, a, b) } } }
  }

  @inlinable
  public static func - (a: Integer, b: Integer) -> Integer {
    if case .small(let x) = a.storage, case .small(let y) = b.storage {
      let (difference, overflow) = x.subtractingReportingOverflow(y)
      if !overflow { return Integer(difference) }
    }
    return bigDifference(a, b)
  }

  @usableFromInline
  static func bigDifference(_ a: Integer, _ b: Integer) -> Integer {
    make { out in a.withGMP { a in b.withGMP { b in __gmpz_sub(out, a, b) } } }
  }

  @inlinable
  public static func * (a: Integer, b: Integer) -> Integer {
    if case .small(let x) = a.storage, case .small(let y) = b.storage {
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      if !overflow { return Integer(product) }
    }
    return bigProduct(a, b)
  }

  @usableFromInline
  static func bigProduct(_ a: Integer, _ b: Integer) -> Integer {
    make { out in a.withGMP { a in b.withGMP { b in __gmpz_mul(out, a, b) } } }
  }

  @inlinable
  public static prefix func - (a: Integer) -> Integer { zero - a }

  @inlinable
  public static func += (a: inout Integer, b: Integer) { a = a + b }
  @inlinable
  public static func -= (a: inout Integer, b: Integer) { a = a - b }
  @inlinable
  public static func *= (a: inout Integer, b: Integer) { a = a * b }
}

extension Integer {
  /// Quotient and remainder with the quotient rounded towards zero, as for `Int`.
  ///
  /// - Precondition: `divisor` is not zero.
  public func quotientAndRemainder(
    dividingBy divisor: Integer
  ) -> (quotient: Integer, remainder: Integer) {
    precondition(!divisor.isZero, "division by zero")
    if let x = word, let y = divisor.word, !(x == .min && y == -1) {
      let (q, r) = x.quotientAndRemainder(dividingBy: y)
      return (Integer(q), Integer(r))
    }
    var remainder = Integer.zero
    let quotient = Integer.make { q in
      remainder = Integer.make { r in
        withGMP { x in divisor.withGMP { y in __gmpz_tdiv_qr(q, r, x, y) } }
      }
    }
    return (quotient, remainder)
  }

  public static func / (a: Integer, b: Integer) -> Integer {
    a.quotientAndRemainder(dividingBy: b).quotient
  }

  public static func % (a: Integer, b: Integer) -> Integer {
    a.quotientAndRemainder(dividingBy: b).remainder
  }

  /// The largest integer that is at most `self / divisor`.
  ///
  /// - Precondition: `divisor` is not zero.
  public func floorDivided(by divisor: Integer) -> Integer {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder.signum * divisor.signum < 0 ? quotient - 1 : quotient
  }

  /// `self / divisor` where the division is known to leave no remainder; faster than `/`.
  ///
  /// - Precondition: `divisor` is not zero and divides `self`.
  public func exactlyDivided(by divisor: Integer) -> Integer {
    precondition(!divisor.isZero, "division by zero")
    if word != nil, divisor.word != nil { return self / divisor }
    return Integer.make { q in
      withGMP { x in divisor.withGMP { y in __gmpz_divexact(q, x, y) } }
    }
  }

  /// Whether `self` divides `other`; zero divides zero alone.
  public func divides(_ other: Integer) -> Bool {
    if isZero { return other.isZero }
    return withGMP { d in other.withGMP { n in __gmpz_divisible_p(n, d) != 0 } }
  }

  /// The greatest common divisor, never negative; `gcd(0, 0) = 0`.
  public static func gcd(_ a: Integer, _ b: Integer) -> Integer {
    if let x = a.word, let y = b.word {
      return Integer(wordGCD(x.magnitude, y.magnitude))
    }
    return make { out in a.withGMP { a in b.withGMP { b in __gmpz_gcd(out, a, b) } } }
  }

  /// The least common multiple, never negative; zero when either is zero.
  public static func lcm(_ a: Integer, _ b: Integer) -> Integer {
    if a.isZero || b.isZero { return 0 }
    return (a.exactlyDivided(by: gcd(a, b)) * b).magnitude
  }

  /// `self` to the power `exponent`; `0⁰ = 1`.
  ///
  /// - Precondition: the caller has bounded the size of the result (GMP aborts out of memory).
  public func power(_ exponent: UInt) -> Integer {
    // GMP sizes its result before it looks at the base, so `1` to a huge power needs a case.
    if let word, word.magnitude <= 1 {
      return exponent == 0 || (word < 0 && exponent.isMultiple(of: 2)) ? 1 : self
    }
    return Integer.make { out in withGMP { __gmpz_pow_ui(out, $0, exponent) } }
  }

  /// `a · 2^count`, or its floor when `count` is negative.
  ///
  /// - Precondition: the caller has bounded the size of the result (GMP aborts out of memory).
  public static func << (a: Integer, count: Int) -> Integer {
    count < 0 ? a.shiftedRight(count.magnitude) : a.shiftedLeft(count.magnitude)
  }

  /// The floor of `a / 2^count`; a negative `count` multiplies.
  ///
  /// - Precondition: the caller has bounded the size of the result (GMP aborts out of memory).
  public static func >> (a: Integer, count: Int) -> Integer {
    count < 0 ? a.shiftedLeft(count.magnitude) : a.shiftedRight(count.magnitude)
  }

  private func shiftedLeft(_ count: UInt) -> Integer {
    if let word {
      if word == 0 { return self }
      // The sign bit and one equal bit for each place.
      let free = (word < 0 ? ~word : word).leadingZeroBitCount
      if count < UInt(free) { return Integer(word << count) }
    }
    return Integer.make { out in withGMP { __gmpz_mul_2exp(out, $0, count) } }
  }

  private func shiftedRight(_ count: UInt) -> Integer {
    if let word { return Integer(word >> count) }  // a smart shift: 0 or -1 past the width
    return Integer.make { out in withGMP { __gmpz_fdiv_q_2exp(out, $0, count) } }
  }

  /// The floor of the square root.
  ///
  /// - Precondition: `self` is not negative.
  public var floorSquareRoot: Integer {
    precondition(signum >= 0, "square root of a negative integer")
    return Integer.make { out in withGMP { __gmpz_sqrt(out, $0) } }
  }
}

/// The greatest common divisor of two words.
///
/// Stein's algorithm in the form where the count of zeros of `x - y` and its magnitude are found
/// side by side, so that a step has a short chain of dependent instructions and no branch.
@inlinable
package func wordGCD(_ a: UInt, _ b: UInt) -> UInt {
  if a == 0 || b == 0 { return a | b }
  if a == 1 || b == 1 { return 1 }
  var x = a &>> UInt(truncatingIfNeeded: a.trailingZeroBitCount)
  var y = b &>> UInt(truncatingIfNeeded: b.trailingZeroBitCount)
  // Both stay odd.
  while x != y {
    let difference = x &- y
    let zeros = UInt(truncatingIfNeeded: difference.trailingZeroBitCount)
    let isLess = x < y
    y = isLess ? x : y
    x = (isLess ? 0 &- difference : difference) &>> zeros
  }
  return x &<< UInt(truncatingIfNeeded: (a | b).trailingZeroBitCount)
}
