import ExactArithmetic
import Foundation
import RealModule
import TestSupport
import Testing

@Suite("Rational")
struct RationalTests {
  @Test("field laws hold around the word's ends", arguments: 0..<4 as Range<UInt64>)
  func field(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let a = Rational.random(using: &random)
      let b = Rational.random(using: &random)
      let c = Rational.random(using: &random)
      let what: Comment = "seed \(seed): \(a), \(b), \(c)"
      try #require(a + b == b + a && a * b == b * a, what)
      try #require((a + b) + c == a + (b + c) && (a * b) * c == a * (b * c), what)
      try #require(a * (b + c) == a * b + a * c, what)
      try #require(a - b == a + (-b) && a + 0 == a && a * 1 == a && (a - a).isZero, what)
      if !b.isZero {
        try #require((a / b) * b == a && b.reciprocal == 1 / b, what)
      }
      for result in [a + b, a - b, a * b, -a, b.isZero ? 0 : a / b, a.magnitude] {
        try #require(result.isCanonical, what)
      }
    }
  }

  @Test("order laws", arguments: 0..<4 as Range<UInt64>)
  func order(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let a = Rational.random(using: &random)
      let b = Rational.random(using: &random)
      let c = Rational.random(using: &random)
      let what: Comment = "seed \(seed): \(a), \(b), \(c)"
      try #require([a < b, a == b, b < a].count { $0 } == 1, what)
      try #require((a < b) == ((a - b).signum < 0), what)
      try #require(!(a < b && b < c) || a < c, what)
      try #require((a < b) == (a + c < b + c) && (a < b) == (-b < -a), what)
      try #require(!(c > 0) || (a < b) == (a * c < b * c), what)
      try #require(Rational(a.floor) <= a && a < Rational(a.floor + 1), what)
      try #require(a.ceiling == -(-a).floor, what)
      try #require((a == b) == (Set([a, b]).count == 1), what)
    }
  }

  @Test(
    "inline results agree with the definition on integers", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func definition(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      // Numbers of at most 63 bits, so that both the inline path and its overflow are met.
      let a = Rational.random(bits: 1...63, using: &random)
      let b = Rational.random(bits: 1...63, using: &random)
      let (n1, d1, n2, d2) = (a.numerator, a.denominator, b.numerator, b.denominator)
      let what: Comment = "seed \(seed): \(a), \(b)"
      try #require(a + b == Rational(n1 * d2 + n2 * d1, d1 * d2), what)
      try #require(a - b == Rational(n1 * d2 - n2 * d1, d1 * d2), what)
      try #require(a * b == Rational(n1 * n2, d1 * d2), what)
      if !b.isZero { try #require(a / b == Rational(n1 * d2, d1 * n2), what) }
      try #require((a < b) == (n1 * d2 < n2 * d1), what)
    }
  }

  @Test("every pair of corners gives canonical results", .tags(.differential))
  func corners() throws {
    let far = Rational(Integer.one << 200)
    var values: [Rational] = []
    for n in [Int.min, .min + 1, -1, 0, 1, .max - 1, .max] {
      for d in [Int.min, -3, 1, 2, .max - 1, .max] { values.append(Rational(n, d)) }
    }
    for a in values {
      try #require(a.isCanonical, "\(a)")
      for b in values {
        try #require((a + b).isCanonical && (a - b).isCanonical && (a * b).isCanonical)
        try #require(a + b == (a + far) + (b - far) && a - b == (a - far) - (b - far))
        try #require(a * b * far == (a * far) * b, "\(a) \(b)")
        if b.isZero { continue }
        try #require((a / b).isCanonical && (a / b) * far == (a * far) / b, "\(a) \(b)")
      }
    }
  }

  @Test("the smallest word as numerator is an ordinary number")
  func smallestWord() throws {
    let a = Rational(Int.min)
    #expect(a.words?.numerator == .min && a == Rational(Integer(Int.min)))
    #expect(Rational("-9223372036854775808") == a && "\(a)" == "-9223372036854775808")
    #expect(-a == Rational(Integer.one << 63) && -(-a) == a && (-(-a)).words != nil)
    #expect(a / a == 1 && a - a == 0 && a / -1 == -a && a * -1 == -a)
    #expect(Rational(Int.min, Int.min) == 1 && Rational(Int.min, -1) == -a)
    #expect(Rational(1, Int.min) == a.reciprocal && Rational(3, Int.min).isCanonical)
    #expect(a < a + 1 && Double(a) == -0x1p63 && a.floor == Integer(Int.min))
    #expect(Rational(Int.min, 2).words?.numerator == -(1 << 62))
  }

  @Test("parsing inverts printing, coding inverts coding", arguments: 0..<4 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let value = Rational.random(using: &random)
      try #require(Rational("\(value)") == value, "seed \(seed)")
      let coded = try JSONEncoder().encode([value])
      try #require(try JSONDecoder().decode([Rational].self, from: coded) == [value])
    }
  }

  @Test("integers decode, rounded numbers and other texts do not")
  func decoding() throws {
    let decoder = JSONDecoder()
    #expect(try decoder.decode(Rational.self, from: Data("-3".utf8)) == -3)
    #expect(try decoder.decode(Rational.self, from: Data("\"6/8\"".utf8)) == Rational(3, 4))
    #expect(try JSONEncoder().encode(Rational(1, 3)) == Data("\"1\\/3\"".utf8))
    for text in ["0.5", "\"1/0\"", "null", "true", "\"\"", "[]"] {
      #expect(throws: DecodingError.self, "\(text)") {
        try decoder.decode(Rational.self, from: Data(text.utf8))
      }
    }
  }

  @Test("a generic algorithm over a field runs on fractions")
  func algebraicField() {
    func secant<F: AlgebraicField>(_ x: F, _ y: F) -> F? { (x * x - y * y).reciprocal }
    #expect(secant(Rational(1, 2), Rational(1, 3)) == Rational(36, 5))
    #expect(secant(Rational(1), 1) == nil)
    #expect(Rational(exactly: UInt64.max) == Rational(Integer(UInt64.max)))
  }
}
