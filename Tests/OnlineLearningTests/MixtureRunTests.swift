import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("UCRL-VTR")
struct MixtureRunTests {
  /// Three states and two actions: the worked example of mixtures, with a reward at `w`.
  private func kernels() throws -> [FiniteMDP] {
    try [
      "u l → u:1/2, v:1/2 | 0; u r → v | 0; v l → w | 0; v r → u:1/2, w:1/2 | 1/10;"
        + " w l → w | 1; w r → u | 1/2",
      "u l → u:1/4, w:3/4 | 0; u r → v:1/2, w:1/2 | 0; v l → u:1/2, w:1/2 | 0; v r → w | 1/10;"
        + " w l → u:1/2, w:1/2 | 1; w r → v | 1/2",
    ].map { try TinyModel.read($0) }
  }

  private func mixture() throws -> FiniteMDP {
    try TinyModel.read(
      "u l → u:1/3, v:1/6, w:1/2 | 0; u r → v:2/3, w:1/3 | 0; v l → u:1/3, w:2/3 | 0;"
        + " v r → u:1/6, w:5/6 | 1/10; w l → u:1/3, w:2/3 | 1; w r → u:1/3, v:2/3 | 1/2")
  }

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
      #expect(run.certificate.width < Rational(1, 1_000_000_000_000))
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
    var account = MixtureAccount(experiment, seed: 5)
    for _ in 0..<4 {
      let plan = try MixturePlan(experiment, account.regression)
      let slow = try SlowPlan.values(experiment, account.regression)
      let scale = experiment.features.valueScale
      #expect(plan.values.map { $0.map { Rational($0, scale) } } == slow)
      try account.playEpisode()
    }
    #expect(account.isCovered && account.isOptimistic)
  }

  @Test("determinants grow as the elliptical potential says")
  func potential() throws {
    let experiment = try experiment()
    var account = MixtureAccount(experiment, seed: 1)
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
    var account = MixtureAccount(experiment, seed: 0)
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
    let scale = regression.scale
    let square = Rational(scale * scale * regression.lambda.denominator)
    let sigma = regression.matrix.map { $0.map { Rational($0) / square } }
    let b = regression.moments.map { Rational($0) / square }
    let theta = solve(sigma, b)
    let ratio = determinant(sigma) / experiment.lambda.power(experiment.dimension)
    let beta = try experiment.radius(determinantRatio: ratio)
    var values = [[Rational](repeating: 0, count: 3)]
    for _ in 0..<experiment.horizon {
      let next = values[values.count - 1]
      let integers = next.map(experiment.features.integer)
      values.append(
        try (0..<3).map { state in
          try experiment.model.choiceRange(at: state).map { choice -> Rational in
            let (feature, origin) = experiment.features.image(of: integers, after: choice)
            let x = feature.map { Rational($0, scale) }
            let norm = zip(x, solve(sigma, x)).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
            let mean = zip(x, theta).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
            let root = try Enclosure(norm).squareRoot(bits: 300).upper
            let q = experiment.lookahead.reward[choice] + origin + mean + beta.upper * root
            let step = experiment.options.grid / 2
            let rounded = Rational((q / step).ceiling) * step
            return max(0, min(experiment.valueCap, rounded))
          }.max() ?? 0
        })
    }
    return values.reversed()
  }

  /// Elimination without exchanges, as the matrix is positive definite.
  private static func reduced(_ rows: [[Rational]]) -> [[Rational]] {
    var rows = rows
    for pivot in rows.indices {
      for row in rows.indices where row > pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        rows[row] = zip(rows[row], rows[pivot]).map { $0 - factor * $1 }
      }
    }
    return rows
  }

  static func determinant(_ matrix: [[Rational]]) -> Rational {
    let rows = reduced(matrix)
    return rows.indices.reduce(1) { $0 * rows[$1][$1] }
  }

  static func solve(_ matrix: [[Rational]], _ right: [Rational]) -> [Rational] {
    let size = matrix.count
    let rows = reduced(matrix.indices.map { matrix[$0] + [right[$0]] })
    var solution = [Rational](repeating: 0, count: size)
    for row in (0..<size).reversed() {
      let rest = ((row + 1)..<size).reduce(rows[row][size]) { $0 - rows[row][$1] * solution[$1] }
      solution[row] = rest / rows[row][row]
    }
    return solution
  }
}
