// What is here: finite sums of square roots of rationals, with an exact test for zero.
// Notation: Σ c_i √m_i with positive integers m_i no two of which have a square as product.
// Square roots of such integers are linearly independent over the rationals (Besicovitch 1940), so
// that the sum is zero iff every coefficient is; the sign of any other is found by enclosing it.

/// A finite sum of rational multiples of square roots of rationals, exactly.
public struct RootSum: Sendable, Hashable {
  /// One multiple of a root.
  public struct Term: Sendable, Hashable {
    /// Not zero.
    public let coefficient: Rational
    /// Positive.
    public let radicand: Integer
  }

  /// No two radicands have a perfect square as product.
  public private(set) var terms: [Term] = []

  /// The rational number `value`.
  public init(_ value: Rational) {
    add(value, 1)
  }

  /// `coefficient · √radicand`.
  ///
  /// - Precondition: `radicand` is not negative.
  public init(_ coefficient: Rational = 1, rootOf radicand: Rational) {
    precondition(!radicand.isNegative, "a root of a negative number")
    if radicand.isZero { return }
    // √(n/d) = √(n d)/d
    add(
      coefficient / Rational(radicand.denominator), radicand.numerator * radicand.denominator)
  }

  public static let zero = RootSum(0)

  public static func + (a: RootSum, b: RootSum) -> RootSum {
    var sum = a
    for term in b.terms { sum.add(term.coefficient, term.radicand) }
    return sum
  }

  public static func - (a: RootSum, b: RootSum) -> RootSum { a + -1 * b }

  public static func * (factor: Rational, a: RootSum) -> RootSum {
    var product = RootSum.zero
    for term in a.terms { product.add(factor * term.coefficient, term.radicand) }
    return product
  }

  public static func * (a: RootSum, b: RootSum) -> RootSum {
    var product = RootSum.zero
    for left in a.terms {
      for right in b.terms {
        product.add(left.coefficient * right.coefficient, left.radicand * right.radicand)
      }
    }
    return product
  }

  /// The value, where it is rational.
  public var rational: Rational? {
    if terms.isEmpty { return 0 }
    guard terms.count == 1, terms[0].radicand == 1 else { return nil }
    return terms[0].coefficient
  }

  /// -1, 0 or 1, exactly.
  public var signum: Int {
    if terms.isEmpty { return 0 }
    if terms.count == 1 { return terms[0].coefficient.signum }
    var bits = 64
    while true {
      let bounds = enclosure(bits: bits)
      if bounds.lower.signum > 0 { return 1 }
      if bounds.upper.signum < 0 { return -1 }
      bits *= 2
    }
  }

  /// Bounds; each root is known to within `2^-bits` times the size of its coefficient.
  public func enclosure(bits: Int) -> Enclosure {
    terms.reduce(Enclosure(0)) { sum, term in
      let root = (term.radicand << (2 * bits)).floorSquareRoot
      if root * root == term.radicand << (2 * bits) {
        return sum + Enclosure(term.coefficient * Rational(root, timesTwoToThe: -bits))
      }
      return sum
        + term.coefficient
        * Enclosure(
          lower: Rational(root, timesTwoToThe: -bits),
          upper: Rational(root + 1, timesTwoToThe: -bits))
    }
  }

  /// Adds `coefficient · √radicand`, joined with the term of its class.
  private mutating func add(_ coefficient: Rational, _ radicand: Integer) {
    if coefficient.isZero { return }
    var (coefficient, radicand) = (coefficient, radicand)
    let own = radicand.floorRoot(2)
    if own.isExact { (coefficient, radicand) = (coefficient * Rational(own.root), 1) }
    for (place, term) in terms.enumerated() {
      let (root, isExact) = (term.radicand * radicand).floorRoot(2)
      guard isExact else { continue }
      // √radicand = √(radicand · m)/m · √m
      let sum = term.coefficient + coefficient * Rational(root, term.radicand)
      if sum.isZero {
        terms.remove(at: place)
      } else {
        terms[place] = Term(coefficient: sum, radicand: term.radicand)
      }
      return
    }
    terms.append(Term(coefficient: coefficient, radicand: radicand))
  }
}

extension RootSum: Comparable {
  public static func == (a: RootSum, b: RootSum) -> Bool { (a - b).terms.isEmpty }
  public static func < (a: RootSum, b: RootSum) -> Bool { (a - b).signum < 0 }

  /// Equal sums may stand for their roots differently; only the rational part is hashed.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(terms.count)
    hasher.combine(terms.first { $0.radicand == 1 }?.coefficient)
  }
}

/// A number that is zero or more and whose square is a ``RootSum``: a rational, a root, a sum of
/// roots, or the root of such a sum. Comparisons are decided exactly, by the squares.
public struct RootNumber: Sendable, Hashable, Comparable {
  /// The square, which is not negative.
  public let squared: RootSum

  /// - Precondition: `value` is not negative.
  public init(_ value: Rational) {
    precondition(!value.isNegative, "a root number is not negative")
    squared = RootSum(value * value)
  }

  /// The root of `squared`.
  ///
  /// - Precondition: `squared` is not negative.
  public init(squared: RootSum) {
    self.squared = squared
  }

  /// The magnitude of `value`.
  public init(_ value: RootSum) {
    squared = value * value
  }

  public var isZero: Bool { squared.terms.isEmpty }

  /// The value, where it is rational.
  public var rational: Rational? {
    guard let square = squared.rational else { return nil }
    let (n, d) = (square.numerator.floorRoot(2), square.denominator.floorRoot(2))
    return n.isExact && d.isExact ? Rational(n.root, d.root) : nil
  }

  /// Bounds that are at most `width` apart.
  ///
  /// - Precondition: `width` is positive.
  public func enclosure(width: Rational) -> Enclosure {
    if let rational { return Enclosure(rational) }
    var bits = 64
    while true {
      let square = squared.enclosure(bits: bits)
      let low = max(square.lower, 0).floor(timesTwoToThe: 2 * bits).floorSquareRoot
      let high = square.upper.floor(timesTwoToThe: 2 * bits).floorSquareRoot + 1
      let bounds = Enclosure(
        lower: Rational(low, timesTwoToThe: -bits), upper: Rational(high, timesTwoToThe: -bits))
      if bounds.width <= width { return bounds }
      bits *= 2
    }
  }

  public static func == (a: RootNumber, b: RootNumber) -> Bool { a.squared == b.squared }
  public static func < (a: RootNumber, b: RootNumber) -> Bool { a.squared < b.squared }
}
