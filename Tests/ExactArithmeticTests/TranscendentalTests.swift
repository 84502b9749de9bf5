import TestSupport
import Testing

@testable import ExactArithmetic

@Suite("Enclosure: log, exp and roots")
struct TranscendentalTests {
  /// Positive numbers of all sizes, with many close to 1.
  static func positive(using random: inout SplitMix64) -> Rational {
    if Bool.random(using: &random) {
      let tiny = Rational(1, Integer.one << Int.random(in: 1...150, using: &random))
      return Bool.random(using: &random) ? 1 + tiny : 1 - tiny
    }
    let value = Rational.random(bits: 1...200, using: &random).magnitude
    return value.isZero ? 1 : value
  }

  // Sums and counts: proofs-notes/certified-logarithms.md and certified-exponential.md.
  @Test("worked sums at 64 bits", .tags(.worked))
  func worked() {
    let two = FixedPointSeries.halfLogarithmOfTwo(bits: 64)
    #expect(two.sum == 6_393_154_322_601_327_823 && two.terms == 20)
    #expect(two.lower << 1 == Integer("12786308645202655646"))
    #expect(two.upper << 1 == Integer("12786308645202655730"))
    // log 5/4 = 2 atanh 1/9.
    let ninth = (Integer.one << 64).floorDivided(by: 9)
    let fourth = FixedPointSeries.inverseHyperbolicTangent(ninth, bits: 64)
    #expect(fourth.sum == 2_058_135_991_395_951_015 && fourth.terms == 10)
    let half = FixedPointSeries.exponential(Integer.one << 63, bits: 64)
    #expect(half.sum == Integer("30413539329486470288") && half.terms == 17)
  }

  @Test("the root of 2 at 64 bits", .tags(.worked))
  func workedRoot() throws {
    let root = try Enclosure(2).squareRoot(bits: 64)
    #expect(root.lower == Rational(Integer("26087635650665564424")!, Integer.one << 64))
    #expect(root.upper == Rational(Integer("26087635650665564425")!, Integer.one << 64))
  }

  // OEIS A002162, A002391, A001113, A002193, A002580; 40 digits, the last one rounded.
  @Test(
    "published digits", .tags(.worked),
    arguments: [
      ("log 2", "0.6931471805599453094172321214581765680755"),
      ("log 3", "1.0986122886681096913952452369225257046475"),
      ("exp 1", "2.7182818284590452353602874713526624977572"),
      ("sqrt 2", "1.4142135623730950488016887242096980785697"),
      ("cbrt 2", "1.2599210498948731647672106072782283505703"),
    ])
  func digits(name: String, text: String) throws {
    let value =
      switch name {
      case "log 2": try Enclosure(2).logarithm(bits: 160)
      case "log 3": try Enclosure(3).logarithm(bits: 160)
      case "exp 1": try Enclosure(1).exponential(bits: 160)
      case "sqrt 2": try Enclosure(2).squareRoot(bits: 160)
      default: try Enclosure(2).root(3, bits: 160)
      }
    #expect(value.decimal(digits: 40) == text)
  }

  @Test("widths keep what the precision promises", arguments: [0, 1, 17, 64, 300])
  func widths(bits: Int) throws {
    var random = SplitMix64(seed: UInt64(bits))
    let limit = Rational(2).power(-bits)
    for _ in 0..<40 {
      let x = Self.positive(using: &random)
      try #require(try Enclosure(x).logarithm(bits: bits).width <= limit, "log \(x)")
      try #require(try Enclosure(x).squareRoot(bits: bits).width <= limit, "sqrt \(x)")
      try #require(try Enclosure(x).root(5, bits: bits).width <= limit, "root \(x)")
      let y = Rational.random(bits: 1...12, using: &random)
      if y.magnitude > 300 { continue }
      try #require(try Enclosure(y).exponential(bits: bits).width <= limit, "exp \(y)")
    }
  }

