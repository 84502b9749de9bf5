/// A polynomial in one variable with integer coefficients.
///
/// Polynomials over the rationals are held as an integer polynomial and a positive factor that
/// the caller knows: roots and signs, which this type is for, do not depend on it.
public struct Polynomial: Sendable, Hashable {
  /// Entry `i` belongs to `xⁱ`; the last entry is not zero, and the zero polynomial has none.
  public let coefficients: [Integer]

  /// The polynomial with these coefficients, lowest first; zeros at the end are dropped.
  public init(_ coefficients: [Integer]) {
    var count = coefficients.count
    while count > 0, coefficients[count - 1].isZero { count -= 1 }
    self.coefficients =
      count == coefficients.count ? coefficients : Array(coefficients.prefix(count))
  }

  /// The constant `value`.
  public init(_ value: Integer) {
    self.init([value])
  }

  /// The smallest positive multiple of the polynomial with these rational coefficients that has
  /// integer ones.
  public init(primitiveMultipleOf coefficients: [Rational]) {
    let common = coefficients.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    self =
      Polynomial(
        coefficients.map { $0.numerator * common.exactlyDivided(by: $0.denominator) }
      ).primitivePart
  }

  public static let zero = Polynomial([Integer]())
  public static let one = Polynomial(1)
  /// The polynomial `x`.
  public static let variable = Polynomial([0, 1])

  /// The largest exponent; -1 for the zero polynomial.
  public var degree: Int { coefficients.count - 1 }

  public var isZero: Bool { coefficients.isEmpty }

  /// The coefficient of the largest exponent; 0 for the zero polynomial.
  public var leadingCoefficient: Integer { coefficients.last ?? 0 }

  /// The greatest common divisor of the coefficients, never negative.
  public var content: Integer {
    var common = Integer.zero
    for coefficient in coefficients where common != 1 {
      common = Integer.gcd(common, coefficient)
    }
    return common
  }

  /// The polynomial divided by its content; the sign stays.
  public var primitivePart: Polynomial {
    let common = content
    guard common > 1 else { return self }
    return Polynomial(coefficients.map { $0.exactlyDivided(by: common) })
  }

  public var derivative: Polynomial {
    Polynomial(coefficients.enumerated().dropFirst().map { $1 * Integer($0) })
  }
}

// MARK: - Ring operations

extension Polynomial {
  public static func + (a: Polynomial, b: Polynomial) -> Polynomial {
    combined(a, b) { $0 + $1 }
  }

  public static func - (a: Polynomial, b: Polynomial) -> Polynomial {
    combined(a, b) { $0 - $1 }
  }

  private static func combined(
    _ a: Polynomial, _ b: Polynomial, _ operation: (Integer, Integer) -> Integer
  ) -> Polynomial {
    let count = max(a.coefficients.count, b.coefficients.count)
    return Polynomial(
      (0..<count).map { i in
        operation(
          i < a.coefficients.count ? a.coefficients[i] : 0,
          i < b.coefficients.count ? b.coefficients[i] : 0)
      })
  }

  public static prefix func - (a: Polynomial) -> Polynomial {
    Polynomial(a.coefficients.map { -$0 })
  }

  public static func * (factor: Integer, a: Polynomial) -> Polynomial {
    Polynomial(a.coefficients.map { factor * $0 })
  }

  public static func * (a: Polynomial, b: Polynomial) -> Polynomial {
    guard !a.isZero, !b.isZero else { return .zero }
    var product = [Integer](repeating: 0, count: a.coefficients.count + b.coefficients.count - 1)
    for (i, x) in a.coefficients.enumerated() where !x.isZero {
      for (j, y) in b.coefficients.enumerated() { product[i + j] += x * y }
    }
    return Polynomial(product)
  }
}

// MARK: - Values

