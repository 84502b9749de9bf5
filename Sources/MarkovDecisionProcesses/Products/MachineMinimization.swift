import ExactArithmetic

/// A machine with the fewest states among those that pay alike on every sequence of a model's
/// steps, and what proves that.
public struct MachineMinimization: Sendable {
  public let minimal: PayingMachine
  /// The state of the minimal machine that stands for each state; `nil` for one that is not
  /// reached.
  public let classes: [Int?]
  /// One partition a round, a number for each state of the minimal machine: states are apart after
  /// a round only when they pay a step differently, or when they go on to states that were apart
  /// after the round before. After the last one all states are.
  public let rounds: [[Int]]

  public init(minimal: PayingMachine, classes: [Int?], rounds: [[Int]]) {
    self.minimal = minimal
    self.classes = classes
    self.rounds = rounds
  }
}

extension PayingMachine {
  /// The minimal machine of ``minimization(on:progress:)``.
  public func minimized(
    on model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> PayingMachine {
    try minimization(on: model, progress: progress).minimal
  }

  /// The machine with the fewest states among those that pay alike on every sequence of the
  /// model's steps, whether its states fit together or not.
  ///
  /// Partition refinement, where the letters are the steps: states are one while they pay every
  /// step alike and go to states that are one. Unreachable states are dropped.
  ///
  /// - Throws: ``Interrupted``.
  /// - Complexity: rounds × states of the machine × steps of the model.
  ///
  /// Source: Moore 1956; `proofs-notes/machine-minimisation.md`.
  public func minimization(
    on model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> MachineMinimization {
    let letters = TransitionLetters(of: model)
    let steps = model.steps
    var (next, pays): ([[Int]], [[Rational]]) = ([], [])
    for place in 0..<machine.states.count {
      try progress.checkpoint()
      next.append(
        steps.map {
          machine.step(from: place, $0.state, $0.action, to: $0.successor, letters: letters)
        })
      pays.append(steps.map { reward.value(place, $0.state, $0.action, to: $0.successor) })
    }
    let reached = DirectedGraph(next).reachable(from: [machine.initial])
    let members = reached.indices.filter { reached[$0] }
    var classes = [Int](repeating: 0, count: machine.states.count)
    var count = Self.number(&classes, members) { pays[$0] }
    var rounds = [classes]
    while true {
      try progress.checkpoint()
      let old = classes
      let refined = Self.number(&classes, members) { [old[$0]] + next[$0].map { old[$0] } }
      if refined == count { break }
      count = refined
      rounds.append(classes)
    }
    var firsts = [Int?](repeating: nil, count: count)
    for member in members where firsts[classes[member]] == nil { firsts[classes[member]] = member }
    let representatives = firsts.compactMap { $0 }
    let known = classes.indices.map { reached[$0] ? classes[$0] : nil }
    return MachineMinimization(
      minimal: quotient(known, representatives), classes: known,
      rounds: rounds.map { round in representatives.map { round[$0] } })
  }

  /// Numbers the classes of equal signatures in the order of their first members.
  private static func number<Signature: Hashable>(
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

  /// The machine of the representatives: their guards and payments, with classes as targets.
  private func quotient(_ classes: [Int?], _ representatives: [Int]) -> PayingMachine {
    var transitions: [RewardMachine.Transition] = []
    for (place, member) in representatives.enumerated() {
      var own: [RewardMachine.Transition] = []
      for transition in machine.transitions(from: member) {
        // No step takes a transition to a state that is not reached.
        guard let target = classes[transition.target] else { continue }
        own.append(.init(from: place, when: transition.condition, to: target))
      }
      // Without a match the machine stays.
      while own.last?.target == place { own.removeLast() }
      transitions += own
    }
    let places = Dictionary(
      uniqueKeysWithValues: representatives.enumerated().map { ($0.element, $0.offset) })
    var table = MachineReward()
    for (entry, value) in reward.entries where !value.isZero {
      guard let place = places[entry.machine] else { continue }
      table.set(
        .init(
          machine: place, state: entry.state, action: entry.action, successor: entry.successor),
        to: value)
    }
    guard let names = try? NameTable(representatives.map { machine.states[$0] }, of: .state),
      let initial = classes[machine.initial]
    else { preconditionFailure("the names are those of different states, the start is reached") }
    return PayingMachine(
      RewardMachine(states: names, initial: initial, transitions: transitions), table)
  }
}
