import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@testable import RegretBounds

/// Steps of the proofs behind the bounds that can be computed exactly.
@Suite("Steps of the proofs")
struct ProofStepTests {
  /// A symmetric 2×2 matrix.
  private struct Symmetric {
    var a, b, c: Rational

    var determinant: Rational { a * c - b * b }

    /// `xᵀ M⁻¹ x`.
    func inverseNorm(_ x: (Rational, Rational)) -> Rational {
      (c * x.0 * x.0 - 2 * b * x.0 * x.1 + a * x.1 * x.1) / determinant
    }

    mutating func add(_ x: (Rational, Rational)) {
      (a, b, c) = (a + x.0 * x.0, b + x.0 * x.1, c + x.1 * x.1)
    }
  }

  @Test("norms in batches against the determinant", .tags(.metamorphic), arguments: 0..<4)
  func potential(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let lambda = Rational(1 + Int(random.below(4)), 2)
    var matrix = Symmetric(a: lambda, b: 0, c: lambda)
    var (sum, count, longest) = (Rational.zero, 0, Rational.zero)
    for _ in 0..<12 {
      let start = matrix
      var norms = Rational.zero
      for _ in 0..<(1 + Int(random.below(3))) {
        let x = (Rational(Int(random.below(9)) - 4, 2), Rational(Int(random.below(9)) - 4, 3))
        norms += start.inverseNorm(x)
        matrix.add(x)
        count += 1
        longest = max(longest, x.0 * x.0 + x.1 * x.1)
      }
      #expect(matrix.determinant >= start.determinant * (1 + norms))
      sum += min(1, norms)
    }
    let ratio = Formula.number(matrix.determinant / (lambda * lambda))
    let logarithm = try Formula.binaryLogarithm(ratio).cell([:], bits: 64)
    #expect(sum <= logarithm.lower)
    let bound = try BoundCatalogue.certified(named: "elliptical-potential")([
      "n": Rational(count), "d": 2, "X2": longest, "lambda": lambda,
    ])
    #expect(logarithm.lower <= bound)
  }

  @Test("the factor of the chain's lower bound is at least 9H/50")
  func chainFactor() {
    for horizon in 2...80 {
      let p = Rational(4, 3 * horizon)
      for step in 1...(horizon / 2) {
        let reached = (1 - p).power(step - 1)
        let worth = (1 - (1 - p).power(horizon - step)) / p
        #expect(reached * worth >= Rational(9 * horizon, 50), "H = \(horizon), h = \(step)")
      }
    }
  }

  @Test("what a wrong sign costs on the hard chain", .tags(.worked))
  func chainIdentity() {
    // (H, d, δ, Δ) = (3, 3, 1/3, 1/24): one wrong sign of two at the first step.
    let (best, worse) = (Rational(5, 12), Rational(1, 3))
    func value(_ chances: [Rational]) -> Rational {
      var (reached, sum) = (Rational.one, Rational.zero)
      for (place, chance) in chances.enumerated() {
        sum += Rational(chances.count - 1 - place) * chance * reached
        reached *= 1 - chance
      }
      return sum
    }
    #expect(value([best, best, best]) == Rational(155, 144))
    let loss = value([best, best, best]) - value([worse, best, best])
    let accounted = (best - worse) * (1 - (1 - best).power(2)) / best
    #expect(loss == Rational(19, 144) && accounted == loss)
  }

  @Test("the bracket of the two-state lower bound is at least 0.038 from ten actions on")
  func twoStates() throws {
    let c: Formula = .fraction(1, 3)
    var last: Enclosure?
    for actions in 10...60 {
      let half: Formula = 1 + .fraction(1, 2 * actions)
      let gain: Formula = c / (4 + 2 * c)
      let first: Formula = c / (4 * .number(Rational(actions))) * half
      let second: Formula = .root(3) / 8 * c.squared * .root(half)
      let bracket = try (gain - first - second).cell([:], bits: 60)
      #expect(bracket.lower >= Rational(38, 1000))
      if let last { #expect(last.upper <= bracket.lower) }
      last = bracket
    }
  }

  @Test("log A ≤ 1.67 log A' for the branching of the tree, worst at ten actions")
  func branching() throws {
    for actions in 10...200 {
      let ratio: Formula =
        .logarithm(.number(Rational(actions))) / .logarithm(.number(Rational((actions - 1) / 2)))
      #expect(try ratio.cell([:], bits: 40).upper <= Rational(167, 100))
    }
  }

  @Test("the discount before solving is that of the model", .tags(.differential), arguments: 0..<3)
  func blackwell(seed: UInt64) throws {
    let bound = try BoundCatalogue.certified(named: "blackwell-a-priori")
    var models = RandomModel(seed: seed)
    for _ in 0..<5 {
      let model = try models.next()
      let reward = try #require(model.reward(named: "main")).expected(in: model)
      let numbers = model.probabilityPool.values + reward.pool.values
      let common = Rational(numbers.reduce(Integer.one) { Integer.lcm($0, $1.denominator) })
      let largest = reward.pool.values.map { ($0 * common).magnitude }.max() ?? 0
      let value = try bound(["n": Rational(model.stateCount), "R": largest, "m": common])
      #expect(try value.enclosure(bits: 0) == Enclosure(blackwellBound(of: model, reward: reward)))
    }
  }
}
