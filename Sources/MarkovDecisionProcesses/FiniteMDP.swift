import ExactArithmetic

/// A finite Markov decision process with exact rational numbers.
///
/// Immutable; made by ``FiniteMDPBuilder``, which enforces every rule, so that nothing after it
/// validates again: there is at least one state, every state has an available action, the
/// probabilities of every choice are positive and add up to exactly 1.
///
/// Stored as compressed sparse rows: state → choices → transitions. A transition takes 8 bytes
/// (32-bit successor and 32-bit index into the pool of distinct probabilities), a choice 12.
public struct FiniteMDP: Sendable {
  public let states: NameTable
  public let actions: NameTable

  /// `choiceOffsets[s]..<choiceOffsets[s + 1]` are the choices of state `s`.
  package let choiceOffsets: ContiguousArray<Int32>
  /// The state of each choice.
  package let choiceStates: ContiguousArray<Int32>
  /// The action of each choice; ascending at each state.
  package let choiceActions: ContiguousArray<Int32>
  /// `transitionOffsets[c]..<transitionOffsets[c + 1]` are the transitions of choice `c`.
  package let transitionOffsets: ContiguousArray<Int32>
  /// The successor of each transition, in the order in which the input listed them.
  package let successors: ContiguousArray<Int32>
  /// The place of each transition's probability in ``probabilityPool``; never that of 0.
  package let probabilities: ContiguousArray<Int32>
  public let probabilityPool: RationalPool

  /// Transitions that the input lists with probability 0: they are no successors and change no
  /// value, and are kept so that a file reads back as the same model.
  public let listedZeros: [(state: State, action: Action, successor: State)]

  /// The rewards in the order of the input.
  public let rewards: [(name: String, function: RewardFunction)]
  /// The labels in the order of the input; the states of each ascending.
  public let labels: [(name: String, states: [State])]
  /// The law of the first state, or `nil` when the input has none; zeros are kept.
  public let initial: [(state: State, probability: Rational)]?
  public let discount: Rational?
  /// Propositions on transitions, for reward machines and automata.
  public let labeledTransitions:
    [(state: State, action: Action, successor: State, propositions: [String])]

  public var stateCount: Int { states.count }
  public var choiceCount: Int { choiceActions.count }
  public var transitionCount: Int { successors.count }

  /// The choices at `state`; never empty.
  public func choices(at state: State) -> some RandomAccessCollection<Choice> {
    choiceRange(at: Int(state.index)).lazy.map(Choice.init)
  }

  /// The action that `choice` takes.
  public func action(of choice: Choice) -> Action {
    Action(Int(choiceActions[Int(choice.index)]))
  }

  /// The state at which `choice` is made.
  public func state(of choice: Choice) -> State {
    State(Int(choiceStates[Int(choice.index)]))
  }

  /// The choice of `action` at `state`, or `nil` when the action is not available there.
  ///
  /// - Complexity: O(log of the number of choices at the state).
  public func choice(of action: Action, at state: State) -> Choice? {
    var low = Int(choiceOffsets[Int(state.index)])
    var high = Int(choiceOffsets[Int(state.index) + 1])
    while low < high {
      let middle = (low + high) / 2
      if choiceActions[middle] < action.index { low = middle + 1 } else { high = middle }
    }
    guard low < Int(choiceOffsets[Int(state.index) + 1]), choiceActions[low] == action.index
    else { return nil }
    return Choice(low)
  }

  /// The transitions of `choice`: successors with their probabilities, which are positive.
  public func transitions(
    of choice: Choice
  ) -> some RandomAccessCollection<(successor: State, probability: Rational)> {
    transitionRange(of: Int(choice.index)).lazy.map {
      (State(Int(successors[$0])), probabilityPool[probabilities[$0]])
    }
  }

  /// The reward of this name, or `nil`.
  public func reward(named name: String) -> RewardFunction? {
    rewards.first { $0.name == name }?.function
  }

  /// The states with this label, ascending, or `nil` when there is no such label.
  public func states(labeled name: String) -> [State]? {
    labels.first { $0.name == name }?.states
  }
}

extension FiniteMDP {
  /// The choices of the state with index `state`, as plain indices for kernels.
  @inline(__always)
  package func choiceRange(at state: Int) -> Range<Int> {
    Int(choiceOffsets[state])..<Int(choiceOffsets[state + 1])
  }

  /// The transitions of the choice with index `choice`, as plain indices for kernels.
  @inline(__always)
  package func transitionRange(of choice: Int) -> Range<Int> {
    Int(transitionOffsets[choice])..<Int(transitionOffsets[choice + 1])
  }

  /// The probability of `successor` after the choice with index `choice`; 0 when it is none.
  package func probability(of successor: Int32, after choice: Int) -> Rational {
    for transition in transitionRange(of: choice) where successors[transition] == successor {
      return probabilityPool[probabilities[transition]]
    }
    return 0
  }
}
