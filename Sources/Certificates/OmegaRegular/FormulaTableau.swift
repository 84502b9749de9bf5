// What is here: the proof that a deterministic automaton accepts exactly the words that satisfy a
// formula. The tableau of the formula guesses at each position which temporal subformulas hold at
// the next one; every word has exactly one run of guesses that come true. A word on which automaton
// and formula differ is a fair cycle of the product of the two.
// Sources: Lichtenstein and Pnueli 1985; Emerson and Lei 1987; proofs-notes/automaton-check.md.

import MarkovDecisionProcesses

/// Compares an automaton with a formula on words over some letters.
struct FormulaTableau {
  private let automaton: OmegaAutomaton
  private let letters: [AutomatonLetter]
  private let valuationCount: Int
  private let untilMask: UInt32
  /// For each letter and valuation: which temporal subformulas hold now.
  private var now: [UInt32] = []
  /// Which `U` do not hold now, or have come true.
  private var fair: [UInt32] = []
  private var holds: [Bool] = []
  /// The pairs of letter and valuation that may follow a valuation.
  private var followers: [[Int]] = []

  private static let maximumOperators = 14
  /// Of the product with the automaton.
  private static let maximumEdges = 1 << 25

  /// - Returns: `nil` when there are too many temporal operators.
  init?(_ formula: TemporalFormula, _ automaton: OmegaAutomaton, letters: [AutomatonLetter]) {
    var parts = TemporalParts()
    parts.collect(formula)
    let count = parts.list.count
    guard count <= Self.maximumOperators,
      automaton.stateCount.multipliedReportingOverflow(by: letters.count << count)
        .partialValue <= Self.maximumEdges
    else { return nil }
    self.automaton = automaton
    self.letters = letters
    valuationCount = 1 << count
    untilMask = parts.list.enumerated().reduce(0) { mask, entry in
      if case .until = entry.element { mask | 1 << UInt32(entry.offset) } else { mask }
    }
    followers = Array(repeating: [], count: valuationCount)
    let places = Dictionary(
      automaton.propositions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for letter in letters {
      for valuation in 0..<UInt32(valuationCount) {
        let position = TableauPosition(
          letter: letter, valuation: valuation, propositions: places, places: parts.places)
        var mask: UInt32 = 0
        var fairness: UInt32 = 0
        for (place, part) in parts.list.enumerated() {
          let bit: UInt32 = 1 << UInt32(place)
          switch part {
          case .next(let inner): if position.satisfies(inner) { mask |= bit }
          case .until(_, let second):
            let holdsNow = position.satisfies(part)
            if holdsNow { mask |= bit }
            if !holdsNow || position.satisfies(second) { fairness |= bit }
          case .constant, .proposition, .not, .and, .or: break
          }
        }
        followers[Int(mask)].append(now.count)
        now.append(mask)
        fair.append(fairness)
        holds.append(position.satisfies(formula))
      }
    }
  }

  /// Whether some word over the letters satisfies the formula and is not accepted, or the other
  /// way round.
  func hasDisagreement() -> Bool {
    hasWord(satisfying: true, accepted: automaton.acceptance.negated)
      || hasWord(satisfying: false, accepted: automaton.acceptance)
  }

  // A node is a state of the automaton with what holds of the temporal subformulas. Letters and
  // guesses are on the edges, so that there are few nodes; `now` and `followers` turn round which
  // guess a truth value comes from.

  private func hasWord(
    satisfying truth: Bool, accepted condition: AcceptanceCondition
  ) -> Bool {
    var edges: [OmegaAutomaton.Edge] = []
    for state in 0..<automaton.stateCount {
      for letter in letters { edges.append(automaton.edge(from: state, on: letter)) }
    }
    var places = ContiguousArray<Int32>(
      repeating: -1, count: automaton.stateCount * valuationCount)
    var nodes: [Int] = []
    func place(_ state: Int, _ valuation: Int) -> Int32 {
      let node = state * valuationCount + valuation
      if places[node] < 0 {
        places[node] = Int32(nodes.count)
        nodes.append(node)
      }
      return places[node]
    }
    for pair in holds.indices where holds[pair] == truth {
      let edge = edges[automaton.initial * letters.count + pair / valuationCount]
      _ = place(edge.target, pair % valuationCount)
    }
    var search = FairCycleSearch(everyFairness: untilMask)
    var next = 0
    while next < nodes.count {
      let (state, valuation) = nodes[next].quotientAndRemainder(dividingBy: valuationCount)
      for pair in followers[valuation] {
        let edge = edges[state * letters.count + pair / valuationCount]
        search.addEdge(
          to: place(edge.target, pair % valuationCount), marks: edge.marks, fairness: fair[pair])
      }
      search.endNode()
      next += 1
    }
    return search.hasCycle(condition)
  }
}

/// The temporal subformulas, each once.
struct TemporalParts {
  private(set) var list: [TemporalFormula] = []
  private(set) var places: [TemporalFormula: Int] = [:]

  mutating func collect(_ formula: TemporalFormula) {
    switch formula {
    case .constant, .proposition: return
    case .not(let inner), .next(let inner): collect(inner)
    case .and(let a, let b), .or(let a, let b), .until(let a, let b):
      collect(a)
      collect(b)
    }
    switch formula {
    case .next, .until:
      guard places[formula] == nil else { return }
      places[formula] = list.count
      list.append(formula)
    case .constant, .proposition, .not, .and, .or: return
    }
  }
}

/// A position of a word, with what is guessed of the next one.
struct TableauPosition {
  let letter: AutomatonLetter
  let valuation: UInt32
  let propositions: [String: Int]
  let places: [TemporalFormula: Int]

  func satisfies(_ formula: TemporalFormula) -> Bool {
    switch formula {
    case .constant(let value): value
    case .proposition(let name): propositions[name].map { letter >> $0 & 1 == 1 } ?? false
    case .not(let inner): !satisfies(inner)
    case .and(let a, let b): satisfies(a) && satisfies(b)
    case .or(let a, let b): satisfies(a) || satisfies(b)
    case .next: isGuessed(formula)
    case .until(let a, let b): satisfies(b) || (satisfies(a) && isGuessed(formula))
    }
  }

  private func isGuessed(_ formula: TemporalFormula) -> Bool {
    places[formula].map { valuation >> UInt32($0) & 1 == 1 } ?? false
  }
}
