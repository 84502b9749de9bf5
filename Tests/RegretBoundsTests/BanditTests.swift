import ExactArithmetic
import RegretBounds
import TestSupport
import Testing

@Suite("Bandits")
struct BanditTests {
  @Test(
    "recovering arms: optimum, program and periodic schedules", .tags(.worked),
    arguments: [
      ("1/8 1/2 1", "5/8 3/4 7/8", "19/24", "19/24", "5/8"),
      ("0 1", "0 0 1", "3/4", "5/6", "3/4"),
      ("1/3 2/3 1", "1/2 3/4 3/4", "3/4", nil, "17/24"),
    ])
  func recovering(
    first: String, second: String, optimum: String, program: String?, periodic: String
  ) throws {
    let arms = [first, second].map { $0.split(separator: " ").compactMap { Rational(String($0)) } }
    let bandit = try RecoveringBandit(arms: arms)
    let best = try bandit.optimum()
    #expect(best == Rational(optimum))
    let bound = try bandit.programBound()
    if let program { #expect(bound == Rational(program)) }
    #expect(best <= bound)
    let schedule = try bandit.bestPeriodic(longestPeriod: 6)
    #expect(schedule.average == Rational(periodic))
    #expect(schedule.average <= best)
  }

  @Test("one arm, and more pulls than arms")
  func simple() throws {
    let one = try RecoveringBandit(arms: [[0, 3, 4]])
    #expect(try one.optimum() == Rational(3, 2))
    let two = try RecoveringBandit(arms: [[1], [0, 5]], pulls: 2)
    #expect(try two.optimum() == Rational(7, 2))
    #expect(try two.programBound() == Rational(7, 2))
    #expect(throws: BoundError.self) { try RecoveringBandit(arms: [[2, 1]]) }
    #expect(throws: BoundError.self) { try RecoveringBandit(arms: []) }
    #expect(throws: BoundError.self) { try RecoveringBandit(arms: [[1]], pulls: 0) }
    #expect(throws: BoundError.self) {
      try RecoveringBandit(arms: Array(repeating: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], count: 6))
        .optimum()
    }
  }

  @Test("two uniform arms: Bayes-optimal, greedy and Thompson sampling", .tags(.worked))
  func bayesian() throws {
    let bandit = BayesianBandit(arms: [.uniform, .uniform])
    let optimal = ["1/2", "13/12", "5/3", "41/18", "26/9", "421/120", "595/144", "1999/420"]
    for (place, value) in optimal.enumerated() {
      #expect(try bandit.value(horizon: place + 1) == Rational(value))
    }
    for (horizon, value) in [
      (1, "1/2"), (2, "13/12"), (3, "5/3"), (4, "91/40"), (5, "2077/720"),
    ] {
      #expect(try bandit.value(horizon: horizon, rule: .greedy) == Rational(value))
    }
    for (horizon, value) in [
      (1, "1/2"), (2, "37/36"), (3, "227/144"), (4, "30823/14400"),
    ] {
      #expect(try bandit.value(horizon: horizon, rule: .thompson) == Rational(value))
    }
    for horizon in 2...8 {
      let (thompson, greedy) = (
        try bandit.value(horizon: horizon, rule: .thompson),
        try bandit.value(horizon: horizon, rule: .greedy)
      )
      #expect(thompson < greedy)
      #expect(try greedy <= bandit.value(horizon: horizon))
    }
    #expect(bandit.valueWithoutMemory(horizon: 7) == Rational(7, 2))
    #expect(try bandit.value(horizon: 0) == 0)
  }

  @Test("a known arm beside an unknown one", .tags(.worked))
  func prior() throws {
    let bandit = BayesianBandit(arms: [.init(successes: 11, failures: 9), .uniform])
    #expect(try bandit.value(horizon: 2) == Rational(133, 120))
    #expect(try bandit.value(horizon: 2, rule: .greedy) == Rational(11, 10))
  }

  @Test("the chances to be the best arm")
  func best() {
    typealias Belief = BayesianBandit.Belief
    let beliefs = [
      Belief(successes: 2, failures: 3), Belief(successes: 1, failures: 4),
      Belief(successes: 3, failures: 1),
    ]
    let chances = beliefs.indices.map { BayesianBandit.probabilityOfBest($0, among: beliefs) }
    #expect(chances.reduce(0, +) == 1)
    // P(Beta(2,1) > Beta(1,1)) = E Beta(2,1).
    let pair = [Belief(successes: 2, failures: 1), Belief.uniform]
    #expect(BayesianBandit.probabilityOfBest(0, among: pair) == Rational(2, 3))
    #expect(BayesianBandit.probabilityOfBest(0, among: [Belief.uniform]) == 1)
  }

  @Test("inverse-gap weighting", .tags(.worked))
  func inverseGaps() throws {
    let estimates = [1, Rational(1, 2), 0]
    let four = try InverseGapWeighting(estimates: estimates, learningRate: 4)
    #expect(four.probabilities == [Rational(23, 35), Rational(1, 5), Rational(1, 7)])
    #expect(four.certificate == Rational(26, 35))
    #expect(four.bound == 1)
    let ten = try InverseGapWeighting(estimates: estimates, learningRate: 10)
    #expect(ten.probabilities == [Rational(83, 104), Rational(1, 8), Rational(1, 13)])
    #expect(ten.certificate == Rational(353, 1040))
    #expect(ten.bound == Rational(2, 5))
    #expect(
      InverseGapWeighting.regretBound(arms: 3, learningRate: 10, rounds: 100, squaredError: 2)
        == 45)
    #expect(throws: BoundError.self) {
      try InverseGapWeighting(estimates: estimates, learningRate: 0)
    }
  }

  @Test(
    "the certificate is the same at every other arm and no larger at the best", arguments: 0..<4)
  func certificate(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<10 {
      let estimates = (0..<4).map { _ in Rational(Int(random.below(9)), 4) }
      let gamma = Rational(1 + Int(random.below(20)), 3)
      let rule = try InverseGapWeighting(estimates: estimates, learningRate: gamma)
      #expect(rule.probabilities.reduce(0, +) == 1)
      for arm in estimates.indices {
        let own = rule.certificate(best: arm)
        if arm == rule.best {
          #expect(own <= rule.certificate)
        } else {
          #expect(own == rule.certificate)
        }
      }
      #expect(rule.certificate <= rule.bound)
    }
  }

  @Test("locks, long horizons and drift", .tags(.worked))
  func calculators() {
    for (length, episodes) in [
      (3, Rational(24, 7)), (5, Rational(160, 31)), (10, Rational(10240, 1023)),
    ] {
      let lock = CombinationLock(length: length)
      #expect(lock.episodesFromPrefix == episodes)
      #expect(lock.episodesFromStart == Rational(1 << length))
      let sum = (1...length).reduce(Rational.zero) { $0 + Rational(1, 2).power($1) }
      #expect(lock.successFromPrefix == sum / Rational(length))
    }
    let p = Rational(9, 10)
    #expect(LongHorizon.success(step: p, steps: 3) == Rational(729, 1000))
    #expect(LongHorizon.success(step: p, steps: 2, retries: 1) == Rational(9801, 10000))
    // Residuals 2, 1, 1/2 from 2 towards 0.
    let drift = ClosedLoopDrift.bias(start: 2, target: 0, inertia: Rational(1, 2), count: 3)
    #expect(drift == Rational(7, 6))
  }
}
