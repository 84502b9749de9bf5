internal import CGMP

extension Rational: Equatable, Hashable, Comparable {
  @inlinable
  public static func == (a: Rational, b: Rational) -> Bool {
    switch (a.storage, b.storage) {
    case (.inline(let n1, let d1), .inline(let n2, let d2)): n1 == n2 && d1 == d2
    case (.big, .big): bigEqual(a, b)
    default: false  // the representation is canonical
    }
  }

  @usableFromInline
  static func bigEqual(_ a: Rational, _ b: Rational) -> Bool {
    a.withGMP { a in b.withGMP { b in __gmpq_equal(a, b) != 0 } }
  }

  @inlinable
  public static func < (a: Rational, b: Rational) -> Bool {
    if case .inline(let n1, let d1) = a.storage, case .inline(let n2, let d2) = b.storage {
      if d1 == d2 { return n1 < n2 }
      let left = n1.multipliedFullWidth(by: d2)
      let right = n2.multipliedFullWidth(by: d1)
      return left.high != right.high ? left.high < right.high : left.low < right.low
    }
    return bigLess(a, b)
  }

  @usableFromInline
  static func bigLess(_ a: Rational, _ b: Rational) -> Bool {
    a.withGMP { a in b.withGMP { b in __gmpq_cmp(a, b) < 0 } }
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    switch storage {
    case .inline(let numerator, let denominator):
      hasher.combine(numerator)
      hasher.combine(denominator)
    case .big:
      hasher.combine(self.numerator)
      hasher.combine(self.denominator)
    }
  }
}

extension Rational: ExpressibleByIntegerLiteral {
  @inlinable
  public init(integerLiteral value: Int) {
    self.init(value)
  }
}

extension Rational {
  @inlinable
  public static func + (a: Rational, b: Rational) -> Rational {
    if case .inline(let n1, let d1) = a.storage, case .inline(let n2, let d2) = b.storage,
      let sum = inlineSum(n1, d1, n2, d2)
    {
      return sum
    }
    return bigSum(a, b)
  }

  /// `n1/d1 + n2/d2`, or `nil` when a word overflows (Knuth, TAOCP 4.5.1: two small gcds in place
  /// of one large one, and none where the denominators are coprime and do not cancel).
  @inlinable
  static func inlineSum(_ n1: Int, _ d1: Int, _ n2: Int, _ d2: Int) -> Rational? {
    if d1 == d2 {
      let (sum, overflow) = n1.addingReportingOverflow(n2)
      return overflow ? nil : Rational(nonReducedNumerator: sum, denominator: d1)
    }
    let g = Int(bitPattern: wordGCD(UInt(bitPattern: d1), UInt(bitPattern: d2)))
    let e1 = g == 1 ? d1 : d1 / g
    let e2 = g == 1 ? d2 : d2 / g
    let (left, o1) = n1.multipliedReportingOverflow(by: e2)
    let (right, o2) = n2.multipliedReportingOverflow(by: e1)
    let (sum, o3) = left.addingReportingOverflow(right)
    let (denominator, o4) = e1.multipliedReportingOverflow(by: d2)
    if o1 || o2 || o3 || o4 { return nil }
    if g == 1 { return Rational(reducedNumerator: sum, denominator: denominator) }
    // Numbers in lowest terms with different denominators do not cancel, so `sum` is not zero.
    let h = Int(bitPattern: wordGCD(sum.magnitude, UInt(bitPattern: g)))
    if h == 1 { return Rational(reducedNumerator: sum, denominator: denominator) }
    return Rational(reducedNumerator: sum / h, denominator: denominator / h)
  }

  @usableFromInline
  static func bigSum(_ a: Rational, _ b: Rational) -> Rational {
    make { out in a.withGMP { a in b.withGMP { b in __gmpq_add(out, a, b) } } }
  }

  @inlinable
  public static func - (a: Rational, b: Rational) -> Rational {
    if case .inline(let n1, let d1) = a.storage, case .inline(let n2, let d2) = b.storage,
      n2 != .min, let difference = inlineSum(n1, d1, -n2, d2)
    {
      return difference
    }
    return bigDifference(a, b)
  }

  @usableFromInline
  static func bigDifference(_ a: Rational, _ b: Rational) -> Rational {
    make { out in a.withGMP { a in b.withGMP { b in __gmpq_sub(out, a, b) } } }
  }

