import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("UCRL-RFE")
struct RewardFreeTests {
  private func experiment(offset: Bool, horizon: Int = 3) throws -> RewardFreeExperiment {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    return try RewardFreeExperiment(
      ThreeStateMixture.model(), basis: ThreeStateMixture.kernels(), horizon: horizon,
      start: State(0), options: options)
  }

  @Test(
    "suboptimalities keep the bound, and vanish with enough episodes", arguments: [false, true])
  func claims(offset: Bool) throws {
    let experiment = try experiment(offset: offset)
    let bound = try experiment.bound(episodes: 30)
    for run in try experiment.runs(episodes: 30, seeds: 2) {
      #expect(run.isCovered)
      #expect(run.suboptimalities.count == 1)
      for value in run.suboptimalities {
        #expect(!value.isNegative && value <= bound)
      }
      #expect(run.largestSuboptimalities.count == 10)
      #expect(try experiment.run(episodes: 30, seed: run.seed) == run)
    }
  }

  @Test("the most uncertain value function is that of all subsets", .tags(.differential))
  func uncertain() throws {
    for offset in [false, true] {
      let mixture = try experiment(offset: offset).mixture
      let features = mixture.features
      var regression = MixtureRegression(
        dimension: mixture.dimension, scale: features.scale, lambda: mixture.lambda)
      var random = SplitMix64(seed: 2)
      let cap = features.integer(mixture.valueCap)
      for _ in 0..<5 {
        let values = (0..<3).map { _ in random.below(2) == 0 ? Integer.zero : cap }
        let choice = Int(random.below(6))
        regression.add(
          features.image(of: values, after: choice).feature,
          target: features.target(of: values, after: choice, to: State(Int(random.below(3)))))
      }
      let estimate = regression.estimate(precision: 60)
      for choice in 0..<6 {
        let found = UncertainValue(of: choice, mixture, estimate).values
        func norm(_ values: [Integer]) -> Integer {
          let x = features.image(of: values, after: choice).feature
          return estimate.comparableProduct(x, x)
        }
        let largest = (0..<8).map { code in
          norm((0..<3).map { code >> $0 & 1 == 1 ? cap : 0 })
        }.max()
        #expect(norm(found) == largest)
      }
    }
  }

  @Test("the uncertainty of the worked regression", .tags(.worked))
  func worked() throws {
    // One action: the largest u² is 1360/2361 at the all-ones function, in every state.
    let kernels = try [
      "u go → u:1/2, v:1/2 | 0; v go → w | 0; w go → u | 0",
      "u go → u:1/4, w:3/4 | 0; v go → u:1/2, w:1/2 | 0; w go → v:1/3, w:2/3 | 0",
    ].map { try TinyModel.read($0) }
    let model = try TinyModel.read(
      "u go → u:1/3, v:1/6, w:1/2 | 0; v go → u:1/3, w:2/3 | 0;"
        + " w go → u:1/3, v:2/9, w:4/9 | 0")
    var options = MixtureExperiment.Options()
    options.lambda = 2
    options.valueCap = 1
    let mixture = try MixtureExperiment(
      model, reward: "default", basis: kernels, horizon: 2, start: State(0), options: options)
    let features = mixture.features
    var regression = MixtureRegression(dimension: 2, scale: features.scale, lambda: 2)
    let half = Rational(1, 2)
    let data: [(Int, [Rational], Int)] = [
      (0, [0, half, 1], 2), (1, [1, 0, half], 0), (2, [0, 1, 1], 1),
    ]
    for (state, values, next) in data {
      let integers = values.map(features.integer)
      regression.add(
        features.image(of: integers, after: state).feature,
        target: features.target(of: integers, after: state, to: State(next)))
    }
    let estimate = regression.estimate(precision: 80)
    #expect(estimate.theta == [Rational(144, 787), Rational(1372, 2361)])
    for choice in 0..<3 {
      let found = UncertainValue(of: choice, mixture, estimate)
      let x = features.image(of: found.values, after: choice).feature
      let one = Integer.one << 80
      let norm = estimate.bonus(x, radius: (one, one))
      let square = Rational(norm.upper, timesTwoToThe: -80).power(2)
      #expect((square - Rational(1360, 2361)).magnitude < Rational(1, 1 << 60))
    }
  }

  @Test("one kernel in the offset form leaves nothing to explore")
  func nothing() throws {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = true
    let model = try ThreeStateMixture.model()
    let known = try RewardFreeExperiment(
      model, basis: [model], horizon: 3, start: State(0), options: options)
    let run = try known.run(episodes: 2, seed: 0)
    #expect(run.isCovered && run.suboptimalities == [0])
    #expect(try known.bound(episodes: 2).enclosure(bits: 10) == Enclosure(Rational(6, 65536)))
  }
}

/// Three states and two actions: the worked example of mixtures, with rewards.
enum ThreeStateMixture {
  static func kernels() throws -> [FiniteMDP] {
    try [
      "u l → u:1/2, v:1/2 | 0; u r → v | 0; v l → w | 0; v r → u:1/2, w:1/2 | 1/10;"
        + " w l → w | 1; w r → u | 1/2",
      "u l → u:1/4, w:3/4 | 0; u r → v:1/2, w:1/2 | 0; v l → u:1/2, w:1/2 | 0; v r → w | 1/10;"
        + " w l → u:1/2, w:1/2 | 1; w r → v | 1/2",
    ].map { try TinyModel.read($0) }
  }

  static func model() throws -> FiniteMDP {
    try TinyModel.read(
      "u l → u:1/3, v:1/6, w:1/2 | 0; u r → v:2/3, w:1/3 | 0; v l → u:1/3, w:2/3 | 0;"
        + " v r → u:1/6, w:5/6 | 1/10; w l → u:1/3, w:2/3 | 1; w r → u:1/3, v:2/3 | 1/2")
  }
}