extension Polynomial {
  /// `qⁿ p(a/q)` for the degree `n`, by Horner's rule without a fraction.
  private func homogeneousValue(at place: Rational) -> (value: Integer, power: Integer) {
    let (numerator, denominator) = (place.numerator, place.denominator)
    var value = leadingCoefficient
    var power = Integer.one
    for coefficient in coefficients.dropLast().reversed() {
      power *= denominator
      value = value * numerator + coefficient * power
    }
    return (value, power)
  }

  /// The exact value at a rational number.
  public func value(at place: Rational) -> Rational {
    let (value, power) = homogeneousValue(at: place)
    return Rational(value, power)
  }

  /// The sign of the value at a rational number, without a gcd.
  public func sign(at place: Rational) -> Int { homogeneousValue(at: place).value.signum }

  /// An interval that holds the value at every number of `interval`, by Horner's rule.
  ///
  /// The ends are exact for the rule, which may make the interval wider than the range.
  public func value(over interval: Enclosure) -> Enclosure {
    var value = Enclosure(0)
    for coefficient in coefficients.reversed() {
      value = value * interval + Enclosure(Rational(coefficient))
    }
    return value
  }

  /// The sign just below (`-1`) or above (`1`) a rational number; 0 for the zero polynomial.
  ///
  /// - Complexity: O(n) integer operations for each derivative that vanishes there, and one more.
  public func sign(side: Int, of place: Rational) -> Int {
    // The first derivative that does not vanish decides.
    var (derivative, order) = (self, 0)
    while !derivative.isZero {
      let sign = derivative.sign(at: place)
      if sign != 0 { return side < 0 && order % 2 == 1 ? -sign : sign }
      (derivative, order) = (derivative.derivative, order + 1)
    }
    return 0
  }

  /// A positive multiple of `p(start + width · x)`.
  ///
  /// - Precondition: `width` is positive.
  /// - Complexity: O(n²) integer operations for the degree `n`.
  func composed(start: Rational, width: Rational) -> Polynomial {
    guard degree > 0 else { return self }
    let common = Integer.lcm(start.denominator, width.denominator)
    let offset = start.numerator * common.exactlyDivided(by: start.denominator)
    let scale = width.numerator * common.exactlyDivided(by: width.denominator)
    var moved = coefficients
    if common != 1 {
      // commonⁿ p(y / common), which has integer coefficients in y.
      var power = Integer.one
      for i in moved.indices.reversed() {
        moved[i] *= power
        power *= common
      }
    }
    Polynomial.shift(&moved, by: offset)
    if scale != 1 {
      var power = Integer.one
      for i in moved.indices {
        moved[i] *= power
        power *= scale
      }
    }
    return Polynomial(moved)
  }

  /// Turns the coefficients of `p(x)` into those of `p(x + offset)`.
  static func shift(_ coefficients: inout [Integer], by offset: Integer) {
    guard !offset.isZero, coefficients.count > 1 else { return }
    let last = coefficients.count - 1
    let isOne = offset == 1
    for start in 0..<last {
      for i in stride(from: last - 1, through: start, by: -1) {
        coefficients[i] += isOne ? coefficients[i + 1] : coefficients[i + 1] * offset
      }
    }
  }
}

extension Polynomial: CustomStringConvertible {
  /// As in `28x^2 - 159x + 36`.
  public var description: String { text(variable: "x") }

  /// As ``description``, with another name of the variable.
  public func text(variable: String) -> String {
    if isZero { return "0" }
    var text = ""
    for (exponent, coefficient) in coefficients.enumerated().reversed()
    where !coefficient.isZero {
      if text.isEmpty {
        text = coefficient.isNegative ? "-" : ""
      } else {
        text += coefficient.isNegative ? " - " : " + "
      }
      let size = coefficient.magnitude
      if size != 1 || exponent == 0 { text += "\(size)" }
      if exponent > 0 { text += exponent == 1 ? variable : "\(variable)^\(exponent)" }
    }
    return text
  }
}
