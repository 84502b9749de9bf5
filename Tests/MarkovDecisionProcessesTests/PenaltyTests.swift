import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Penalties that scale the future")
struct PenaltyTests {
  /// `E Σ_{t<horizon} Π_{k<t} (1 − q_k) r_t` of the best policy, by recursion on the first step.
  private func best(
    _ model: FiniteMDP, _ reward: (Choice, State) -> Rational,
    _ penalty: (Choice, State) -> Rational,
    from state: State, _ horizon: Int
  ) -> Rational {
    guard horizon > 0 else { return 0 }
    return model.choices(at: state).map { choice in
      model.transitions(of: choice).reduce(Rational.zero) { sum, step in
        let rest = best(model, reward, penalty, from: step.successor, horizon - 1)
        let kept = 1 - penalty(choice, step.successor)
        return sum + step.probability * (reward(choice, step.successor) + kept * rest)
      }
    }.max() ?? 0
  }

  private func value(_ model: FiniteMDP, _ name: String, _ choice: Choice, _ next: State)
    -> Rational
  {
    (model.reward(named: name)?.entries ?? RewardFunction.zero.entries).reduce(Rational.zero) {
      let matches =
        $1.state == model.state(of: choice) && $1.action == model.action(of: choice)
        && ($1.successor == nil || $1.successor == next)
      return matches ? $0 + $1.value : $0
    }
  }

  @Test("the model that may stop pays what the scaled rewards are worth", .tags(.differential))
  func random() throws {
    var models = RandomModel(seed: 131)
    models.largestStateCount = 4
    var random = SplitMix64(seed: 132)
    for index in 0..<40 {
      let plain = try models.next()
      var entries: [RewardFunction.Entry] = []
      for choice in (0..<plain.choiceCount).map(Choice.init) {
        for (successor, _) in plain.transitions(of: choice) where random.below(2) == 0 {
          entries.append(
            .init(
              state: plain.state(of: choice), action: plain.action(of: choice),
              successor: successor, value: Rational(Int(random.below(5)), 4)))
        }
      }
      let model = try plain.addingReward(named: "loss", RewardFunction(summing: entries))
      let name = "main"
      let scaled = try model.scalingFuture(by: "loss")
      #expect(scaled.stateCount == model.stateCount + 1)
      #expect(scaled.reward(named: "loss") == nil)
      #expect(scaled.discount == model.discount)
      for start in (0..<model.stateCount).map({ State($0) }) {
        for horizon in 0...3 {
          let expected = best(
            model, { value(model, name, $0, $1) }, { value(model, "loss", $0, $1) },
            from: start, horizon)
          let found = best(
            scaled, { value(scaled, name, $0, $1) }, { _, _ in 0 }, from: start, horizon)
          #expect(found == expected, "model \(index), from \(start), \(horizon) steps")
        }
      }
    }
  }

  private func corridor() throws -> FiniteMDPBuilder {
    var builder = try FiniteMDPBuilder(
      states: NameTable(["s", "t", "end"], of: .state),
      actions: NameTable(["careful", "fast"], of: .action))
    for (from, action, to) in [(0, 0, 1), (0, 1, 1), (1, 0, 2), (2, 0, 2)] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.addLabel("done", states: [State(2)])
    return builder
  }

  @Test("a factor of a step is a discount of that step", .tags(.worked))
  func worked() throws {
    var builder = try corridor()
    try builder.startReward(named: "progress")
    builder.addReward(state: State(0), action: Action(1), successor: nil, value: 1)
    builder.addReward(state: State(1), action: Action(0), successor: nil, value: 8)
    try builder.startReward(named: "harm")
    builder.addReward(state: State(0), action: Action(1), successor: nil, value: Rational(1, 4))
    let scaled = try builder.build().scalingFuture(by: "harm")
    let fast = Array(scaled.choices(at: State(0)))[1]
    let row = scaled.transitions(of: fast).map { ($0.successor, $0.probability) }
    #expect(row.map(\.0) == [State(1), State(3)])
    #expect(row.map(\.1) == [Rational(3, 4), Rational(1, 4)])
    #expect(scaled.states[3] == FiniteMDP.stoppedState)
    #expect(scaled.states(labeled: "done or stopped") == [State(2), State(3)])
    #expect(scaled.states(labeled: "stopped") == [State(3)])
    // 0 + 8 against 1 + 3/4 · 8: the fast step is paid in full.
    #expect(
      best(scaled, { value(scaled, "progress", $0, $1) }, { _, _ in 0 }, from: State(0), 2) == 8)
  }

  @Test("what is no penalty is refused")
  func refused() throws {
    var builder = try corridor()
    try builder.startReward(named: "harm")
    builder.addReward(state: State(0), action: Action(1), successor: nil, value: Rational(5, 4))
    let model = try builder.build()
    #expect(
      throws: ModelError.penaltyOutOfRange(
        state: "s", action: "fast", successor: "t", value: Rational(5, 4))
    ) { try model.scalingFuture(by: "harm") }
    #expect(throws: ModelError.self) { try model.scalingFuture(by: "harms") }
    var taken = try corridor()
    try taken.addLabel("stopped", states: [])
    try taken.startReward(named: "harm")
    let named = try taken.build()
    #expect(throws: ModelError.self) { try named.scalingFuture(by: "harm") }
  }
}
