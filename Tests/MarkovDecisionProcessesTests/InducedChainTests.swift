import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Induced chains")
struct InducedChainTests {
  @Test("a mixture has the mean law and reward, and the names of both actions", .tags(.worked))
  func mixture() throws {
    // go: 1/2 to each, rewards 2 and on the way to 1 another 4; stay: reward 6.
    var builder = try FiniteMDPBuilder(
      states: NameTable(["s", "t"], of: .state), actions: NameTable(["go", "stay"], of: .action))
    for successor in [0, 1] {
      try builder.addTransition(
        from: State(0), under: Action(0), to: State(successor), probability: Rational(1, 2))
    }
    for state in [0, 1] {
      try builder.addTransition(
        from: State(state), under: Action(1), to: State(state), probability: 1)
    }
    try builder.startReward(named: "r")
    builder.addReward(state: State(0), action: Action(0), successor: nil, value: 2)
    builder.addReward(state: State(0), action: Action(0), successor: State(1), value: 4)
    builder.addReward(state: State(0), action: Action(1), successor: nil, value: 6)
    try builder.addLabel("goal", states: [State(1)])
    try builder.setInitial([(State(0), 1)])
    let model = try builder.build()
    let policy = try Policy(
      laws: [[(Action(0), Rational(1, 3)), (Action(1), Rational(2, 3))], [(Action(1), 1)]],
      in: model)
    let chain = try model.inducedChain(by: policy, discount: Rational(1, 2))
    // To t with 1/3 * 1/2; reward 1/3 * (2 + 4/2) + 2/3 * 6.
    #expect(ModelText.rows(chain) == ["0 go+stay [\"0:5/6\", \"1:1/6\"]", "1 stay [\"1:1\"]"])
    #expect(ModelText.expectedRewards(chain) == [["16/3", "0"]])
    #expect(chain.discount == Rational(1, 2) && chain.initial?.count == 1)
    #expect(chain.labels.map(\.name) == ["goal"] && chain.rewards.map(\.name) == ["r"])
  }

  @Test("states that the policy leaves out are absorbing, without reward")
  func partial() throws {
    let model = try ModelFile.read(Fixture.path("worked/c1.json")).model
    let chain = try model.inducedChain(taking: Array(repeating: nil, count: model.stateCount))
    for state in 0..<model.stateCount {
      #expect(ModelText.rows(chain)[state] == "\(state) stop [\"\(state):1\"]")
    }
    #expect(ModelText.expectedRewards(chain).joined().allSatisfy { $0 == "0" })
  }

  @Test("rows and rewards are those of the policy", .tags(.differential), arguments: 0..<4)
  func random(seed: UInt64) throws {
    var (models, policies) = (RandomModel(seed: seed), SplitMix64(seed: seed))
    for _ in 0..<25 {
      let model = try models.next()
      for policy in [try policies.policy(in: model), .uniform(in: model)] {
        let chain = try model.inducedChain(by: policy)
        #expect(chain.choiceCount == model.stateCount && chain.states == model.states)
        for (place, (name, function)) in model.rewards.enumerated() {
          let expected = model.chainReward(of: policy, reward: function.expected(in: model))
          let own = try #require(chain.reward(named: name)).expected(in: chain)
          #expect((0..<model.stateCount).allSatisfy { own[$0] == expected[$0] }, "\(place)")
        }
        for state in (0..<model.stateCount).map(State.init) {
          let row = chain.choices(at: state).first.map { Array(chain.transitions(of: $0)) } ?? []
          let law = model.chainRow(of: policy, at: state)
          #expect(row.elementsEqual(law) { $0 == $1 })
        }
      }
    }
  }
}
