import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

/// Two kernels on three states with one action, mixed with the weights 1/3 and 2/3.
enum ThreeStates {
  static func kernels() throws -> [FiniteMDP] {
    try [
      "u a → u:1/2, v:1/2 | 1/4; v a → w | 0; w a → u | 1/4",
      "u a → u:1/4, w:3/4 | 1/4; v a → u:1/2, w:1/2 | 0; w a → v:1/3, w:2/3 | 1/4",
    ].map { try TinyModel.read($0) }
  }

  static func mixture() throws -> FiniteMDP {
    try TinyModel.read(
      "u a → u:1/3, v:1/6, w:1/2 | 1/4; v a → u:1/3, w:2/3 | 0;"
        + " w a → u:1/3, v:2/9, w:4/9 | 1/4")
  }

  /// State, values `2V`, next state.
  static let data: [(state: Int, values: [Integer], next: Int)] = [
    (0, [0, 1, 2], 2), (1, [2, 0, 1], 0), (2, [0, 2, 2], 1),
  ]

  /// The regression on the data, with `λ = 2`.
  static func regression(isOffset: Bool) throws -> (MixtureFeatures, MixtureRegression) {
    let basis = try kernels()
    // With the grid 1 values are multiples of 1/2.
    let features = MixtureFeatures(
      try TransitionFeatures(basis: basis, over: basis[0]), isOffset: isOffset, grid: 1, cap: 1)
    var regression = MixtureRegression(
      dimension: features.dimension, scale: features.scale, lambda: 2)
    for (state, values, next) in data {
      regression.add(
        features.image(of: values, after: state).feature,
        target: features.target(of: values, after: state, to: State(next)))
    }
    return (features, regression)
  }
}

@Suite("Regression on mixtures")
struct MixtureRegressionTests {
  private func rationals(_ integers: [Integer], over scale: Integer) -> [Rational] {
    integers.map { Rational($0, scale) }
  }

  /// Largest `‖φ_f‖²` over `f ∈ {0,1}^S` at each state, as numbers that the enclosures hold.
  private func expectNorms(
    _ norms: [Rational], of values: [[Integer]], _ features: MixtureFeatures,
    _ estimate: MixtureEstimate
  ) {
    let unit = Integer(1) << 120
    for state in 0..<3 {
      let square = norms[state] * Rational(unit * unit)
      let bounds = values.map {
        estimate.bonus(features.image(of: $0, after: state).feature, radius: (unit, unit))
      }
      let upper = bounds.map(\.upper).reduce(0, max)
      let lower = bounds.map(\.lower).reduce(0, max)
      #expect(Rational(lower * lower) <= square && square <= Rational(upper * upper))
      #expect(upper - lower <= 4)
    }
  }

  @Test("the plain form of the worked case", .tags(.worked))
  func plain() throws {
    let (features, regression) = try ThreeStates.regression(isOffset: false)
    let scale = regression.scale * regression.scale
    #expect(
      regression.matrix.map { rationals($0, over: scale) } == [
        [Rational(37, 16), Rational(9, 16)], [Rational(9, 16), Rational(33, 8)],
      ])
    #expect(rationals(regression.moments, over: scale) == [Rational(3, 4), Rational(5, 2)])
    let estimate = regression.estimate(precision: 120)
    #expect(estimate.theta == [Rational(144, 787), Rational(1372, 2361)])
    // det Σ = 2361/256 and λ² = 4.
    #expect(estimate.determinantRatio == Rational(2361, 1024))
    #expect(
      regression.squaredDistance(estimate, to: [Rational(1, 3), Rational(2, 3)])
        == Rational(10987, 113328))
    let subsets: [[Integer]] = (0..<8).map { set in (0..<3).map { set >> $0 & 1 == 1 ? 2 : 0 } }
    expectNorms(
      Array(repeating: Rational(1360, 2361), count: 3), of: subsets, features, estimate)
    expectNorms(
      [Rational(88, 787), 0, Rational(592, 21249)], of: [[0, 2, 0]], features, estimate)
    // ⟨φ, θ̂⟩ at the first datum: (144/787 + 3 · 1372/2361)/4.
    let first = features.image(of: [0, 1, 2], after: 0).feature
    let exact = Rational(144, 787) / 4 + Rational(1372, 2361) * Rational(3, 4)
    let rounded = Rational(estimate.prediction(first, precision: 120), timesTwoToThe: -120)
    #expect(exact <= rounded && rounded - exact < Rational(1, timesTwoToThe: -118))
  }

  @Test("the offset form of the worked case", .tags(.worked))
  func offset() throws {
    let (features, regression) = try ThreeStates.regression(isOffset: true)
    let scale = regression.scale * regression.scale
    #expect(rationals(regression.matrix[0], over: scale) == [Rational(53, 16)])
    #expect(rationals(regression.moments, over: scale) == [Rational(-3, 16)])
    let estimate = regression.estimate(precision: 120)
    #expect(estimate.theta == [Rational(-3, 53)])
    let subsets: [[Integer]] = (0..<8).map { set in (0..<3).map { set >> $0 & 1 == 1 ? 2 : 0 } }
    expectNorms(
      [Rational(9, 53), Rational(4, 53), Rational(16, 53)], of: subsets, features, estimate)
    // Constants teach nothing.
    #expect(features.image(of: [2, 2, 2], after: 1).feature == [0])
  }

  @Test("the radius of the worked case", .tags(.worked))
  func radius() throws {
    var options = MixtureExperiment.Options()
    options.delta = Rational(1, 10)
    options.lambda = 2
    options.valueCap = 1
    let experiment = try MixtureExperiment(
      ThreeStates.mixture(), reward: "default", basis: ThreeStates.kernels(), horizon: 3,
      start: State(0), options: options)
    #expect(experiment.theta == [Rational(1, 3), Rational(2, 3)])
    #expect(experiment.squaredParameterNorm == Rational(5, 9))
    #expect(experiment.squaredFeatureNorm == 2)
    let beta = try experiment.radius(determinantRatio: Rational(2361, 1024))
    #expect(beta.decimal(digits: 20).hasPrefix("2.3605030247377686"))
    #expect(Rational(10987, 113328) <= beta.lower * beta.lower)
  }

  @Test("elimination without fractions inverts", arguments: 0..<4 as Range<UInt64>)
  func inverse(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let size = 1 + Int(seed)
    // AᵀA + I is positive definite.
    let a = (0..<size).map { _ in (0..<size).map { _ in Integer(Int(random.below(19)) - 9) } }
    let matrix = (0..<size).map { i in
      (0..<size).map { j in
        (0..<size).reduce(i == j ? Integer.one : 0) { $0 + a[$1][i] * a[$1][j] }
      }
    }
    let right = (0..<size).map { Integer($0 - 1) }
    let solved = FractionFreeInverse(matrix, right: right)
    for i in 0..<size {
      for j in 0..<size {
        let entry = (0..<size).reduce(Integer.zero) { $0 + matrix[i][$1] * solved.adjugate[$1][j] }
        #expect(entry == (i == j ? solved.determinant : 0))
      }
      let product = (0..<size).reduce(Integer.zero) {
        $0 + matrix[i][$1] * solved.scaledSolution[$1]
      }
      #expect(product == solved.determinant * right[i])
    }
  }
}
