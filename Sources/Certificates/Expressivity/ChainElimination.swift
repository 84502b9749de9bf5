import ExactArithmetic

/// Expected visits in a chain that ends, by elimination of one state after the other.
///
/// Solves `x = start + x P` for a substochastic `P ≥ 0` from which every run escapes. Eliminating
/// a state passes its traffic on to its successors; all numbers stay non-negative, so nothing
/// cancels (Grassmann, Taksar and Heyman 1985). The checker's own way to visits: it shares
/// nothing with the solvers.
struct ChainElimination {
  private var rows: [[Int: Rational]]
  private var sources: [Set<Int>]
  private var start: [Rational]

  /// - Parameter rows: for each state its successors with positive weights, each once.
  init(rows: [[(target: Int, weight: Rational)]], start: [Rational]) {
    self.start = start
    self.rows = rows.map { row in
      Dictionary(row.map { ($0.target, $0.weight) }, uniquingKeysWith: +)
    }
    sources = Array(repeating: [], count: rows.count)
    for (state, row) in self.rows.enumerated() {
      for target in row.keys { sources[target].insert(state) }
    }
  }

  /// The visits `x`, or `nil` when some state is never left.
  ///
  /// - Complexity: as elimination with the least degree first: cubic at worst, near linear on
  ///   chains that are nearly trees.
  mutating func visits() -> [Rational]? {
    var order: [(state: Int, inflow: [(source: Int, weight: Rational)], rest: Rational)] = []
    var remaining = Set(rows.indices)
    while let state = remaining.min(by: { (cost($0), $0) < (cost($1), $1) }) {
      remaining.remove(state)
      let rest = 1 - (rows[state][state] ?? 0)
      guard rest.signum > 0 else { return nil }
      order.append((state, eliminate(state, rest), rest))
    }
    var visits = [Rational](repeating: 0, count: rows.count)
    for step in order.reversed() {
      var sum = start[step.state]
      for (source, weight) in step.inflow { sum += visits[source] * weight }
      visits[step.state] = sum / step.rest
    }
    return visits
  }

  /// The solution of `q = b + P q`, or `nil` when some state is never left.
  mutating func values(_ b: [Rational]) -> [Rational]? {
    var right = b
    var order: [(state: Int, onward: [Int: Rational], rest: Rational)] = []
    var remaining = Set(rows.indices)
    while let state = remaining.min(by: { (cost($0), $0) < (cost($1), $1) }) {
      remaining.remove(state)
      let rest = 1 - (rows[state][state] ?? 0)
      guard rest.signum > 0 else { return nil }
      let onward = rows[state].filter { $0.key != state }
      for (source, weight) in eliminate(state, rest) {
        right[source] += weight * right[state] / rest
      }
      order.append((state, onward, rest))
    }
    var values = [Rational](repeating: 0, count: rows.count)
    for step in order.reversed() {
      let sum = step.onward.reduce(right[step.state]) { $0 + $1.value * values[$1.key] }
      values[step.state] = sum / step.rest
    }
    return values
  }

  private func cost(_ state: Int) -> Int { rows[state].count * sources[state].count }

  /// Takes `state` out, and returns what flowed into it from the states that remain.
  private mutating func eliminate(
    _ state: Int, _ rest: Rational
  ) -> [(source: Int, weight: Rational)] {
    let row = rows[state].filter { $0.key != state }
    for target in row.keys { sources[target].remove(state) }
    var inflow: [(source: Int, weight: Rational)] = []
    for source in sources[state] where source != state {
      guard let weight = rows[source].removeValue(forKey: state) else { continue }
      inflow.append((source, weight))
      let share = weight / rest
      for (target, onward) in row {
        rows[source][target, default: 0] += share * onward
        sources[target].insert(source)
      }
    }
    if !start[state].isZero {
      let share = start[state] / rest
      for (target, onward) in row { start[target] += share * onward }
    }
    return inflow
  }
}
