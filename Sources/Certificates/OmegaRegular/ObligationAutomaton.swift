// What is here: the automaton whose states are sets of formulas that have to hold from a position
// on, made as it is run.
// Sources: Gerth, Peled, Vardi and Wolper 1995; Couvreur 1999; proofs-notes/automaton-check.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// Why an automaton could not be compared with a formula.
enum ComparisonFailure: Error {
  /// What there was too much of.
  case tooLarge(String)
  case interrupted(Interrupted)
}

extension ProgressHandler {
  func compared() throws(ComparisonFailure) {
    do throws(Interrupted) {
      try checkpoint()
    } catch {
      throw .interrupted(error)
    }
  }
}

/// The sets of obligations that follow from a formula, by number in the order in which they are
/// met, and what each letter leaves of them.
struct ObligationAutomaton {
  /// A choice of what to satisfy, and how.
  struct Edge: Hashable {
    /// The number of the set that has to hold from the next position on.
    let target: Int32
    /// On infinite words: the untils that were put off, one bit each. On finite traces 1 when
    /// there has to be a next position, else 0.
    let debts: UInt128
  }

  private struct Branch {
    let next: BitSet
    let debts: UInt128
    let size: Int

    init(next: BitSet, debts: UInt128) {
      self.next = next
      self.debts = debts
      size = next.count + debts.nonzeroBitCount
    }

    /// Nothing is left to satisfy.
    static let done = Branch(next: BitSet(), debts: 0)

    var isDone: Bool { size == 0 }

    func asksLess(than other: Branch) -> Bool {
      debts & ~other.debts == 0 && next.isSubset(of: other.next)
    }
  }

  /// The first set has the number 0.
  private(set) var sets: [BitSet]
  /// One bit for each until.
  let everyUntil: UInt128

  private let table: ObligationTable
  private let isFinite: Bool
  private let letters: [AutomatonLetter]
  private let progress: ProgressHandler
  private var numbers: [BitSet: Int32]
  /// For each formula and letter.
  private var branches: [[Branch]?]
  /// For each set and letter.
  private var edges: [[Edge]?]
  private var edgeCount = 0
  private var comparisons = 0

  private static let maximumUntils = 128
  private static let maximumSets = 1 << 17
  private static let maximumEdges = 1 << 22
  private static let maximumBranches = 1 << 14
  private static let maximumComparisons = 1 << 29

  /// - Throws: ``ComparisonFailure/tooLarge(_:)`` for more untils than there are bits.
  init(
    _ formula: TemporalFormula, isNegated: Bool = false, _ semantics: TraceSemantics,
    propositions: [String], letters: [AutomatonLetter], _ progress: ProgressHandler
  ) throws(ComparisonFailure) {
    table = ObligationTable(formula, isNegated: isNegated, semantics, propositions)
    isFinite = semantics.isFinite
    guard isFinite || table.untils.count <= Self.maximumUntils else {
      throw .tooLarge("more than \(Self.maximumUntils) operators U (or F, M)")
    }
    everyUntil = isFinite ? 0 : table.untils.values.reduce(0) { $0 | 1 << UInt128($1) }
    self.letters = letters
    self.progress = progress
    sets = [table.closures[table.root]]
    numbers = [table.closures[table.root]: 0]
    branches = Array(repeating: nil, count: table.nodes.count * letters.count)
    edges = Array(repeating: nil, count: letters.count)
  }

  // MARK: - Edges

  /// The edges of a set on the letter of this place; none when it cannot be satisfied.
  mutating func edges(from set: Int32, on letter: Int) throws(ComparisonFailure) -> [Edge] {
    let place = Int(set) * letters.count + letter
    if let known = edges[place] { return known }
    try progress.compared()
    var choices = [Branch.done]
    for head in table.heads(of: sets[Int(set)]) {
      choices = try both(choices, branches(of: head, on: letter))
      if choices.isEmpty { break }
    }
    var found: [Edge] = []
    for choice in choices {
      found.append(Edge(target: try number(of: choice.next), debts: choice.debts))
    }
    edges[place] = found
    edgeCount += found.count
    guard edgeCount <= Self.maximumEdges else {
      throw .tooLarge("more than \(Self.maximumEdges) edges between sets of obligations")
    }
    return found
  }