  @inlinable
  public static func * (a: Rational, b: Rational) -> Rational {
    if case .inline(let n1, let d1) = a.storage, case .inline(let n2, let d2) = b.storage,
      let product = inlineProduct(n1, d1, n2, d2)
    {
      return product
    }
    return bigProduct(a, b)
  }

  /// `n1/d1 * n2/d2`, or `nil` when a word overflows; `d1, d2 > 0`.
  @inlinable
  static func inlineProduct(_ n1: Int, _ d1: Int, _ n2: Int, _ d2: Int) -> Rational? {
    let (numerator, o1) = n1.multipliedReportingOverflow(by: n2)
    let (denominator, o2) = d1.multipliedReportingOverflow(by: d2)
    if o1 || o2 { return inlineProductReducingFirst(n1, d1, n2, d2) }
    // One long gcd takes as long as two short ones and saves two divisions.
    return Rational(nonReducedNumerator: numerator, denominator: denominator)
  }

  /// The product where it may be that only the reduced one fits words.
  @usableFromInline
  static func inlineProductReducingFirst(
    _ n1: Int, _ d1: Int, _ n2: Int, _ d2: Int
  ) -> Rational? {
    if n1 == .min || n2 == .min { return nil }
    // Only one numerator and the other denominator may have a factor in common.
    let g = Int(bitPattern: wordGCD(n1.magnitude, UInt(bitPattern: d2)))
    let h = Int(bitPattern: wordGCD(n2.magnitude, UInt(bitPattern: d1)))
    let (numerator, o1) = (n1 / g).multipliedReportingOverflow(by: n2 / h)
    let (denominator, o2) = (d1 / h).multipliedReportingOverflow(by: d2 / g)
    return o1 || o2 ? nil : Rational(reducedNumerator: numerator, denominator: denominator)
  }

  @usableFromInline
  static func bigProduct(_ a: Rational, _ b: Rational) -> Rational {
    make { out in a.withGMP { a in b.withGMP { b in __gmpq_mul(out, a, b) } } }
  }

  /// The quotient.
  ///
  /// - Precondition: `b` is not zero.
  @inlinable
  public static func / (a: Rational, b: Rational) -> Rational {
    precondition(!b.isZero, "division by zero")
    if case .inline(let n1, let d1) = a.storage, case .inline(let n2, let d2) = b.storage,
      n2 != .min,
      let quotient = inlineProduct(n1, d1, n2 < 0 ? -d2 : d2, n2 < 0 ? -n2 : n2)
    {
      return quotient
    }
    return bigQuotient(a, b)
  }

  @usableFromInline
  static func bigQuotient(_ a: Rational, _ b: Rational) -> Rational {
    make { out in a.withGMP { a in b.withGMP { b in __gmpq_div(out, a, b) } } }
  }

  @inlinable
  public static prefix func - (a: Rational) -> Rational {
    if case .inline(let n, let d) = a.storage, n != .min {
      return Rational(reducedNumerator: -n, denominator: d)
    }
    return bigDifference(zero, a)
  }

  @inlinable
  public static func += (a: inout Rational, b: Rational) { a = a + b }
  @inlinable
  public static func -= (a: inout Rational, b: Rational) { a = a - b }
  @inlinable
  public static func *= (a: inout Rational, b: Rational) { a = a * b }
  @inlinable
  public static func /= (a: inout Rational, b: Rational) { a = a / b }
}

extension Rational {
  public var magnitude: Rational { signum < 0 ? -self : self }

  /// The largest integer that is at most the number.
  public var floor: Integer { numerator.floorDivided(by: denominator) }

  /// The smallest integer that is at least the number.
  public var ceiling: Integer { -(-self).floor }

  /// The number to the power `exponent`; `0⁰ = 1`.
  ///
  /// - Precondition: the base is not zero when `exponent` is negative; the caller has bounded the
  ///   size of the result.
  public func power(_ exponent: Int) -> Rational {
    precondition(exponent >= 0 || !isZero, "zero to a negative power")
    let n = numerator.power(exponent.magnitude)
    let d = denominator.power(exponent.magnitude)
    return exponent >= 0 ? Rational(n, d) : Rational(d, n)
  }
}
