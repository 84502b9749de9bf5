import ExactArithmetic
import TestSupport
import Testing

@Suite("Accumulator")
struct AccumulatorTests {
  @Test(
    "a random chain of steps agrees with Integer arithmetic", .tags(.differential),
    arguments: 0..<6 as Range<UInt64>)
  func chain(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var accumulator = Accumulator()
    var expected = Integer.zero
    for step in 0..<600 {
      let a = Integer.random(using: &random)
      let b = Integer.random(using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        accumulator.add(a)
        expected += a
      case 1:
        accumulator.subtract(a)
        expected -= a
      case 2:
        let weight = Int(truncatingIfNeeded: random.next())
        accumulator.add(a, times: weight)
        expected += a * Integer(weight)
      case 3:
        accumulator.add(a, times: b)
        expected += a * b
      case 4:
        accumulator.subtract(a, times: b)
        expected -= a * b
      case 5:
        let x = Int(truncatingIfNeeded: random.next())
        let y = Int(truncatingIfNeeded: random.next())
        accumulator.add(x, times: y)
        expected += Integer(x) * Integer(y)
      case 6 where step % 10 == 0:
        accumulator.multiply(by: a)
        expected *= a
      case 7 where step % 20 == 0:
        accumulator.reset()
        expected = 0
      default:
        let word = Int128(truncatingIfNeeded: random.next()) << 64
        accumulator.add(word)
        expected += Integer(word)
      }
      if expected.bitLength > 2000 {
        accumulator.reset()
        expected = 0
      }
      let what: Comment = "seed \(seed), step \(step)"
      if Bool.random(using: &random) {
        try #require(accumulator.signum == expected.signum, what)
        try #require(accumulator.compare(to: a) == (expected - a).signum, what)
        try #require(accumulator.compare(to: expected) == 0, what)
      }
      if Bool.random(using: &random) { try #require(accumulator.value == expected, what) }
    }
  }

  @Test("sums past 128 bits come back when their parts cancel")
  func cancellation() {
    var accumulator = Accumulator()
    for _ in 0..<9 { accumulator.add(.min, times: .min) }
    #expect(accumulator.value == (Integer.one << 126) * 9 && accumulator.signum == 1)
    for _ in 0..<9 { accumulator.add(.min, times: .max) }
    // 9 · 2^63 · (2^63 - (2^63 - 1))
    #expect(accumulator.value == (Integer.one << 63) * 9)
    accumulator.subtract(Integer.one << 63, times: 9)
    #expect(accumulator.isZero && accumulator.value.word == 0)
    accumulator.add(Int128.min)
    accumulator.add(Int128.min)
    #expect(accumulator.value == -(Integer.one << 128))
  }
}

@Suite("RationalAccumulator")
struct RationalAccumulatorTests {
  @Test(
    "a dot product agrees with the sum of products", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>, [1, 60, 1 << 40])
  func dotProduct(seed: UInt64, denominator: Int) throws {
    var random = SplitMix64(seed: seed)
    var sum = RationalAccumulator(denominator: Integer(denominator))
    for bits in [4, 20, 63, 160] {
      sum.reset()
      var expected = Rational.zero
      for step in 0..<40 {
        let a = Rational.random(bits: bits, using: &random)
        let b = Rational.randomProbability(using: &random)
        switch step % 3 {
        case 0:
          sum.add(a, times: b)
          expected += a * b
        case 1:
          sum.add(a)
          expected += a
        default:
          sum.add(b, times: b)
          expected += b * b
        }
        try #require(sum.value == expected, "seed \(seed), \(bits) bits, step \(step)")
      }
    }
  }

  @Test("a denominator that grows in between changes no earlier or later term")
  func growth() {
    let long = Rational(1, Integer.one << 100)
    var sum = RationalAccumulator(denominator: 6)
    sum.add(Rational(1, 2), times: Rational(1, 3))
    sum.add(long, times: 1)
    sum.add(Rational(1, 2), times: Rational(1, 3))
    sum.add(Rational(1, 7))
    sum.add(Rational(1, 2), times: Rational(1, 3))
    #expect(sum.value == Rational(1, 2) + Rational(1, 7) + long)
  }
}
