import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Hypervolumes")
struct HypervolumeTests {
  private func points(
    _ random: inout SplitMix64, count: Int, dimension: Int
  ) -> [[Rational]] {
    (0..<count).map { _ in
      (0..<dimension).map { _ in
        Rational(Int(random.below(9)), random.below(4) == 0 ? 2 : 1)
      }
    }
  }

  /// `Σ_S (−1)^(|S|+1) Π_i (min_S p_i − q_i)⁺` over the non-empty sets of points.
  private func inclusionExclusion(_ points: [[Rational]], _ reference: [Rational]) -> Rational {
    var sum = Rational.zero
    for subset in 1..<(1 << points.count) {
      let members = points.indices.filter { subset >> $0 & 1 == 1 }
      var volume: Rational = members.count.isMultiple(of: 2) ? -1 : 1
      for axis in reference.indices {
        let least = members.map { points[$0][axis] }.min() ?? reference[axis]
        volume *= max(least - reference[axis], 0)
      }
      sum += volume
    }
    return sum
  }

  @Test("unions of boxes by inclusion and exclusion", .tags(.differential), arguments: 1...4)
  func boxes(dimension: Int) {
    var random = SplitMix64(seed: UInt64(dimension))
    for round in 0..<40 {
      let points = points(&random, count: 1 + Int(random.below(6)), dimension: dimension)
      let reference = (0..<dimension).map { _ in Rational(Int(random.below(4))) }
      #expect(
        Hypervolume.ofBoxes(points, above: reference) == inclusionExclusion(points, reference),
        "round \(round)")
    }
  }

  @Test(
    "what lies below a front by a formula over its facets", .tags(.differential), arguments: 2...4)
  func fronts(dimension: Int) throws {
    var random = SplitMix64(seed: UInt64(40 + dimension))
    for round in 0..<(dimension == 4 ? 8 : 30) {
      let points = points(
        &random, count: 2 + Int(random.below(dimension == 4 ? 3 : 6)), dimension: dimension)
      var options = ParetoOptions()
      // Also corners above some vertices, on the front and beyond it.
      if round % 2 == 0 {
        options.reference = (0..<dimension).map { _ in Rational(Int(random.below(7)) - 1) }
      }
      let model = try bandit(points)
      let front = try paretoFront(
        of: MultiObjectiveProblem(model: model, rewards: model.rewards.map(\.name), discount: 0),
        options: options)
      let volume = ClippedVolume(
        front.facets.map { ($0.normal, $0.offset) }, above: front.reference)
      #expect(front.hypervolume == volume.value, "round \(round)")
    }
  }

  // At height z the part of D above 0 is the square of side 2 − z less a triangle of area
  // (1 − z)²/2: the volume is ∫ (2 − z)² − (1 − z)²/2 dz = 7/3 − 1/6. Above (1, 1, 0) it is the
  // triangle below the same edge: ∫ (1 − z)² − (1 − z)²/2 dz = 1/6.
  @Test("a ridge that falls to a point", .tags(.worked))
  func pyramid() throws {
    let front = try paretoFront(
      of: MultiObjectiveProblem(
        model: bandit([[2, 1, 0], [1, 2, 0], [1, 1, 1]]), rewards: ["r0", "r1", "r2"],
        discount: 0))
    #expect(front.reference == [1, 1, 0])
    #expect(front.hypervolume == Rational(1, 6))
    var options = ParetoOptions()
    options.reference = [0, 0, 0]
    let whole = try paretoFront(
      of: MultiObjectiveProblem(
        model: bandit([[2, 1, 0], [1, 2, 0], [1, 1, 1]]), rewards: ["r0", "r1", "r2"],
        discount: 0), options: options)
    #expect(whole.hypervolume == Rational(7, 3) - Rational(1, 6))
  }
}
