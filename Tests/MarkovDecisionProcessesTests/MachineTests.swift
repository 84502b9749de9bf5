import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Reward machines on a model")
struct MachineTests {
  /// A first step with low reward 0 or 1, then pass or fail.
  private func gateModel() throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(["s0", "s1", "P", "F"], of: .state),
      actions: NameTable(["0", "1", "p", "f"], of: .action))
    for (from, action, to) in [
      (0, 0, 1), (0, 1, 1), (1, 2, 2), (1, 3, 3), (2, 0, 2), (3, 0, 3),
    ] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.addLabel("end", states: [State(2), State(3)])
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }

  /// Pays 2 for passing, and then the low reward of the first step too; `copies` states
  /// remember a first step of 1.
  private func gate(copies: Int = 1, bonus: Rational = 3) throws -> PayingMachine {
    let names = ["start"] + (0..<copies).map { "one\($0)" }
    var transitions: [RewardMachine.Transition] = [
      .init(from: 0, when: .init(actions: [Action(1)]), to: 1)
    ]
    for copy in 1..<copies {
      transitions.append(.init(from: copy, when: .init(), to: copy + 1))
    }
    var reward = MachineReward()
    reward.set(.init(machine: 0, state: State(1), action: Action(2)), to: 2)
    for copy in 1...copies {
      reward.set(.init(machine: copy, state: State(1), action: Action(2)), to: bonus)
    }
    return PayingMachine(
      RewardMachine(
        states: try NameTable(names, of: .state), initial: 0, transitions: transitions), reward)
  }

  @Test("the gated reward of the note on its product", .tags(.worked))
  func product() throws {
    let model = try gateModel()
    let product = try model.product(with: gate())
    #expect(product.stateCount == 7)
    #expect(product.states.place(of: "s1 @ one0") != nil)
    #expect(product.states(labeled: "end")?.count == 4)
    let reward = try #require(product.reward(named: FiniteMDP.machineReward))
    #expect(reward.entries.map(\.value).sorted() == [2, 3])
  }

  @Test("copies of a state are joined, and nothing else is")
  func minimisation() throws {
    let model = try gateModel()
    let large = try gate(copies: 4)
    let small = try large.minimized(on: model)
    #expect(small.machine.states.count == 2)
    guard case .equivalent(let triples) = try large.comparison(with: small, on: model) else {
      Issue.record("the minimal machine pays otherwise")
      return
    }
    #expect(triples.count >= model.stateCount)
    #expect(try small.minimized(on: model).machine.states.count == 2)
    #expect(try gate(bonus: 2).minimized(on: model).machine.states.count == 1)
  }

  @Test("a shortest run tells machines apart")
  func difference() throws {
    let model = try gateModel()
    let comparison = try gate().comparison(with: gate(copies: 2, bonus: 4), on: model)
    guard case .different(let run) = comparison else {
      Issue.record("the machines pay differently")
      return
    }
    #expect(run.map(\.action) == [Action(1), Action(2)])
    #expect(run.map(\.state) == [State(0), State(1)])
  }
}
