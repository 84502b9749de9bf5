// What is here: exact division, the greatest common divisor and square-free factors in Z[x].
// By Gauss' lemma a primitive polynomial that divides p over Q divides it in Z[x].

extension Polynomial {
  /// `self / divisor` where the quotient has integer coefficients, else `nil`.
  ///
  /// - Precondition: `divisor` is not zero.
  public func exactQuotient(by divisor: Polynomial) -> Polynomial? {
    precondition(!divisor.isZero, "division by the zero polynomial")
    guard degree >= divisor.degree else { return isZero ? .zero : nil }
    var rest = coefficients
    let leading = divisor.leadingCoefficient
    var quotient = [Integer](repeating: 0, count: degree - divisor.degree + 1)
    for place in quotient.indices.reversed() {
      let (factor, remainder) =
        rest[place + divisor.degree].quotientAndRemainder(dividingBy: leading)
      guard remainder.isZero else { return nil }
      quotient[place] = factor
      guard !factor.isZero else { continue }
      for (i, coefficient) in divisor.coefficients.enumerated() {
        rest[place + i] -= factor * coefficient
      }
    }
    guard rest.allSatisfy(\.isZero) else { return nil }
    return Polynomial(quotient)
  }

  /// Divides by `(x - root)` as often as it goes, for an integer `root`.
  ///
  /// - Returns: the quotient, and how often it went; the zero polynomial stays.
  public func removingRoot(_ root: Integer) -> (quotient: Polynomial, order: Int) {
    var (quotient, order) = (self, 0)
    let factor = Polynomial([-root, 1])
    while !quotient.isZero, let next = quotient.exactQuotient(by: factor) {
      (quotient, order) = (next, order + 1)
    }
    return (quotient, order)
  }

  /// A multiple of the remainder by `divisor`, without its content.
  private func primitiveRemainder(by divisor: Polynomial) -> Polynomial {
    var rest = coefficients
    let leading = divisor.leadingCoefficient
    while rest.count > divisor.degree {
      guard let last = rest.popLast(), !last.isZero else { continue }
      let common = Integer.gcd(last, leading)
      let (scale, factor) = (
        leading.exactlyDivided(by: common), last.exactlyDivided(by: common)
      )
      let place = rest.count - divisor.degree
      for i in rest.indices {
        rest[i] *= scale
        if i >= place { rest[i] -= factor * divisor.coefficients[i - place] }
      }
    }
    return Polynomial(rest).primitivePart
  }

  /// The greatest common divisor, primitive with a positive leading coefficient.
  ///
  /// That of two zero polynomials is zero.
  ///
  /// - Complexity: O(n²) word operations where a prime shows that there is no common factor;
  ///   else a sequence of primitive remainders, O(n³) operations on integers of O(n) times the
  ///   length of the coefficients.
  /// - Source: Knuth, *The Art of Computer Programming*, volume 2, section 4.6.1.
  public static func gcd(_ a: Polynomial, _ b: Polynomial) -> Polynomial {
    var (a, b) = (a.primitivePart, b.primitivePart)
    if a.degree < b.degree { swap(&a, &b) }
    if b.isZero { return a.leadingCoefficient.isNegative ? -a : a }
    if b.degree == 0 || ResidueRing.areCoprime(a, b) { return .one }
    while !b.isZero { (a, b) = (b, a.primitiveRemainder(by: b)) }
    return a.leadingCoefficient.isNegative ? -a : a
  }

  /// The product of the different irreducible factors: the same roots, each once.
  public var squareFreePart: Polynomial {
    guard degree > 1 else { return primitivePart }
    let part = primitivePart
    let common = Polynomial.gcd(part, part.derivative)
    return common.degree == 0 ? part : part.quotient(byKnownDivisor: common)
  }

  /// Square-free polynomials without common roots, with the multiplicity of their roots here.
  ///
  /// - Precondition: the polynomial is not zero.
  /// - Source: Yun, *On square-free decomposition algorithms*, SYMSAC 1976.
  public var squareFreeFactors: [(factor: Polynomial, multiplicity: Int)] {
    precondition(!isZero, "the zero polynomial has no factors")
    let part = primitivePart
    guard part.degree > 0 else { return [] }
    let common = Polynomial.gcd(part, part.derivative)
    guard common.degree > 0 else { return [(part, 1)] }
    var rest = part.quotient(byKnownDivisor: common)
    var other = part.derivative.quotient(byKnownDivisor: common) - rest.derivative
    var factors: [(factor: Polynomial, multiplicity: Int)] = []
    var multiplicity = 1
    while rest.degree > 0 {
      let factor = other.isZero ? rest : Polynomial.gcd(rest, other)
      if factor.degree > 0 { factors.append((factor, multiplicity)) }
      rest = rest.quotient(byKnownDivisor: factor)
      other = other.quotient(byKnownDivisor: factor) - rest.derivative
      multiplicity += 1
    }
    return factors
  }

  /// `self / divisor` for a primitive divisor.
  private func quotient(byKnownDivisor divisor: Polynomial) -> Polynomial {
    guard let quotient = exactQuotient(by: divisor) else {
      preconditionFailure("a primitive divisor leaves no remainder (Gauss)")
    }
    return quotient
  }
}

/// Polynomials modulo a prime, which show cheaply that two polynomials have no common factor.
private enum ResidueRing {
  /// The largest prime below 2³¹, so that products fit a word.
  static let prime: UInt64 = 2_147_483_647

  /// Whether the residues of the polynomials are coprime and one keeps its degree: then the
  /// polynomials are coprime, since a common factor would keep its degree as well.
  static func areCoprime(_ a: Polynomial, _ b: Polynomial) -> Bool {
    var (x, y) = (residues(of: a), residues(of: b))
    guard x.count == a.coefficients.count || y.count == b.coefficients.count else { return false }
    while !y.isEmpty {
      reduce(&x, modulo: y)
      swap(&x, &y)
    }
    return x.count == 1
  }

  private static func residues(of polynomial: Polynomial) -> [UInt64] {
    var residues = polynomial.coefficients.map { coefficient in
      let remainder = (coefficient % Integer(Int(prime))).word ?? 0  // less than the prime
      return UInt64(remainder < 0 ? remainder + Int(prime) : remainder)
    }
    while residues.last == 0 { residues.removeLast() }
    return residues
  }

  private static func reduce(_ x: inout [UInt64], modulo y: [UInt64]) {
    let scale = inverse(of: y[y.count - 1])
    while x.count >= y.count {
      let factor = x[x.count - 1] * scale % prime
      let place = x.count - y.count
      for i in y.indices {
        x[place + i] = (x[place + i] + (prime - factor) * y[i]) % prime
      }
      while x.last == 0 { x.removeLast() }
    }
  }

  private static func inverse(of value: UInt64) -> UInt64 {
    var (result, base, exponent) = (UInt64(1), value, prime - 2)
    while exponent != 0 {
      if exponent & 1 == 1 { result = result * base % prime }
      base = base * base % prime
      exponent >>= 1
    }
    return result
  }
}
