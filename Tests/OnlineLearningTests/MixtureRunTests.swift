import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("UCRL-VTR")
struct MixtureRunTests {
  private func kernels() throws -> [FiniteMDP] { try ThreeStateMixture.kernels() }
  private func mixture() throws -> FiniteMDP { try ThreeStateMixture.model() }

  private func experiment(
    offset: Bool = false, horizon: Int = 4,
    _ change: (inout MixtureExperiment.Options) -> Void = { _ in }
  ) throws -> MixtureExperiment {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    change(&options)
    return try MixtureExperiment(
      mixture(), reward: "default", basis: kernels(), horizon: horizon, start: State(0),
      options: options)
  }

  @Test(
    "regret keeps the certificate and the bound; coverage brings optimism",
    arguments: [false, true])
  func claims(offset: Bool) throws {
    let experiment = try experiment(offset: offset)
    #expect(experiment.dimension == (offset ? 1 : 2))
    let bound = try experiment.bound(episodes: 40)
    let runs = try experiment.runs(episodes: 40, seeds: 4)
    for run in runs {
      #expect(run.isCovered && run.isOptimistic)
      #expect(!run.regret.isNegative && run.regret <= run.certificate.lower)
      #expect(run.regret <= bound)
      #expect(run.regrets.last == run.regret && run.regrets.count == 40)
      #expect(run.certificate.width < Rational(1, 100_000_000))
    }
    // One by one they are the same.
    for run in runs {
      #expect(try experiment.run(episodes: 40, seed: run.seed) == run)
    }
  }

  @Test(
    "the plan is that of a slow computation with exact norms", .tags(.differential),
    arguments: [false, true])
  func slowPlan(offset: Bool) throws {
    let experiment = try experiment(offset: offset) { $0.grid = Rational(1, 1000) }
    var account = MixtureAccount(experiment, episodes: 100, seed: 5)
    for _ in 0..<4 {
      let plan = try MixturePlan(experiment, account.regression)
      let slow = try SlowPlan.values(experiment, account.regression)
      let scale = experiment.features.valueScale
      #expect(plan.values.map { $0.map { Rational($0, scale) } } == slow)
      try account.playEpisode()
    }
    #expect(account.isCovered && account.isOptimistic)
  }

  @Test(
    "the plan in words overestimates each step by at most the grid", .tags(.differential),
    arguments: [false, true], [Rational(1, 65536), Rational(1, 1000), Rational(3, 7)])
  func wordPlan(offset: Bool, grid: Rational) throws {
    let experiment = try experiment(offset: offset) { $0.grid = grid }
    let words = try #require(experiment.words)
    var account = MixtureAccount(experiment, episodes: 100, seed: 3)
    for _ in 0..<6 {
      let plan = try #require(try WordPlan(experiment, account.regression))
      let values = plan.counts.map { counts in
        counts.map {
          $0 >= words.capCount ? experiment.valueCap : Rational(Int($0)) * grid / 2
        }
      }
      #expect(plan.counts.flatMap { $0 }.allSatisfy { $0 >= 0 && $0 <= words.capCount })
      for step in 0..<experiment.horizon {
        let exact = try SlowPlan.step(experiment, account.regression, after: values[step + 1])
        for (own, best) in zip(values[step], exact) {
          #expect(own >= best && own <= best + grid)
        }
      }
      #expect(plan.covers(experiment, words, account.regression) == true)
      try account.playEpisode()
    }
  }

  @Test("words and long integers: the same coverage, certificates that agree")
  func bothWays() throws {
    let experiment = try experiment()
    let (fast, slow) = try (
      experiment.run(episodes: 30, seed: 2), experiment.withoutWords.run(episodes: 30, seed: 2)
    )
    #expect(fast.isCovered && slow.isCovered && slow.isOptimistic)
    #expect((fast.certificate.lower - slow.certificate.lower).magnitude < Rational(1, 10))
  }

