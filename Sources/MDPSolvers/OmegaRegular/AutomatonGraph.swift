// What is here: an automaton as a table, one edge a state and letter, before it gets labels.

import MarkovDecisionProcesses

/// A deterministic automaton on some of the letters.
struct AutomatonGraph {
  struct Edge: Hashable {
    var target: Int
    var marks: MarkSet
  }

  /// One row a state, one edge a letter; the first state is the initial one.
  var successors: [[Edge]]
  /// Ascending.
  let letters: [AutomatonLetter]
  var acceptance: AcceptanceCondition

  /// An automaton of the same words with fewer states and marks.
  func reduced() -> AutomatonGraph {
    var graph = self
    graph.dropPassingMarks()
    graph.joinMarks()
    graph.joinStates()
    return graph
  }

  /// Marks between strongly connected components do not recur.
  private mutating func dropPassingMarks() {
    let components = StronglyConnectedComponents(
      of: DirectedGraph(successors.map { $0.map(\.target) })
    ).component
    for state in successors.indices {
      for place in letters.indices
      where components[state] != components[successors[state][place].target] {
        successors[state][place].marks = MarkSet()
      }
    }
  }

  /// Removes marks that no edge has or that no longer matter, and makes one of marks that occur
  /// together.
  private mutating func joinMarks() {
    var occurrences: [Int: [Int]] = [:]
    let used = acceptance.marks.marks
    for (state, row) in successors.enumerated() {
      for (place, edge) in row.enumerated() where !edge.marks.isEmpty {
        for mark in used where edge.marks.contains(mark) {
          occurrences[mark, default: []].append(state * letters.count + place)
        }
      }
    }
    // The first of those that occur together stands for all.
    var firsts: [[Int]: Int] = [:]
    var firstMarks: [Int: Int] = [:]
    for mark in used {
      guard let places = occurrences[mark] else { continue }
      let first = firsts[places] ?? mark
      firsts[places] = first
      firstMarks[mark] = first
    }
    acceptance = acceptance.renamed(firstMarks)
    let kept = acceptance.marks.marks
    let numbers = Dictionary(
      kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    acceptance = acceptance.renamed(numbers)
    for state in successors.indices {
      for place in letters.indices where !successors[state][place].marks.isEmpty {
        let old = successors[state][place].marks
        successors[state][place].marks = MarkSet(
          kept.filter(old.contains).compactMap { numbers[$0] })
      }
    }
  }

  /// Joins states from which the same marks are shown on every word (partition refinement).
  private mutating func joinStates() {
    var classes = [Int](repeating: 0, count: successors.count)
    var count = 1
    while true {
      var numbers: [[Edge]: Int] = [:]
      // A class is split only: the old one is the first entry of the signature.
      let next = successors.indices.map { state in
        let signature =
          [Edge(target: classes[state], marks: MarkSet())]
          + successors[state].map { Edge(target: classes[$0.target], marks: $0.marks) }
        let number = numbers[signature] ?? numbers.count
        numbers[signature] = number
        return number
      }
      classes = next
      if numbers.count == count { break }
      count = numbers.count
    }
    var rows = [[Edge]](repeating: [], count: count)
    for state in successors.indices where rows[classes[state]].isEmpty {
      rows[classes[state]] = successors[state].map {
        Edge(target: classes[$0.target], marks: $0.marks)
      }
    }
    successors = rows
  }
}

extension AcceptanceCondition {
  /// Other numbers for marks; those without one never occur.
  fileprivate func renamed(_ numbers: [Int: Int]) -> AcceptanceCondition {
    switch self {
    case .constant: return self
    case .infinitely(let mark): return numbers[mark].map { .infinitely($0) } ?? .constant(false)
    case .finitely(let mark): return numbers[mark].map { .finitely($0) } ?? .constant(true)
    case .and(let parts): return Self.simplified(parts.map { $0.renamed(numbers) }, isAnd: true)
    case .or(let parts): return Self.simplified(parts.map { $0.renamed(numbers) }, isAnd: false)
    }
  }

  private static func simplified(
    _ parts: [AcceptanceCondition], isAnd: Bool
  ) -> AcceptanceCondition {
    var rest: [AcceptanceCondition] = []
    for part in parts {
      switch part {
      case .constant(let value): if value != isAnd { return part }
      case .and(let inner) where isAnd: rest += inner
      case .or(let inner) where !isAnd: rest += inner
      default: if !rest.contains(part) { rest.append(part) }
      }
    }
    if rest.isEmpty { return .constant(isAnd) }
    return rest.count == 1 ? rest[0] : (isAnd ? .and(rest) : .or(rest))
  }
}

// MARK: - Labels

extension AutomatonGraph {
  /// The automaton with labels over `propositions`; letters that are not read go anywhere.
  func automaton(_ propositions: [String]) -> OmegaAutomaton {
    OmegaAutomaton(
      propositions: propositions, initial: 0,
      edges: successors.map { labelled($0, propositions.count) },
      markCount: (acceptance.marks.marks.last ?? -1) + 1, acceptance: acceptance)
  }

  private func labelled(_ row: [Edge], _ count: Int) -> [OmegaAutomaton.Edge] {
    var labelling = EdgeLabelling()
    let entries = Dictionary(zip(letters, row), uniquingKeysWith: { first, _ in first })
    labelling.split(entries, 0, nil)
    return labelling.edges
  }
}

/// Finds short labels for the edges of one state.
private struct EdgeLabelling {
  private var labels: [AutomatonGraph.Edge: EdgeLabel] = [:]
  private var order: [AutomatonGraph.Edge] = []

  var edges: [OmegaAutomaton.Edge] {
    order.map {
      OmegaAutomaton.Edge(labels[$0] ?? .constant(false), to: $0.target, marks: $0.marks)
    }
  }

  /// Splits letters, which agree on the propositions before `proposition`, until those that are
  /// together take one edge.
  mutating func split(
    _ entries: [AutomatonLetter: AutomatonGraph.Edge], _ proposition: Int, _ cube: EdgeLabel?
  ) {
    guard let edge = entries.values.first else { return }
    if entries.values.allSatisfy({ $0 == edge }) { return add(edge, cube ?? .constant(true)) }
    let bit: AutomatonLetter = 1 << proposition
    let off = entries.filter { $0.key & bit == 0 }
    let on = entries.filter { $0.key & bit != 0 }
    // Where it makes no difference, or one side is never read, the proposition is left out.
    if on.allSatisfy({ off[$0.key & ~bit] == nil || off[$0.key & ~bit] == $0.value }) {
      let both = on.map { ($0.key & ~bit, $0.value) } + off.map { ($0.key, $0.value) }
      split(
        Dictionary(both, uniquingKeysWith: { first, _ in first }), proposition + 1, cube)
    } else {
      let atom = EdgeLabel.proposition(proposition)
      split(off, proposition + 1, cube.map { .and($0, .not(atom)) } ?? .not(atom))
      split(on, proposition + 1, cube.map { .and($0, atom) } ?? atom)
    }
  }

  private mutating func add(_ edge: AutomatonGraph.Edge, _ label: EdgeLabel) {
    if let known = labels[edge] {
      labels[edge] = .or(known, label)
    } else {
      labels[edge] = label
      order.append(edge)
    }
  }
}
