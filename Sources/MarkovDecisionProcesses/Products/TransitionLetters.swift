/// The propositions that hold at each transition of a model: those of the state that is left, and
/// those of the transition itself.
public struct TransitionLetters: Sendable {
  private let stateLabels: [Set<String>]
  private let transitionLabels: [Key: Set<String>]

  private struct Key: Hashable, Sendable {
    let state: State
    let action: Action
    let successor: State
  }

  public init(of model: FiniteMDP) {
    var stateLabels = [Set<String>](repeating: [], count: model.stateCount)
    for (name, states) in model.labels {
      for state in states { stateLabels[Int(state.index)].insert(name) }
    }
    self.stateLabels = stateLabels
    var transitionLabels: [Key: Set<String>] = [:]
    for (state, action, successor, propositions) in model.labeledTransitions {
      transitionLabels[Key(state: state, action: action, successor: successor), default: []]
        .formUnion(propositions)
    }
    self.transitionLabels = transitionLabels
  }

  /// The labels of a state.
  public func labels(of state: State) -> Set<String> { stateLabels[Int(state.index)] }

  /// The letter of a step: the labels of its state and of the transition.
  public func letter(of state: State, _ action: Action, to successor: State) -> Set<String> {
    let own = stateLabels[Int(state.index)]
    guard
      let more = transitionLabels[Key(state: state, action: action, successor: successor)]
    else { return own }
    return own.union(more)
  }
}

extension FiniteMDP {
  /// The names of all labels and of all propositions on transitions.
  public var propositions: Set<String> {
    labeledTransitions.reduce(into: Set(labels.map(\.name))) { $0.formUnion($1.propositions) }
  }
}
