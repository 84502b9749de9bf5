// What is here: formulas of temporal logic with negations at propositions only, in a table in which
// equal formulas have equal numbers, simplified as they are made.
// A formula is *tail* if its truth does not change when a run loses its first letter, such as GF a.

import MarkovDecisionProcesses

/// Formulas in negation normal form, by number.
final class NormalFormulas {
  enum Node: Hashable {
    case constant(Bool)
    case literal(Int, isPositive: Bool)
    /// Ascending, at least two, none of them a conjunction.
    case and([Int])
    /// Ascending, at least two, none of them a disjunction.
    case or([Int])
    case next(Int)
    /// `F a` is `true U a`.
    case until(Int, Int)
    /// `G a` is `false R a`.
    case release(Int, Int)
    /// `a W b`: `a U b` or `G a`.
    case weakUntil(Int, Int)
    /// `a M b`: `b U (a & b)`.
    case strongRelease(Int, Int)
  }

  private(set) var nodes: [Node] = []
  private var places: [Node: Int] = [:]
  private var tails: [Bool] = []
  /// Whether no `U`, `M` occurs, and whether no `R`, `W` does.
  private var classes: [(isSafe: Bool, isCosafe: Bool)] = []

  let yes: Int
  let no: Int

  init() {
    (yes, no) = (0, 1)
    _ = place(.constant(true))
    _ = place(.constant(false))
  }

  subscript(formula: Int) -> Node { nodes[formula] }
  func isTail(_ formula: Int) -> Bool { tails[formula] }
  func isSafe(_ formula: Int) -> Bool { classes[formula].isSafe }
  func isCosafe(_ formula: Int) -> Bool { classes[formula].isCosafe }

  private func place(_ node: Node) -> Int {
    if let known = places[node] { return known }
    nodes.append(node)
    places[node] = nodes.count - 1
    tails.append(isTail(node))
    let inner = node.operands.map { classes[$0] }
    classes.append(
      (
        inner.allSatisfy(\.isSafe) && !node.isLeast,
        inner.allSatisfy(\.isCosafe) && !node.isGreatest
      ))
    return nodes.count - 1
  }

  private func isTail(_ node: Node) -> Bool {
    switch node {
    case .constant: return true
    case .and(let parts), .or(let parts): return parts.allSatisfy { tails[$0] }
    case .until(yes, let a):
      if case .release(no, _) = nodes[a] { return true }
      return false
    case .release(no, let a):
      if case .until(yes, _) = nodes[a] { return true }
      return false
    case .literal, .next, .until, .release, .weakUntil, .strongRelease: return false
    }
  }
}

extension NormalFormulas.Node {
  var operands: [Int] {
    switch self {
    case .constant, .literal: []
    case .and(let parts), .or(let parts): parts
    case .next(let a): [a]
    case .until(let a, let b), .release(let a, let b), .weakUntil(let a, let b),
      .strongRelease(let a, let b):
      [a, b]
    }
  }

  /// A least fixed point: `U` or `M`.
  var isLeast: Bool {
    switch self {
    case .until, .strongRelease: true
    default: false
    }
  }

  /// A greatest fixed point: `R` or `W`.
  var isGreatest: Bool {
    switch self {
    case .release, .weakUntil: true
    default: false
    }
  }
}

// MARK: - Making formulas

extension NormalFormulas {
  func literal(_ proposition: Int, isPositive: Bool) -> Int {
    place(.literal(proposition, isPositive: isPositive))
  }

  func and(_ parts: [Int]) -> Int { joined(parts, isAnd: true) }
  func or(_ parts: [Int]) -> Int { joined(parts, isAnd: false) }

  private func joined(_ parts: [Int], isAnd: Bool) -> Int {
    let (neutral, absorbing) = isAnd ? (yes, no) : (no, yes)
    var flat: Set<Int> = []
    for part in parts {
      switch nodes[part] {
      case .and(let inner) where isAnd: flat.formUnion(inner)
      case .or(let inner) where !isAnd: flat.formUnion(inner)
      default: flat.insert(part)
      }
    }
    flat.remove(neutral)
    if flat.contains(absorbing) { return absorbing }
    for part in flat {
      guard case .literal(let p, let isPositive) = nodes[part] else { continue }
      if let other = places[.literal(p, isPositive: !isPositive)], flat.contains(other) {
        return absorbing
      }
    }
    if flat.isEmpty { return neutral }
    if flat.count == 1, let only = flat.first { return only }
    return place(isAnd ? .and(flat.sorted()) : .or(flat.sorted()))
  }

  func next(_ a: Int) -> Int { tails[a] ? a : place(.next(a)) }

  func finally(_ a: Int) -> Int {
    if tails[a] { return a }
    switch nodes[a] {
    case .or(let parts): return or(parts.map(finally))
    case .next(let b): return next(finally(b))
    case .until(_, let b): return finally(b)
    case .strongRelease(let b, let c): return finally(and([b, c]))
    case .and(let parts) where parts.contains(where: isTail):
      return and(parts.filter(isTail) + [finally(and(parts.filter { !isTail($0) }))])
    default: return place(.until(yes, a))
    }
  }

