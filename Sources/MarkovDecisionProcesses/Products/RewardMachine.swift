/// A finite machine that reads the transitions of a model, so that a reward may depend on what
/// happened before.
///
/// The first transition out of the machine's state whose guard matches is taken; without a match
/// the machine stays. The reward of a step uses the state *before* it.
///
/// Source: Toro Icarte, Klassen, Valenzano and McIlraith 2018.
public struct RewardMachine: Sendable {
  /// A proposition or its negation.
  public struct Literal: Sendable, Hashable {
    public let proposition: String
    public let isNegated: Bool

    public init(_ proposition: String, isNegated: Bool = false) {
      self.proposition = proposition
      self.isNegated = isNegated
    }

    func holds(in letter: Set<String>) -> Bool { letter.contains(proposition) != isNegated }
  }

  /// What a step has to be like; an absent part matches everything.
  public struct Guard: Sendable, Hashable {
    public var states: Set<State>?
    public var actions: Set<Action>?
    public var successors: Set<State>?
    /// Over the letter of the step.
    public var literals: [Literal]
    /// Over the labels of the successor.
    public var nextLiterals: [Literal]

    public init(
      states: Set<State>? = nil, actions: Set<Action>? = nil, successors: Set<State>? = nil,
      literals: [Literal] = [], nextLiterals: [Literal] = []
    ) {
      self.states = states
      self.actions = actions
      self.successors = successors
      self.literals = literals
      self.nextLiterals = nextLiterals
    }
  }

  public struct Transition: Sendable, Hashable {
    public let source: Int
    public let condition: Guard
    public let target: Int

    public init(from source: Int, when condition: Guard, to target: Int) {
      self.source = source
      self.condition = condition
      self.target = target
    }
  }

  public let states: NameTable
  public let initial: Int
  /// Grouped by source, in the order of the input.
  private let transitions: [[Transition]]
  /// For each source the places of the transitions that may match at a state because they name
  /// it, and of those that name no state.
  private let named: [[State: [Int32]]]
  private let unnamed: [[Int32]]

  /// The transitions out of a state, in the order in which they are tried.
  public func transitions(from place: Int) -> [Transition] { transitions[place] }

  /// - Precondition: the places are those of `states`.
  public init(states: NameTable, initial: Int, transitions: [Transition]) {
    self.states = states
    self.initial = initial
    var grouped = [[Transition]](repeating: [], count: states.count)
    var named = [[State: [Int32]]](repeating: [:], count: states.count)
    var unnamed = [[Int32]](repeating: [], count: states.count)
    for transition in transitions {
      let place = Int32(grouped[transition.source].count)
      grouped[transition.source].append(transition)
      if let members = transition.condition.states {
        for state in members { named[transition.source][state, default: []].append(place) }
      } else {
        unnamed[transition.source].append(place)
      }
    }
    self.transitions = grouped
    self.named = named
    self.unnamed = unnamed
  }

  /// The machine's state after a step.
  public func step(
    from place: Int, _ state: State, _ action: Action, to successor: State,
    letters: TransitionLetters
  ) -> Int {
    let own = transitions[place]
    func matches(_ number: Int32) -> Bool {
      own[Int(number)].condition.matches(state, action, successor, letters)
    }
    let first = named[place][state]?.first(where: matches)
    let other = unnamed[place].first { number in
      if let first, first < number { return true }
      return matches(number)
    }
    guard let match = [first, other].compactMap({ $0 }).min() else { return place }
    return own[Int(match)].target
  }
}

extension RewardMachine.Guard {
  fileprivate func matches(
    _ state: State, _ action: Action, _ successor: State, _ letters: TransitionLetters
  ) -> Bool {
    guard states?.contains(state) != false, actions?.contains(action) != false,
      successors?.contains(successor) != false
    else { return false }
    if !literals.isEmpty {
      let letter = letters.letter(of: state, action, to: successor)
      guard literals.allSatisfy({ $0.holds(in: letter) }) else { return false }
    }
    let next = letters.labels(of: successor)
    return nextLiterals.allSatisfy { $0.holds(in: next) }
  }
}
