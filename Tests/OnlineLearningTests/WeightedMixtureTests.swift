import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("UCRL-VTR+")
struct WeightedMixtureTests {
  private func experiment(
    offset: Bool, horizon: Int = 4, cap: Rational? = nil
  ) throws -> WeightedMixtureExperiment {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    options.valueCap = cap
    return WeightedMixtureExperiment(
      try MixtureExperiment(
        ThreeStateMixture.model(), reward: "default", basis: ThreeStateMixture.kernels(),
        horizon: horizon, start: State(0), options: options))
  }

  @Test(
    "coverage brings optimism, variances that are bounded, and regret within the certificate",
    arguments: [false, true])
  func claims(offset: Bool) throws {
    let experiment = try experiment(offset: offset)
    let bound = LearningBound(try experiment.bound(episodes: 25))
    let runs = try experiment.runs(episodes: 25, seeds: 4)
    let audit = try BoundAudit(runs, bound: bound)
    #expect(audit.isClean && audit.uncovered == 0)
    for run in runs {
      #expect(run.isVarianceCovered && run.hasVarianceBounds && run.account.isOptimistic)
      #expect(run.regret <= run.account.certificate.lower)
      #expect(run.meanVariance >= experiment.leastVariance)
      // 3 M² and a part in 65 535.
      let cap = experiment.mixture.valueCap
      #expect(run.meanVariance <= Rational(49, 16) * cap * cap)
      #expect(try experiment.run(episodes: 25, seed: run.account.seed) == run)
    }
    // A bound that is broken on purpose is caught.
    let broken = LearningBound(bound.value, factor: Rational(1, 1_000_000))
    #expect(try BoundAudit(runs, bound: broken).violations == runs.count)
  }

  @Test(
    "weights and sums are those of fractions and of slow norms", .tags(.differential),
    arguments: [false, true])
  func slowWeights(offset: Bool) throws {
    let experiment = try experiment(offset: offset, horizon: 3)
    let mixture = experiment.mixture
    var account = try WeightedMixtureAccount(experiment, episodes: 10, seed: 7)
    for _ in 0..<4 { try account.playEpisode() }
    let known = try account.knowledge()
    let scale = mixture.features.valueScale
    let values: [Integer] = [scale / 3, mixture.features.cap, scale]
    let squared = values.map { $0 * $0 }
    for choice in 0..<mixture.model.choiceCount {
      let own = account.variance(of: choice, values, squared, known)
      let slow = try slowVariance(experiment, account, choice, values)
      #expect(own >= slow.lower && own <= slow.upper + Rational(1, 1 << 60))
    }
  }

  /// `σ̄²` with inverses over the rationals and roots to 300 bits.
  private func slowVariance(
    _ experiment: WeightedMixtureExperiment, _ account: WeightedMixtureAccount, _ choice: Int,
    _ values: [Integer]
  ) throws -> Enclosure {
    let mixture = experiment.mixture
    let (cap, scale) = (mixture.valueCap, mixture.features.valueScale)
    let numbers = values.map { Rational($0, scale) }
    let radii = try experiment.radii(after: account.done)
    let weights = account.values
    // Σ̂ = (sΣ̂)/s, and Σ̃ as it is.
    let first = try statistics(
      mixture, weights.scaled, unit: weights.unit, choice, numbers, radii.variance)
    let second = try statistics(
      mixture, account.squares, unit: 1, choice, numbers.map { $0 * $0 }, radii.squares)
    let top = cap * cap
    let mean = min(cap, max(0, first.mean))
    let clipped = min(top, max(0, second.mean))
    func sum(_ a: Rational, _ b: Rational) -> Rational {
      max(
        experiment.leastVariance,
        clipped - mean * mean + min(top, b) + min(top, 2 * cap * a))
    }
    return Enclosure(
      lower: sum(first.bonus.lower, second.bonus.lower),
      upper: sum(first.bonus.upper, second.bonus.upper))
  }