  @Test("the judged factor holds norms and determinants of random matrices", .tags(.differential))
  func judgedFactor() throws {
    var random = SplitMix64(seed: 11)
    for dimension in 1...6 {
      var regression = MixtureRegression(
        dimension: dimension, scale: 1000, lambda: Rational(7, 3))
      for _ in 0..<40 {
        let vector = (0..<dimension).map { _ in Integer(Int(random.below(8001)) - 4000) }
        regression.add(vector, target: Integer(Int(random.below(3000))))
      }
      let data = try #require(regression.words())
      let factor = try #require(
        JudgedFactor(data.matrix, dimension: dimension, bits: data.bits))
      #expect(factor.error < Rational(1, 1 << 20))
      let estimate = regression.estimate(precision: 100)
      // det(Σ/λ) ∏ Z² = det(I + E).
      let product = estimate.determinantRatio * factor.diagonal * factor.diagonal
      let slack = (1 + factor.error).power(dimension)
      #expect(product <= slack && product >= 2 - slack)
      // ‖x‖² in the norm of (Σ/λ)^{-1}: β = 1 of an exact norm, times √λ.
      let x = (0..<dimension).map { _ in Integer(Int(random.below(1_000_000))) }
      var image = x.map { Int64($0.word ?? 0) << 20 }
      factor.apply(to: image, into: &image)
      let norm = Rational(Int(JudgedFactor.norm(image)), 1 << 20)
      let one = Integer.one << 100
      let exact = estimate.bonus(x.map { $0 * 1000 }, radius: (one, one))
      let root = try Enclosure(regression.lambda).squareRoot(bits: 100)
      let (low, high) = (
        Rational(exact.lower, timesTwoToThe: -100) * root.lower,
        Rational(exact.upper, timesTwoToThe: -100) * root.upper
      )
      let unit = Rational(dimension + 1, 1 << 20)
      #expect(norm <= high * (1 + factor.error) + unit)
      #expect(norm + unit >= low * (1 - factor.error))
    }
  }

  @Test("determinants grow as the elliptical potential says")
  func potential() throws {
    let experiment = try experiment()
    var account = MixtureAccount(experiment, episodes: 100, seed: 1)
    var last = Rational.one
    for _ in 0..<10 {
      try account.playEpisode()
      let ratio = account.regression.estimate(precision: 60).determinantRatio
      #expect(ratio > last)
      last = ratio
    }
  }

  @Test("a radius halved until coverage fails is caught")
  func brokenRadius() throws {
    // With a parameter far outside of what the regression can say, no run is covered.
    let experiment = try experiment()
    var account = MixtureAccount(experiment, episodes: 100, seed: 0)
    try account.playEpisode()
    let plan = try MixturePlan(experiment, account.regression)
    let distance = account.regression.squaredDistance(plan.estimate, to: [40, -39])
    let radius = Rational(plan.radius.upper, timesTwoToThe: -plan.precision)
    #expect(distance > radius * radius)
  }

  @Test("nothing to learn: one kernel in the offset form, or one step")
  func trivialCases() throws {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = true
    let model = try mixture()
    let known = try MixtureExperiment(
      model, reward: "default", basis: [model], horizon: 3, start: State(0), options: options)
    #expect(known.dimension == 0)
    let run = try known.run(episodes: 5, seed: 0)
    #expect(run.isCovered && run.isOptimistic && run.regret <= run.certificate.lower)
    let value = try known.bound(episodes: 5).enclosure(bits: 10)
    #expect(value == Enclosure(Rational(15, 65536)))
    let short = try experiment(horizon: 1)
    let single = try short.run(episodes: 3, seed: 0)
    #expect(single.regret == 0)
    #expect(try short.bound(episodes: 3).enclosure(bits: 10) == Enclosure(Rational(3, 65536)))
  }

  @Test("what breaks the theorem is refused")
  func refusals() throws {
    #expect(throws: LearningError.self) { try experiment { $0.delta = 1 } }
    #expect(throws: LearningError.self) { try experiment { $0.grid = 0 } }
    #expect(throws: LearningError.self) { try experiment { $0.valueCap = Rational(1, 10) } }
    #expect(throws: LearningError.self) {
      try experiment { $0.squaredParameterNorm = Rational(1, 10) }
    }
    let basis = try kernels()
    let model = try mixture()
    #expect(throws: LearningError.self) {
      try MixtureExperiment(
        model, reward: "default", basis: [basis[0]], horizon: 2, start: State(0))
    }
    #expect(throws: BoundError.self) {
      try MixtureExperiment(
        model, reward: "default", basis: [ThreeStates.mixture()], horizon: 2, start: State(0))
    }
  }
}

/// The plan in fractions: `Σ^{-1}` by elimination over the rationals, roots to 300 bits.
private enum SlowPlan {
  static func values(
    _ experiment: MixtureExperiment, _ regression: MixtureRegression
  ) throws -> [[Rational]] {
    let step = experiment.options.grid / 2
    var values = [[Rational](repeating: 0, count: 3)]
    for _ in 0..<experiment.horizon {
      values.append(
        try Self.step(experiment, regression, after: values[values.count - 1]) {
          Rational(($0 / step).ceiling) * step
        })
    }
    return values.reversed()
  }

  /// One step back, clipped; `rounded` is applied before.
  static func step(
    _ experiment: MixtureExperiment, _ regression: MixtureRegression, after next: [Rational],
    rounded: (Rational) -> Rational = { $0 }
  ) throws -> [Rational] {
    let scale = regression.scale
    let square = Rational(scale * scale * regression.lambda.denominator)
    let sigma = regression.matrix.map { $0.map { Rational($0) / square } }
    let b = regression.moments.map { Rational($0) / square }
    let theta = Elimination.solve(sigma, b)
    let ratio = Elimination.determinant(sigma) / experiment.lambda.power(experiment.dimension)
    let beta = try experiment.radius(determinantRatio: ratio)
    let integers = next.map(experiment.features.integer)
    return try (0..<3).map { state in
      try experiment.model.choiceRange(at: state).map { choice -> Rational in
        let (feature, origin) = experiment.features.image(of: integers, after: choice)
        let x = feature.map { Rational($0, scale) }
        let norm = zip(x, Elimination.solve(sigma, x)).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
        let mean = zip(x, theta).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
        let root = try Enclosure(norm).squareRoot(bits: 300).upper
        let q = experiment.lookahead.reward[choice] + origin + mean + beta.upper * root
        return max(0, min(experiment.valueCap, rounded(q)))
      }.max() ?? 0
    }
  }
}