  func globally(_ a: Int) -> Int {
    if tails[a] { return a }
    switch nodes[a] {
    case .and(let parts): return and(parts.map(globally))
    case .next(let b): return next(globally(b))
    case .release(_, let b): return globally(b)
    case .weakUntil(let b, let c): return globally(or([b, c]))
    case .or(let parts) where parts.contains(where: isTail):
      return or(parts.filter(isTail) + [globally(or(parts.filter { !isTail($0) }))])
    default: return place(.release(no, a))
    }
  }

  func until(_ a: Int, _ b: Int) -> Int {
    if tails[b] || a == no { return b }
    if a == b { return b }
    if a == yes { return finally(b) }
    if case .and(let parts) = nodes[b], parts.contains(a) {
      return strongRelease(and(parts.filter { $0 != a }), a)
    }
    return place(.until(a, b))
  }

  func release(_ a: Int, _ b: Int) -> Int {
    if tails[b] || a == yes { return b }
    if a == b { return b }
    if a == no { return globally(b) }
    if case .or(let parts) = nodes[b], parts.contains(a) {
      return weakUntil(or(parts.filter { $0 != a }), a)
    }
    return place(.release(a, b))
  }

  func weakUntil(_ a: Int, _ b: Int) -> Int {
    if a == yes || b == yes { return yes }
    if a == no || a == b { return b }
    if tails[b] { return or([globally(a), b]) }
    return place(.weakUntil(a, b))
  }

  func strongRelease(_ a: Int, _ b: Int) -> Int {
    if a == no || b == no { return no }
    if a == yes || a == b { return b }
    if tails[b] { return and([finally(a), b]) }
    return place(.strongRelease(a, b))
  }

  /// The number of `formula`, or of its negation.
  ///
  /// - Parameter numbers: of the propositions.
  func number(
    of formula: TemporalFormula, isNegated: Bool = false, _ numbers: [String: Int]
  ) -> Int {
    func part(_ inner: TemporalFormula) -> Int {
      number(of: inner, isNegated: isNegated, numbers)
    }
    switch formula {
    case .constant(let value): return value != isNegated ? yes : no
    case .proposition(let name): return literal(numbers[name] ?? 0, isPositive: !isNegated)
    case .not(let inner): return number(of: inner, isNegated: !isNegated, numbers)
    case .and(let a, let b): return isNegated ? or([part(a), part(b)]) : and([part(a), part(b)])
    case .or(let a, let b): return isNegated ? and([part(a), part(b)]) : or([part(a), part(b)])
    case .next(let inner): return next(part(inner))
    case .until(let a, let b):
      return isNegated ? release(part(a), part(b)) : until(part(a), part(b))
    }
  }

  /// All subformulas that are least (or greatest) fixed points, ascending.
  func fixedPoints(of formula: Int, least: Bool) -> [Int] {
    var found: Set<Int> = []
    var seen: Set<Int> = []
    var pending = [formula]
    while let one = pending.popLast() {
      guard seen.insert(one).inserted else { continue }
      if least ? nodes[one].isLeast : nodes[one].isGreatest { found.insert(one) }
      pending += nodes[one].operands
    }
    return found.sorted()
  }

  // MARK: - The two substitutions of the master theorem

  /// `formula[X]_ν`: least fixed points in `recurring` become greatest ones, others false.
  func weakened(_ formula: Int, _ recurring: Set<Int>) -> Int {
    let isIn = recurring.contains(formula)
    func part(_ inner: Int) -> Int { weakened(inner, recurring) }
    switch nodes[formula] {
    case .constant, .literal: return formula
    case .and(let parts): return and(parts.map(part))
    case .or(let parts): return or(parts.map(part))
    case .next(let a): return next(part(a))
    case .release(let a, let b): return release(part(a), part(b))
    case .weakUntil(let a, let b): return weakUntil(part(a), part(b))
    case .until(let a, let b): return isIn ? weakUntil(part(a), part(b)) : no
    case .strongRelease(let a, let b): return isIn ? release(part(a), part(b)) : no
    }
  }

  /// `formula[Y]_μ`: greatest fixed points in `lasting` become true, others least ones.
  func strengthened(_ formula: Int, _ lasting: Set<Int>) -> Int {
    if lasting.contains(formula) { return yes }
    func part(_ inner: Int) -> Int { strengthened(inner, lasting) }
    switch nodes[formula] {
    case .constant, .literal: return formula
    case .and(let parts): return and(parts.map(part))
    case .or(let parts): return or(parts.map(part))
    case .next(let a): return next(part(a))
    case .until(let a, let b): return until(part(a), part(b))
    case .strongRelease(let a, let b): return strongRelease(part(a), part(b))
    case .release(let a, let b): return strongRelease(part(a), part(b))
    case .weakUntil(let a, let b): return until(part(a), part(b))
    }
  }
}
