import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Policy")
struct PolicyTests {
  /// The action `b` is available at `s` alone.
  private let model: FiniteMDP

  init() throws {
    model = try TinyModel.read(
      "s a → s:1/2, t:1/2 | 5; s b → t | 10; t a → t | -1", discount: Rational(9, 10))
  }

  @Test("a deterministic policy keeps its actions and moves along one choice")
  func deterministic() throws {
    let policy = try Policy([Action(1), Action(0)], in: model)
    #expect(policy.actions(in: model) == [Action(1), Action(0)])
    #expect(policy.choices(at: State(0)).map(\.choice) == [Choice(1)])
    #expect(policy.stepCount == nil)
    #expect(model.chainRow(of: policy, at: State(0)).map(\.successor) == [State(1)])
  }

  @Test("an action that is not available, a short list and a wild index are refused")
  func refusals() {
    #expect(throws: PolicyError.unavailable(state: "t", action: "b")) {
      try Policy([Action(0), Action(1)], in: model)
    }
    #expect(throws: PolicyError.stateCount(given: 1, expected: 2)) {
      try Policy([Action(0)], in: model)
    }
    #expect(throws: PolicyError.noSuchAction(state: "s", index: 7)) {
      try Policy([Action(7), Action(0)], in: model)
    }
    #expect(throws: PolicyError.noSteps) { try Policy(steps: []) }
    #expect(throws: PolicyError.nestedSteps) {
      try Policy(steps: [Policy(steps: [.first(in: model)])])
    }
  }

  @Test("a stochastic policy mixes the rows and the rewards of its actions")
  func stochastic() throws {
    let policy = try Policy(
      laws: [[(Action(1), Rational(1, 4)), (Action(0), Rational(3, 4))], [(Action(0), 1)]],
      in: model)
    // 3/4 of (1/2, 1/2) and 1/4 of (0, 1).
    let row = model.chainRow(of: policy, at: State(0))
    #expect(row.map(\.successor) == [State(0), State(1)])
    #expect(row.map(\.probability) == [Rational(3, 8), Rational(5, 8)])
    let reward = try #require(model.reward(named: "default")).expected(in: model)
    // 3/4 · 5 + 1/4 · 10
    #expect(model.chainReward(of: policy, reward: reward)[0] == Rational(25, 4))
    #expect(policy.actions(in: model) == nil)
  }

  @Test("laws that do not add up, repeat an action or are negative are refused")
  func laws() {
    let sure: [(action: Action, probability: Rational)] = [(Action(0), 1)]
    #expect(throws: PolicyError.sum(state: "s", sum: Rational(1, 2))) {
      try Policy(laws: [[(Action(0), Rational(1, 2))], sure], in: model)
    }
    #expect(throws: PolicyError.actionTwice(state: "s", action: "a")) {
      try Policy(laws: [[(Action(0), 1), (Action(0), 0)], sure], in: model)
    }
    #expect(throws: PolicyError.negativeProbability(state: "s", action: "b", value: -1)) {
      try Policy(laws: [[(Action(0), 2), (Action(1), -1)], sure], in: model)
    }
    #expect(throws: PolicyError.unavailable(state: "t", action: "b")) {
      try Policy(laws: [sure, [(Action(1), 0), (Action(0), 1)]], in: model)
    }
  }

  @Test("zeros of a law are dropped, so that equal policies are equal")
  func zeros() throws {
    let sure: [(action: Action, probability: Rational)] = [(Action(0), 1)]
    #expect(
      try Policy(laws: [[(Action(0), 1), (Action(1), 0)], sure], in: model)
        == Policy(laws: [sure, sure], in: model))
  }

  @Test("a policy of several steps hands out its steps")
  func steps() throws {
    let first = Policy.first(in: model)
    let second = Policy.uniform(in: model)
    let policy = try Policy(steps: [first, second])
    #expect(policy.stepCount == 2)
    #expect(policy.atStep(0) == first)
    #expect(policy.atStep(1) == second)
    #expect(first.atStep(5) == first)
  }
}
