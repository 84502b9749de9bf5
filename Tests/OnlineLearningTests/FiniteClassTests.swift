import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

/// Home and away, with three hypotheses about the way out: case L1 of the theory.
enum HomeAndAway {
  static func models() throws -> [FiniteMDP] {
    try [("1/4", "3/4"), ("1/2", "1/2"), ("3/4", "1/4")].map { theta, rest in
      try TinyModel.read(
        "home safe → home | 2/5; home go → away:\(theta), home:\(rest) | 0;"
          + " away go → home:1/2, away:1/2 | 1")
    }
  }

  static func experiment(
    truth: Int, radius: Rational? = nil, keep: Rational = 1
  ) throws -> FiniteClassExperiment {
    let models = try models()
    var options = FiniteClassExperiment.Options()
    options.radius = radius
    options.keep = keep
    return try FiniteClassExperiment(
      HypothesisClass(models, reward: "default"), model: models[truth], reward: "default",
      start: State(0), options: options)
  }
}

@Suite("Learning a finite class")
struct FiniteClassTests {
  @Test("the replay: losses, the death of the third hypothesis, the switch", .tags(.worked))
  func replay() throws {
    let experiment = try HomeAndAway.experiment(truth: 0, radius: 1)
    var learner = experiment.learner
    #expect(learner.current == 2)
    var state = State(0)
    let (home, away) = (State(0), State(1))
    for (step, next) in [home, home, home, away, home, home, home].enumerated() {
      #expect(learner.current == 2)
      let choice = try #require(experiment.model.choice(of: Action(1), at: state))
      #expect(learner.choice(at: state) == choice)
      learner.observe(choice, next)
      state = next
      if step == 5 {
        #expect(learner.losses == [Rational(17, 25), Rational(24, 25), Rational(41, 25)])
        #expect(learner.isAlive == [true, true, true])
      }
    }
    #expect(learner.losses == [Rational(18, 25), Rational(28, 25), 2])
    #expect(learner.isAlive == [true, true, false])
    #expect(learner.current == 1 && learner.switches == 1)
  }

  @Test("expected regret over all histories", .tags(.worked))
  func expectation() throws {
    let experiment = try HomeAndAway.experiment(truth: 0, radius: 1)
    let expectation = try experiment.expectation(steps: 10)
    let expected = [
      "0", "2/5", "11/20", "51/80", "227/320", "199/256", "4323/5120", "18659/20480",
      "15145/16384", "159093/163840", "672409/655360",
    ]
    #expect(expectation.regrets.map(\.description) == expected)
    #expect(expectation.deadTruth?.last == Rational(45, 16384))
    for (truth, last) in [(1, "319/640"), (2, "314577/655360")] {
      let other = try HomeAndAway.experiment(truth: truth, radius: 1).expectation(steps: 10)
      #expect(other.regrets.last?.description == last)
    }
  }

  @Test("seeded runs, in parallel and one by one", .tags(.worked))
  func seeds() throws {
    let experiment = try HomeAndAway.experiment(truth: 0, radius: 3)
    let runs = try experiment.runs(steps: 200, seeds: 4)
    #expect(runs[0].regret == Rational(19, 5))
    #expect(runs[0].losses == [Rational(993, 40), Rational(559, 20), Rational(1601, 40)])
    #expect(runs[0].played == [63, 67, 70])
    #expect(runs[1].regret == 1)
    #expect(runs[1].losses == [Rational(4181, 200), Rational(2391, 100), Rational(6821, 200)])
    #expect(runs[1].played == [95, 79, 26])
    for run in runs {
      #expect(try experiment.run(steps: 200, seed: run.seed) == run)
      #expect(run.regrets.count == 100 && run.regrets.last == run.regret)
    }
  }

  @Test("the bound of the worked case, and runs that stay below it", .tags(.worked))
  func bound() throws {
    let experiment = try HomeAndAway.experiment(truth: 0)
    let bound = try #require(try experiment.bound(steps: 100_000))
    // 18/5 for the epochs, 213.34… for the errors (the gap form is least), 575.8… the martingale.
    let value = try bound.enclosure(bits: 60)
    #expect(value.lower > Rational(792) && value.upper < Rational(793))
    #expect(experiment.trivialBound(steps: 100_000) == 40000)
    let short = try #require(try experiment.bound(steps: 500))
    for run in try experiment.runs(steps: 500, seeds: 8) { #expect(run.regret <= short) }
  }

  @Test("nothing is claimed with a radius that is too small, or of a truth outside of the class")
  func claims() throws {
    #expect(try HomeAndAway.experiment(truth: 0, radius: 3).bound(steps: 10) == nil)
    let models = try HomeAndAway.models()
    let outside = try FiniteClassExperiment(
      HypothesisClass(Array(models[..<2]), reward: "default"), model: models[2],
      reward: "default", start: State(0))
    #expect(outside.truth == nil && outside.gain == Rational(3, 5))
    #expect(try outside.bound(steps: 10) == nil)
    #expect(try outside.run(steps: 50, seed: 0).played.reduce(0, +) == 50)
  }

  @Test("the expected regret keeps the bound of the expectation form")
  func expectedBound() throws {
    for steps in [2, 6, 10] {
      let level = try Enclosure(Rational(4 * steps)).logarithm(bits: 60).upper
      let radius = (level * Rational(18, 25)).rounded(up: 20)
      for truth in 0..<3 {
        let experiment = try HomeAndAway.experiment(truth: truth, radius: radius)
        let gains = experiment.hypotheses.gains
        let gap = gains.map { max(0, experiment.gain - $0) }.max() ?? 0
        let bound = try BoundCatalogue.certified(named: "loop-finite-expected")([
          "N": 3, "B": Rational(6, 5), "H": Rational(6, 5), "T": Rational(steps),
          "gainGap": gap, "beta": radius,
        ])
        let regret = try #require(try experiment.expectation(steps: steps).regrets.last)
        #expect(regret <= bound)
      }
    }
  }

  @Test("options out of range are refused")
  func refusals() {
    #expect(throws: LearningError.self) {
      try HomeAndAway.experiment(truth: 0, radius: -1)
    }
    #expect(throws: LearningError.self) {
      try HomeAndAway.experiment(truth: 0, keep: Rational(1, 2))
    }
  }
}

extension Rational {
  /// The least multiple of `2^-bits` that is not below.
  fileprivate func rounded(up bits: Int) -> Rational {
    Rational(-(-self).floor(timesTwoToThe: bits), timesTwoToThe: -bits)
  }
}
