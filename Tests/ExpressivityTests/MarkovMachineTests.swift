import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Is a machine's reward Markov")
struct MarkovMachineTests {
  private let half = Rational(1, 2)

  /// A first step with low reward 0 or 1, then pass or fail; both ends are absorbing.
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
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }

  /// Passing pays 2, and `low` more after a first step of 1; failing pays `open` times that.
  private func gate(_ low: Rational, open: Rational = 0) throws -> PayingMachine {
    var reward = MachineReward()
    reward.set(.init(machine: 0, state: State(1), action: Action(2)), to: 2)
    reward.set(.init(machine: 1, state: State(1), action: Action(2)), to: 2 + low)
    reward.set(.init(machine: 1, state: State(1), action: Action(3)), to: low * open)
    return PayingMachine(
      RewardMachine(
        states: try NameTable(["start", "one"], of: .state), initial: 0,
        transitions: [.init(from: 0, when: .init(actions: [Action(1)]), to: 1)]), reward)
  }

  @Test("a gate is not Markov: the rectangle of the four runs", .tags(.worked), arguments: [1, 3])
  func gate(low: Int) throws {
    let model = try gateModel()
    let machine = try gate(Rational(low))
    let answer = try machine.markov(on: model, discount: half)
    guard case .notMarkov(let multipliers) = answer else {
      Issue.record("a gate of \(low) is taken for Markov")
      return
    }
    #expect(try answer.isProved(of: machine, on: model, discount: half))
    // Both first steps and both second ones.
    let rectangle = multipliers.filter { model.state(of: $0.key.choice) == State(1) }
    #expect(rectangle.count == 4)
    #expect(Set(rectangle.values.map(\.magnitude)).count == 1)
  }

  @Test("without a gate, or with nothing to gate, it is Markov", .tags(.worked))
  func additive() throws {
    let model = try gateModel()
    for machine in [try gate(0), try gate(3, open: 1)] {
      let answer = try machine.markov(on: model, discount: half)
      guard case .markov(_, let potential) = answer else {
        Issue.record("an additive reward is refused")
        return
      }
      #expect(try answer.isProved(of: machine, on: model, discount: half))
      #expect(
        try answer.isProved(of: machine, on: model, discount: Rational(1, 3)) == potential.isEmpty)
    }
  }

  @Test("spoiled proofs are refused", .tags(.mutation))
  func mutations() throws {
    let model = try gateModel()
    let machine = try gate(1)
    guard case .notMarkov(let multipliers) = try machine.markov(on: model, discount: half) else {
      Issue.record("a gate is taken for Markov")
      return
    }
    for place in multipliers.keys {
      var changed = multipliers
      changed[place, default: 0] += 1
      #expect(
        try !MarkovMachine.notMarkov(changed).isProved(of: machine, on: model, discount: half))
    }
    #expect(try !MarkovMachine.notMarkov([:]).isProved(of: machine, on: model, discount: half))
    #expect(
      try !MarkovMachine.markov(reward: [:], potential: [:]).isProved(
        of: machine, on: model, discount: half))
  }

  @Test("a penalty that rescales the past needs memory, one of the future alone does not")
  func pastAndFuture() throws {
    let model = try gateModel()
    // After a first step of 1 (paid at once) failing takes half of that away.
    var reward = MachineReward()
    reward.set(.init(machine: 0, state: State(0), action: Action(1)), to: 1)
    reward.set(.init(machine: 1, state: State(1), action: Action(3)), to: Rational(-1, 2))
    let past = PayingMachine(try gate(0).machine, reward)
    guard case .notMarkov = try past.markov(on: model, discount: half) else {
      Issue.record("a penalty on the past is taken for Markov")
      return
    }
    // The same loss whatever came before is a reward of the step.
    reward.set(.init(machine: 0, state: State(1), action: Action(3)), to: Rational(-1, 2))
    guard
      case .markov = try PayingMachine(past.machine, reward).markov(on: model, discount: half)
    else {
      Issue.record("a loss of one step is refused")
      return
    }
  }

  // MARK: - Random machines

  /// Whether there are a reward and a potential, by elimination on the whole system.
  private func isMarkov(_ paying: PayingMachine, _ model: FiniteMDP, _ discount: Rational) throws
    -> Bool
  {
    let product = try MarkovMachine.ReachableProduct(paying, model, discount: discount)
    let (choices, nodes) = (model.choiceCount, product.nodes.count)
    var rows = product.places.indices.map { place in
      var row = [Rational](repeating: 0, count: choices + nodes + 1)
      row[Int(product.places[place].choice.index)] = 1
      row[choices + product.owners[place]] += 1
      for (node, probability) in product.successors[place] {
        row[choices + node] -= discount * probability
      }
      row[choices + nodes] = product.payments[place]
      return row
    }
    var rank = 0
    for column in 0..<(choices + nodes) {
      guard let pivot = rows.indices.first(where: { $0 >= rank && !rows[$0][column].isZero })
      else { continue }
      rows.swapAt(rank, pivot)
      for other in rows.indices where other > rank && !rows[other][column].isZero {
        let factor = rows[other][column] / rows[rank][column]
        for place in column...(choices + nodes) {
          rows[other][place] -= factor * rows[rank][place]
        }
      }
      rank += 1
    }
    return rows[rank...].allSatisfy { $0[choices + nodes].isZero }
  }

  /// A machine whose payments are random, or those of a reward and a potential.
  private func machine(
    on model: FiniteMDP, _ discount: Rational, isMarkov: Bool, _ random: inout SplitMix64
  ) throws -> PayingMachine {
    func draw(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }
    let count = 2 + draw(2)
    let transitions = (0..<2 * count).map { place in
      RewardMachine.Transition(
        from: place % count,
        when: .init(
          states: place < count ? [State(draw(model.stateCount))] : nil,
          actions: [Action(draw(model.actions.count))]),
        to: draw(count))
    }
    let machine = RewardMachine(
      states: try NameTable((0..<count).map { "u\($0)" }, of: .state), initial: 0,
      transitions: transitions)
    let letters = TransitionLetters(of: model)
    let potential = (0..<count).map { _ in
      (0..<model.stateCount).map { _ in Rational(draw(7) - 3, 1 + draw(3)) }
    }
    let rewards = (0..<model.choiceCount).map { _ in Rational(draw(4)) }
    var reward = MachineReward()
    for place in 0..<count {
      for choice in (0..<model.choiceCount).map(Choice.init) {
        let (state, action) = (model.state(of: choice), model.action(of: choice))
        var value = Rational(draw(2))
        if isMarkov {
          value = rewards[Int(choice.index)] + potential[place][Int(state.index)]
          for (successor, probability) in model.transitions(of: choice) {
            let next = machine.step(from: place, state, action, to: successor, letters: letters)
            value -= discount * probability * potential[next][Int(successor.index)]
          }
        }
        reward.set(.init(machine: place, state: state, action: action), to: value)
      }
    }
    return PayingMachine(machine, reward)
  }

  @Test("elimination on the whole system decides the same", .tags(.differential))
  func agrees() throws {
    var models = RandomModel(seed: 91)
    models.largestStateCount = 5
    var random = SplitMix64(seed: 92)
    var counts = [0, 0, 0]
    for index in 0..<200 {
      let model = try models.next()
      let discount = Rational(index % 4, 4)
      let paying = try machine(on: model, discount, isMarkov: index % 3 == 0, &random)
      let answer = try paying.markov(on: model, discount: discount)
      #expect(try answer.isProved(of: paying, on: model, discount: discount), "\(index)")
      let expected = try isMarkov(paying, model, discount)
      switch answer {
      case .markov: counts[0] += 1
      case .notMarkov: counts[1] += 1
      case .apart: counts[2] += 1
      }
      if case .markov = answer { #expect(expected, "\(index)") } else { #expect(!expected) }
    }
    #expect(counts[0] >= 60 && counts[1] + counts[2] >= 15, "\(counts)")
  }

  // MARK: - Long runs

  /// A ring of states in which one action, at the first of them, changes the machine's state for
  /// ever; the machine pays there 1 a step more.
  private func ring(_ count: Int) throws -> (model: FiniteMDP, machine: PayingMachine) {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: count), actions: NameTable(["go", "switch"], of: .action))
    for state in 0..<count {
      try builder.addTransition(
        from: State(state), under: Action(0), to: State((state + 1) % count), probability: 1)
    }
    try builder.addTransition(from: State(0), under: Action(1), to: State(1), probability: 1)
    try builder.setInitial([(State(0), 1)])
    let model = try builder.build()
    var reward = MachineReward()
    for state in 0..<count {
      reward.set(.init(machine: 1, state: State(state), action: Action(0)), to: 1)
    }
    let machine = RewardMachine(
      states: try NameTable(["off", "on"], of: .state), initial: 0,
      transitions: [
        .init(from: 0, when: .init(actions: [Action(1)]), to: 1),
        .init(from: 1, when: .init(actions: [Action(1)]), to: 0),
      ])
    return (model, PayingMachine(machine, reward))
  }

  @Test("a long proof is one by values, and only true values prove", .tags(.mutation))
  func values() throws {
    let (model, machine) = try ring(20)
    let discount = Rational(99, 100)
    let answer = try machine.markov(on: model, discount: discount)
    guard case .apart(let advantages) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(try answer.isProved(of: machine, on: model, discount: discount))
    #expect(advantages.values.count == 40)
    // 'switch' loses 1 + γ/(1-γ) in one state, and gains γ/(1-γ) in the other.
    let exact = 1 + 2 * discount / (1 - discount)
    #expect(advantages.gap <= exact && advantages.gap > exact / 2)
    func isProved(
      choice: Choice? = nil, machines: (Int, Int)? = nil, policy: [State: Choice]? = nil,
      values: [MarkovMachine.Node: Rational]? = nil, gap: Rational? = nil
    ) throws -> Bool {
      try MarkovMachine.apart(
        .init(
          choice: choice ?? advantages.choice, machines: machines ?? advantages.machines,
          policy: policy ?? advantages.policy, values: values ?? advantages.values,
          gap: gap ?? advantages.gap)
      ).isProved(of: machine, on: model, discount: discount)
    }
    #expect(try isProved())
    #expect(try !isProved(gap: exact + 1))
    #expect(try !isProved(gap: 0))
    #expect(try !isProved(machines: (0, 0)))
    // The policy's own choice has the advantage 0 in every state of the machine.
    #expect(try !isProved(choice: Choice(0)))
    for (node, value) in advantages.values {
      var changed = advantages.values
      changed[node] = value + 10
      #expect(try !isProved(values: changed))
      changed[node] = nil
      #expect(try !isProved(values: changed))
      var policy = advantages.policy
      policy[node.state] = nil
      #expect(try !isProved(policy: policy))
    }
    var foreign = advantages.policy
    foreign[State(3)] = Choice(0)
    #expect(try !isProved(policy: foreign))
    for other in [Rational(1), Rational(2), Rational(-1, 2)] {
      #expect(try !answer.isProved(of: machine, on: model, discount: other))
    }
  }

  @Test("digits go on until near advantages are told apart", .tags(.worked))
  func nearAdvantages() throws {
    let (model, _) = try ring(3)
    for exponent in [1, 40, 200] {
      var reward = MachineReward()
      let small = Rational(1, Integer.one << exponent)
      for state in 0..<3 {
        reward.set(.init(machine: 0, state: State(state), action: Action(0)), to: Rational(1, 3))
        reward.set(
          .init(machine: 1, state: State(state), action: Action(0)), to: Rational(1, 3) + small)
      }
      let machine = PayingMachine(try ring(3).machine.machine, reward)
      let answer = try machine.markov(on: model, discount: half)
      if case .markov = answer { Issue.record("\(exponent) bits are overlooked") }
      #expect(try answer.isProved(of: machine, on: model, discount: half))
    }
  }

  @Test("only what can be reached from the start counts")
  func start() throws {
    let model = try gateModel()
    let machine = try gate(1)
    // From the second step on the machine is where it begins.
    let late = model.starting(at: State(1))
    guard case .markov(let reward, _) = try machine.markov(on: late, discount: half) else {
      Issue.record("the first step is past")
      return
    }
    #expect(reward[Choice(2)] == 2)
  }

  @Test("with discount 0 the first step alone counts: always Markov, and no proof of the contrary")
  func discountZero() throws {
    let model = try gateModel()
    let machine = try gate(1)
    guard
      case .notMarkov(let uses) = try machine.markov(on: model, discount: half),
      case let answer = try machine.markov(on: model, discount: 0),
      case .markov(let reward, let potential) = answer
    else {
      Issue.record("a gate for discount 1/2, and nothing but the first step for 0, are expected")
      return
    }
    #expect(reward.isEmpty && potential.isEmpty)
    #expect(try answer.isProved(of: machine, on: model, discount: 0))
    #expect(try !MarkovMachine.notMarkov(uses).isProved(of: machine, on: model, discount: 0))
    // One machine state after another, in one state of the model.
    var builder = try FiniteMDPBuilder(
      states: NameTable(["s"], of: .state), actions: NameTable(["a", "b"], of: .action))
    for action in 0..<2 {
      try builder.addTransition(
        from: State(0), under: Action(action), to: State(0), probability: 1)
    }
    let bandit = try builder.build()
    var paid = MachineReward()
    paid.set(.init(machine: 0, state: State(0), action: Action(0)), to: 1)
    paid.set(.init(machine: 1, state: State(0), action: Action(1)), to: 1)
    let paying = PayingMachine(
      RewardMachine(
        states: try NameTable(["u", "v"], of: .state), initial: 0,
        transitions: [.init(from: 0, when: .init(), to: 1)]), paid)
    guard case .markov(let first, _) = try paying.markov(on: bandit, discount: 0) else {
      Issue.record("what the first step pays is Markov")
      return
    }
    #expect(first == [Choice(0): 1])
    let wrong = MarkovMachine.notMarkov([
      .init(machine: 0, choice: Choice(0)): 1, .init(machine: 1, choice: Choice(0)): -1,
      .init(machine: 0, choice: Choice(1)): -1, .init(machine: 1, choice: Choice(1)): 1,
    ])
    #expect(try !wrong.isProved(of: paying, on: bandit, discount: 0))
  }
}
