import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@Suite("Exact identities of values")
struct IdentityTests {
  @Test("the simulation lemma is attained", .tags(.worked))
  func tight() throws {
    let truth = try TinyModel.read("s a → s | 1; t a → t | 0")
    let estimate = try TinyModel.read("s a → s:1/2, t:1/2 | 1; t a → t | 0")
    let identity = try SimulationIdentity(
      of: .first(in: truth), truth: truth, estimate: estimate, reward: "default",
      discount: Rational(1, 2), initial: [(State(0), 1)])
    #expect(identity.trueValue == 2)
    #expect(identity.estimatedValue == Rational(4, 3))
    #expect(identity.difference == Rational(2, 3))
    #expect(identity.accounted == identity.difference)
    #expect(identity.bound == Rational(2, 3))
  }

  @Test("the performance difference of the note", .tags(.worked))
  func performance() throws {
    let model = try TinyModel.read(
      """
      0 a0 → 0 | 1; 0 a1 → 1:3/4, 0:1/4 | 0
      1 a0 → 1 | 2; 1 a1 → 0:1/3, 1:2/3 | 5/2
      """)
    let reward = try #require(model.reward(named: "default")).expected(in: model)
    let base = try Policy([Action(0), Action(0)], in: model)
    let other = try Policy([Action(1), Action(1)], in: model)
    let identity = try PerformanceDifference(
      from: base, to: other, in: model, reward: reward, discount: Rational(1, 2),
      initial: [(State(0), 1)])
    #expect(identity.baseValues == [2, 4])
    #expect(identity.otherValues == [Rational(9, 5), Rational(21, 5)])
    #expect(identity.occupancy == [0, Rational(32, 25), 0, Rational(18, 25)])
    #expect(identity.advantages == [0, Rational(-1, 4), 0, Rational(1, 6)])
    #expect(identity.difference == Rational(-1, 5))
    #expect(identity.accounted == identity.difference)
  }

  @Test("both identities on random models and policies", .tags(.metamorphic), arguments: 0..<4)
  func random(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    for _ in 0..<8 {
      let model = try models.next()
      let initial = [(state: State(0), probability: Rational.one)]
      let discount = Rational(3, 4)
      let reward = try #require(model.reward(named: "main")).expected(in: model)
      let (uniform, first) = (Policy.uniform(in: model), Policy.first(in: model))
      let difference = try PerformanceDifference(
        from: first, to: uniform, in: model, reward: reward, discount: discount, initial: initial)
      #expect(difference.difference == difference.accounted)
      let estimate = try Self.levelled(model)
      let simulation = try SimulationIdentity(
        of: uniform, truth: model, estimate: estimate, reward: "main", discount: discount,
        initial: initial)
      #expect(simulation.difference == simulation.accounted)
      #expect(simulation.difference.magnitude <= simulation.bound)
    }
  }

  /// The same choices with uniform laws on the same successors and constant rewards.
  static func levelled(_ model: FiniteMDP) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: model.states, actions: model.actions)
    for choice in (0..<model.choiceCount).map(Choice.init) {
      let transitions = Array(model.transitions(of: choice))
      for (successor, _) in transitions {
        try builder.addTransition(
          from: model.state(of: choice), under: model.action(of: choice), to: successor,
          probability: Rational(1, transitions.count))
      }
    }
    return try builder.build().addingReward(named: "main", .constant(Rational(1, 3), in: model))
  }

  @Test("regret is gaps and drift, whatever gain and bias are", arguments: 0..<4)
  func regret(seed: UInt64) throws {
    var models = RandomModel(seed: 40 + seed)
    for _ in 0..<5 {
      let model = try models.next()
      let reward = try #require(model.reward(named: "main")).expected(in: model)
      let bias = (0..<model.stateCount).map { Rational($0 * $0, 3) }
      let account = try RegretAccount(
        of: .uniform(in: model), in: model, reward: reward, gain: Rational(2, 7), bias: bias,
        from: State(0), steps: 6)
      #expect(account.regret == account.gaps + account.drift)
    }
  }

  @Test("with the optimal gain and bias no gap is negative")
  func optimal() throws {
    let model = try TinyModel.read(
      "0 stay → 0 | 1/2; 0 move → 1:1/3, 0:2/3 | 0; 1 stay → 1:3/4, 0:1/4 | 1; 1 move → 0 | 5/4")
    let reward = try #require(model.reward(named: "default")).expected(in: model)
    let bias = [Rational(-48, 49), Rational(36, 49)]
    let best = try Policy([Action(1), Action(0)], in: model)
    let account = try RegretAccount(
      of: best, in: model, reward: reward, gain: Rational(4, 7), bias: bias, from: State(0),
      steps: 9)
    #expect(account.gaps == 0)
    #expect(account.regret == account.drift)
    let lazy = try RegretAccount(
      of: .first(in: model), in: model, reward: reward, gain: Rational(4, 7), bias: bias,
      from: State(0), steps: 9)
    #expect(lazy.gaps.signum > 0)
  }
}
