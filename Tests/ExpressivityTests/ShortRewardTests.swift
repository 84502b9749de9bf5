import ExactArithmetic
import TestSupport
import Testing

@testable import Expressivity

/// Rewards that attain the margin with few and short entries.
@Suite("Short rewards")
struct ShortRewardTests {
  private func face(
    _ count: Int, _ rows: [(coefficients: [Rational], lower: Rational?, upper: Rational?)]
  ) -> RewardFace {
    RewardFace(
      rewardCount: count, margin: count,
      bounds: (0..<count).map { _ in RewardFace.entryBounds } + [RewardFace.marginBounds],
      rows: rows.map { row in
        RewardFace.Row(
          lower: row.lower, upper: row.upper,
          entries: row.coefficients.enumerated().map { (column: $0, coefficient: $1) })
      }, progress: .none)
  }

  @Test("the simplest fraction between two, whatever the sign", .tags(.worked))
  func simplest() {
    #expect(Rational(2, 7).simplest(through: Rational(5, 7)) == Rational(1, 2))
    #expect(Rational(-5, 7).simplest(through: Rational(-2, 7)) == Rational(-1, 2))
    #expect(Rational(-1, 100).simplest(through: Rational(1, 2)) == 0)
    #expect(Rational(9, 10).simplest(through: 1) == 1)
    #expect(Rational(3, 11).simplest(through: Rational(3, 11)) == Rational(3, 11))
  }

  @Test("a segment of rewards: the point of small denominators", .tags(.worked))
  func segment() throws {
    // r0 + r1 = 1 with r0 between 2/7 and 5/7: halves are simplest.
    var rewards = face(
      2,
      [([1, 1, 0], 1, 1), ([1, 0, 0], Rational(2, 7), Rational(5, 7))])
    rewards.setMargin(1)
    #expect(
      try rewards.shortened([Rational(7, 13), Rational(6, 13)]) == [Rational(1, 2), Rational(1, 2)])
    // Without the second row 0 and 1 do, with one entry less.
    rewards = face(2, [([1, 1, 0], 1, 1)])
    rewards.setMargin(1)
    #expect(try rewards.shortened([Rational(7, 13), Rational(6, 13)]) == [0, 1])
    // What is not in the support stays 0.
    rewards = face(
      3,
      [
        ([1, 1, 1, 0], Rational(1, 2), Rational(1, 2)), ([1, 0, 0, 0], Rational(1, 5), 1),
      ])
    rewards.setMargin(1)
    let short = try rewards.shortened([Rational(3, 10), 0, Rational(1, 5)])
    #expect(short == [Rational(1, 2), 0, 0])
  }

  @Test("no measure gets worse, and the margin stays", .tags(.metamorphic))
  func drawn() throws {
    var random = SplitMix64(seed: 53)
    var gained = 0
    for _ in 0..<30 {
      let count = 3 + Int(random.below(4))
      let rows = (0..<(2 + Int(random.below(4)))).map { place in
        (
          coefficients: (0..<count).map { _ in
            Rational(Int(random.below(9)) - 4, 1 + Int(random.below(5)))
          }
            + [place.isMultiple(of: 3) ? 0 : -1],
          lower: Rational.zero as Rational?, upper: nil as Rational?
        )
      }
      var rewards = face(count, rows)
      let solution = try rewards.maximum(of: count)
      guard let margin = solution.objectiveValue, margin.signum > 0,
        let primal = solution.primal, let dual = solution.dual
      else { continue }
      let vertex = (0..<count).map { primal[$0] }
      rewards.restrict(to: vertex, margin: margin, dual.entries.map { -$0 })
      let sparse = try rewards.sparsePoint() ?? vertex
      let short = try rewards.shortened(sparse)
      #expect(size(short).entries <= size(sparse).entries)
      #expect(size(short).bits <= size(sparse).bits || size(short).entries < size(sparse).entries)
      if short != sparse { gained += 1 }
      for point in [sparse, short] {
        #expect(point.allSatisfy { $0.magnitude <= 1 })
        for row in rows {
          let value = zip(row.coefficients, point + [margin]).reduce(Rational.zero) {
            $0 + $1.0 * $1.1
          }
          #expect(value >= 0)
        }
      }
    }
    #expect(gained > 0)
  }

  private func size(_ reward: [Rational]) -> (entries: Int, bits: Int) {
    (
      reward.filter { !$0.isZero }.count,
      reward.reduce(0) { $0 + $1.denominator.bitLength - 1 }
    )
  }
}
