import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("Learners of finite models")
struct TabularTests {
  private func river(_ states: Int = 6) throws -> FiniteMDP {
    try ModelFamily("riverswim", options: ["states": "\(states)"]).model()
  }

  private func experiment(
    _ algorithm: TabularExperiment.Algorithm, on model: FiniteMDP, horizon: Int? = nil,
    _ change: (inout TabularExperiment.Options) -> Void = { _ in }
  ) throws -> TabularExperiment {
    var options = TabularExperiment.Options()
    change(&options)
    return try TabularExperiment(
      algorithm, on: model, reward: model.rewards[0].name, horizon: horizon, start: State(0),
      options: options)
  }

  @Test("UCRL2 on RiverSwim: gain, diameter and bound of the notes", .tags(.worked))
  func worked() throws {
    let experiment = try experiment(.ucrl2, on: river())
    #expect(experiment.gain == Rational(7203, 16805))
    #expect(experiment.diameter == Rational(106045, 7203))
    let bound = try #require(try experiment.bound(1_000_000)).enclosure(bits: 40)
    #expect(bound.lower < 17_414_935 && bound.upper > 17_414_934)
    #expect(experiment.trivialBound(16805) == 7203)
    for run in try experiment.runs(20_000, seeds: 2) {
      #expect(run.isCovered == true && run.regret <= (run.certificate ?? -1))
      #expect(try experiment.bound(20_000)?.admits(run.regret) == .true)
      #expect(run.regrets.count == 100 && run.regrets.last == run.regret)
    }
  }

