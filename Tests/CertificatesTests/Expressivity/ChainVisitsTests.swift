import ExactArithmetic
import TestSupport
import Testing

@testable import Certificates

/// Visits by verified digits against an elimination with fractions.
@Suite("Visits of chains as the checker computes them")
struct ChainVisitsTests {
  private typealias Row = [(target: Int, weight: Rational)]

  /// A chain that goes on with probability `damping`.
  private func chain(
    _ count: Int, damping: Rational, _ random: inout SplitMix64
  ) -> (rows: [Row], start: [Rational]) {
    let rows = (0..<count).map { _ -> Row in
      let first = Int(random.below(UInt64(count)))
      let second = (first + 1 + Int(random.below(UInt64(count - 1)))) % count
      let share = Rational(1 + Int(random.below(6)), 7)
      return [(first, damping * share), (second, damping * (1 - share))]
    }
    let weights = (0..<count).map { _ in Int(random.below(4)) }
    let sum = max(1, weights.reduce(0, +))
    return (rows, weights.map { Rational($0, sum) })
  }

  @Test("digits and elimination agree", .tags(.differential))
  func agreement() throws {
    var random = SplitMix64(seed: 41)
    for count in [2, 3, 9, 17, 40, 70] {
      for damping in [Rational(1, 2), Rational(9, 10), Rational(999, 1000)] {
        let (rows, start) = chain(count, damping: damping, &random)
        var elimination = ChainElimination(rows: rows, start: start)
        var lifting = try #require(VisitLifting(rows: rows, start: start))
        let visits = lifting.visits()
        let expected = elimination.visits()
        #expect(visits?.entries == expected)
      }
    }
  }

  @Test("a state that is never left has no number of visits")
  func absorbing() {
    var random = SplitMix64(seed: 43)
    var (rows, start) = chain(12, damping: Rational(9, 10), &random)
    rows[5] = [(5, 1)]
    start[5] = 1
    #expect(VisitLifting(rows: rows, start: start) == nil)
    #expect(expectedVisits(rows: rows, start: start) == nil)
    // Two states that only lead to each other.
    rows[5] = [(6, 1)]
    rows[6] = [(5, 1)]
    #expect(expectedVisits(rows: rows, start: start) == nil)
  }

  @Test("long denominators go another way and have the same answer")
  func longDenominators() throws {
    var random = SplitMix64(seed: 47)
    var (rows, start) = chain(12, damping: Rational(9, 10), &random)
    let long = Rational(1, Integer(1 << 61) * Integer(1 << 61) + 1)
    rows[3] = [(4, long), (7, Rational(1, 2))]
    #expect(VisitLifting(rows: rows, start: start) == nil)
    let visits = try #require(expectedVisits(rows: rows, start: start)).entries
    for state in visits.indices {
      let arriving = rows.indices.reduce(start[state]) { sum, source in
        rows[source].reduce(sum) { $1.target == state ? $0 + visits[source] * $1.weight : $0 }
      }
      #expect(visits[state] == arriving)
    }
    start = start.map { $0 * long }
    let scaled = try #require(expectedVisits(rows: rows, start: start)).entries
    #expect(scaled == visits.map { $0 * long })
  }
}
