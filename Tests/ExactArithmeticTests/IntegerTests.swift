import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("Integer")
struct IntegerTests {
  /// A number that fits 63 bits and another path to it, through GMP.
  static let far = Integer.one << 200

  @Test("ring and order laws hold around the word's ends", arguments: 0..<4 as Range<UInt64>)
  func laws(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let a = Integer.random(using: &random)
      let b = Integer.random(using: &random)
      let c = Integer.random(using: &random)
      let what: Comment = "seed \(seed): \(a), \(b), \(c)"
      try #require(a + b == b + a && a * b == b * a, what)
      try #require((a + b) + c == a + (b + c) && (a * b) * c == a * (b * c), what)
      try #require(a * (b + c) == a * b + a * c, what)
      try #require(a - b == -(b - a) && a + 0 == a && a * 1 == a && (a - a).isZero, what)
      // The same sum by numbers that are never inline.
      try #require(a + b == ((a + Self.far) + (b - Self.far)), what)
      try #require((a < b) == (b > a) && (a < b) == ((a - b).signum < 0), what)
      try #require(!(a < b && b < c) || a < c, what)
      try #require(a.magnitude.signum >= 0 && (a.magnitude == a || a.magnitude == -a), what)
    }
  }

  @Test("division with remainder, floors, gcd and shifts", arguments: 0..<4 as Range<UInt64>)
  func division(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let a = Integer.random(using: &random)
      let b = Integer.random(using: &random)
      let count = Int.random(in: 0...140, using: &random)
      let what: Comment = "seed \(seed): \(a), \(b), \(count)"
      if !b.isZero {
        let (q, r) = a.quotientAndRemainder(dividingBy: b)
        try #require(q * b + r == a && r.magnitude < b.magnitude, what)
        try #require(r.isZero || r.signum == a.signum, what)
        let floor = a.floorDivided(by: b)
        try #require((a - floor * b) * Integer(b.signum) >= 0, what)
        try #require((a - floor * b).magnitude < b.magnitude, what)
        try #require((a * b).exactlyDivided(by: b) == a, what)
      }
      let g = Integer.gcd(a, b)
      try #require(g.divides(a) && g.divides(b) && Integer.lcm(a, b) * g == (a * b).magnitude, what)
      let power = Integer(2).power(UInt(count))
      try #require(a << count == a * power && a >> count == a.floorDivided(by: power), what)
      try #require(a << -count == a >> count && a >> -count == a << count, what)
      let root = a.magnitude.floorSquareRoot
      try #require(root * root <= a.magnitude && a.magnitude < (root + 1) * (root + 1), what)
    }
  }

  @Test("arithmetic of words agrees with 128-bit machine arithmetic", .tags(.differential))
  func words() throws {
    let corners = Integer.corners.compactMap(\.word)
    for a in corners {
      for b in corners {
        let (x, y) = (Int128(a), Int128(b))
        try #require(Integer(a) + Integer(b) == Integer(x + y), "\(a) \(b)")
        try #require(Integer(a) - Integer(b) == Integer(x - y), "\(a) \(b)")
        try #require(Integer(a) * Integer(b) == Integer(x * y), "\(a) \(b)")
        if b != 0 {
          try #require(Integer(a) / Integer(b) == Integer(x / y), "\(a) \(b)")
          try #require(Integer(a) % Integer(b) == Integer(x % y), "\(a) \(b)")
        }
      }
    }
  }

  @Test("what fits a word is inline, whatever it came from")
  func canonical() {
    #expect(((Integer(Int.max) + 1) - 1).word == .max)
    #expect((Integer(Int.min) - 1 + 1).word == .min)
    #expect((-Integer(Int.min)).word == nil)
    #expect((-(-Integer(Int.min))).word == .min)
    #expect((Integer(Int.min) / -1).word == nil)
    #expect(Integer(Int.min).magnitude == Integer.one << 63)
    #expect(Integer.gcd(Integer(Int.min), Integer(Int.min)) == Integer.one << 63)
    #expect((Integer.one << 63).bitLength == 64 && Integer(Int.min).bitLength == 64)
    #expect(((Integer.one << 200) >> 190).word == 1024)
    #expect((Integer(-1) << 63).word == .min)
    #expect(Integer(UInt.max).word == nil && Integer(UInt.max) == (Integer.one << 64) - 1)
    #expect(Set([Integer(Int.min), (Integer(Int.min) - 1) + 1]).count == 1)
    #expect(Set([Integer.one << 64, (Integer.one << 65) >> 1]).count == 1)
    #expect((Integer.one << 64).hashValue != (-(Integer.one << 64)).hashValue)
  }

  @Test("a huge shift or power of what stays small allocates nothing")
  func hugeCounts() {
    #expect((Integer(0) << Int.max).isZero)
    #expect(Integer(5) >> Int.max == 0 && Integer(-5) >> Int.max == -1)
    #expect(Integer(5) << Int.min == 0 && Integer(-5) << Int.min == -1)
    #expect((Integer.one << 100) >> Int.max == 0 && -(Integer.one << 100) >> Int.max == -1)
    #expect((Integer(0) >> Int.min).isZero)
    #expect(Integer(1).power(.max) == 1 && Integer(-1).power(.max) == -1)
    #expect(Integer(-1).power(.max - 1) == 1 && Integer(0).power(.max) == 0)
    #expect(Integer(0).power(0) == 1 && Integer(-1).power(0) == 1 && Integer(1).power(0) == 1)
  }

  @Test("printing, parsing and coding are inverse", arguments: 0..<2 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      let value = Integer.random(bits: 300, using: &random)
      try #require(Integer("\(value)") == value, "seed \(seed)")
      let coded = try JSONEncoder().encode(value)
      try #require(try JSONDecoder().decode(Integer.self, from: coded) == value, "seed \(seed)")
    }
    #expect(try JSONDecoder().decode(Integer.self, from: Data("-17".utf8)) == -17)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Integer.self, from: Data("\"1 \"".utf8))
    }
  }

  @Test("conversion from fixed-width integers and doubles")
  func conversions() {
    #expect(Integer(Int128.min) == -(Integer.one << 127))
    #expect(Integer(UInt128.max) == (Integer.one << 128) - 1)
    #expect(Integer(Int8.min) == -128)
    #expect(Integer(exactly: 0x1p100) == Integer.one << 100)
    #expect(Integer(exactly: -3.0) == -3)
    #expect(Integer(exactly: 0.5) == nil && Integer(exactly: Double.infinity) == nil)
    #expect(Double(Integer.one << 1023) == 0x1p1023)
    #expect(
      Double(Integer.one << 1024) == .infinity && Double(-(Integer.one << 9999)) == -.infinity)
    // 2^64 + 2^11 is a tie between 2^64 and 2^64 + 2^12 and goes to the even one.
    #expect(Double((Integer.one << 64) + 2048) == 0x1p64)
    #expect(Double((Integer.one << 64) + 2049) == 0x1.0000000000001p64)
  }
}
