/// The propositions that hold at a position of a word, by their numbers in an automaton: bit `p`.
public typealias AutomatonLetter = UInt64

/// A Boolean combination of propositions, by their numbers, on an edge of an automaton.
public indirect enum EdgeLabel: Sendable, Hashable {
  case constant(Bool)
  case proposition(Int)
  case not(EdgeLabel)
  case and(EdgeLabel, EdgeLabel)
  case or(EdgeLabel, EdgeLabel)

  /// Whether the label holds of a letter.
  public func holds(of letter: AutomatonLetter) -> Bool {
    holds(of: letter, known: .max) ?? false
  }

  /// Whether the label holds of all letters (or of none) that agree with `letter` on the
  /// propositions in `known`, as far as a look at each operator tells; `nil` when it does not.
  func holds(of letter: AutomatonLetter, known: AutomatonLetter) -> Bool? {
    switch self {
    case .constant(let value): return value
    case .proposition(let p): return known >> p & 1 == 1 ? letter >> p & 1 == 1 : nil
    case .not(let inner): return inner.holds(of: letter, known: known).map { !$0 }
    case .and(let a, let b):
      let left = a.holds(of: letter, known: known)
      if left == false { return false }
      let right = b.holds(of: letter, known: known)
      return right == false ? false : (left == true && right == true ? true : nil)
    case .or(let a, let b):
      let left = a.holds(of: letter, known: known)
      if left == true { return true }
      let right = b.holds(of: letter, known: known)
      return right == true ? true : (left == false && right == false ? false : nil)
    }
  }

  /// The propositions that occur.
  var propositions: AutomatonLetter {
    switch self {
    case .constant: 0
    case .proposition(let p): 1 << p
    case .not(let inner): inner.propositions
    case .and(let a, let b), .or(let a, let b): a.propositions | b.propositions
    }
  }
}

/// A deterministic and complete automaton on infinite words, with marks on its edges.
///
/// Marks of states are those of all edges that leave the state. The propositions are the names of
/// labels of a model.
public struct OmegaAutomaton: Sendable, Hashable {
  public struct Edge: Sendable, Hashable {
    public let label: EdgeLabel
    public let target: Int
    public let marks: MarkSet

    public init(_ label: EdgeLabel, to target: Int, marks: MarkSet = MarkSet()) {
      self.label = label
      self.target = target
      self.marks = marks
    }
  }

  /// Different from each other; at most 64.
  public let propositions: [String]
  public let initial: Int
  /// The edges that leave each state.
  public let edges: [[Edge]]
  /// The number of marks; they are `0..<markCount`.
  public let markCount: Int
  public let acceptance: AcceptanceCondition

  public static let maximumPropositions = 64

  /// Whoever calls this knows that the automaton is deterministic and complete, or asks
  /// ``deterministicDefect(budget:)``.
  ///
  /// - Precondition: all numbers are in range.
  public init(
    propositions: [String], initial: Int, edges: [[Edge]], markCount: Int,
    acceptance: AcceptanceCondition
  ) {
    self.propositions = propositions
    self.initial = initial
    self.edges = edges
    self.markCount = markCount
    self.acceptance = acceptance
  }

  public var stateCount: Int { edges.count }

  /// The letter of a set of propositions; others than the automaton's are left out.
  public func letter(of names: Set<String>) -> AutomatonLetter {
    var letter: AutomatonLetter = 0
    for (place, name) in propositions.enumerated() where names.contains(name) {
      letter |= 1 << place
    }
    return letter
  }

  /// The edge that is taken at `state` on `letter`.
  public func edge(from state: Int, on letter: AutomatonLetter) -> Edge {
    guard let edge = edges[state].first(where: { $0.label.holds(of: letter) }) else {
      preconditionFailure("the automaton is complete")
    }
    return edge
  }

  /// The automaton of the other words.
  public var complement: OmegaAutomaton {
    OmegaAutomaton(
      propositions: propositions, initial: initial, edges: edges, markCount: markCount,
      acceptance: acceptance.negated)
  }
}

extension OmegaAutomaton {
  /// Why an automaton is not usable.
  public enum Defect: Sendable, Hashable {
    /// Two edges of the state are open on the letter.
    case nondeterministic(state: Int, letter: AutomatonLetter)
    /// No edge of the state is open on the letter.
    case incomplete(state: Int, letter: AutomatonLetter)
    /// The labels are too complicated to decide it.
    case undecided(state: Int)
  }

  /// The first state that has no edge, or more than one, on some letter.
  ///
  /// Letters are split by one proposition after the other as far as the labels need it, so that
  /// many propositions cost nothing as long as labels are simple.
  ///
  /// - Parameter budget: the number of looks at all edges of a state.
  public func deterministicDefect(budget: Int = 1 << 20) -> Defect? {
    var left = budget
    for state in edges.indices {
      if let defect = defect(at: state, 0, known: 0, &left) { return defect }
    }
    return nil
  }

  private func defect(
    at state: Int, _ letter: AutomatonLetter, known: AutomatonLetter, _ left: inout Int
  ) -> Defect? {
    left -= 1
    if left < 0 { return .undecided(state: state) }
    var open = 0
    var unknown: AutomatonLetter = 0
    for edge in edges[state] {
      switch edge.label.holds(of: letter, known: known) {
      case true?: open += 1
      case false?: break
      case nil: unknown |= edge.label.propositions & ~known
      }
    }
    if open > 1 { return .nondeterministic(state: state, letter: letter) }
    if unknown == 0 { return open == 1 ? nil : .incomplete(state: state, letter: letter) }
    let bit: AutomatonLetter = unknown & (~unknown &+ 1)
    return defect(at: state, letter, known: known | bit, &left)
      ?? defect(at: state, letter | bit, known: known | bit, &left)
  }

  /// The letter in words, for messages: `a & !b`.
  public func shown(_ letter: AutomatonLetter) -> String {
    let literals = propositions.enumerated().map { place, name in
      (letter >> place & 1 == 1 ? "" : "!") + name
    }
    return literals.isEmpty ? "true" : literals.joined(separator: " & ")
  }
}
