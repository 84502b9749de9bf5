import ExactArithmetic
import TestSupport
import Testing

@Suite("Sums of logarithms")
struct LogSumTests {
  private func log(_ coefficient: Rational, _ argument: Rational) -> LogSum {
    LogSum(coefficient, logOf: argument)
  }

  @Test("sums that are zero for a reason of arithmetic are zero", .tags(.worked))
  func zeros() {
    // log 12 = 2 log 2 + log 3, log 8 / log 4 = 3/2, log(9/10) + log(10/9) = 0
    #expect(log(1, 12) == log(2, 2) + log(1, 3))
    #expect(log(2, 8) == log(3, 4))
    #expect((log(1, Rational(9, 10)) + log(1, Rational(10, 9))).signum == 0)
    #expect((log(Rational(1, 2), 36) - log(1, 6)).rationalValue == 0)
    #expect(log(7, 1).rationalValue == 0)
  }

  @Test("close numbers are told apart", .tags(.worked))
  func close() {
    // log 2 = 0.69314718055994530941…
    let text = Rational("0.69314718055994530941")
    #expect(text.map { log(1, 2) - LogSum($0) }?.signum == 1)
    #expect(text.map { log(1, 2) - LogSum($0 + Rational(1, 10).power(20)) }?.signum == -1)
    // 2^84 < 3^53, since log 2/log 3 is less than 53/84
    #expect(log(84, 2) < log(53, 3))
    #expect(log(1, 2) != LogSum(Rational(2, 3)))
  }

  @Test("texts", .tags(.worked))
  func texts() {
    #expect(
      "\(LogSum(Rational(1, 2)) + log(3, 2) - log(Rational(1, 3), 5))"
        == "1/2 + 3 log 2 - 1/3 log 5")
    #expect("\(log(-1, 2))" == "-log 2")
    #expect("\(LogSum.zero)" == "0")
  }

  @Test(
    "signs agree with products of powers", .tags(.differential), arguments: 0..<4 as Range<UInt64>)
  func products(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      // Σ n_i log a_i against ∏ a_i^n_i and 1
      var sum = LogSum.zero
      var product = Rational.one
      for _ in 0..<(1 + random.below(4)) {
        let argument = Rational(1 + Int(random.below(12)), 1 + Int(random.below(12)))
        let exponent = Int(random.below(7)) - 3
        sum = sum + LogSum(Rational(exponent), logOf: argument)
        let power = argument.power(abs(exponent))
        product *= exponent < 0 ? 1 / power : power
      }
      let expected = product == 1 ? 0 : product > 1 ? 1 : -1
      try #require(sum.signum == expected, "seed \(seed): \(sum)")
      try #require((sum == .zero) == (expected == 0))
    }
  }
}
