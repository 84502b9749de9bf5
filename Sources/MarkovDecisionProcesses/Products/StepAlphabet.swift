/// What a machine may tell apart about the steps of a model: the letters that it reads.
public struct StepAlphabet: Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Every step `(s, a, s')` is a letter of its own.
    case steps
    /// The propositions that hold at the step: the labels of the state that is left, and those of
    /// the transition.
    case labels
  }

  public let kind: Kind
  /// The number of letters.
  public let count: Int
  private let letters: [Key: Int]
  /// One entry a letter: the propositions that hold there; empty for `steps`.
  private let propositions: [Set<String>]

  private struct Key: Hashable, Sendable {
    let state: State
    let action: Action
    let successor: State
  }

  /// The letters that occur at steps of positive probability, numbered in the order of the model.
  public init(_ kind: Kind, of model: FiniteMDP) {
    self.kind = kind
    let read = TransitionLetters(of: model)
    var letters: [Key: Int] = [:]
    var known: [Set<String>: Int] = [:]
    var propositions: [Set<String>] = []
    for step in model.steps {
      let key = Key(state: step.state, action: step.action, successor: step.successor)
      switch kind {
      case .steps: letters[key] = letters.count
      case .labels:
        let own = read.letter(of: step.state, step.action, to: step.successor)
        if known[own] == nil {
          known[own] = propositions.count
          propositions.append(own)
        }
        letters[key] = known[own]
      }
    }
    self.letters = letters
    self.propositions = propositions
    count = kind == .steps ? letters.count : propositions.count
  }

  /// The letter of a step.
  ///
  /// - Precondition: the step is possible.
  public func letter(of state: State, _ action: Action, to successor: State) -> Int {
    guard let letter = letters[Key(state: state, action: action, successor: successor)] else {
      preconditionFailure("the step has a positive probability")
    }
    return letter
  }

  /// What a step has to be like to be this letter.
  func guards(_ letter: Int, _ names: [String]) -> RewardMachine.Guard? {
    guard kind == .labels else { return nil }
    return RewardMachine.Guard(
      literals: names.map {
        RewardMachine.Literal($0, isNegated: !propositions[letter].contains($0))
      })
  }

  /// The propositions that some letter has and some letter lacks.
  var distinguishing: [String] {
    propositions.reduce(into: Set<String>()) { $0.formUnion($1) }
      .filter { name in !propositions.allSatisfy { $0.contains(name) } }.sorted()
  }
}
