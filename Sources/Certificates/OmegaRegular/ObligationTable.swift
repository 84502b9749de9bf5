// What is here: the subformulas of a formula with negations at propositions only, by number, and
// which of them are read whenever another one is.

import MarkovDecisionProcesses

/// A formula in negation normal form; equal subformulas have equal numbers.
struct ObligationTable {
  enum Node: Hashable {
    case constant(Bool)
    case literal(Int, isPositive: Bool)
    /// Ascending.
    case and([Int])
    case or([Int])
    /// Whether there has to be a next position matters on finite traces alone.
    case next(Int, isStrong: Bool)
    case until(Int, Int)
    case release(Int, Int)
  }

  private(set) var nodes: [Node] = []
  /// For each formula the set that says it: the formula itself (a conjunction: its parts) with
  /// every formula that is read at a position where it is, as `b` is with `a R b`.
  private(set) var closures: [BitSet] = []
  /// The untils have the numbers from 0 on, others none.
  private(set) var untils: [Int: Int] = [:]
  /// The number of the whole formula.
  private(set) var root = 0

  private let isFinite: Bool
  private let propositions: [String: Int]
  private var places: [Node: Int] = [:]

  /// - Parameters:
  ///   - isNegated: the negation of `formula` is meant.
  ///   - propositions: the bits of a letter.
  init(
    _ formula: TemporalFormula, isNegated: Bool = false, _ semantics: TraceSemantics,
    _ propositions: [String]
  ) {
    isFinite = semantics.isFinite
    self.propositions = Dictionary(
      propositions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    root = number(of: formula, isNegated)
  }

  private mutating func number(of formula: TemporalFormula, _ isNegated: Bool) -> Int {
    switch formula {
    case .constant(let value): return place(.constant(value != isNegated))
    case .proposition(let name):
      return propositions[name].map { place(.literal($0, isPositive: !isNegated)) }
        ?? place(.constant(isNegated))
    case .not(let inner): return number(of: inner, !isNegated)
    case .and: return joined(formula, isNegated, isAnd: !isNegated)
    case .or: return joined(formula, isNegated, isAnd: isNegated)
    case .next(let inner):
      return place(.next(number(of: inner, isNegated), isStrong: !(isFinite && isNegated)))
    case .until(let a, let b):
      let (first, second) = (number(of: a, isNegated), number(of: b, isNegated))
      return place(isNegated ? .release(first, second) : .until(first, second))
    }
  }

  /// A conjunction (or disjunction), with the parts of its parts: long ones are nested deeply.
  private mutating func joined(
    _ formula: TemporalFormula, _ isNegated: Bool, isAnd: Bool
  ) -> Int {
    var parts: Set<Int> = []
    var pending = [(formula: formula, isNegated: isNegated)]
    while let (formula, isNegated) = pending.popLast() {
      switch formula {
      case .not(let inner): pending.append((inner, !isNegated))
      case .and(let a, let b) where isAnd != isNegated,
        .or(let a, let b) where isAnd == isNegated:
        pending += [(a, isNegated), (b, isNegated)]
      default: parts.insert(number(of: formula, isNegated))
      }
    }
    parts = parts.filter { nodes[$0] != .constant(isAnd) }
    if parts.contains(where: { nodes[$0] == .constant(!isAnd) }) {
      return place(.constant(!isAnd))
    }
    if parts.count == 1, let only = parts.first { return only }
    if parts.isEmpty { return place(.constant(isAnd)) }
    return place(isAnd ? .and(parts.sorted()) : .or(parts.sorted()))
  }

  private mutating func place(_ node: Node) -> Int {
    if let known = places[node] { return known }
    let number = nodes.count
    nodes.append(node)
    places[node] = number
    var closure = BitSet()
    switch node {
    case .constant(true): break
    case .and(let parts): for part in parts { closure.formUnion(closures[part]) }
    case .release(_, let second):
      closure = closures[second]
      closure.insert(number)
    case .until:
      untils[number] = untils.count
      closure.insert(number)
    case .constant, .literal, .or, .next: closure.insert(number)
    }
    closures.append(closure)
    return number
  }

  /// The members of a set of obligations that no other one brings along.
  func heads(of set: BitSet) -> [Int] {
    var heads = set
    for member in set.members {
      if case .release(_, let second) = nodes[member] { heads.subtract(closures[second]) }
    }
    return heads.members
  }
}