  @Test(
    "functions and their inverses, products and sums", .tags(.metamorphic),
    arguments: 0..<3 as Range<UInt64>)
  func inverses(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let a = Self.positive(using: &random)
      let b = Self.positive(using: &random)
      let bits = Int.random(in: 0...200, using: &random)
      let what: Comment = "seed \(seed): \(a), \(b), \(bits) bits"
      let (logA, logB) = (
        try Enclosure(a).logarithm(bits: bits), try Enclosure(b).logarithm(bits: bits)
      )
      try #require(try logA.exponential(bits: bits).contains(a), what)
      try #require(try Enclosure(a * b).logarithm(bits: bits).overlaps(logA + logB), what)
      try #require(try Enclosure(1 / a).logarithm(bits: bits).overlaps(-logA), what)
      try #require(logA.isLess(than: logB) != Ternary(!(a < b)) || a == b, what)
      for degree in [2, 3, 7] {
        let root = try Enclosure(a).root(degree, bits: bits)
        try #require(try root.power(degree).contains(a), what)
        try #require(try Enclosure(a.power(degree)).root(degree, bits: bits) == Enclosure(a), what)
        try #require(
          try (root.lower.isZero ? root + 1 : root).logarithm(bits: 60).lower < 1000, what)
      }
      let x = Rational.random(bits: 1...8, using: &random)
      let y = Rational.random(bits: 1...8, using: &random)
      let product = try Enclosure(x).exponential(bits: bits) * Enclosure(y).exponential(bits: bits)
      try #require(try Enclosure(x + y).exponential(bits: bits).overlaps(product), what)
    }
  }

  @Test("more bits give an interval inside a slightly wider one", .tags(.metamorphic))
  func refinement() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<30 {
      let x = Self.positive(using: &random)
      let y = Rational.random(bits: 1...6, using: &random)
      for bits in [0, 10, 64, 200] {
        let coarse = try Enclosure(x).logarithm(bits: bits)
        let fine = try Enclosure(x).logarithm(bits: bits + 400)
        try #require(coarse.lower <= fine.upper && fine.lower <= coarse.upper)
        // The fine one is a point for the coarse one, so it has to lie inside.
        try #require(coarse.contains(fine), "log \(x)")
        try #require(
          try Enclosure(y).exponential(bits: bits).contains(
            Enclosure(y).exponential(bits: bits + 400)),
          "exp \(y)")
        try #require(
          try Enclosure(x).root(3, bits: bits).contains(Enclosure(x).root(3, bits: bits + 400)))
      }
    }
  }

  @Test("what is rational is exact")
  func exact() throws {
    #expect(try Enclosure(1).logarithm(bits: 64) == Enclosure(0))
    #expect(try Enclosure(0).exponential(bits: 64) == Enclosure(1))
    #expect(try Enclosure(Rational(9, 4)).squareRoot(bits: 1) == Enclosure(Rational(3, 2)))
    #expect(
      try Enclosure(Rational(8, 27)).power(Rational(-2, 3), bits: 1) == Enclosure(Rational(9, 4)))
    #expect(try Enclosure(0).squareRoot(bits: 3) == Enclosure(0))
    let interval = try Enclosure(lower: 4, upper: 5).squareRoot(bits: 20)
    #expect(interval.lower == 2 && interval.upper > Rational(223, 100))
  }

  @Test("intervals map to intervals: monotone at both ends")
  func intervals() throws {
    let a = Enclosure(lower: Rational(1, 2), upper: 3)
    let logarithm = try a.logarithm(bits: 40)
    #expect(try logarithm.contains(Enclosure(Rational(1, 2)).logarithm(bits: 90)))
    #expect(try logarithm.contains(Enclosure(3).logarithm(bits: 90)))
    #expect(try logarithm.exponential(bits: 40).contains(a))
    let power = try a.power(Rational(-1, 2), bits: 40)
    #expect(try power.contains(Enclosure(Rational(1, 3)).squareRoot(bits: 90)))
  }

  @Test("the exponential at a coarse precision, of large and of very small results")
  func coarse() throws {
    // exp 1000 = 1.97e434 < 2^1443; to within 2^1400 it has some 40 correct bits.
    let large = try Enclosure(1000).exponential(bits: -1400)
    #expect(large.width <= Rational(2).power(1400) && large.lower > Rational(2).power(1442))
    #expect(try large.logarithm(bits: 60).contains(1000))
    let small = try Enclosure(-600_000).exponential(bits: 64)
    #expect(small.lower > 0 && small.width <= Rational(1, Integer.one << 64))
    #expect(try Enclosure(600_000).exponential(bits: -865_000).lower > 0)
  }
}
