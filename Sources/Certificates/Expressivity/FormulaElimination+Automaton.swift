import ExactArithmetic
import MarkovDecisionProcesses

extension FormulaElimination {
  /// The probability, under the chain's start, of the words that a deterministic automaton accepts.
  ///
  /// Backwards from the closed components of chain and automaton: each value is the probability of
  /// ending in one whose marks meet the condition.
  ///
  /// - Returns: `nil` when an elimination failed, which no automaton and no chain can cause.
  package func probability(of automaton: OmegaAutomaton) -> Rational? {
    let count = automaton.stateCount
    let edges = letters.map { names in
      let letter = automaton.letter(of: names)
      return (0..<count).map { automaton.edge(from: $0, on: letter) }
    }
    // Node (i, q) is i·count + q; unreachable pairs do no harm.
    let graph = DirectedGraph(
      rows.indices.flatMap { node in
        edges[node].map { edge in rows[node].map { $0.target * count + edge.target } }
      })
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    var values = [Rational?](repeating: nil, count: graph.vertexCount)
    for (number, members) in components.members().enumerated() where isClosed[number] {
      var shown = MarkSet()
      for pair in members { shown.formUnion(edges[pair / count][pair % count].marks) }
      for pair in members { values[pair] = automaton.acceptance.holds(shown) ? 1 : 0 }
    }
    let open = values.indices.filter { values[$0] == nil }
    let places = Dictionary(
      open.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var inner: [[(target: Int, weight: Rational)]] = []
    var arrival: [Rational] = []
    for pair in open {
      let next = edges[pair / count][pair % count].target
      var row: [(target: Int, weight: Rational)] = []
      var sum = Rational.zero
      for (target, weight) in rows[pair / count] {
        if let value = values[target * count + next] {
          sum += weight * value
        } else if let place = places[target * count + next] {
          row.append((place, weight))
        }
      }
      inner.append(row)
      arrival.append(sum)
    }
    var elimination = ChainElimination(rows: inner, start: open.map { _ in 0 })
    guard let solved = elimination.values(arrival) else { return nil }
    for (pair, value) in zip(open, solved) { values[pair] = value }
    return rows.indices.reduce(Rational.zero) { sum, node in
      sum + start[node] * (values[node * count + automaton.initial] ?? 0)
    }
  }
}
