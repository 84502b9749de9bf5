import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("Double+Rational")
struct DoubleTests {
  @Test("every finite double is a fraction and comes back", arguments: 0..<4 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else {
        #expect(Rational(exactly: value) == nil)
        continue
      }
      let exact = try #require(Rational(exactly: value))
      try #require(Double(exact) == value && exact.isCanonical, "\(value)")
    }
    for value in [
      0, 1, -1, 0.1, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 0x1p62, 0x1p63, -0x1p63, 0x1p-62, 0x1p-63, .pi,
    ] as [Double] {
      #expect(Double(try #require(Rational(exactly: value))) == value)
    }
    #expect(Rational(exactly: 0.1) == Rational(3_602_879_701_896_397, 36_028_797_018_963_968))
    #expect(Rational(exactly: -0.0) == 0 && Rational(exactly: Double.nan) == nil)
  }

  @Test("midpoints go to the even neighbour, their neighbours to the nearer one")
  func ties() throws {
    var random = SplitMix64(seed: 2)
    let epsilon = Rational(1, Integer.one << 1200)
    for _ in 0..<300 {
      let low = Double(bitPattern: random.next() & 0x7FEF_FFFF_FFFF_FFFF)
      guard low.nextUp.isFinite else { continue }
      let a = try #require(Rational(exactly: low))
      let b = try #require(Rational(exactly: low.nextUp))
      let middle = (a + b) / 2
      let even = low.bitPattern & 1 == 0 ? low : low.nextUp
      try #require(Double(middle) == even && Double(-middle) == -even, "\(low)")
      try #require(Double(middle - epsilon) == low, "\(low)")
      try #require(Double(middle + epsilon) == low.nextUp, "\(low)")
    }
  }

  @Test("the ends of the range: 2^1024 - 2^970 overflows, 2^-1075 is a tie with zero")
  func ends() {
    let top = Rational((Integer.one << 1024) - (Integer.one << 970))
    #expect(Double(top) == .infinity && Double(-top) == -.infinity)
    #expect(Double(top - 1) == .greatestFiniteMagnitude)
    let bottom = Rational(1, Integer.one << 1075)
    #expect(Double(bottom) == 0 && Double(-bottom).sign == .minus)
    #expect(Double(bottom * Rational(1001, 1000)) == .leastNonzeroMagnitude)
    #expect(Double(Rational(3, 1) * bottom) == 2 * .leastNonzeroMagnitude)
    #expect(Double(Rational(Integer.one << 100_000)) == .infinity)
    #expect(Double(Rational(1, Integer.one << 100_000)) == 0)
  }

  @Test("rounding to integers, half to even")
  func roundedToEven() {
    let cases: [(Rational, Integer)] = [
      (Rational(1, 2), 0), (Rational(3, 2), 2), (Rational(-1, 2), 0), (Rational(-3, 2), -2),
      (Rational(5, 3), 2), (Rational(-5, 3), -2), (7, 7), (Rational(-1, 3), 0),
    ]
    for (value, expected) in cases { #expect(value.roundedToEven == expected, "\(value)") }
  }
}
