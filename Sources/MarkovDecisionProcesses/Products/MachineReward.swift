import ExactArithmetic

/// The payments of a reward machine: a table over its states and the steps of a model.
public struct MachineReward: Sendable {
  public struct Entry: Sendable, Hashable {
    /// The place of the machine's state before the step.
    public let machine: Int
    public let state: State
    public let action: Action
    /// `nil`: for every successor.
    public let successor: State?

    public init(machine: Int, state: State, action: Action, successor: State? = nil) {
      self.machine = machine
      self.state = state
      self.action = action
      self.successor = successor
    }
  }

  private var values: [Entry: Rational] = [:]

  public init() {}

  /// Sets an entry; what is not set is 0.
  ///
  /// - Returns: whether it was not set before.
  @discardableResult
  public mutating func set(_ entry: Entry, to value: Rational) -> Bool {
    values.updateValue(value, forKey: entry) == nil
  }

  /// What is set, in the order of the machine and the model.
  public var entries: [(entry: Entry, value: Rational)] {
    func places(_ entry: Entry) -> [Int32] {
      [
        Int32(entry.machine), entry.state.index, entry.action.index, entry.successor?.index ?? -1,
      ]
    }
    return values.sorted { places($0.key).lexicographicallyPrecedes(places($1.key)) }
      .map { ($0.key, $0.value) }
  }

  /// The payment of a step: that for every successor and that for this one.
  public func value(
    _ machine: Int, _ state: State, _ action: Action, to successor: State
  ) -> Rational {
    let all = values[Entry(machine: machine, state: state, action: action)] ?? 0
    let own = values[
      Entry(machine: machine, state: state, action: action, successor: successor)]
    return own.map { all + $0 } ?? all
  }
}

/// A reward machine with its payments.
public struct PayingMachine: Sendable {
  public let machine: RewardMachine
  public let reward: MachineReward

  public init(_ machine: RewardMachine, _ reward: MachineReward) {
    self.machine = machine
    self.reward = reward
  }
}

extension FiniteMDP {
  /// Every step that is possible, once.
  var steps: [(state: State, action: Action, successor: State)] {
    (0..<stateCount).flatMap { state in
      choices(at: State(state)).flatMap { choice in
        transitions(of: choice).map { (State(state), action(of: choice), $0.successor) }
      }
    }
  }
}

// MARK: - Equivalence

/// Whether two machines pay the same on every run of a model.
public enum MachineComparison: Sendable {
  /// The triples of a state and a state of each machine that occur: closed under the steps, and
  /// at each of them every step is paid alike.
  case equivalent([(state: State, first: Int, second: Int)])
  /// A shortest run whose last step is paid differently.
  case different([(state: State, action: Action, successor: State)])
}

extension PayingMachine {
  /// Compares the payments on all runs from states of positive initial probability; from all
  /// states where the model has no initial law.
  ///
  /// - Complexity: steps of the model times states of both machines.
  public func comparison(with other: PayingMachine, on model: FiniteMDP) -> MachineComparison {
    let letters = TransitionLetters(of: model)
    var triples: [(state: State, first: Int, second: Int)] = []
    var origins: [(place: Int, action: Action)?] = []
    var places: [[Int]: Int] = [:]
    func visit(_ state: State, _ first: Int, _ second: Int, _ origin: (Int, Action)?) {
      let key = [Int(state.index), first, second]
      guard places[key] == nil else { return }
      places[key] = triples.count
      triples.append((state, first, second))
      origins.append(origin)
    }
    let starts =
      model.initial?.filter { !$0.probability.isZero }.map(\.state)
      ?? (0..<model.stateCount).map { State($0) }
    for state in starts { visit(state, machine.initial, other.machine.initial, nil) }
    var next = 0
    while next < triples.count {
      let (state, first, second) = triples[next]
      for choice in model.choices(at: state) {
        let action = model.action(of: choice)
        for (successor, _) in model.transitions(of: choice) {
          guard
            reward.value(first, state, action, to: successor)
              == other.reward.value(second, state, action, to: successor)
          else {
            return .different(
              run(to: next, triples.map(\.state), origins) + [(state, action, successor)])
          }
          visit(
            successor,
            machine.step(from: first, state, action, to: successor, letters: letters),
            other.machine.step(from: second, state, action, to: successor, letters: letters),
            (next, action))
        }
      }
      next += 1
    }
    return .equivalent(triples)
  }