  @Test("regret is the gain at each step less what the drawn transitions earn")
  func account() throws {
    // One choice a state: nothing to learn, and the run is that of the chain.
    let model = try TinyModel.read("a go → b:1/3, a:2/3 | 2; b back → a | -1")
    for algorithm in [TabularExperiment.Algorithm.ucrl2, .psrl, .qLearning] {
      let experiment = try experiment(algorithm, on: model) { $0.exploration = 0 }
      let run = try experiment.run(50, seed: 4)
      let (sampler, gain) = (TransitionSampler(model), try #require(experiment.gain))
      var (random, state, earned) = (SplitMix64(seed: 4), State(0), Rational.zero)
      for _ in 0..<50 {
        earned += state == State(0) ? 2 : -1
        state = sampler.successor(of: Choice(Int(state.index)), using: &random)
      }
      #expect(run.regret == gain * 50 - earned)
      #expect(run.switches == 0 || algorithm != .qLearning)
    }
  }

  @Test("covered runs keep their certificates, on random models; all keep the bounds")
  func randomModels() throws {
    var models = RandomModel(seed: 8)
    models.largestStateCount = 4
    var claimed = 0
    for seed in 0..<20 {
      let model = try models.next()
      let endless = try experiment(.ucrl2, on: model)
      let run = try endless.run(300, seed: UInt64(seed))
      if run.isCovered == true { #expect(run.regret <= (run.certificate ?? -1)) }
      if let bound = try endless.bound(300) {
        claimed += 1
        #expect(try bound.admits(run.regret) == .true)
      }
      let episodes = try experiment(.ucbvi, on: model, horizon: 3)
      let other = try episodes.run(40, seed: UInt64(seed))
      #expect(other.isCovered == true && other.regret <= (other.certificate ?? -1))
      #expect(!other.regret.isNegative && other.regret <= episodes.trivialBound(40))
      #expect(try episodes.bound(40)?.admits(other.regret) == .true)
    }
    #expect(claimed > 2)
  }

  @Test("radii that are divided until coverage fails are caught")
  func brokenRadii() throws {
    let experiment = try experiment(.ucrl2, on: river()) { $0.radiusDivisor = 64 }
    let runs = try experiment.runs(5000, seeds: 4)
    #expect(runs.contains { $0.isCovered == false })
  }

  @Test("extended value iteration bounds the gain of every model within the radii")
  func optimisticGain() throws {
    // The truth is within the radii of its own frequencies: the optimistic gain is above its gain.
    let model = try TinyModel.read(
      "a stay → a | 1/2; a move → b:1/3, a:2/3 | 0; b stay → b:3/4, a:1/4 | 1; b move → a | 1")
    let environment = try TabularEnvironment(model, reward: "default", start: State(0))
    var counts = VisitCounts(slots: environment.sampler.slotCount, choices: 4)
    for choice in 0..<4 {
      let law = model.transitions(of: Choice(choice)).sorted { $0.successor < $1.successor }
      for (slot, entry) in zip(environment.sampler.slots(of: choice), law) {
        for _ in 0..<((entry.probability * 12).numerator.word ?? 0) {
          counts.add(slot: slot, of: choice)
        }
      }
    }
    var planner = ExtendedValueIteration(environment)
    let exact = environment.scaledExpectations.map {
      ExtendedValueIteration.Row(reward: FixedPoint.floor($0), shift: 0)
    }
    let tolerance = Int64(1) << 12
    try planner.plan(exact, counts: counts, tolerance: tolerance, progress: .none)
    // (stay at b three quarters of the time: gain 4/7 as in the notes.)
    let gain = try #require(try experiment(.ucrl2, on: model).gain)
    let unit = Rational(1, 1 << FixedPoint.bits)
    #expect(Rational(Int(planner.gain)) * unit >= gain)
    #expect(Rational(Int(planner.gain)) * unit <= gain + Rational(Int(tolerance)) * unit)
    // A shift of 1/4 to the best state: from b it stays surely, and earns 1 a step.
    let wide = exact.map { ExtendedValueIteration.Row(reward: $0.reward, shift: 3 << 20) }
    try planner.plan(wide, counts: counts, tolerance: tolerance, progress: .none)
    #expect((Rational(Int(planner.gain)) * unit - 1).magnitude <= Rational(1, 1 << 16))
  }

  @Test("posterior sampling and Q-learning: the same seed, the same run; regret is exact")
  func baselines() throws {
    let model = try river(4)
    for horizon in [nil, 5] {
      for algorithm in [TabularExperiment.Algorithm.psrl, .qLearning] {
        let experiment = try experiment(algorithm, on: model, horizon: horizon)
        let runs = try experiment.runs(200, seeds: 2)
        #expect(try experiment.run(200, seed: 1) == runs[1])
        #expect(runs[0] != runs[1] && runs[0].isCovered == nil)
        #expect(try experiment.bound(200) == nil)
        if horizon != nil { #expect(runs.allSatisfy { !$0.regret.isNegative }) }
      }
    }
    // Posterior sampling learns: far less than the trivial bound.
    let learner = try experiment(.psrl, on: model)
    #expect(try learner.run(20_000, seed: 0).regret < learner.trivialBound(20_000) / 5)
  }

  @Test("a policy that explores is worth the mixture of its choices")
  func exploration() throws {
    let model = try TinyModel.read("a left → a | 0; a right → a | 1")
    let environment = try TabularEnvironment(model, reward: "default", start: State(0))
    var account = PolicyAccount(environment.lookahead, start: State(0))
    let value = account.value(of: [[1], [1]], exploration: Exploration(Rational(1, 5)))
    // 4/5 + 1/5 · 1/2 = 9/10 a step.
    #expect(value == Rational(9, 5))
    var random = SplitMix64(seed: 1)
    #expect(Exploration(1).draw(2, using: &random) != nil)
    #expect(Exploration(0).draw(2, using: &random) == nil)
  }

  @Test("draws of the posterior have its mean and its spread")
  func posterior() {
    var sampler = PosteriorSampler(seed: 3)
    var weights = [Int64](repeating: 0, count: 2)
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<4000 {
      sampler.draw([2, 5], into: &weights, at: 0)
      let share = Double(weights[0]) / Double(weights[0] + weights[1])
      sum += share
      squares += share * share
    }
    // Beta(3, 6): mean 1/3, variance 18/(81 · 10) = 1/45.
    let mean = sum / 4000
    #expect(abs(mean - 1.0 / 3) < 0.01)
    #expect(abs(squares / 4000 - mean * mean - 1.0 / 45) < 0.002)
    #expect(abs(PosteriorSampler.logarithm(10) - 2.302585092994046) < 1e-14)
    #expect(abs(PosteriorSampler.logarithm(1e-5) + 11.512925464970229) < 1e-13)
  }

  @Test("square roots of words")
  func roots() {
    var random = SplitMix64(seed: 5)
    for bits in 0..<126 {
      let value = (UInt128(random.next()) << 62) >> UInt128(125 - bits)
      let root = UInt128(FixedPoint.squareRoot(value))
      #expect(root * root <= value && (root + 1) * (root + 1) > value)
    }
  }

  @Test("what the theorems exclude is refused, or nothing is claimed")
  func refusals() throws {
    let model = try river(3)
    #expect(throws: LearningError.self) { try experiment(.ucrl2, on: model) { $0.delta = 0 } }
    #expect(throws: LearningError.self) {
      try experiment(.qLearning, on: model) { $0.exploration = 2 }
    }
    #expect(throws: LearningError.self) { try experiment(.ucbvi, on: model, horizon: 0) }
    // Not communicating: no bound, but runs.
    let trap = try TinyModel.read("a go → b | 0; a stay → a | 1; b stay → b | 0")
    let trapped = try experiment(.ucrl2, on: trap)
    #expect(try trapped.diameter == nil && trapped.bound(100) == nil)
    #expect(try trapped.run(100, seed: 0).regret >= 0)
    // Equal rewards: no regret at all, and a bound of 0.
    let flat = try experiment(.ucrl2, on: TinyModel.read("a go → b | 3; b go → a | 3"))
    #expect(try flat.run(10, seed: 0).regret == 0)
    #expect(try flat.bound(10)?.admits(0) == .true)
  }
}