  /// The estimated mean of a function after a choice, and `β‖φ‖`.
  private func statistics(
    _ mixture: MixtureExperiment, _ regression: MixtureRegression, unit: Rational, _ choice: Int,
    _ values: [Rational], _ radius: Enclosure
  ) throws -> (mean: Rational, bonus: Enclosure) {
    let square = Rational(regression.scale * regression.scale * regression.lambda.denominator)
    let sigma = regression.matrix.map { $0.map { Rational($0) / square / unit } }
    let b = regression.moments.map { Rational($0) / square / unit }
    let common = values.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    let integers = values.map { $0.numerator * common.exactlyDivided(by: $0.denominator) }
    let image = mixture.features.image(of: integers, after: choice)
    // image() counts in units of 1/G.
    let factor = Rational(mixture.features.valueScale, common)
    let x = image.feature.map { Rational($0, mixture.features.scale) * factor }
    let norm = zip(x, Elimination.solve(sigma, x)).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
    let theta = Elimination.solve(sigma, b)
    let mean = zip(x, theta).reduce(image.origin * factor) { $0 + $1.0 * $1.1 }
    return (mean, try Enclosure(norm).squareRoot(bits: 300) * radius)
  }

  @Test("the weighted regression is the regression of weighted data", .tags(.differential))
  func weightedSums() throws {
    var random = SplitMix64(seed: 3)
    var weighted = WeightedRegression(
      dimension: 2, scale: 10, lambda: Rational(3, 2), least: Rational(1, 2), most: 4)
    var sigma: [[Rational]] = [[Rational(3, 2), 0], [0, Rational(3, 2)]]
    var b: [Rational] = [0, 0]
    for _ in 0..<12 {
      let x = [Integer(Int(random.below(21)) - 10), Integer(Int(random.below(21)) - 10)]
      let y = Integer(Int(random.below(11)))
      let variance = Rational(Int(random.below(8)) + 1, 2)
      let j = weighted.weight(of: variance)
      let charged = weighted.unit / Rational(j)
      #expect(charged >= variance && charged <= variance * Rational(65_536, 65_535))
      weighted.add(x, target: y, weight: j)
      for row in 0..<2 {
        for column in 0..<2 {
          sigma[row][column] += Rational(x[row] * x[column], 100) / charged
        }
        b[row] += Rational(x[row] * y, 100) / charged
      }
    }
    let estimate = weighted.scaled.estimate(precision: 80)
    #expect(estimate.theta == Elimination.solve(sigma, b))
    // β‖x‖ in both metrics: with β = 1 it is √s times the scaled norm.
    let x: [Rational] = [Rational(3, 10), Rational(-7, 10)]
    let norm = zip(x, Elimination.solve(sigma, x)).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
    let root = try weighted.rootOfUnit(bits: 80)
    let ends = (root.lower.floor(timesTwoToThe: 80), root.upper.floor(timesTwoToThe: 80) + 1)
    let bonus = estimate.bonus([3, -7], radius: (ends.0, ends.1))
    let exact = try Enclosure(norm).squareRoot(bits: 80)
    #expect(Rational(bonus.lower, timesTwoToThe: -80) <= exact.upper)
    #expect(Rational(bonus.upper, timesTwoToThe: -80) >= exact.lower)
    #expect(Rational(bonus.upper - bonus.lower, timesTwoToThe: -80) < Rational(1, 1 << 60))
  }

  @Test("radii are those of the catalogue", .tags(.differential))
  func radii() throws {
    // d = 4 makes M/σ_min a rational.
    let radius = NormRadius(
      dimension: 4, squaredVectorNorm: 9, lambda: Rational(3, 2),
      squaredParameterNorm: Rational(5, 9), delta: Rational(1, 50), bits: 80)
    var parameters: [String: Rational] = [
      "n": 300, "d": 4, "X2": 9, "R": 2, "B2": Rational(5, 9), "delta": Rational(1, 50),
      "lambda": Rational(3, 2),
    ]
    let own = try radius.subGaussian(vectors: 300, squaredNoise: 4)
    let plain = try BoundCatalogue.certified(named: "self-normalized")(parameters)
    #expect(try plain.enclosure(bits: 60).overlaps(own))
    parameters["variance"] = 1
    let bernstein = try BoundCatalogue.certified(named: "bernstein-self-normalized")(parameters)
    let second = try radius.bernstein(vectors: 300, squaredNoise: 4)
    #expect(try bernstein.enclosure(bits: 60).overlaps(second))
    #expect(second.width < Rational(1, 1 << 60))
    // Nothing seen: the distance is that of 0.
    let none = try radius.bernstein(vectors: 0, squaredNoise: 4)
    #expect(
      none.contains(none.upper)
        && (none.upper - Rational(9_128_709, 10_000_000)).magnitude < Rational(1, 1_000_000))
  }

  @Test("a larger cap loosens the weights; scaling the model scales the account")
  func trivialCases() throws {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = true
    let model = try ThreeStateMixture.model()
    let known = WeightedMixtureExperiment(
      try MixtureExperiment(
        model, reward: "default", basis: [model], horizon: 3, start: State(0), options: options))
    let run = try known.run(episodes: 4, seed: 0)
    #expect(
      run.account.isCovered && run.isVarianceCovered && run.regret <= run.account.certificate.lower)
    #expect(try known.bound(episodes: 4).enclosure(bits: 10) == Enclosure(Rational(12, 65536)))
    let single = try experiment(offset: false, horizon: 1)
    #expect(try single.run(episodes: 3, seed: 0).regret == 0)
    #expect(try single.bound(episodes: 3).enclosure(bits: 10) == Enclosure(Rational(3, 65536)))
    let loose = try experiment(offset: false, cap: 10).run(episodes: 10, seed: 0)
    let tight = try experiment(offset: false).run(episodes: 10, seed: 0)
    #expect(loose.meanVariance > tight.meanVariance)
  }
}

