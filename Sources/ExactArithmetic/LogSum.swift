// What is here: finite sums of a rational and of rational multiples of logarithms of rationals, with
// an exact test for zero.
// Notation: q + Σ c_i log m_i with integers m_i > 1, pairwise coprime. Then ∏ m_i^{n_i} = 1 in integers
// only for n = 0, so that the logarithms are linearly independent over the rationals; and a sum of
// them is no rational other than 0 (Lindemann: e^q is transcendental). So the sum is zero iff q and
// every c_i are; the sign of any other is found by enclosing it.
// Note: proofs-notes/sums-of-logarithms.md

/// A rational plus finitely many rational multiples of natural logarithms of rationals, exactly.
///
/// Entropies of rational laws are such numbers. Equality and order are decided.
public struct LogSum: Sendable {
  /// One multiple of a logarithm.
  public struct Term: Sendable, Hashable {
    /// Not zero.
    public let coefficient: Rational
    /// More than 1.
    public let base: Integer
  }

  public let rational: Rational
  /// The bases are pairwise coprime, ascending.
  public private(set) var terms: [Term]

  /// The rational number `value`.
  public init(_ value: Rational) {
    rational = value
    terms = []
  }

  /// `coefficient · log argument`.
  ///
  /// - Precondition: `argument` is positive.
  public init(_ coefficient: Rational = 1, logOf argument: Rational) {
    precondition(argument.signum > 0, "a logarithm of a number that is not positive")
    self.init(
      0,
      [(coefficient, argument.numerator), (-coefficient, argument.denominator)])
  }

  private init(_ rational: Rational, _ parts: [(coefficient: Rational, base: Integer)]) {
    self.rational = rational
    terms = Self.coprime(parts)
  }

  public static let zero = LogSum(0)

  /// The value where it is rational, else `nil`.
  public var rationalValue: Rational? { terms.isEmpty ? rational : nil }

  /// -1, 0 or 1, exactly.
  public var signum: Int {
    if terms.isEmpty { return rational.signum }
    if rational.isZero, let sign = commonSign { return sign }
    var bits = 64
    while true {
      let bounds = enclosure(bits: bits)
      if bounds.lower.signum > 0 { return 1 }
      if bounds.upper.signum < 0 { return -1 }
      bits *= 2
    }
  }

  /// Bounds; each logarithm is known to within `2^-bits`.
  public func enclosure(bits: Int) -> Enclosure {
    terms.reduce(Enclosure(rational)) { sum, term in
      // The base is positive, so that nothing is thrown below the limit of the precision.
      guard let logarithm = try? Enclosure(Rational(term.base)).logarithm(bits: bits) else {
        preconditionFailure("two sums of logarithms differ by less than can be told apart")
      }
      return sum + term.coefficient * logarithm
    }
  }

  /// The sign that all coefficients share; logarithms of bases above 1 are positive.
  private var commonSign: Int? {
    guard let sign = terms.first?.coefficient.signum else { return nil }
    return terms.allSatisfy { $0.coefficient.signum == sign } ? sign : nil
  }

  /// The same sum over bases that are pairwise coprime.
  ///
  /// Two bases with a common factor `g` are replaced by `g` and the two cofactors, which makes the
  /// product of all bases smaller, so that it ends.
  private static func coprime(_ parts: [(coefficient: Rational, base: Integer)]) -> [Term] {
    var open = parts
    var done: [Term] = []
    while let part = open.popLast() {
      if part.base == 1 || part.coefficient.isZero { continue }
      guard let place = done.firstIndex(where: { Integer.gcd($0.base, part.base) != 1 }) else {
        done.append(Term(coefficient: part.coefficient, base: part.base))
        continue
      }
      let other = done.remove(at: place)
      let common = Integer.gcd(other.base, part.base)
      open.append((part.coefficient + other.coefficient, common))
      open.append((part.coefficient, part.base.exactlyDivided(by: common)))
      open.append((other.coefficient, other.base.exactlyDivided(by: common)))
    }
    return done.sorted { $0.base < $1.base }
  }
}

extension LogSum {
  public static func + (a: LogSum, b: LogSum) -> LogSum {
    if a.terms.isEmpty, b.terms.isEmpty { return LogSum(a.rational + b.rational) }
    return LogSum(
      a.rational + b.rational, (a.terms + b.terms).map { ($0.coefficient, $0.base) })
  }

  public static func - (a: LogSum, b: LogSum) -> LogSum { a + -1 * b }

  public static func * (factor: Rational, a: LogSum) -> LogSum {
    LogSum(factor * a.rational, a.terms.map { (factor * $0.coefficient, $0.base) })
  }
}

extension LogSum: Comparable {
  public static func == (a: LogSum, b: LogSum) -> Bool {
    let difference = a - b
    return difference.terms.isEmpty && difference.rational.isZero
  }

  public static func < (a: LogSum, b: LogSum) -> Bool { (a - b).signum < 0 }
}

extension LogSum: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(Rational(value)) }
}

extension LogSum: CustomStringConvertible {
  /// Such as `1/2 + 3 log 2 - 1/3 log 5`.
  public var description: String {
    var text = rational.isZero && !terms.isEmpty ? "" : "\(rational)"
    for term in terms {
      let size = term.coefficient.magnitude
      let sign = term.coefficient.signum < 0 ? "-" : "+"
      let factor = size == 1 ? "" : "\(size) "
      text += text.isEmpty ? (sign == "-" ? "-" : "") : " \(sign) "
      text += "\(factor)log \(term.base)"
    }
    return text
  }
}
