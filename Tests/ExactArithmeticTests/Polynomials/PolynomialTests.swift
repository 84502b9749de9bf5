import ExactArithmetic
import TestSupport
import Testing

/// A polynomial with small integer roots and a few other factors, lowest coefficient first.
private func random(
  degree: Int, bits: Int = 12, using random: inout SplitMix64
) -> Polynomial {
  Polynomial((0...degree).map { _ in Integer.uniform(bits: bits, using: &random) })
}

@Suite("Polynomial")
struct PolynomialTests {
  @Test("ring laws, and evaluation is a homomorphism", arguments: 0..<3 as Range<UInt64>)
  func ring(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let a = random(degree: Int(generator.below(7)), using: &generator)
      let b = random(degree: Int(generator.below(7)), using: &generator)
      let c = random(degree: Int(generator.below(4)), using: &generator)
      let x = Rational.random(bits: 1...20, using: &generator)
      try #require(a * b == b * a && a * (b + c) == a * b + a * c && (a - a).isZero)
      try #require((a * b).value(at: x) == a.value(at: x) * b.value(at: x))
      try #require((a + b).value(at: x) == a.value(at: x) + b.value(at: x))
      try #require(a.sign(at: x) == a.value(at: x).signum)
      try #require((a * b).derivative == a.derivative * b + a * b.derivative)
      let around = Enclosure(lower: x - Rational(1, 8), upper: x + Rational(1, 8))
      try #require(a.value(over: around).contains(a.value(at: x)))
    }
  }

  @Test("a quotient is exact or there is none")
  func division() throws {
    let a = Polynomial([-6, 11, -6, 1])  // (x - 1)(x - 2)(x - 3)
    #expect(a.exactQuotient(by: Polynomial([-2, 1])) == Polynomial([3, -4, 1]))
    #expect(a.exactQuotient(by: Polynomial([1, 1])) == nil)
    #expect(a.exactQuotient(by: Polynomial([-4, 2])) == nil)  // no integers
    #expect(Polynomial.zero.exactQuotient(by: a) == .zero)
    let power = Polynomial([1, -2, 1]) * a
    #expect(power.removingRoot(1).order == 3)
    #expect(power.removingRoot(1).quotient == Polynomial([6, -5, 1]))
    #expect(power.removingRoot(5).order == 0)
  }

  @Test("the greatest common divisor holds the common factor", arguments: 0..<3 as Range<UInt64>)
  func gcd(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let common = random(degree: 1 + Int(generator.below(4)), using: &generator)
      let a = random(degree: Int(generator.below(5)), using: &generator)
      let b = random(degree: Int(generator.below(5)), using: &generator)
      guard !common.isZero, !a.isZero, !b.isZero else { continue }
      let found = Polynomial.gcd(common * a, common * b)
      let label: Comment = "seed \(seed): \(common), \(a), \(b)"
      try #require(found.exactQuotient(by: monic(common)) != nil, label)
      try #require((common * a).primitivePart.exactQuotient(by: found) != nil, label)
      try #require((common * b).primitivePart.exactQuotient(by: found) != nil, label)
      try #require(found.content == 1 && found.leadingCoefficient.signum > 0, label)
    }
    #expect(Polynomial.gcd(.zero, .zero).isZero)
    #expect(Polynomial.gcd(.zero, Polynomial([-2, -4])) == Polynomial([1, 2]))
  }

  private func monic(_ polynomial: Polynomial) -> Polynomial {
    let part = polynomial.primitivePart
    return part.leadingCoefficient.isNegative ? -part : part
  }

  @Test("square-free factors carry their multiplicities")
  func squareFree() throws {
    let (a, b, c) = (Polynomial([-1, 1]), Polynomial([1, 0, 1]), Polynomial([-2, 3]))
    let product = a * b * b * b * c * c * c * c * c
    let factors = product.squareFreeFactors
    #expect(factors.map(\.multiplicity) == [1, 3, 5])
    #expect(factors.map(\.factor) == [a, b, c])
    #expect(product.squareFreePart == a * b * c)
    #expect(Polynomial([7]).squareFreeFactors.isEmpty)
    #expect((a * b).squareFreeFactors.map(\.multiplicity) == [1])
  }

  @Test("interpolation goes through its points", arguments: 0..<3 as Range<UInt64>)
  func interpolation(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for count in 1...9 {
      let points = (0..<count).map { index in
        (
          place: Rational(index * 3 + Int(generator.below(3)), 7),
          value: Rational.random(bits: 1...30, using: &generator)
        )
      }
      let (polynomial, factor) = Polynomial.interpolating(points)
      try #require(polynomial.degree < count && factor.signum > 0)
      for point in points {
        try #require(factor * polynomial.value(at: point.place) == point.value)
      }
    }
  }

  @Test("signs beside a root follow its multiplicity")
  func sides() {
    let double = Polynomial([1, -4, 4])  // (2x - 1)²
    let triple = double * Polynomial([-1, 2])
    let half = Rational(1, 2)
    #expect(double.sign(side: -1, of: half) == 1 && double.sign(side: 1, of: half) == 1)
    #expect(triple.sign(side: -1, of: half) == -1 && triple.sign(side: 1, of: half) == 1)
    #expect(Polynomial.zero.sign(side: 1, of: half) == 0)
  }

  @Test("text is as people write it")
  func text() {
    #expect("\(Polynomial([36, -159, 28]))" == "28x^2 - 159x + 36")
    #expect("\(Polynomial([0, -1, 0, 1]))" == "x^3 - x")
    #expect("\(Polynomial.zero)" == "0")
    #expect(Polynomial([-1]).text(variable: "d") == "-1")
  }
}
