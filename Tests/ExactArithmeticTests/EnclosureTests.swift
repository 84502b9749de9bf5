import ExactArithmetic
import TestSupport
import Testing

@Suite("Enclosure")
struct EnclosureTests {
  /// An interval and a number in it.
  static func sample(
    using random: inout SplitMix64
  ) -> (interval: Enclosure, member: Rational) {
    let a = Rational.random(bits: 1...40, using: &random)
    let width = Rational.randomProbability(using: &random)
    let share = Rational.randomProbability(using: &random)
    return (Enclosure(lower: a, upper: a + width), a + width * share)
  }

  @Test("results hold the result of any members", arguments: 0..<4 as Range<UInt64>)
  func inclusion(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let (a, x) = Self.sample(using: &random)
      let (b, y) = Self.sample(using: &random)
      let what: Comment = "seed \(seed): \(x) in \(a), \(y) in \(b)"
      try #require((a + b).contains(x + y) && (a - b).contains(x - y), what)
      try #require((a * b).contains(x * y) && (-a).contains(-x), what)
      try #require((a * y).contains(x * y) && (y * a).contains(x * y), what)
      try #require(a.magnitude.contains(x.magnitude) && a.union(b).contains(y), what)
      if b.contains(0) {
        #expect(throws: EnclosureError.divisorContainsZero) { try a.divided(by: b) }
      } else {
        try #require(try a.divided(by: b).contains(x / y), what)
      }
      for exponent in [0, 1, 2, 3, 6, -1, -2, -3] {
        if exponent < 0 && a.contains(0) {
          #expect(throws: EnclosureError.divisorContainsZero) { try a.power(exponent) }
        } else {
          try #require(try a.power(exponent).contains(x.power(exponent)), what)
        }
      }
      // Intervals of one number are numbers.
      try #require((Enclosure(x) * Enclosure(y)) == Enclosure(x * y), what)
    }
  }

  @Test("products and even powers are the smallest intervals there are")
  func tightness() throws {
    let a = Enclosure(lower: -2, upper: 3)
    #expect(try a.power(2) == Enclosure(lower: 0, upper: 9))
    #expect(try a.power(3) == Enclosure(lower: -8, upper: 27))
    #expect(a * a == Enclosure(lower: -6, upper: 9))
    #expect(a * Enclosure(lower: -5, upper: -1) == Enclosure(lower: -15, upper: 10))
    #expect(a.magnitude == Enclosure(lower: 0, upper: 3))
    let b = Enclosure(lower: 2, upper: 4)
    #expect(try b.power(-2) == Enclosure(lower: Rational(1, 16), upper: Rational(1, 4)))
    #expect(try (-b).power(-1) == Enclosure(lower: Rational(-1, 2), upper: Rational(-1, 4)))
    #expect(try a.divided(by: b) == Enclosure(lower: -1, upper: Rational(3, 2)))
  }

  @Test("rounding moves the ends outward by less than a unit", arguments: 0..<3 as Range<UInt64>)
  func rounding(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let x = Rational.random(using: &random)
      let a = Enclosure(lower: x, upper: x + Rational.randomProbability(using: &random))
      let bits = Int.random(in: -70...140, using: &random)
      let unit = Rational(2).power(-bits)
      let r = a.roundedOutward(bits: bits)
      let what: Comment = "seed \(seed): \(a), \(bits)"
      try #require(r.contains(a) && a.lower - r.lower < unit && r.upper - a.upper < unit, what)
      try #require((r.lower / unit).isInteger && (r.upper / unit).isInteger, what)
      try #require(r.lower.isCanonical && r.upper.isCanonical, what)
      let s = Enclosure(x).roundedOutward(significantBits: 20)
      try #require(s.contains(x) && s.width <= x.magnitude * Rational(1, 1 << 19), what)
      try #require(
        s.lower.numerator.bitLength <= max(21, s.lower.numerator.trailingZeroBitCount + 21))
    }
  }

  @Test("comparisons answer only what the ends prove")
  func comparisons() {
    let a = Enclosure(lower: 1, upper: 2)
    #expect(a.isLess(than: 3) == .true && a.isLess(than: 1) == .false)
    #expect(a.isLess(than: 2) == .unknown && a.isAtMost(2) == .true)
    #expect(a.isAtMost(1) == .unknown && a.isAtMost(Rational(1, 2)) == .false)
    #expect(a.isEqual(to: 1) == .unknown && a.isEqual(to: 3) == .false)
    #expect(Enclosure(1).isEqual(to: 1) == .true && a.isEqual(to: a) == .unknown)
    #expect(a.isLess(than: Enclosure(lower: 2, upper: 3)) == .unknown)
    #expect(a.isAtMost(Enclosure(lower: 2, upper: 3)) == .true)
  }

  @Test("three-valued logic is Kleene's")
  func ternary() {
    #expect((Ternary.unknown && .false) == .false && (Ternary.unknown && .true) == .unknown)
    #expect((Ternary.unknown || .true) == .true && (Ternary.unknown || .false) == .unknown)
    #expect(!Ternary.unknown == .unknown && !Ternary.true == .false && Ternary(true).known == true)
    #expect(Ternary.unknown.known == nil)
  }

  @Test("a question is asked again until it is decided or the limit is met")
  func decide() throws {
    // 99/70 is above √2 by 7.2e-5, a convergent's distance.
    var asked: [Int] = []
    let answer = try Enclosure.decide(bits: 3) { bits throws(EnclosureError) in
      asked.append(bits)
      return try Enclosure(2).squareRoot(bits: bits).isLess(than: Rational(99, 70))
    }
    #expect(answer == .true && asked == [3, 6, 12, 24])
    let open = Enclosure.decide(bits: 10, limit: 30) { _ in .unknown }
    #expect(open == .unknown)
  }

  @Test("decimals show what both ends agree on")
  func decimals() throws {
    let third = Enclosure(lower: Rational(3333, 10_000), upper: Rational(3334, 10_000))
    #expect(third.decimal(digits: 10) == "0.333")
    #expect(third.agreedDecimal(digits: 3) == "0.333" && third.agreedDecimal(digits: 4) == nil)
    #expect(Enclosure(Rational(1, 3)).decimal(digits: 5) == "0.33333")
    #expect(
      Enclosure(lower: Rational(-1, 900), upper: Rational(1, 900)).decimal(digits: 2) == "0.00")
    #expect(
      Enclosure(lower: Rational(-1, 3), upper: Rational(4, 3)).decimal(digits: 1) == "[-0.4, 1.4]")
    let root = try Enclosure(2).squareRoot(bits: 200)
    #expect(root.decimal(digits: 30) == "1.414213562373095048801688724210")
    #expect(Enclosure(lower: 7, upper: 1000).decimal(digits: 0) == "[7, 1000]")
  }

  @Test("results too long are refused with an error")
  func limits() {
    let a = Enclosure(lower: 2, upper: 3)
    #expect(throws: EnclosureError.self) { try a.power(1_000_000) }
    #expect(throws: EnclosureError.self) { try a.power(.min) }
    #expect(throws: EnclosureError.self) { try a.root(.max, bits: 64) }
    #expect(throws: Never.self) { try Enclosure(1).power(.max) }
    #expect(throws: EnclosureError.self) { try Enclosure(1_000_000).exponential(bits: 10) }
    #expect(throws: EnclosureError.self) { try Enclosure(-1_000_000).exponential(bits: 10) }
    #expect(throws: EnclosureError.self) {
      try Enclosure(Rational(Integer.one << 5000)).exponential(bits: 10)
    }
    #expect(throws: EnclosureError.self) { try a.exponential(bits: .max) }
    #expect(throws: EnclosureError.self) { try a.logarithm(bits: .max) }
    #expect(throws: EnclosureError.outsideDomain(function: "log")) {
      try Enclosure(lower: 0, upper: 1).logarithm(bits: 10)
    }
    #expect(throws: EnclosureError.outsideDomain(function: "a root")) {
      try Enclosure(lower: -1, upper: 1).squareRoot(bits: 10)
    }
    #expect(throws: EnclosureError.self) { try Enclosure(-1).power(Rational(1, 3), bits: 9) }
  }
}
