/// A machine whose transitions are known in part: it starts in state 0, and a search decides one
/// transition after the other.
public struct PartialMachine: Sendable {
  public let alphabet: StepAlphabet
  public let stateCount: Int
  /// The number of states that are in use: 0 and the targets of transitions.
  public private(set) var usedCount = 1
  /// By state and letter; negative where it is not known.
  private var targets: [Int32]

  /// A machine of which nothing is known.
  public init(stateCount: Int, reading alphabet: StepAlphabet) {
    precondition(stateCount > 0, "a machine has a state")
    self.alphabet = alphabet
    self.stateCount = stateCount
    targets = Array(repeating: -1, count: stateCount * alphabet.count)
  }

  /// The state after a letter, `nil` where it is not known.
  public func target(from state: Int, reading letter: Int) -> Int? {
    let target = targets[state * alphabet.count + letter]
    return target < 0 ? nil : Int(target)
  }

  /// The state after a step, `nil` where it is not known.
  public func step(from place: Int, _ state: State, _ action: Action, to successor: State) -> Int? {
    target(from: place, reading: alphabet.letter(of: state, action, to: successor))
  }

  /// Decides a transition.
  ///
  /// - Precondition: the target is in use or the first that is not.
  public mutating func set(from state: Int, reading letter: Int, to target: Int) {
    precondition(target <= usedCount && target < stateCount, "states are numbered as they come")
    usedCount = max(usedCount, target + 1)
    targets[state * alphabet.count + letter] = Int32(target)
  }

  /// The machine in which what is not known stays where it is, with the states `u0`, `u1`, ….
  public func completed(on model: FiniteMDP) -> RewardMachine {
    var transitions: [RewardMachine.Transition] = []
    for place in 0..<usedCount {
      switch alphabet.kind {
      case .steps: transitions += stepTransitions(from: place, model)
      case .labels: transitions += labelTransitions(from: place)
      }
    }
    guard let names = try? NameTable((0..<usedCount).map { "u\($0)" }, of: .state) else {
      preconditionFailure("the names are different")
    }
    return RewardMachine(states: names, initial: 0, transitions: transitions)
  }

  /// One transition for the successors of a choice that lead to the same state of the machine.
  private func stepTransitions(
    from place: Int, _ model: FiniteMDP
  ) -> [RewardMachine.Transition] {
    var transitions: [RewardMachine.Transition] = []
    for number in 0..<model.choiceCount {
      let choice = Choice(number)
      let (state, action) = (model.state(of: choice), model.action(of: choice))
      var successors: [Int: Set<State>] = [:]
      for (successor, _) in model.transitions(of: choice) {
        let target = step(from: place, state, action, to: successor) ?? place
        successors[target, default: []].insert(successor)
      }
      for (target, reached) in successors.sorted(by: { $0.key < $1.key }) where target != place {
        transitions.append(
          .init(
            from: place,
            when: .init(
              states: [state], actions: [action], successors: successors.count == 1 ? nil : reached),
            to: target))
      }
    }
    return transitions
  }

  private func labelTransitions(from place: Int) -> [RewardMachine.Transition] {
    let names = alphabet.distinguishing
    return (0..<alphabet.count).compactMap { letter in
      guard let target = target(from: place, reading: letter), target != place,
        let condition = alphabet.guards(letter, names)
      else { return nil }
      return .init(from: place, when: condition, to: target)
    }
  }
}
