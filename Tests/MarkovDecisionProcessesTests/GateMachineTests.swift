import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Rewards behind a gate")
struct GateMachineTests {
  /// Layers of states, and the last one ends the run; low rewards and outcomes at random.
  private func layered(_ random: inout SplitMix64) throws -> FiniteMDP {
    func draw(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }
    let (layers, width) = (3, 2)
    let count = layers * width
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: count), actions: NameTable(count: 2))
    var rewards: [(name: String, entries: [(State, Action, State, Rational)])] = [
      ("low", []), ("outcome", []),
    ]
    for state in 0..<count {
      let isLast = state >= count - width
      for action in 0..<(1 + draw(2)) {
        let first = isLast ? state : (state / width + 1) * width
        let weight = isLast ? Rational.one : Rational(1 + draw(3), 4)
        for (successor, probability) in [(first, weight), (first + 1, 1 - weight)]
        where !probability.isZero {
          try builder.addTransition(
            from: State(state), under: Action(action), to: State(successor),
            probability: probability)
          for place in rewards.indices {
            rewards[place].entries.append(
              (State(state), Action(action), State(successor), Rational(draw(4) - 1, 2)))
          }
        }
      }
    }
    for (name, entries) in rewards {
      try builder.startReward(named: name)
      for (state, action, successor, value) in entries {
        builder.addReward(state: state, action: action, successor: successor, value: value)
      }
    }
    try builder.addLabel("end", states: (count - width..<count).map { State($0) })
    try builder.setInitial([(State(0), Rational(1, 3)), (State(1), Rational(2, 3))])
    return try builder.build()
  }

  private func value(_ model: FiniteMDP, _ name: String, _ choice: Choice, _ next: State)
    -> Rational
  {
    (model.reward(named: name) ?? .zero).entries.reduce(Rational.zero) {
      $1.state == model.state(of: choice) && $1.action == model.action(of: choice)
        && ($1.successor ?? next) == next ? $0 + $1.value : $0
    }
  }

  /// All runs of a policy to the end, with their probabilities.
  private func runs(
    _ model: FiniteMDP, _ policy: [Choice], from state: State, ends: [State]
  ) -> [(probability: Rational, steps: [(choice: Choice, next: State)])] {
    if ends.contains(state) { return [(1, [])] }
    let choice = policy[Int(state.index)]
    return model.transitions(of: choice).flatMap { step in
      runs(model, policy, from: step.successor, ends: ends).map {
        (step.probability * $0.probability, [(choice, step.successor)] + $0.steps)
      }
    }
  }

  @Test("the machine, the runs and the formula of the mean agree", .tags(.differential))
  func mean() throws {
    var random = SplitMix64(seed: 401)
    var opened = 0
    for index in 0..<30 {
      let model = try layered(&random)
      let ends = try #require(model.states(labeled: "end"))
      let threshold = Rational(Int(random.below(4)) - 1, 2)
      let paying = try model.machine(
        of: RewardGate(low: "low", outcome: "outcome", threshold: threshold, end: "end"))
      let letters = TransitionLetters(of: model)
      let policy = (0..<model.stateCount).map { state in
        let choices = Array(model.choices(at: State(state)))
        return choices[Int(random.below(UInt64(choices.count)))]
      }
      func passes(_ steps: [(choice: Choice, next: State)]) -> Bool {
        steps.last.map { value(model, "outcome", $0.choice, $0.next) >= threshold } ?? false
      }
      for start in model.starts {
        var (direct, paid, formula) = (Rational.zero, Rational.zero, Rational.zero)
        for (probability, steps) in runs(model, policy, from: start, ends: ends) {
          let last = steps.last.map { value(model, "outcome", $0.choice, $0.next) } ?? 0
          let earned = steps.reduce(Rational.zero) { $0 + value(model, "low", $1.choice, $1.next) }
          direct += probability * (last + (passes(steps) ? earned : 0))
          opened += passes(steps) ? 1 : 0
          formula += probability * last
          var place = paying.machine.initial
          for (choice, next) in steps {
            let (state, action) = (model.state(of: choice), model.action(of: choice))
            paid += probability * paying.reward.value(place, state, action, to: next)
            place = paying.machine.step(
              from: place, state, action, to: next, letters: letters)
            // The chance that the gate opens, behind this step.
            let rest = runs(model, policy, from: next, ends: ends)
            let chance =
              ends.contains(next)
              ? (passes(steps) ? Rational.one : 0)
              : rest.reduce(Rational.zero) { passes($1.steps) ? $0 + $1.probability : $0 }
            formula += probability * value(model, "low", choice, next) * chance
          }
          #expect(paying.machine.states[place] == "over")
        }
        #expect(direct == paid && direct == formula, "model \(index)")
      }
    }
    #expect(opened > 50, "\(opened)")
  }

  /// Two ways: each earns a low reward and then succeeds with some probability.
  private func options(
    _ ways: [(low: Rational, chance: Rational)], success: Rational
  ) throws -> FiniteMDP {
    let count = ways.count
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: count + 3), actions: NameTable(count: count))
    for (place, way) in ways.enumerated() {
      try builder.addTransition(
        from: State(0), under: Action(place), to: State(place + 1), probability: 1)
      for (target, probability) in [(count + 1, way.chance), (count + 2, 1 - way.chance)]
      where !probability.isZero {
        try builder.addTransition(
          from: State(place + 1), under: Action(0), to: State(target), probability: probability)
      }
    }
    for target in [count + 1, count + 2] {
      try builder.addTransition(
        from: State(target), under: Action(0), to: State(target), probability: 1)
    }
    try builder.startReward(named: "low")
    for (place, way) in ways.enumerated() {
      builder.addReward(state: State(0), action: Action(place), successor: nil, value: way.low)
    }
    try builder.startReward(named: "outcome")
    for place in ways.indices {
      builder.addReward(
        state: State(place + 1), action: Action(0), successor: State(count + 1), value: success)
    }
    try builder.addLabel("end", states: [State(count + 1), State(count + 2)])
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }

  /// What each way is worth behind a gate.
  private func worth(_ model: FiniteMDP, threshold: Rational) throws -> [Rational] {
    let paying = try model.machine(
      of: RewardGate(low: "low", outcome: "outcome", threshold: threshold, end: "end"))
    let product = try model.product(with: paying)
    return product.choices(at: State(0)).map { first in
      product.transitions(of: first).reduce(Rational.zero) { sum, step in
        sum
          + product.choices(at: step.successor).reduce(Rational.zero) { sum, second in
            sum
              + product.transitions(of: second).reduce(Rational.zero) {
                $0 + $1.probability
                  * value(product, FiniteMDP.machineReward, second, $1.successor)
              }
          }
      }
    }
  }

  @Test("a gate takes a hack away, and does not buy the best chance", .tags(.worked))
  func worked() throws {
    let hack = try options([(3, 0), (1, Rational(1, 2))], success: 2)
    #expect(try worth(hack, threshold: 0) == [3, 2])
    #expect(try worth(hack, threshold: 1) == [0, Rational(3, 2)])
    let (worse, best) = (Rational(1, 2), Rational(4, 5))
    for (low, order) in [(Rational(1), -1), (Rational(6, 5), 0), (Rational(7, 5), 1)] {
      let model = try options([(low, worse), (0, best)], success: 2)
      let found = try worth(model, threshold: 2)
      #expect(found[1] == Rational(8, 5))
      #expect((found[0] - found[1]).signum == order)
    }
  }

  @Test("a loop that earns has no end of sums, and names have to exist")
  func refused() throws {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 2), actions: NameTable(count: 2))
    for (from, action, to) in [(0, 0, 0), (0, 1, 1), (1, 0, 1)] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.startReward(named: "low")
    builder.addReward(state: State(0), action: Action(0), successor: nil, value: 1)
    try builder.addLabel("end", states: [State(1)])
    let model = try builder.build()
    func gate(_ low: String = "low", end: String = "end") -> RewardGate {
      RewardGate(low: low, outcome: "low", threshold: 0, end: end)
    }
    #expect(throws: ModelError.tooManySums(limit: 50)) {
      try model.machine(of: gate(), limit: 50)
    }
    #expect(throws: ModelError.self) { try model.machine(of: gate("lows")) }
    #expect(throws: ModelError.self) { try model.machine(of: gate(end: "ends")) }
    // A run that begins at the end is paid nothing.
    let machine = try model.starting(at: State(1)).machine(of: gate())
    #expect(machine.reward.entries.isEmpty)
  }

  @Test("sums of runs that cannot end any more are not remembered")
  func lost() throws {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 3), actions: NameTable(count: 2))
    for (from, action, to) in [(0, 0, 1), (0, 1, 2), (1, 0, 1), (2, 0, 2)] {
      try builder.addTransition(
        from: State(from), under: Action(action), to: State(to), probability: 1)
    }
    try builder.startReward(named: "low")
    builder.addReward(state: State(0), action: Action(0), successor: nil, value: 3)
    builder.addReward(state: State(2), action: Action(0), successor: nil, value: 1)
    try builder.addLabel("end", states: [State(1)])
    let machine = try builder.build().machine(
      of: RewardGate(low: "low", outcome: "low", threshold: 0, end: "end"), limit: 5)
    // The last step pays its outcome and, behind the gate, what it earned itself.
    #expect(machine.reward.entries.map(\.value) == [6])
  }
}
