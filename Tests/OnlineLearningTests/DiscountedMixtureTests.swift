import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("UCLK")
struct DiscountedMixtureTests {
  private func experiment(
    offset: Bool, discount: Rational = Rational(1, 2),
    _ change: (inout MixtureExperiment.Options) -> Void = { _ in }
  ) throws -> DiscountedMixtureExperiment {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    change(&options)
    return try DiscountedMixtureExperiment(
      ThreeStateMixture.model(), reward: "default", basis: ThreeStateMixture.kernels(),
      discount: discount, start: State(0), options: options)
  }

  @Test(
    "regret keeps certificate and bound; coverage brings optimism", arguments: [false, true])
  func claims(offset: Bool) throws {
    let experiment = try experiment(offset: offset, discount: Rational(4, 5))
    let bound = LearningBound(try experiment.bound(steps: 300))
    let runs = try experiment.runs(steps: 300, seeds: 2)
    let audit = try BoundAudit(runs, bound: bound)
    #expect(audit.isClean && audit.uncovered == 0)
    for run in runs {
      #expect(run.isOptimistic && !run.regret.isNegative && run.switches > 0)
      #expect(run.regrets.count == 100 && run.regrets.last == run.regret)
      #expect(try experiment.run(steps: 300, seed: run.seed) == run)
    }
  }

  @Test(
    "values are above their image under the truth and under what the cuts leave",
    arguments: [false, true])
  func plan(offset: Bool) throws {
    // A large delta and many equal samples make a small ellipsoid, so that corners are cut off.
    let experiment = try experiment(offset: offset) { $0.delta = Rational(9, 10) }
    let mixture = experiment.mixture
    var regression = MixtureRegression(
      dimension: mixture.dimension, scale: mixture.features.scale, lambda: mixture.lambda)
    var random = SplitMix64(seed: 9)
    for _ in 0..<3000 {
      let values = (0..<3).map { _ in mixture.features.integer(Rational(Int(random.below(3)), 1)) }
      let choice = Int(random.below(6))
      let next = mixture.sampler.successor(of: Choice(choice), using: &random)
      regression.add(
        mixture.features.image(of: values, after: choice).feature,
        target: mixture.features.target(of: values, after: choice, to: next))
    }
    var planner = EpochPlanner(experiment)
    let plan = try #require(
      try planner.plan(
        regression, HorizonRadius(experiment, steps: 3000), progress: .none))
    let values = plan.values.map { Rational($0, mixture.features.valueScale) }
    let operation = BellmanOperator(
      model: experiment.model, reward: mixture.lookahead.reward, discount: experiment.discount)
    let image = operation.applied(to: RationalVector(values)).entries
    #expect(zip(values, image).allSatisfy { $0 >= $1 })
    #expect(zip(values, experiment.optimalValues).allSatisfy { $0 >= $1 })
    // The cuts matter: the whole simplex would allow larger values.
    var free = EpochPlanner(experiment)
    let empty = MixtureRegression(
      dimension: mixture.dimension, scale: mixture.features.scale, lambda: mixture.lambda)
    let wide = try #require(
      try free.plan(empty, HorizonRadius(experiment, steps: 3000), progress: .none))
    let widest = wide.values.map { Rational($0, mixture.features.valueScale) }
    #expect(zip(values, widest).contains { $0 < $1 - Rational(1, 1000) })
    #expect(mixture.covers(regression, plan.estimate, plan.radius))
  }

  @Test("an epoch is planned as closely as the theorem of the whole run needs")
  func slack() throws {
    let experiment = try experiment(offset: false) { $0.squaredParameterNorm = 10_000 }
    let horizon = try HorizonRadius(experiment, steps: 500)
    let largest = try experiment.radius(steps: 500)
    let top = experiment.largestGrowth(steps: 500).power(2)
    for quotient in [Rational(1), Rational(3, 2), 2, Rational(5, 2), 50] {
      let own = try experiment.mixture.radius(determinantRatio: top / quotient)
      let slack = try horizon.slack(of: own, determinantRatio: top / quotient)
      #expect(slack.signum > 0)
      // (2 + ε) β_k min(√2, √q) ≤ 2√2 β, squared.
      let left = (2 + slack) * own.lower
      #expect(left * left * min(2, quotient) <= 8 * largest.upper * largest.upper)
    }
  }

  @Test("weights outside of the simplex: all that give a kernel")
  func signedWeights() throws {
    let kernels = try [
      "a go → a:1/2, b:1/2 | 1; a stay → a | 1/2; b go → a | 0",
      "a go → a:3/4, b:1/4 | 1; a stay → a | 1/2; b go → a | 0",
    ].map { try TinyModel.read($0) }
    let model = try TinyModel.read("a go → a:3/8, b:5/8 | 1; a stay → a | 1/2; b go → a | 0")
    let experiment = try DiscountedMixtureExperiment(
      model, reward: "default", basis: kernels, discount: Rational(1, 2), start: State(0))
    #expect(experiment.mixture.theta == [Rational(3, 2), Rational(-1, 2)])
    let run = try experiment.run(steps: 100, seed: 1)
    #expect(run.isCovered && run.isOptimistic && run.regret <= run.certificate.upper)
  }

  @Test("what breaks the theorem is refused")
  func refusals() throws {
    #expect(throws: LearningError.self) { try experiment(offset: false, discount: 1) }
    #expect(throws: LearningError.self) { try experiment(offset: false) { $0.lambda = 1 } }
    #expect(throws: LearningError.self) { try experiment(offset: false) { $0.valueCap = 7 } }
    let rich = try TinyModel.read("a go → a | 2")
    #expect(throws: LearningError.self) {
      try DiscountedMixtureExperiment(
        rich, reward: "default", basis: [rich], discount: Rational(1, 2), start: State(0))
    }
  }
}
