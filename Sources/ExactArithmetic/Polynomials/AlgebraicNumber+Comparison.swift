// What is here: exact signs and comparisons. A polynomial P vanishes at the root α of p iff
// gcd(P, p) does; where it does not, some interval around α is free of roots of P, and bisection
// finds one by Descartes' rule. Note: proofs-notes/algebraic-numbers.md

extension AlgebraicNumber {
  /// -1, 0 or 1 as the number is less than, equal to or greater than `value`.
  public func comparison(with value: Rational) -> Int {
    if isExact { return lower == value ? 0 : (lower < value ? -1 : 1) }
    if value <= lower { return 1 }
    if value >= upper { return -1 }
    let sign = polynomial.sign(at: value)
    if sign == 0 { return 0 }
    return sign == leftSign ? 1 : -1
  }

  /// Whether the polynomial vanishes at the number.
  public func isRoot(of other: Polynomial) -> Bool {
    if other.isZero { return true }
    if isExact { return other.sign(at: lower) == 0 }
    // At most one root in the interval, and a simple one: the parity tells.
    let common = Polynomial.gcd(other, polynomial)
    return common.degree > 0 && common.signVariations(from: lower, to: upper) % 2 == 1
  }

  /// The sign of the value of a polynomial at the number.
  public func sign(of other: Polynomial) -> Int {
    if isExact { return other.sign(at: lower) }
    // Mostly the interval is narrow enough, and no common factor has to be looked for.
    if let sign = signIfConstant(of: other) { return sign }
    if isRoot(of: other) { return 0 }
    var number = self
    while true {
      number = number.bisected
      if number.isExact { return other.sign(at: number.lower) }
      if let sign = number.signIfConstant(of: other) { return sign }
    }
  }

  /// The sign of a polynomial that has no root in the interval; `nil` when it may have one.
  private func signIfConstant(of other: Polynomial) -> Int? {
    guard !other.isZero else { return nil }
    let middle = enclosure.midpoint
    let value = other.value(at: middle)
    // By the mean value theorem, which is cheaper than Descartes' rule.
    let change = (upper - lower) / 2 * other.slopeBound(within: max(abs(lower), abs(upper)))
    if abs(value) > change { return value.signum }
    return other.signVariations(from: lower, to: upper) == 0 ? value.signum : nil
  }

  /// The sign of a polynomial just below (`-1`) or above (`1`) the number; 0 for zero.
  public func sign(of other: Polynomial, onSide side: Int) -> Int {
    if isExact { return other.sign(side: side, of: lower) }
    // The first derivative that does not vanish decides.
    var (derivative, order) = (other, 0)
    while !derivative.isZero {
      let sign = sign(of: derivative)
      if sign != 0 { return side < 0 && order % 2 == 1 ? -sign : sign }
      (derivative, order) = (derivative.derivative, order + 1)
    }
    return 0
  }
}

extension AlgebraicNumber: Comparable {
  public static func == (a: AlgebraicNumber, b: AlgebraicNumber) -> Bool {
    if a.isExact { return b.comparison(with: a.lower) == 0 }
    if b.isExact { return a.comparison(with: b.lower) == 0 }
    let lower = max(a.lower, b.lower)
    let upper = min(a.upper, b.upper)
    guard lower < upper else { return false }
    // Each has one root in its interval, a simple one; a common one is in both.
    let common = Polynomial.gcd(a.polynomial, b.polynomial)
    return common.degree > 0 && common.signVariations(from: lower, to: upper) % 2 == 1
  }

  public static func < (a: AlgebraicNumber, b: AlgebraicNumber) -> Bool {
    if b.isExact { return a.comparison(with: b.lower) < 0 }
    if a.isExact { return b.comparison(with: a.lower) > 0 }
    if a == b { return false }
    var (a, b) = (a, b)
    while true {
      if a.upper <= b.lower { return true }
      if b.upper <= a.lower { return false }
      if b.isExact { return a.comparison(with: b.lower) < 0 }
      if a.isExact { return b.comparison(with: a.lower) > 0 }
      (a, b) = (a.bisected, b.bisected)
    }
  }
}

extension AlgebraicNumber: CustomStringConvertible {
  /// The fraction, or the interval and the polynomial.
  public var description: String {
    isExact ? "\(lower)" : "the root of \(polynomial) between \(lower) and \(upper)"
  }
}

extension Polynomial {
  /// Whether the polynomial is at most 0 everywhere from `start` to `end`.
  ///
  /// It is iff it does not change its sign between the two and is not positive next to `start`.
  ///
  /// - Precondition: `start < end`.
  public func isNonPositive(from start: AlgebraicNumber, to end: AlgebraicNumber) -> Bool {
    precondition(start < end, "the ends of an interval are in order")
    if isZero { return true }
    guard start.sign(of: self, onSide: 1) < 0 else { return false }
    return signChanges(from: start.lower, to: end.upper).allSatisfy { root in
      !(start < root && root < end)
    }
  }
}

extension Polynomial {
  /// At least `|p'(x)|` wherever `|x| ≤ size`.
  fileprivate func slopeBound(within size: Rational) -> Rational {
    let base = max(size.ceiling, 1)
    var power = Integer.one
    var sum = Integer.zero
    for (exponent, coefficient) in coefficients.enumerated().dropFirst() {
      sum += coefficient.magnitude * Integer(exponent) * power
      power *= base
    }
    return Rational(sum)
  }
}