  private func run(
    to place: Int, _ states: [State], _ origins: [(place: Int, action: Action)?]
  ) -> [(state: State, action: Action, successor: State)] {
    var steps: [(state: State, action: Action, successor: State)] = []
    var current = place
    while let origin = origins[current] {
      steps.append((states[origin.place], origin.action, states[current]))
      current = origin.place
    }
    return steps.reversed()
  }

  // MARK: - Minimisation

  /// The machine with the fewest states among those that pay alike on every sequence of the
  /// model's steps, whether its states fit together or not.
  ///
  /// Moore's partition refinement, where the letters are the steps: states are one while they pay
  /// every step alike and go to states that are one. Unreachable states are dropped.
  ///
  /// - Complexity: rounds × states of the machine × steps of the model.
  public func minimized(on model: FiniteMDP) -> PayingMachine {
    let letters = TransitionLetters(of: model)
    let steps = model.steps
    let next = (0..<machine.states.count).map { place in
      steps.map {
        machine.step(from: place, $0.state, $0.action, to: $0.successor, letters: letters)
      }
    }
    let pays = (0..<machine.states.count).map { place in
      steps.map { reward.value(place, $0.state, $0.action, to: $0.successor) }
    }
    let reached = DirectedGraph(next).reachable(from: [machine.initial])
    let members = reached.indices.filter { reached[$0] }
    var classes = [Int](repeating: 0, count: machine.states.count)
    var count = numbered(&classes, members) { pays[$0] }
    while true {
      let old = classes
      let refined = numbered(&classes, members) { [old[$0]] + next[$0].map { old[$0] } }
      if refined == count { break }
      count = refined
    }
    return quotient(classes, members, count, steps, next, pays)
  }

  /// Numbers the classes of equal signatures in the order of their first members.
  private func numbered<Signature: Hashable>(
    _ classes: inout [Int], _ members: [Int], _ signature: (Int) -> Signature
  ) -> Int {
    var numbers: [Signature: Int] = [:]
    for member in members {
      let own = signature(member)
      let number = numbers[own] ?? numbers.count
      numbers[own] = number
      classes[member] = number
    }
    return numbers.count
  }

  private func quotient(
    _ classes: [Int], _ members: [Int], _ count: Int,
    _ steps: [(state: State, action: Action, successor: State)], _ next: [[Int]],
    _ pays: [[Rational]]
  ) -> PayingMachine {
    var firsts = [Int?](repeating: nil, count: count)
    for member in members where firsts[classes[member]] == nil { firsts[classes[member]] = member }
    let representatives = firsts.compactMap { $0 }
    var transitions: [RewardMachine.Transition] = []
    var table = MachineReward()
    for (place, member) in representatives.enumerated() {
      for (number, step) in steps.enumerated() {
        let target = classes[next[member][number]]
        if target != place {
          transitions.append(
            .init(
              from: place,
              when: .init(
                states: [step.state], actions: [step.action], successors: [step.successor]),
              to: target))
        }
        if !pays[member][number].isZero {
          table.set(
            .init(
              machine: place, state: step.state, action: step.action, successor: step.successor),
            to: pays[member][number])
        }
      }
    }
    guard let names = try? NameTable(representatives.map { machine.states[$0] }, of: .state) else {
      preconditionFailure("the names are those of different states")
    }
    return PayingMachine(
      RewardMachine(states: names, initial: classes[machine.initial], transitions: transitions),
      table)
  }
}
