/// A real algebraic number: a rational one, or the only root of a polynomial in an interval.
///
/// Everything about it is decided exactly: the interval can be made as narrow as wanted by
/// bisection, and a question that no width settles (is this a zero of that polynomial?) is one
/// about common factors.
public struct AlgebraicNumber: Sendable {
  /// Square-free, with integer coefficients; the number is a root of it.
  public let polynomial: Polynomial
  /// Below the number, or equal to it when it is known as a fraction.
  public let lower: Rational
  /// Above the number, or equal to it when it is known as a fraction.
  public let upper: Rational
  /// The sign of the polynomial in the interval left of the number; 0 for a known fraction.
  let leftSign: Int

  /// The rational number `value`.
  public init(_ value: Rational) {
    polynomial = Polynomial([-value.numerator, value.denominator])
    lower = value
    upper = value
    leftSign = 0
  }

  /// The only root, and a simple one, of `polynomial` in the open interval; the ends may be roots.
  init(isolating polynomial: Polynomial, lower: Rational, upper: Rational) {
    self.init(
      polynomial: polynomial, lower: lower, upper: upper,
      leftSign: polynomial.sign(side: 1, of: lower))
  }

  private init(polynomial: Polynomial, lower: Rational, upper: Rational, leftSign: Int) {
    self.polynomial = polynomial
    self.lower = lower
    self.upper = upper
    self.leftSign = leftSign
  }

  /// The root of `polynomial` in the open interval, or `nil` unless there is exactly one; its
  /// multiplicity does not matter.
  public init?(rootOf polynomial: Polynomial, from lower: Rational, to upper: Rational) {
    guard !polynomial.isZero, lower < upper else { return nil }
    let roots = polynomial.roots(from: lower, to: upper)
    guard roots.count == 1, let root = roots.first else { return nil }
    self = root
  }

  /// Whether the number is known as a fraction.
  public var isExact: Bool { lower == upper }

  /// The interval that holds the number.
  public var enclosure: Enclosure { Enclosure(lower: lower, upper: upper) }
}

// MARK: - Refinement

extension AlgebraicNumber {
  /// The same number with half the interval.
  public var bisected: AlgebraicNumber {
    if isExact { return self }
    let middle = (lower + upper) / 2
    let sign = polynomial.sign(at: middle)
    if sign == 0 { return AlgebraicNumber(middle) }
    return sign == leftSign
      ? AlgebraicNumber(polynomial: polynomial, lower: middle, upper: upper, leftSign: leftSign)
      : AlgebraicNumber(polynomial: polynomial, lower: lower, upper: middle, leftSign: leftSign)
  }

  /// The same number in an interval of at most this width.
  ///
  /// - Precondition: `width` is positive.
  /// - Complexity: one evaluation of the polynomial for each bit.
  public func refined(toWidth width: Rational) -> AlgebraicNumber {
    precondition(width.signum > 0, "an interval has a positive width")
    var number = self
    while number.upper - number.lower > width { number = number.bisected }
    return number
  }

  /// The number as a fraction, or `nil` when it is irrational.
  ///
  /// The denominator of a rational root divides the leading coefficient `c`, so that `c` times
  /// the number is an integer; an interval that is narrow enough leaves one candidate.
  public var rationalValue: Rational? {
    if isExact { return lower }
    let leading = polynomial.leadingCoefficient.magnitude
    let number = refined(toWidth: Rational(1, leading + 1))
    if number.isExact { return number.lower }
    let scaled = number.lower * Rational(leading)
    let candidate = Rational(
      scaled.numerator.floorDivided(by: scaled.denominator) + 1, leading)
    let isRoot = candidate < number.upper && polynomial.sign(at: candidate) == 0
    return isRoot ? candidate : nil
  }

  /// The same number, as a fraction when it is one.
  public var simplified: AlgebraicNumber {
    rationalValue.map { AlgebraicNumber($0) } ?? self
  }

  /// A double near the number, for pictures and guesses.
  public var approximation: Double {
    let number = refined(toWidth: Rational(1, timesTwoToThe: -60))
    return Double(number.enclosure.midpoint)
  }
}
