import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Almost sure reachability as a graph")
struct GoalGraphTests {
  /// The states with an almost sure policy by definition: those that are left when all that cannot
  /// reach the goal by choices that stay is taken away, as often as possible.
  private func surelyReaching(_ model: FiniteMDP, _ goal: State) -> [Bool] {
    var isLeft = [Bool](repeating: true, count: model.stateCount)
    while true {
      var reaches = (0..<model.stateCount).map { State($0) == goal }
      var isNew = true
      while isNew {
        isNew = false
        for choice in (0..<model.choiceCount).map(Choice.init) {
          let state = Int(model.state(of: choice).index)
          let row = model.transitions(of: choice).map { Int($0.successor.index) }
          guard !reaches[state], row.allSatisfy({ isLeft[$0] }),
            row.contains(where: { reaches[$0] })
          else { continue }
          reaches[state] = true
          isNew = true
        }
      }
      if reaches == isLeft { return isLeft }
      isLeft = reaches
    }
  }

  private func expectAgreement(_ model: FiniteMDP, goal: State, _ label: Comment) {
    let expected = surelyReaching(model, goal)
    let found = GoalGraph(model, goal: [goal]).almostSure()
    #expect((0..<model.stateCount).map(found.isProper) == expected, label)
    #expect((0..<model.stateCount).map(found.attractor.reaches) == expected, label)
    for choice in (0..<model.choiceCount).map(Choice.init) {
      let state = model.state(of: choice)
      let row = model.transitions(of: choice).map { Int($0.successor.index) }
      let isKept = state != goal && expected[Int(state.index)] && row.allSatisfy { expected[$0] }
      #expect(found.isAllowed[Int(choice.index)] == isKept, label)
      let own = found.level[Int(state.index)]
      guard own >= 0 else { continue }
      let levels = row.map { found.level[$0] }
      #expect(
        levels.contains { $0 >= 0 && $0 < own } || levels.allSatisfy { $0 == own }, label)
    }
  }

  @Test("random models", arguments: 1..<5 as Range<UInt64>)
  func randomModels(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<100 {
      let model = try generator.next()
      for goal in [0, model.stateCount - 1] {
        expectAgreement(model, goal: State(goal), "seed \(seed), model \(index), goal \(goal)")
      }
    }
  }

  /// Each rung climbs to the goal or falls to the one below, or waits: one after the other it turns
  /// out that a rung cannot reach the goal surely.
  private func ladder(_ rungs: Int) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: rungs + 2), actions: NameTable(count: 2))
    for state in 0..<rungs + 2 {
      let half = Rational(1, 2)
      if state < 2 {
        try builder.addTransition(
          from: State(state), under: Action(0), to: State(state), probability: 1)
        continue
      }
      try builder.addTransition(
        from: State(state), under: Action(0), to: State(0), probability: half)
      try builder.addTransition(
        from: State(state), under: Action(0), to: State(state - 1), probability: half)
      try builder.addTransition(
        from: State(state), under: Action(1), to: State(state), probability: 1)
    }
    return try builder.build()
  }

  @Test("a ladder falls rung by rung")
  func ladders() throws {
    expectAgreement(try ladder(30), goal: State(0), "30 rungs")
    let found = GoalGraph(try ladder(20_000), goal: [State(0)]).almostSure()
    #expect((0..<20_002).allSatisfy { found.isProper($0) == ($0 == 0) })
  }
}
