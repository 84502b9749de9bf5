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
  private static let maximumNodes = 1 << 22

  /// - Returns: `nil` when there are too many temporal operators.
  init?(_ formula: TemporalFormula, _ automaton: OmegaAutomaton, letters: [AutomatonLetter]) {
    var parts = TemporalParts()
    parts.collect(formula)
    let count = parts.list.count
    guard count <= Self.maximumOperators,
      automaton.stateCount.multipliedReportingOverflow(by: letters.count << count)
        .partialValue <= Self.maximumNodes
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

  // A node is a state of the automaton, a letter and a valuation.

  private var width: Int { letters.count * valuationCount }

  private func hasWord(
    satisfying truth: Bool, accepted condition: AcceptanceCondition
  ) -> Bool {
    let starts = holds.indices.filter { holds[$0] == truth }.map {
      automaton.initial * width + $0
    }
    var places: [Int: Int] = [:]
    var nodes: [Int] = []
    func place(_ node: Int) -> Int {
      if let known = places[node] { return known }
      places[node] = nodes.count
      nodes.append(node)
      return nodes.count - 1
    }
    for node in starts { _ = place(node) }
    var edges: [OmegaAutomaton.Edge] = []
    for state in 0..<automaton.stateCount {
      for letter in letters { edges.append(automaton.edge(from: state, on: letter)) }
    }
    var search = FairCycleSearch(everyFairness: untilMask)
    while search.successors.count < nodes.count {
      let node = nodes[search.successors.count]
      let pair = node % width
      let edge = edges[node / width * letters.count + pair / valuationCount]
      search.add(
        successors: followers[pair % valuationCount].map { place(edge.target * width + $0) },
        marks: edge.marks, fairness: fair[pair])
    }
    return search.hasCycle(in: Array(nodes.indices), condition)
  }
}

/// The temporal subformulas, each once.
private struct TemporalParts {
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
private struct TableauPosition {
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

/// A graph with marks at its nodes, in which cycles are sought whose marks meet a condition.
struct FairCycleSearch {
  private(set) var successors: [[Int]] = []
  private var marks: [MarkSet] = []
  private var fairness: [UInt32] = []
  private let everyFairness: UInt32

  /// - Parameter everyFairness: the bits that a cycle has to show all, beside the condition.
  init(everyFairness: UInt32) { self.everyFairness = everyFairness }

  mutating func add(successors: [Int], marks: MarkSet, fairness: UInt32) {
    self.successors.append(successors)
    self.marks.append(marks)
    self.fairness.append(fairness)
  }

  /// Whether the nodes contain a cycle that meets the condition.
  func hasCycle(in nodes: [Int], _ condition: AcceptanceCondition) -> Bool {
    var local = [Int](repeating: -1, count: successors.count)
    for (place, node) in nodes.enumerated() { local[node] = place }
    let graph = DirectedGraph(
      nodes.map { node in successors[node].compactMap { local[$0] < 0 ? nil : local[$0] } })
    let components = StronglyConnectedComponents(of: graph)
    for members in components.members() {
      if members.count == 1, !graph.successors(of: members[0]).contains(members[0]) { continue }
      if hasCycle(inComponent: members.map { nodes[$0] }, condition) { return true }
    }
    return false
  }

  private func hasCycle(inComponent nodes: [Int], _ condition: AcceptanceCondition) -> Bool {
    var shown = MarkSet()
    var fair: UInt32 = 0
    for node in nodes {
      shown.formUnion(marks[node])
      fair |= fairness[node]
    }
    guard fair == everyFairness else { return false }
    var rest = condition
    // Either the whole component will do, or some mark has to be left out, or it may be shown.
    while true {
      if rest.holds(shown) { return true }
      guard let mark = rest.excludedMark(among: shown) else { return false }
      let without = nodes.filter { !marks[$0].contains(mark) }
      if hasCycle(in: without, rest) { return true }
      rest = rest.replacingFinite(mark)
    }
  }
}

extension AcceptanceCondition {
  /// A mark of `shown` that the condition may ask to recur never.
  fileprivate func excludedMark(among shown: MarkSet) -> Int? {
    switch self {
    case .constant, .infinitely: return nil
    case .finitely(let mark): return shown.contains(mark) ? mark : nil
    case .and(let parts), .or(let parts):
      for part in parts {
        if let mark = part.excludedMark(among: shown) { return mark }
      }
      return nil
    }
  }

  /// The condition when `mark` recurs in any case.
  fileprivate func replacingFinite(_ mark: Int) -> AcceptanceCondition {
    switch self {
    case .constant, .infinitely: self
    case .finitely(let other): other == mark ? .constant(false) : self
    case .and(let parts): .and(parts.map { $0.replacingFinite(mark) })
    case .or(let parts): .or(parts.map { $0.replacingFinite(mark) })
    }
  }
}