@Suite("HF-UCRL-RFE++")
struct MomentTests {
  @Test("suboptimalities keep the bound", arguments: [false, true])
  func claims(offset: Bool) throws {
    let experiment = try ThreeStateMixture.momentExperiment(episodes: 12, offset: offset)
    // 7 · 12 · 3 = 252 < 2^8.
    #expect(experiment.moments == 8 && experiment.leastVariance == Rational(1, 36))
    let bound = try experiment.bound()
    for run in try experiment.runs(seeds: 2) {
      #expect(run.isCovered)
      #expect(run.suboptimalities.allSatisfy { !$0.isNegative && $0 <= bound })
      #expect(try experiment.run(seed: run.seed) == run)
    }
  }

  @Test("weights bound the variances while the sets hold the truth", arguments: [false, true])
  func variances(offset: Bool) throws {
    let experiment = try ThreeStateMixture.momentExperiment(
      episodes: 40, offset: offset, leastVariance: Rational(1, 16))
    var account = try MomentAccount(experiment, seed: 1)
    try account.advance(by: 40, progress: .none)
    #expect(account.outcome.isCovered && account.hasVarianceBounds)
  }

  @Test("the last moment is charged at least 1; powers of 0 and 1 are themselves")
  func moments() throws {
    let experiment = try ThreeStateMixture.momentExperiment(episodes: 5)
    let features = experiment.mixture.features
    #expect(experiment.squared([0, features.cap, 0]) == [0, features.cap, 0])
    // 3/8 squared is 9/64; the grid is a half of 2^-16.
    let value = features.integer(Rational(3, 8))
    #expect(experiment.squared([value]) == [features.integer(Rational(9, 64))])
    let third = features.integer(Rational(21845, 65536))
    let square = experiment.squared([third])[0]
    let exact = Rational(21845, 65536) * Rational(21845, 65536)
    #expect(Rational(square, features.valueScale) >= exact)
    #expect(Rational(square, features.valueScale) < exact + Rational(1, 1 << 17))
    let account = try MomentAccount(experiment, seed: 0)
    let known = account.regressions.map {
      $0.scaled.estimate(precision: experiment.mixture.precision)
    }
    let values = [Integer.zero, features.cap, 0]
    let last = experiment.moments - 1
    #expect(account.variance(of: 0, last, values, values, known) >= 1)
  }

  @Test("rewards that add up to more than 1, and options out of range, are refused")
  func refusals() throws {
    #expect(throws: LearningError.self) {
      try MomentExperiment(
        ThreeStateMixture.model(), basis: ThreeStateMixture.kernels(), horizon: 3,
        start: State(0), episodes: 5)
    }
    #expect(throws: LearningError.self) {
      try ThreeStateMixture.momentExperiment(episodes: 5, leastVariance: 2)
    }
  }
}

extension ThreeStateMixture {
  /// The mixture with rewards that add up to less than 1 over three steps.
  static func momentExperiment(
    episodes: Int, offset: Bool = false, leastVariance: Rational? = nil
  ) throws -> MomentExperiment {
    let model = try TinyModel.read(
      "u l → u:1/3, v:1/6, w:1/2 | 0; u r → v:2/3, w:1/3 | 0; v l → u:1/3, w:2/3 | 0;"
        + " v r → u:1/6, w:5/6 | 1/10; w l → u:1/3, w:2/3 | 1/4; w r → u:1/3, v:2/3 | 1/8")
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    return try MomentExperiment(
      model, basis: kernels(), horizon: 3, start: State(0), episodes: episodes, options: options,
      leastVariance: leastVariance)
  }
}
