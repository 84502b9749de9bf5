import ExactArithmetic
import RegretBounds
import TestSupport
import Testing

@Suite("Small calculators of planning and fitting")
struct PlanningCalculatorTests {
  /// Points 0, 1 and 3 of a line.
  private func worked() -> MetricChain {
    let (half, quarter) = (Rational(1, 2), Rational(1, 4))
    return MetricChain(
      distances: [[0, 1, 3], [1, 0, 2], [3, 2, 0]],
      laws: [[half, half, 0], [quarter, half, quarter], [0, half, half]], rewards: [0, 1, 2])
  }

  @Test("the worked chain: how steep its values are, and the bound", .tags(.worked))
  func metricChain() throws {
    let chain = worked()
    #expect(try chain.lawConstant() == Rational(3, 4))
    #expect(chain.lipschitzConstant(of: chain.rewards) == 1)
    let values: [(discount: Rational, values: [Rational], slope: Rational, bound: Rational)] = [
      (
        Rational(1, 2), [Rational(2, 3), 2, Rational(10, 3)], Rational(4, 3), Rational(8, 5)
      ),
      (
        Rational(3, 4), [Rational(12, 5), 4, Rational(28, 5)], Rational(8, 5), Rational(16, 7)
      ),
    ]
    for (discount, values, slope, bound) in values {
      for (place, law) in chain.laws.enumerated() {
        let mean = zip(law, values).map { $0 * $1 }.reduce(0, +)
        #expect(values[place] == chain.rewards[place] + discount * mean)
      }
      #expect(chain.lipschitzConstant(of: values) == slope)
      #expect(try chain.valueBound(discount: discount) == bound)
    }
  }

  @Test("transport on a line is the distance of the distribution functions", arguments: 0..<12)
  func line(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let points = [0, 2, 4, 8].map { $0 + Int(random.below(2)) }.map { Rational($0) }
    let laws = points.map { _ in
      let weights = points.map { _ in Rational(Int(random.below(5)) + 1) }
      return weights.map { $0 / weights.reduce(0, +) }
    }
    let chain = MetricChain(
      distances: points.map { s in points.map { (s - $0).magnitude } }, laws: laws,
      rewards: points.map { _ in Rational(Int(random.below(9))) })
    var expected = Rational.zero
    for s in points.indices {
      for t in 0..<s {
        var (moved, ahead) = (Rational.zero, Rational.zero)
        for place in 0..<points.count - 1 {
          ahead += laws[s][place] - laws[t][place]
          moved += ahead.magnitude * (points[place + 1] - points[place])
        }
        expected = max(expected, moved / (points[s] - points[t]))
      }
    }
    #expect(try chain.lawConstant() == expected)
    let discount = Rational(9, 10)
    let bound = try chain.valueBound(discount: discount)
    #expect((bound == nil) == (discount * expected >= 1))
    guard let bound else { return }
    // Values of every finite horizon are no steeper than the bound.
    var values = points.map { _ in Rational.zero }
    for _ in 0..<6 {
      values = points.indices.map { s in
        chain.rewards[s] + discount * zip(laws[s], values).map { $0 * $1 }.reduce(0, +)
      }
      #expect(chain.lipschitzConstant(of: values) <= bound)
    }
  }

  @Test("a discount too near 1 for a steep law has no bound")
  func noBound() throws {
    let chain = MetricChain(
      distances: [[0, 1], [1, 0]], laws: [[1, 0], [0, 1]], rewards: [0, 1])
    #expect(try chain.lawConstant() == 1)
    #expect(try chain.valueBound(discount: Rational(1, 2)) == 2)
    #expect(try chain.valueBound(discount: 1) == nil)
  }

  @Test("options shorten the horizon", .tags(.worked))
  func optionHorizon() {
    let half = Rational(1, 2)
    let (primitive, option) = (
      OptionHorizon(steps: 1, discount: half), OptionHorizon(steps: 2, discount: half)
    )
    #expect(primitive.value(atDistance: 8) == Rational(-255, 128))
    #expect(primitive.value(atDistance: 6) == Rational(-63, 32))
    #expect(option.value(atDistance: 8) == Rational(-15, 8))
    #expect(option.value(atDistance: 6) == Rational(-7, 4))
    #expect(primitive.relativeGap(from: 8, to: 6) == Rational(1, 169))
    #expect(option.relativeGap(from: 8, to: 6) == Rational(1, 29))
    #expect(option.value(atDistance: 7) == option.value(atDistance: 8))
    // Near the goal primitive steps tell more apart, far from it options do.
    let (short, long) = (
      OptionHorizon(steps: 1, discount: Rational(9, 10)),
      OptionHorizon(steps: 5, discount: Rational(9, 10))
    )
    func gain(_ horizon: OptionHorizon, at distance: Int) -> Rational {
      horizon.value(atDistance: distance - 5) - horizon.value(atDistance: distance)
    }
    #expect(gain(short, at: 10) > Rational(2418, 1000) && gain(long, at: 10) == Rational(9, 10))
    #expect(gain(short, at: 50) < Rational(36, 1000) && gain(long, at: 50) > Rational(387, 1000))
  }

  @Test("a fit of pairwise results is finite where wins go round")
  func bradleyTerry() {
    #expect(BradleyTerry.hasFiniteFit(wins: [[0, 3, 0], [0, 0, 1], [2, 0, 0]]))
    #expect(!BradleyTerry.hasFiniteFit(wins: [[0, 3, 1], [0, 0, 1], [0, 2, 0]]))
    #expect(!BradleyTerry.hasFiniteFit(wins: [[0, 0], [0, 0]]))
    #expect(BradleyTerry.hasFiniteFit(wins: [[0]]))
  }
}
