import ExactArithmetic
import TestSupport
import Testing

@testable import Reports

@Suite("Decimals")
struct DecimalTextTests {
  // 5/2 lies between two integers: half to even gives 2; 7/2 gives 4.
  @Test(
    "the nearest, of two the even one; below and above",
    arguments: [
      (Rational(5, 2), 0, "2", "2", "3"), (Rational(7, 2), 0, "4", "3", "4"),
      (Rational(-5, 2), 0, "-2", "-3", "-2"), (Rational(1, 3), 4, "0.3333", "0.3333", "0.3334"),
      (Rational(-1, 3), 4, "-0.3333", "-0.3334", "-0.3333"),
      (Rational(2), 2, "2.00", "2.00", "2.00"),
      (Rational(-1, 1000), 2, "0.00", "-0.01", "0.00"),
      (Rational(1999, 1000), 2, "2.00", "1.99", "2.00"),
      (Rational(0), 0, "0", "0", "0"),
    ])
  func rounding(value: Rational, digits: Int, nearest: String, below: String, above: String) {
    #expect(decimalText(value, digits: digits) == nearest)
    #expect(decimalText(value, digits: digits, rounding: .down) == below)
    #expect(decimalText(value, digits: digits, rounding: .up) == above)
  }

  @Test("agrees with the decimals of the numbers module, reduced or not", .tags(.differential))
  func agreement() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<500 {
      let numerator = Integer(Int(truncatingIfNeeded: random.next() >> 40) - (1 << 23))
      let denominator = Integer(Int(random.next() >> 44) + 1)
      let digits = Int(random.next() % 9)
      let expected = Rational(numerator, denominator).decimal(digits: digits)
      #expect(decimalText(numerator * 6, over: denominator * 6, digits: digits) == expected)
    }
  }
}
