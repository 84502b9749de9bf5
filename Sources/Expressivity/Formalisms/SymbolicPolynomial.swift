import ExactArithmetic

/// A polynomial with rational coefficients in named variables, for identities that hold for all
/// values.
struct SymbolicPolynomial: Hashable, ExpressibleByIntegerLiteral {
  /// Exponents by variable, zeros left out.
  private typealias Monomial = [String: Int]

  private let terms: [Monomial: Rational]

  private init(_ terms: [Monomial: Rational]) {
    self.terms = terms.filter { !$0.value.isZero }
  }

  init(integerLiteral value: Int) {
    self.init([[:]: Rational(value)])
  }

  static func variable(_ name: String) -> SymbolicPolynomial {
    SymbolicPolynomial([[name: 1]: 1])
  }

  static func constant(_ value: Rational) -> SymbolicPolynomial {
    SymbolicPolynomial([[:]: value])
  }

  /// Whether it is 0 for all values of its variables.
  var isZero: Bool { terms.isEmpty }

  static func + (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial {
    SymbolicPolynomial(a.terms.merging(b.terms, uniquingKeysWith: +))
  }

  static prefix func - (a: SymbolicPolynomial) -> SymbolicPolynomial {
    SymbolicPolynomial(a.terms.mapValues { -$0 })
  }

  static func - (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial { a + -b }

  static func * (a: SymbolicPolynomial, b: SymbolicPolynomial) -> SymbolicPolynomial {
    var product: [Monomial: Rational] = [:]
    for (left, x) in a.terms {
      for (right, y) in b.terms {
        product[left.merging(right, uniquingKeysWith: +), default: 0] += x * y
      }
    }
    return SymbolicPolynomial(product)
  }
}
