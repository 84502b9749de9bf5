// What is here: the parts of which the automaton of a formula is made; each reads letters, changes
// its state and shows marks. Proofs: proofs-notes/formula-automaton.md.

import MarkovDecisionProcesses

/// A deterministic automaton of a part of a formula, whose states are made as they are met.
protocol FormulaMachine: AnyObject {
  var initial: Int { get }
  /// The state after a letter, and the marks that it shows on the way.
  func step(
    _ state: Int, on letter: AutomatonLetter
  ) throws(TranslationError) -> (state: Int, marks: MarkSet)
  /// Whether it is settled at `state` that the word is accepted (or not).
  func verdict(at state: Int) -> Bool?
  var acceptance: AcceptanceCondition { get }
}

/// Numbers for values, in the order in which they are met.
struct Numbering<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let known = numbers[value] { return known }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}

/// The machine of a formula without greatest (or least) fixed points, asked once or for ever.
///
/// It keeps the remainder of the formula. What is co-safe holds when the remainder becomes true,
/// what is safe as long as it does not become false. For `G F` (or `F G`) the machine starts again
/// each time, and the mark shows that.
final class RemainderMachine: FormulaMachine {
  enum Kind {
    /// Holds until the remainder is false.
    case safety
    /// Holds when the remainder is true.
    case cosafety
    /// `G F` of a co-safe formula, of which `F` is kept.
    case recurrence
    /// `F G` of a safe formula, of which `G` is kept.
    case persistence
  }

  private let kind: Kind
  private let mark: Int
  private let progression: Progression
  private let start: Remainder
  private var numbering = Numbering<Remainder>()

  init(_ kind: Kind, of formula: Int, mark: Int, in table: NormalFormulas) throws(TranslationError)
  {
    self.kind = kind
    self.mark = mark
    progression = Progression(table)
    start = try progression.remainder(of: formula)
    _ = numbering.number(of: start)
  }

  var initial: Int { 0 }

  func step(
    _ state: Int, on letter: AutomatonLetter
  ) throws(TranslationError) -> (state: Int, marks: MarkSet) {
    var next = try progression.step(numbering.values[state], on: letter)
    let shows =
      switch kind {
      case .safety, .persistence: next.isFalse
      case .cosafety, .recurrence: next.isTrue
      }
    switch kind {
    case .safety, .cosafety: break
    case .recurrence, .persistence: if shows { next = start }
    }
    return (numbering.number(of: next), shows ? MarkSet([mark]) : MarkSet())
  }

  func verdict(at state: Int) -> Bool? {
    switch kind {
    case .recurrence, .persistence: return nil
    case .safety, .cosafety:
      let remainder = numbering.values[state]
      return remainder.isTrue ? true : (remainder.isFalse ? false : nil)
    }
  }

  var acceptance: AcceptanceCondition {
    switch kind {
    case .safety, .persistence: .finitely(mark)
    case .cosafety, .recurrence: .infinitely(mark)
    }
  }
}

/// The machine of any formula `φ`, by the master theorem of Esparza, Kretinsky and Sickert (LICS
/// 2018): a word satisfies `φ` exactly if there are a set `X` of its least and a set `Y` of its
/// greatest fixed points such that
/// (1) at some position the remainder of `φ`, weakened by `X`, holds of the rest of the word,
/// (2) `G F ψ`, strengthened by `Y`, holds for every `ψ` in `X`, and
/// (3) `F G ψ`, weakened by `X`, holds for every `ψ` in `Y`.
///
/// The state has the remainder of `φ`; for each `X` the remainder of the safe formula (1), tried
/// again from the current position whenever it fails; and the machines of (2) and (3). Whenever
/// the remainder of `φ` enters another strongly connected component the others start again, which
/// happens finitely often and saves states.
final class MasterMachine: FormulaMachine {
  private let table: NormalFormulas
  private let progression: Progression
  private let components: RemainderComponents
  /// The sets `X`, with their marks for (1).
  private var guesses: [Guess] = []
  private var watchers: [RemainderMachine] = []
  private var watched: [Watch: Int] = [:]
  private var numbering = Numbering<State>()
  private(set) var acceptance = AcceptanceCondition.constant(false)

  private struct State: Hashable {
    var remainder: Remainder
    /// One for each guess.
    var attempts: [Remainder]
    var watchers: [Int]
  }

  private struct Guess {
    let recurring: Set<Int>
    let mark: Int
    let progression: Progression
  }

  private struct Watch: Hashable {
    let isRecurrence: Bool
    let formula: Int
  }

  /// Past it there are too many guesses.
  private static let maximumFixedPoints = 10

  /// - Parameter nextMark: the first free mark; moved on.
  init(
    of formula: Int, letters: [AutomatonLetter], nextMark: inout Int, in table: NormalFormulas
  ) throws(TranslationError) {
    self.table = table
    progression = Progression(table)
    let start = try progression.remainder(of: formula)
    components = try RemainderComponents(from: start, progression, letters)
    let least = table.fixedPoints(of: formula, least: true)
    let greatest = table.fixedPoints(of: formula, least: false)
    guard least.count + greatest.count <= Self.maximumFixedPoints else { throw .tooLarge }
    var disjuncts: [AcceptanceCondition] = []
    for recurring in least.subsets {
      var conjunctions: [AcceptanceCondition] = []
      for lasting in greatest.subsets {
        if let parts = try requirements(recurring, lasting, nextMark: &nextMark) {
          conjunctions.append(.and(parts))
        }
      }
      guard !conjunctions.isEmpty else { continue }
      guard nextMark < MarkSet.capacity else { throw .tooLarge }
      guesses.append(
        Guess(recurring: recurring, mark: nextMark, progression: Progression(table)))
      disjuncts.append(.and([.finitely(nextMark), .or(conjunctions)]))
      nextMark += 1
    }
    acceptance = .or(disjuncts)
    _ = numbering.number(of: try fresh(start))
  }

