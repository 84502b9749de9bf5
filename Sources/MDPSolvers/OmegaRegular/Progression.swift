// What is here: what remains to be shown of a formula after a letter was read ("after formulas").
// A remainder is a positive Boolean combination of literals and temporal subformulas (the *atoms*),
// kept as its unique minimal disjunctive normal form, so that equivalent combinations are equal and
// there are finitely many.

import MarkovDecisionProcesses

/// A positive Boolean combination of up to 128 atoms: its prime implicants, ascending.
struct Remainder: Hashable {
  private(set) var clauses: [UInt128]

  static let no = Remainder(clauses: [])
  static let yes = Remainder(clauses: [0])

  static func atom(_ number: Int) -> Remainder { Remainder(clauses: [1 << UInt128(number)]) }

  var isFalse: Bool { clauses.isEmpty }
  var isTrue: Bool { clauses.first == 0 }

  private static let maximumClauses = 2000

  private init(clauses: [UInt128]) { self.clauses = clauses }

  private init(minimal clauses: [UInt128]) throws(TranslationError) {
    var kept: [UInt128] = []
    let ordered = Set(clauses).sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
    for clause in ordered where !kept.contains(where: { $0 & ~clause == 0 }) {
      kept.append(clause)
    }
    guard kept.count <= Self.maximumClauses else { throw .tooLarge }
    self.clauses = kept.sorted()
  }

  func or(_ other: Remainder) throws(TranslationError) -> Remainder {
    if isTrue || other.isTrue { return .yes }
    if isFalse { return other }
    if other.isFalse { return self }
    return try Remainder(minimal: clauses + other.clauses)
  }

  func and(_ other: Remainder) throws(TranslationError) -> Remainder {
    if isFalse || other.isFalse { return .no }
    if isTrue { return other }
    if other.isTrue { return self }
    guard clauses.count * other.clauses.count <= Self.maximumClauses * 100 else {
      throw .tooLarge
    }
    return try Remainder(minimal: clauses.flatMap { a in other.clauses.map { a | $0 } })
  }
}

/// The translation of a formula needs more room than it may take.
enum TranslationError: Error {
  case tooLarge
}

/// The remainders of one formula.
final class Progression {
  let table: NormalFormulas
  private var atoms: [Int] = []
  private var numbers: [Int: Int] = [:]
  private var remainders: [Int: Remainder] = [:]
  private var formulaSteps: [Key<Int>: Remainder] = [:]
  private var steps: [Key<Remainder>: Remainder] = [:]

  private struct Key<Value: Hashable>: Hashable {
    let value: Value
    let letter: AutomatonLetter
  }

  init(_ table: NormalFormulas) { self.table = table }

  /// A formula as a combination of atoms.
  func remainder(of formula: Int) throws(TranslationError) -> Remainder {
    if let known = remainders[formula] { return known }
    var result: Remainder
    switch table[formula] {
    case .constant(let value): result = value ? .yes : .no
    case .and(let parts):
      result = .yes
      for part in parts { result = try result.and(try remainder(of: part)) }
    case .or(let parts):
      result = .no
      for part in parts { result = try result.or(try remainder(of: part)) }
    case .literal, .next, .until, .release, .weakUntil, .strongRelease:
      guard atoms.count < 128 else { throw .tooLarge }
      numbers[formula] = atoms.count
      result = .atom(atoms.count)
      atoms.append(formula)
    }
    remainders[formula] = result
    return result
  }

  /// What remains of a remainder after a letter.
  func step(
    _ remainder: Remainder, on letter: AutomatonLetter
  ) throws(TranslationError) -> Remainder {
    if remainder.isTrue || remainder.isFalse { return remainder }
    let key = Key(value: remainder, letter: letter)
    if let known = steps[key] { return known }
    var sum = Remainder.no
    for clause in remainder.clauses {
      var product = Remainder.yes
      for atom in members(of: clause) {
        product = try product.and(try after(atoms[atom], letter))
      }
      sum = try sum.or(product)
    }
    steps[key] = sum
    return sum
  }

  /// `af(formula, letter)`.
  private func after(
    _ formula: Int, _ letter: AutomatonLetter
  ) throws(TranslationError) -> Remainder {
    let key = Key(value: formula, letter: letter)
    if let known = formulaSteps[key] { return known }
    var result: Remainder
    switch table[formula] {
    case .constant(let value): result = value ? .yes : .no
    case .literal(let p, let isPositive): result = (letter >> p & 1 == 1) == isPositive ? .yes : .no
    case .and(let parts):
      result = .yes
      for part in parts { result = try result.and(try after(part, letter)) }
    case .or(let parts):
      result = .no
      for part in parts { result = try result.or(try after(part, letter)) }
    case .next(let a): result = try remainder(of: a)
    case .until(let a, let b), .weakUntil(let a, let b):
      let stays = try after(a, letter).and(try remainder(of: formula))
      result = try after(b, letter).or(stays)
    case .release(let a, let b), .strongRelease(let a, let b):
      let ends = try after(a, letter).or(try remainder(of: formula))
      result = try after(b, letter).and(ends)
    }
    formulaSteps[key] = result
    return result
  }

  /// The remainder as a formula, after `change` of every atom.
  func formula(of remainder: Remainder, _ change: (Int) -> Int) -> Int {
    table.or(
      remainder.clauses.map { clause in
        table.and(members(of: clause).map { change(atoms[$0]) })
      })
  }

  private func members(of clause: UInt128) -> [Int] {
    var rest = clause
    var members: [Int] = []
    while rest != 0 {
      members.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return members
  }
}
