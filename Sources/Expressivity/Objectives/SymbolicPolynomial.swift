import ExactArithmetic

/// A polynomial with rational coefficients in named variables: for identities that hold for all
/// values, and as a function of vectors, whose entries are the variables `x1`, `x2` and so on.
public struct SymbolicPolynomial: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// Exponents by variable, zeros left out.
  public typealias Monomial = [String: Int]

  /// The coefficient of each monomial; none is zero.
  public let terms: [Monomial: Rational]

  private init(_ terms: [Monomial: Rational]) {
    self.terms = terms.filter { !$0.value.isZero }
  }

  public init(integerLiteral value: Int) {
    self.init([[:]: Rational(value)])
  }

  public static func variable(_ name: String) -> SymbolicPolynomial {
    SymbolicPolynomial([[name: 1]: 1])
  }

  /// The entry at `place` of a vector, counted from 0, as a variable.
  public static func entry(_ place: Int) -> SymbolicPolynomial { .variable(entryName(place)) }

  /// The name of the variable for the entry at `place`.
  static func entryName(_ place: Int) -> String { "x\(place + 1)" }

  public static func constant(_ value: Rational) -> SymbolicPolynomial {
    SymbolicPolynomial([[:]: value])
  }

  /// Whether it is 0 for all values of its variables.
  public var isZero: Bool { terms.isEmpty }

  /// The value where the variables have these values; a variable without one is 0.
  public func value(at values: [String: Rational]) -> Rational {
    terms.reduce(Rational.zero) { sum, term in
      sum
        + term.key.reduce(term.value) { product, factor in
          product * (values[factor.key] ?? 0).power(factor.value)
        }
    }
  }

  /// The value as a function of a vector.
  public func value(at vector: [Rational]) -> Rational {
    terms.reduce(Rational.zero) { sum, term in
      sum
        + vector.indices.reduce(term.value) { product, place in
          term.key[Self.entryName(place)].map { product * vector[place].power($0) } ?? product
        }
    }
  }

  public static func + (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial {
    SymbolicPolynomial(a.terms.merging(b.terms, uniquingKeysWith: +))
  }

  public static prefix func - (a: SymbolicPolynomial) -> SymbolicPolynomial {
    SymbolicPolynomial(a.terms.mapValues { -$0 })
  }

  public static func - (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial {
    a + -b
  }

  public static func * (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial {
    var product: [Monomial: Rational] = [:]
    for (left, x) in a.terms {
      for (right, y) in b.terms {
        product[left.merging(right, uniquingKeysWith: +), default: 0] += x * y
      }
    }
    return SymbolicPolynomial(product)
  }
}
