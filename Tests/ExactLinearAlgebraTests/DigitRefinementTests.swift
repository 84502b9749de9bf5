import ExactArithmetic
import Testing

@testable import ExactLinearAlgebra

@Suite("Digit refinement")
struct DigitRefinementTests {
  private func refinement(_ system: SparseSystem) throws -> DigitRefinement {
    let dominance = try #require(
      MatrixDominance(system.matrix, components: nil, expectedRounds: 10))
    return try #require(
      DigitRefinement(system, dominance: dominance, components: nil, expectedRounds: 10))
  }

  @Test("the error bound holds after every round", arguments: 0..<4 as Range<UInt64>)
  func errorBound(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for discount: (Int64, Int64) in [(9, 10), (999, 1000), (9_999, 10_000)] {
      // Right sides of 100 bits take three rounds before the binary point.
      let system = discountedSystem(
        size: 20, branching: 4, discount: discount, rightBits: 100, using: &random)
      let exact = try system.solved(method: .elimination).entries
      let refinement = try refinement(system)
      var sums = [Integer](repeating: 0, count: system.size)
      for _ in 0..<12 {
        try refinement.advance()
        let bits = refinement.bitsPerRound
        for row in 0..<system.size {
          sums[row] = (sums[row] << bits) + Integer(refinement.digits[row])
        }
        let fraction = refinement.fractionalBits
        let unit = Rational(2).power(-fraction)
        let bound = Rational(refinement.errorUnits) * unit
        for row in 0..<system.size {
          let error = (Rational(sums[row]) * unit - exact[row]).magnitude
          #expect(error <= bound, "seed \(seed)")
        }
      }
      #expect(
        refinement.leadingRounds == (100 + refinement.bitsPerRound) / refinement.bitsPerRound
          || refinement.leadingRounds == (99 + refinement.bitsPerRound) / refinement.bitsPerRound)
    }
  }

  @Test("bits per round fall with the discount's distance from 1")
  func bitsPerRound() throws {
    var random = SplitMix64(seed: 3)
    let far = try refinement(
      discountedSystem(size: 30, branching: 4, discount: (1, 2), using: &random))
    let near = try refinement(
      discountedSystem(size: 30, branching: 4, discount: (9_999, 10_000), using: &random))
    #expect(far.bitsPerRound >= 45)
    #expect((30...36).contains(near.bitsPerRound))
  }

  @Test("digits and doubles of a refined solution agree with the exact one")
  func refinedSolution() throws {
    var random = SplitMix64(seed: 8)
    let system = discountedSystem(
      size: 40, branching: 3, discount: (99, 100), rightBits: 30, scale: 7, using: &random)
    let exact = try system.solved(method: .lifting).entries
    let refined = try #require(RefinedSolution(system, components: nil))
    #expect(try refined.extend(to: 200, .none))
    for dropped in [0, 1, 100] {
      let (numerators, error) = refined.numerators(dropping: dropped)
      let denominator = system.scale << (refined.fractionalBits - dropped)
      for row in 0..<system.size {
        let distance = (Rational(numerators[row], denominator) - exact[row]).magnitude
        #expect(distance <= Rational(error, denominator))
      }
    }
    for (row, value) in refined.doubles().enumerated() {
      #expect(abs(value - Double(exact[row])) <= 1e-12 * max(1, abs(value)))
    }
  }
}
