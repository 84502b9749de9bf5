import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Objectives and the arrows between formalisms")
struct ObjectiveTests {
  private let preorder = FormalismPreorder()

  private func environment(_ text: String) throws -> ObjectiveEnvironment {
    try ObjectiveEnvironment(
      ModelFile.read(bytes: [UInt8](text.utf8), name: "model", options: ReadOptions()).model)
  }

  private func randomEnvironments(seed: UInt64, count: Int) throws -> [ObjectiveEnvironment] {
    var models = RandomModel(seed: seed)
    (models.largestStateCount, models.largestActionCount) = (3, 3)
    return try (0..<count).map { _ in try ObjectiveEnvironment(models.next()) }
  }

  @Test("every arrow keeps the order", .tags(.metamorphic), arguments: 0..<3 as Range<UInt64>)
  func arrows(seed: UInt64) throws {
    for (number, environment) in try randomEnvironments(seed: seed, count: 4).enumerated() {
      var sampler = ObjectiveSampler(for: environment, seed: seed + UInt64(number))
      let policies = try (0..<5).map { _ in try sampler.policy() }
      for arrow in Inclusion.all {
        let weak = try sampler.objective(of: arrow.weaker)
        let strong = try arrow.converted(weak, in: environment)
        try #require(type(of: strong).formalism == arrow.stronger)
        try #require(
          try weak.ranks(of: policies, in: environment)
            == strong.ranks(of: policies, in: environment),
          "seed \(seed), \(number): \(arrow.weaker) <= \(arrow.stronger)")
      }
    }
  }

  @Test("every pair that holds has a function that keeps the order", .tags(.metamorphic))
  func closure() throws {
    let environment = try environment(WorkedTasks.leaving)
    var sampler = ObjectiveSampler(for: environment, seed: 7)
    let policies = try (0..<5).map { _ in try sampler.policy() }
    for relation in preorder.relations {
      let weak = try sampler.objective(of: relation.to)
      guard relation.holds else {
        #expect(throws: ObjectiveError.self) {
          try preorder.converted(weak, to: relation.from, in: environment)
        }
        continue
      }
      let strong = try preorder.converted(weak, to: relation.from, in: environment)
      try #require(
        try weak.ranks(of: policies, in: environment)
          == strong.ranks(of: policies, in: environment), "\(relation.to) <= \(relation.from)")
    }
  }

  @Test("values against those worked out by hand: a coin, tossed once", .tags(.worked))
  func coin() throws {
    let environment = try environment(WorkedTasks.oneShot)
    let model = environment.model
    let half = Policy.uniform(in: model)
    let sure = Policy.first(in: model)
    let entropy = try RegularisedObjective(
      TransitionReward([:]), discount: 0, weight: 1, .negativeEntropy)
    // −Σ q log q of a fair coin is log 2.
    #expect(try entropy.value(of: half, in: environment) == LogSum(1, logOf: 2))
    #expect(try entropy.value(of: sure, in: environment) == 0)
    // R = 1 on a at the only decision, f(x) = x(1 − x): the variance of a 0/1 return.
    let reward = TransitionReward(onChoices: [Choice(0): 1], in: model)
    let x = SymbolicPolynomial.entry(0)
    let variance = try OuterNonlinearObjective(
      reward, discount: Rational(1, 2), OuterFunction(otherwise: x - x * x))
    #expect(try variance.value(of: half, in: environment) == LogSum(Rational(1, 4)))
    // E G² of a 0/1 return is E G.
    let inner = try InnerNonlinearObjective(
      reward, discount: Rational(1, 2), .outer(OuterFunction(otherwise: x * x)))
    #expect(try inner.value(of: half, in: environment) == LogSum(Rational(1, 2)))
    // The same by the law of the return: [G > 1/2].
    let threshold = OuterFunction(
      [.init(where: [.entry(0, above: Rational(1, 2), isStrict: true)], 1)], otherwise: 0)
    let step = try InnerNonlinearObjective(
      reward, discount: Rational(1, 2), .outer(threshold))
    #expect(try step.value(of: half, in: environment) == LogSum(Rational(1, 2)))
  }

  @Test("moments against runs on a fair coin that goes on", .tags(.worked))
  func moments() throws {
    // One state, R = 1 on a: G = Σ γ^t B_t with fair bits, γ = 1/2: E G = 1 and the variance is
    // (1/4)/(1 − 1/4) = 1/3, so that E G² = 4/3.
    let environment = try environment(WorkedTasks.bandit(["a", "b"]))
    let reward = TransitionReward(onChoices: [Choice(0): 1], in: environment.model)
    let x = SymbolicPolynomial.entry(0)
    let half = Policy.uniform(in: environment.model)
    func value(_ function: OuterFunction) throws -> LogSum {
      try InnerNonlinearObjective(reward, discount: Rational(1, 2), .outer(function))
        .value(of: half, in: environment)
    }
    #expect(try value(OuterFunction(otherwise: x)) == 1)
    #expect(try value(OuterFunction(otherwise: x * x)) == LogSum(Rational(4, 3)))
    // The law of G is uniform on [0, 2]: no finite list of returns.
    let threshold = OuterFunction([.init(where: [.init(x, isStrict: true)], 1)], otherwise: 0)
    #expect(throws: ObjectiveError.infinitelyManyReturns(state: "s")) { try value(threshold) }
  }

  @Test("a function of runs and its expectation agree where there is one run", .tags(.differential))
  func singleRuns() throws {
    for (text, seed) in [(WorkedTasks.roads, 1), (WorkedTasks.entailment, 2)] as [(String, UInt64)]
    {
      let environment = try environment(text)
      let model = environment.model
      var sampler = ObjectiveSampler(for: environment, seed: seed)
      var random = SplitMix64(seed: seed)
      let code = TransitionCode(of: model)
      for _ in 0..<60 {
        let policy = try random.policy(in: model)
        let run = try run(of: policy, in: environment)
        let drawn = try sampler.objective(of: .trajectoryFunction)
        let objective = try #require(drawn as? TrajectoryFunctionObjective)
        let pointwise = try objective.function.value(on: run, in: environment)
        try #require(try objective.value(of: policy, in: environment) == LogSum(pointwise))
        // The code of a run is read back as the run, and f undone on it is f.
        let number = TrajectoryFunction.returns(
          try InnerMultiObjective([code.reward], discount: code.discount, .outer(.entry(0))))
        let decoded = code.run(of: try number.value(on: run, in: environment))
        try #require(decoded?.normalForm == run.normalForm)
        let undone = TrajectoryFunction.returns(
          try InnerMultiObjective(
            [code.reward], discount: code.discount, .decoding(objective.function)))
        try #require(try undone.value(on: run, in: environment) == pointwise)
      }
    }
  }

  private func run(of policy: Policy, in environment: ObjectiveEnvironment) throws -> Trajectory {
    let model = environment.model
    var state = try #require(environment.initial.first).state
    var (steps, places) = ([Trajectory.Step](), [State: Int]())
    while places[state] == nil {
      places[state] = steps.count
      let choice = try #require(policy.choices(at: state).first).choice
      let next = try #require(model.transitions(of: choice).first).successor
      steps.append(Trajectory.Step(state, model.action(of: choice), next))
      state = next
    }
    let first = try #require(places[state])
    return Trajectory(
      start: environment.initial[0].state, steps: Array(steps[..<first]),
      cycle: Array(steps[first...]))
  }

  @Test("no run has the code 0.999… written as 1", .tags(.worked))
  func codes() throws {
    let code = TransitionCode(of: try environment(WorkedTasks.bandit(["a", "b"])).model)
    // Two triples: γ = 1/3, runs of a and b have the returns Σ 3^-t d_t with digits 0 and 1.
    #expect(code.discount == Rational(1, 3))
    #expect(code.run(of: Rational(3, 2))?.cycle?.first?.action == Action(1))
    #expect(code.run(of: 0)?.cycle?.first?.action == Action(0))
    #expect(code.run(of: 2) == nil)
    #expect(code.run(of: Rational(2, 3)) == nil)
  }
}
