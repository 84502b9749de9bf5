import Certificates
import ExactArithmetic
import Testing

@Suite("Which discounts conflicts cover")
struct DiscountCoverTests {
  private func condition(_ multipliers: [Integer]..., at place: Rational? = nil)
    -> ConflictCondition
  {
    ConflictCondition(multipliers.map { (.greater, Polynomial($0)) }, at: place)
  }

  private func root(_ coefficients: [Integer]) throws -> AlgebraicNumber {
    try #require(AlgebraicNumber(rootOf: Polynomial(coefficients), from: 0, to: 1))
  }

  @Test("one conflict for all, and none")
  func everything() throws {
    #expect(try DiscountCover(of: [condition([1], [1, -1])]).uncovered().isEmpty)
    #expect(try DiscountCover(of: []).uncovered().map(\.isEverything) == [true])
    // The strict multipliers add up to 0.
    #expect(try DiscountCover(of: [condition([0])]).uncovered().map(\.isEverything) == [true])
  }

  @Test("zeros of the strict multipliers are not covered, zeros of one of several are")
  func zeros() throws {
    // γ² vanishes at 0 alone.
    let atZero = try DiscountCover(of: [condition([0, 0, 1])]).uncovered()
    #expect(atZero.map(\.isPoint) == [true])
    #expect(atZero.map(\.sample) == [0])
    #expect(try DiscountCover(of: [condition([0, 0, 1], [1])]).uncovered().isEmpty)
    // (2γ - 1)² vanishes at 1/2; (2γ - 1)² and 1 do not at once.
    let square: [Integer] = [1, -4, 4]
    let atHalf = try DiscountCover(of: [condition(square)]).uncovered()
    #expect(atHalf.map { $0.lower.rationalValue } == [Rational(1, 2)])
    #expect(
      try DiscountCover(of: [condition(square), condition([1], at: Rational(1, 2))]).uncovered()
        .isEmpty)
    #expect(
      try !DiscountCover(of: [condition(square), condition([1], at: Rational(1, 3))]).uncovered()
        .isEmpty)
  }

  @Test("two conflicts that meet at an irrational number, closed or open")
  func meeting() throws {
    let golden = try root([-1, 1, 1])
    let below = condition([1, -1, -1], [1])
    let above = condition([-1, 1, 1], [1])
    #expect(try DiscountCover(of: [below, above]).uncovered().isEmpty)
    let open = try DiscountCover(of: [condition([1, -1, -1]), condition([-1, 1, 1])]).uncovered()
    #expect(open.map(\.lower) == [golden])
    #expect(open.map(\.isPoint) == [true])
    let half = try DiscountCover(of: [below]).uncovered()
    #expect(half.map(\.lower) == [golden])
    #expect(half.map(\.includesLower) == [false])
    let sample = try #require(half.first?.sample)
    #expect(golden.comparison(with: sample) < 0 && sample < 1)
    let ranges = try DiscountCover(of: [below, above]).ranges(ofCondition: 0)
    #expect(ranges.map(\.includesUpper) == [true])
    #expect(ranges.map(\.upper) == [golden])
  }

  @Test("what others cover is left out, what is preferred stays")
  func needed() throws {
    let conditions = [
      condition([1, -2], [1]), condition([-1, 4], [1]), condition([-1, 2], [1]), condition([1]),
    ]
    let cover = try DiscountCover(of: conditions)
    #expect(cover.neededConditions { $0 > $1 } == [3])
    #expect(cover.neededConditions { $0 < $1 } == [0, 1])
  }
}
