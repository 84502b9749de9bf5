import TestSupport
import Testing

@testable import ExactArithmetic

@Suite("Rational+Parsing")
struct RationalParsingTests {
  @Test(
    "texts outside the grammar are malformed",
    arguments: [
      "+1", ".5", "1.", "1.e5", "01", "-01/2", "1/02", "00", "1/2/3", "", " ", "0x10", "1,000",
      "1/-2", "1/+2", "1/2e3", "1.5/2", "1e", "1e+", "1e+-1", "NaN", "null", "٣", "½", "１", "1\0",
      "\u{FEFF}1", "1e5.0", "--1", "-", "1e٣",
    ])
  func malformed(text: String) {
    #expect(throws: NumberError.malformed(text)) { try Rational(parsing: text) }
    #expect(Rational(text) == nil)
  }

  @Test("a zero denominator is named as such", arguments: ["1/0", "-1/0", "0/0"])
  func zeroDenominator(text: String) {
    #expect(throws: NumberError.zeroDenominator(text)) { try Rational(parsing: text) }
    #expect("\(NumberError.zeroDenominator(text))".contains("zero denominator"))
    let long = String(repeating: "9", count: 30) + "/0"
    #expect(throws: NumberError.zeroDenominator(long)) { try Rational(parsing: long) }
  }

  @Test(
    "the exponent limit counts the exponent as written, also on zero",
    arguments: [
      "1e10001", "1e-10001", "0e10001", "-0.0e-10001", "1e999999999", "0e999999999",
      "1e99999999999999999999999999", "1e-9223372036854775808", "1e9223372036854775807",
      "1e1000000000000000000", "1e00000000000000000000010001",
    ])
  func exponent(text: String) {
    #expect(throws: NumberError.exponentTooLarge(text, limit: 10_000)) {
      try Rational(parsing: text)
    }
  }

  @Test("exponents up to the limit are read, whatever zeros they start with")
  func exponentWithinLimits() throws {
    #expect(Rational("1e10000") == Rational(Integer(10).power(10_000)))
    #expect(Rational("1e-10000") == Rational(1, Integer(10).power(10_000)))
    #expect(Rational("0e10000") == 0 && Rational("-0.000e-10000") == 0)
    #expect(Rational("1e-0000000000000000000000000003") == Rational(1, 1000))
    #expect(Rational("1e18") == Rational(1_000_000_000_000_000_000))
    #expect(Rational("1e19")?.words == nil)
    let tight = NumberLimits(maximumDigits: 5, maximumExponent: 2)
    #expect(try Rational(parsing: "123.45e-2", limits: tight) == Rational(12345, 10_000))
    #expect(throws: NumberError.exponentTooLarge("1e3", limit: 2)) {
      try Rational(parsing: "1e3", limits: tight)
    }
    #expect(throws: NumberError.tooManyDigits(6, limit: 5)) {
      try Rational(parsing: "-123/456", limits: tight)
    }
  }

  @Test("a million digits are read, one more is not")
  func digits() throws {
    let long = String(repeating: "7", count: 1_000_000)
    #expect(try Rational(parsing: long).numerator.bitLength == 3_321_928)
    let error = #expect(throws: NumberError.self) { try Rational(parsing: long + "7") }
    #expect(error == .tooManyDigits(1_000_001, limit: 1_000_000))
    #expect("\(try #require(error))".contains("digits"))
  }

  @Test("messages show the text, cut after 60 characters")
  func excerpt() throws {
    let long = String(repeating: "é", count: 61)
    let error = #expect(throws: NumberError.self) { try Rational(parsing: long) }
    #expect(error == .malformed(String(repeating: "é", count: 60) + "…"))
    #expect("\(NumberError.exponentTooLarge("1e9", limit: 5))".contains("limit of 5"))
    let bytes: [UInt8] = [0x31, 0xFF]
    let broken = #expect(throws: NumberError.self) {
      try bytes.withUnsafeBytes { try Rational(parsing: $0, limits: .standard) }
    }
    #expect(broken == .malformed("1\u{FFFD}"))
  }

  @Test("the short reader and the long one agree", .tags(.differential))
  func shortAndLong() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<500 {
      let digits = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        Character("\(Int.random(in: 0...9, using: &random))")
      }
      let whole = "\(Int.random(in: 0...99, using: &random))"
      let exponent = Int.random(in: -20...20, using: &random)
      let text = "-\(whole).\(String(digits))e\(exponent)"
      let mantissa = try #require(Integer(whole + String(digits)))
      let ten = Rational(10)
      let expected = -Rational(mantissa) * ten.power(exponent - digits.count)
      try #require(Rational(text) == expected, "\(text)")
    }
  }
}
