import ExactArithmetic
import TestSupport
import Testing

@Suite("Many fractions at once")
struct FractionTreeTests {
  @Test(
    "a sum by halves is the sum one by one", .tags(.differential),
    arguments: [1, 2, 3, 4, 5, 7, 8, 13, 33])
  func sums(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    for _ in 0..<5 {
      let denominators = (0..<count).map { _ in
        Integer.uniform(bits: 150, using: &random).magnitude + 1
      }
      let tree = FractionTree(denominators: denominators)
      #expect(tree.denominator == denominators.reduce(1, *))
      // Several sums on one tree; zeros among the numerators.
      for _ in 0..<3 {
        let numerators = (0..<count).map { _ in Integer.random(using: &random) }
        let expected = zip(numerators, denominators).reduce(Rational.zero) {
          $0 + Rational($1.0, $1.1)
        }
        #expect(Rational(tree.numerator(numerators), tree.denominator) == expected)
      }
    }
  }

  /// Odd numbers, so that factors of two are only where a test puts them.
  private func odd(_ bits: Int, _ random: inout SplitMix64) -> Integer {
    let value = Integer.uniform(bits: bits, using: &random)
    return value + value + 1
  }

  private func expectLowestTerms(_ numerators: [Integer], over denominator: Integer) {
    let fractions = Rational.fractions(numerators, over: denominator)
    #expect(fractions.count == numerators.count)
    for (fraction, numerator) in zip(fractions, numerators) {
      let common = Integer.gcd(numerator, denominator)
      #expect(fraction.numerator == numerator.exactlyDivided(by: common))
      #expect(fraction.denominator == denominator.exactlyDivided(by: common))
      #expect(fraction == Rational(numerator, denominator))
      #expect(fraction.hashValue == Rational(numerator, denominator).hashValue)
    }
  }

  @Test("few or short fractions", .tags(.differential))
  func short() {
    expectLowestTerms([], over: 7)
    expectLowestTerms([6, -3, 0, 1], over: 12)
    expectLowestTerms([6, -3, 0, 1, 12, -24, 8, 5], over: 12)
    expectLowestTerms([4, -4, 0, 1, 2, 3], over: 1)
  }

  @Test("nothing in common, some primes, a high power, everything", .tags(.differential))
  func shared() {
    var random = SplitMix64(seed: 41)
    let base = odd(6_000, &random).magnitude
    let power = Integer(2).power(700)
    let prime = Integer(1_000_003)
    let several = (0..<9).map { _ in odd(5_000, &random) }
    // Most likely coprime, with zeros; then factors that all, some or one numerator have.
    expectLowestTerms(several + [0, 1, -1, 0], over: base)
    expectLowestTerms(several.map { $0 * 6 } + [0], over: base * 6)
    expectLowestTerms(several + [several[0] * Integer(2).power(699)], over: base * power)
    expectLowestTerms(several + [several[1] * power * 4, prime, 0], over: base * power * prime)
    expectLowestTerms(several + [prime * prime], over: base * prime.power(3))
    // The shared primes make up most of the denominator, or all of it.
    expectLowestTerms(several + [prime, 0], over: prime.power(300))
    expectLowestTerms(several + [base, -base * 5, base * base], over: base * 2)
    expectLowestTerms([0, 0, 0, 0, 0, 0], over: base)
  }
}
