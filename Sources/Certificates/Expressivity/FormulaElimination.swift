// What is here: the probability of a formula of temporal logic in a chain, one temporal operator after
// the other (Courcoubetis and Yannakakis 1995). Notation: q_i = the probability of the innermost
// subformula g from node i, q^1 = q, q^0 = 1 − q. A node splits into (i,1), where g will turn out to
// hold, and (i,0), where not; conditioned on that the chain is a chain again, with a new label.

import ExactArithmetic
import MarkovDecisionProcesses

/// A chain with letters at its nodes, in which formulas are eliminated.
package struct FormulaElimination {
  private(set) var letters: [Set<String>] = []
  private(set) var rows: [[(target: Int, weight: Rational)]] = []
  private(set) var start: [Rational] = []
  private var freshCount = 0

  /// The chain of a policy: nodes are states, or transitions where these have labels of their own.
  package init(of policy: Policy, in task: ExpressTask) {
    let model = task.model
    let propositions = TransitionLetters(of: model)
    if model.labeledTransitions.isEmpty {
      letters = (0..<model.stateCount).map { propositions.labels(of: State($0)) }
      rows = (0..<model.stateCount).map { state in
        model.chainRow(of: policy, at: State(state)).map {
          (Int($0.successor.index), $0.probability)
        }
      }
      start = Array(repeating: 0, count: model.stateCount)
      for (state, probability) in task.initial ?? [] { start[Int(state.index)] += probability }
    } else {
      takeTransitions(of: policy, task, propositions)
    }
    trim()
  }

  /// The chain of a single run that goes on for ever.
  package init(of trajectory: Trajectory, in model: FiniteMDP) {
    let propositions = TransitionLetters(of: model)
    let cycle = trajectory.cycle ?? []
    let steps = trajectory.steps + cycle
    letters = steps.map { propositions.letter(of: $0.state, $0.action, to: $0.successor) }
    rows = steps.indices.map { place in
      [(target: place + 1 < steps.count ? place + 1 : trajectory.steps.count, weight: 1)]
    }
    start = steps.indices.map { $0 == 0 ? 1 : 0 }
  }

  private mutating func takeTransitions(
    of policy: Policy, _ task: ExpressTask, _ propositions: TransitionLetters
  ) {
    let model = task.model
    var nodes: [[(node: Int, weight: Rational)]] = Array(repeating: [], count: model.stateCount)
    var successors: [Int] = []
    for state in 0..<model.stateCount {
      for weighted in policy.choices(at: State(state)) {
        let action = model.action(of: weighted.choice)
        for (successor, probability) in model.transitions(of: weighted.choice) {
          nodes[state].append((successors.count, weighted.probability * probability))
          successors.append(Int(successor.index))
          letters.append(propositions.letter(of: State(state), action, to: successor))
        }
      }
    }
    rows = successors.map { nodes[$0].map { ($0.node, $0.weight) } }
    start = Array(repeating: 0, count: successors.count)
    for (state, probability) in task.initial ?? [] {
      for (node, weight) in nodes[Int(state.index)] { start[node] += probability * weight }
    }
  }

  /// The probability of `formula` under the chain's start.
  ///
  /// - Complexity: at most `2^{temporal operators}` times the nodes.
  ///
  /// - Returns: `nil` when an elimination failed, which no formula and no chain can cause.
  package mutating func probability(of formula: TemporalFormula) -> Rational? {
    var rest = formula
    while let inner = rest.innermostTemporal {
      freshCount += 1
      // No name of a file contains this character.
      let name = "\u{0}\(freshCount)"
      guard eliminate(inner, as: name) else { return nil }
      rest = rest.replacing(inner, by: .proposition(name))
    }
    return rows.indices.reduce(Rational.zero) { sum, node in
      rest.holds(in: letters[node]) ? sum + start[node] : sum
    }
  }

  // MARK: - One operator

  private mutating func eliminate(
    _ formula: TemporalFormula, as name: String
  ) -> Bool {
    switch formula {
    case .next(let inner): splitNext(inner, name)
    case .until(let first, let second):
      guard splitUntil(first, second, name) else { return false }
    case .constant, .proposition, .not, .and, .or: return false
    }
    trim()
    return true
  }

  private mutating func splitNext(_ inner: TemporalFormula, _ name: String) {
    let holds = letters.map { inner.holds(in: $0) }
    let q = rows.map { row in
      row.reduce(Rational.zero) { holds[$1.target] ? $0 + $1.weight : $0 }
    }
    split(q, name) { _, truth, target in holds[target] == truth ? .free : .none }
  }

  private mutating func splitUntil(
    _ first: TemporalFormula, _ second: TemporalFormula, _ name: String
  ) -> Bool {
    let isGoal = letters.map { second.holds(in: $0) }
    let isOpen = letters.indices.map { !isGoal[$0] && first.holds(in: letters[$0]) }
    guard let q = untilProbabilities(isGoal, isOpen) else { return false }
    split(q, name) { node, _, _ in isOpen[node] ? .same : .free }
    return true
  }

  private func untilProbabilities(
    _ isGoal: [Bool], _ isOpen: [Bool]
  ) -> [Rational]? {
    // The graph decides which open nodes reach the goal; only those enter the system.
    var sources = [[Int]](repeating: [], count: rows.count)
    for (node, row) in rows.enumerated() where isOpen[node] {
      for (target, _) in row { sources[target].append(node) }
    }
    var reaches = isGoal
    var pending = rows.indices.filter { isGoal[$0] }
    while let node = pending.popLast() {
      for source in sources[node] where !reaches[source] {
        reaches[source] = true
        pending.append(source)
      }
    }
    let members = rows.indices.filter { isOpen[$0] && reaches[$0] }
    let places = Dictionary(
      members.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let inner = members.map { member in
      rows[member].compactMap { entry -> (target: Int, weight: Rational)? in
        places[entry.target].map { ($0, entry.weight) }
      }
    }
    let arrival = members.map { member in
      rows[member].reduce(Rational.zero) { isGoal[$1.target] ? $0 + $1.weight : $0 }
    }
    var elimination = ChainElimination(rows: inner, start: members.map { _ in 0 })
    guard let solved = elimination.values(arrival) else { return nil }
    var q = isGoal.map { $0 ? Rational.one : 0 }
    for (member, value) in zip(members, solved) { q[member] = value }
    return q
  }

  /// Which truths a successor may have, given that of the node.
  private enum Continuation { case none, free, same }

  private mutating func split(
    _ q: [Rational], _ name: String, _ rule: (Int, Bool, Int) -> Continuation
  ) {
    func share(_ node: Int, _ truth: Bool) -> Rational { truth ? q[node] : 1 - q[node] }
    var places: [[Bool: Int]] = Array(repeating: [:], count: rows.count)
    var halves: [(node: Int, truth: Bool)] = []
    for node in rows.indices {
      for truth in [true, false] where !share(node, truth).isZero {
        places[node][truth] = halves.count
        halves.append((node, truth))
      }
    }
    var newRows: [[(target: Int, weight: Rational)]] = []
    for (node, truth) in halves {
      var row: [(target: Int, weight: Rational)] = []
      for (target, weight) in rows[node] {
        let continuation = rule(node, truth, target)
        for (next, place) in places[target].sorted(by: { $0.value < $1.value }) {
          switch continuation {
          case .none: continue
          case .same where next != truth: continue
          case .same, .free: row.append((place, weight * share(target, next)))
          }
        }
      }
      // What the condition excludes makes the row smaller; the rest is divided by its sum.
      let sum = row.reduce(Rational.zero) { $0 + $1.weight }
      newRows.append(sum.isZero ? [] : row.map { ($0.target, $0.weight / sum) })
    }
    letters = halves.map { $0.truth ? letters[$0.node].union([name]) : letters[$0.node] }
    start = halves.map { start[$0.node] * share($0.node, $0.truth) }
    rows = newRows
  }

  /// Drops nodes that no run visits.
  private mutating func trim() {
    var isReached = start.map { !$0.isZero }
    var pending = start.indices.filter { isReached[$0] }
    while let node = pending.popLast() {
      for (target, _) in rows[node] where !isReached[target] {
        isReached[target] = true
        pending.append(target)
      }
    }
    let kept = rows.indices.filter { isReached[$0] }
    var places = [Int](repeating: -1, count: rows.count)
    for (place, node) in kept.enumerated() { places[node] = place }
    rows = kept.map { rows[$0].map { (places[$0.target], $0.weight) } }
    letters = kept.map { letters[$0] }
    start = kept.map { start[$0] }
  }
}

extension TemporalFormula {
  /// A temporal operator whose operands have none.
  fileprivate var innermostTemporal: TemporalFormula? {
    switch self {
    case .constant, .proposition: nil
    case .not(let inner): inner.innermostTemporal
    case .and(let a, let b), .or(let a, let b): a.innermostTemporal ?? b.innermostTemporal
    case .next(let inner): inner.innermostTemporal ?? self
    case .until(let a, let b): a.innermostTemporal ?? b.innermostTemporal ?? self
    }
  }

  fileprivate func replacing(_ part: TemporalFormula, by other: TemporalFormula) -> TemporalFormula
  {
    if self == part { return other }
    switch self {
    case .constant, .proposition: return self
    case .not(let inner): return .not(inner.replacing(part, by: other))
    case .and(let a, let b):
      return .and(a.replacing(part, by: other), b.replacing(part, by: other))
    case .or(let a, let b): return .or(a.replacing(part, by: other), b.replacing(part, by: other))
    case .next(let inner): return .next(inner.replacing(part, by: other))
    case .until(let a, let b):
      return .until(a.replacing(part, by: other), b.replacing(part, by: other))
    }
  }
}