  /// The conditions (2) and (3), or `nil` when one of them never holds.
  private func requirements(
    _ recurring: Set<Int>, _ lasting: Set<Int>, nextMark: inout Int
  ) throws(TranslationError) -> [AcceptanceCondition]? {
    var watches: [Watch] = []
    for psi in recurring.sorted() {
      let formula = table.finally(table.strengthened(psi, lasting))
      watches.append(Watch(isRecurrence: true, formula: formula))
    }
    for psi in lasting.sorted() {
      let formula = table.globally(table.weakened(psi, recurring))
      watches.append(Watch(isRecurrence: false, formula: formula))
    }
    if watches.contains(where: { $0.formula == table.no }) { return nil }
    var parts: [AcceptanceCondition] = []
    for watch in watches where watch.formula != table.yes {
      parts.append(watchers[try watcher(watch, &nextMark)].acceptance)
    }
    return parts
  }

  private func watcher(_ watch: Watch, _ nextMark: inout Int) throws(TranslationError) -> Int {
    if let known = watched[watch] { return known }
    guard nextMark < MarkSet.capacity else { throw .tooLarge }
    watchers.append(
      try RemainderMachine(
        watch.isRecurrence ? .recurrence : .persistence, of: watch.formula, mark: nextMark,
        in: table))
    nextMark += 1
    watched[watch] = watchers.count - 1
    return watchers.count - 1
  }

  var initial: Int { 0 }

  /// The state in which everything but the remainder starts again.
  private func fresh(_ remainder: Remainder) throws(TranslationError) -> State {
    var attempts: [Remainder] = []
    for guess in guesses { attempts.append(try attempt(remainder, guess)) }
    return State(
      remainder: remainder, attempts: attempts, watchers: watchers.map(\.initial))
  }

  private func attempt(
    _ remainder: Remainder, _ guess: Guess
  ) throws(TranslationError) -> Remainder {
    try guess.progression.remainder(
      of: progression.formula(of: remainder) { table.weakened($0, guess.recurring) })
  }

  func step(
    _ state: Int, on letter: AutomatonLetter
  ) throws(TranslationError) -> (state: Int, marks: MarkSet) {
    let old = numbering.values[state]
    let remainder = try progression.step(old.remainder, on: letter)
    if remainder.isFalse { return (numbering.number(of: try fresh(remainder)), allAttempts) }
    guard !remainder.isTrue, components.areConnected(old.remainder, remainder) else {
      return (numbering.number(of: try fresh(remainder)), MarkSet())
    }
    var new = old
    var marks = MarkSet()
    new.remainder = remainder
    for (place, guess) in guesses.enumerated() {
      new.attempts[place] = try guess.progression.step(old.attempts[place], on: letter)
      if new.attempts[place].isFalse {
        marks.insert(guess.mark)
        new.attempts[place] = try attempt(remainder, guess)
      }
    }
    for (place, watcher) in watchers.enumerated() {
      let (next, shown) = try watcher.step(old.watchers[place], on: letter)
      new.watchers[place] = next
      marks.formUnion(shown)
    }
    return (numbering.number(of: new), marks)
  }

  private var allAttempts: MarkSet { MarkSet(guesses.map(\.mark)) }

  func verdict(at state: Int) -> Bool? {
    let remainder = numbering.values[state].remainder
    return remainder.isTrue ? true : (remainder.isFalse ? false : nil)
  }
}

/// The strongly connected components of the remainders of a formula.
struct RemainderComponents {
  private var components: [Remainder: Int32] = [:]

  /// Past it a formula is refused.
  private static let maximumRemainders = 20_000

  init(
    from start: Remainder, _ progression: Progression, _ letters: [AutomatonLetter]
  ) throws(TranslationError) {
    var numbering = Numbering<Remainder>()
    _ = numbering.number(of: start)
    var successors: [[Int]] = []
    while successors.count < numbering.values.count {
      guard successors.count < Self.maximumRemainders else { throw .tooLarge }
      let remainder = numbering.values[successors.count]
      var targets: Set<Int> = []
      for letter in letters {
        targets.insert(numbering.number(of: try progression.step(remainder, on: letter)))
      }
      successors.append(targets.sorted())
    }
    let found = StronglyConnectedComponents(of: DirectedGraph(successors))
    for (place, remainder) in numbering.values.enumerated() {
      components[remainder] = found.component[place]
    }
  }

  func areConnected(_ a: Remainder, _ b: Remainder) -> Bool { components[a] == components[b] }
}

extension [Int] {
  /// All subsets.
  fileprivate var subsets: [Set<Int>] {
    (0..<1 << count).map { bits in
      Set(enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
    }
  }
}