  /// Those of the sets that ask for no more than another one does, ascending.
  mutating func weakest(_ sets: Set<Int32>) throws(ComparisonFailure) -> [Int32] {
    let choices = sets.map { Branch(next: self.sets[Int($0)], debts: 0) }
    var found: [Int32] = []
    for choice in try minimal(choices) { found.append(try number(of: choice.next)) }
    return found.sorted()
  }

  private mutating func number(of set: BitSet) throws(ComparisonFailure) -> Int32 {
    if let known = numbers[set] { return known }
    guard sets.count < Self.maximumSets, edges.count <= Self.maximumEdges else {
      let most = min(Self.maximumSets, Self.maximumEdges / letters.count)
      throw .tooLarge("more than \(most) sets of obligations")
    }
    let number = Int32(sets.count)
    numbers[set] = number
    sets.append(set)
    for _ in letters { edges.append(nil) }
    return number
  }

  // MARK: - Branches

  /// The ways to satisfy a formula at a position with this letter.
  private mutating func branches(
    of formula: Int, on letter: Int
  ) throws(ComparisonFailure) -> [Branch] {
    let place = formula * letters.count + letter
    if let known = branches[place] { return known }
    let found: [Branch]
    switch table.nodes[formula] {
    case .constant(let value): found = value ? [.done] : []
    case .literal(let p, let isPositive):
      found = (letters[letter] >> AutomatonLetter(p) & 1 == 1) == isPositive ? [.done] : []
    case .and(let parts):
      var choices = [Branch.done]
      for part in parts { choices = try both(choices, branches(of: part, on: letter)) }
      found = choices
    case .or(let parts):
      var choices: [Branch] = []
      for part in parts { choices += try branches(of: part, on: letter) }
      found = try minimal(choices)
    case .next(let inner, let isStrong):
      found = [Branch(next: table.closures[inner], debts: isFinite && isStrong ? 1 : 0)]
    case .until(let first, let second):
      let stays = try both(branches(of: first, on: letter), [later(formula)])
      found = try minimal(branches(of: second, on: letter) + stays)
    case .release(let first, let second):
      let ends = try minimal(branches(of: first, on: letter) + [later(formula)])
      found = try both(branches(of: second, on: letter), ends)
    }
    branches[place] = found
    return found
  }

  /// The formula again, at the next position.
  private func later(_ formula: Int) -> Branch {
    var debts: UInt128 = 0
    if let until = table.untils[formula] { debts = isFinite ? 1 : 1 << UInt128(until) }
    return Branch(next: table.closures[formula], debts: debts)
  }

  private mutating func both(
    _ left: [Branch], _ right: [Branch]
  ) throws(ComparisonFailure) -> [Branch] {
    if left.count == 1, left[0].isDone { return right }
    if right.count == 1, right[0].isDone { return left }
    guard left.count * right.count <= Self.maximumBranches else {
      throw .tooLarge("more than \(Self.maximumBranches) ways to satisfy obligations")
    }
    var all: [Branch] = []
    all.reserveCapacity(left.count * right.count)
    for a in left {
      for b in right {
        var next = a.next
        next.formUnion(b.next)
        all.append(Branch(next: next, debts: a.debts | b.debts))
      }
    }
    return try minimal(all)
  }

  /// Without branches that ask for all that another one does.
  private mutating func minimal(_ branches: [Branch]) throws(ComparisonFailure) -> [Branch] {
    guard branches.count > 1 else { return branches }
    if let done = branches.first(where: \.isDone) { return [done] }
    var kept: [Branch] = []
    for branch in branches.sorted(by: { $0.size < $1.size }) {
      comparisons += kept.count
      if !kept.contains(where: { $0.asksLess(than: branch) }) { kept.append(branch) }
    }
    guard comparisons <= Self.maximumComparisons else {
      throw .tooLarge("more than \(Self.maximumComparisons) comparisons of obligations")
    }
    return kept
  }
}
