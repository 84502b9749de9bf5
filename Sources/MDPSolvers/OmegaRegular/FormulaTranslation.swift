// What is here: from a formula to a deterministic automaton. A Boolean combination of formulas is
// the product of their automata with the same combination of their conditions (Mueller and Sickert
// 2017); what is left is safe, co-safe, G F of co-safe, F G of safe, or goes to the master theorem.

import MarkovDecisionProcesses

extension OmegaAutomaton {
  /// A deterministic automaton of the words that satisfy `formula`.
  ///
  /// - Parameters:
  ///   - letters: the letters that are read, over the formula's propositions in alphabetical
  ///     order; on other letters the automaton does anything. All letters when `nil`.
  ///   - stateLimit: more states are an error.
  /// - Throws: ``SolverError/formulaTooLarge(states:)``.
  ///
  /// Source: J. Esparza, J. Kretinsky and S. Sickert, *One theorem to rule them all: a unified
  /// translation of LTL into omega-automata*, LICS 2018; `proofs-notes/formula-automaton.md`.
  public init(
    of formula: TemporalFormula, letters: [AutomatonLetter]? = nil, stateLimit: Int = 50_000
  ) throws(SolverError) {
    let propositions = formula.propositions
    let all = 1 << min(propositions.count, 16)
    guard propositions.count <= OmegaAutomaton.maximumPropositions,
      letters != nil || propositions.count <= 16
    else { throw .formulaTooLarge(states: stateLimit) }
    let read = letters.map { Set($0).sorted() } ?? (0..<all).map { AutomatonLetter($0) }
    do throws(TranslationError) {
      var translation = FormulaTranslation(letters: read, stateLimit: stateLimit)
      self = try translation.automaton(of: formula, propositions)
    } catch {
      throw .formulaTooLarge(states: stateLimit)
    }
  }
}

struct FormulaTranslation {
  /// How the formula is made of the machines.
  indirect enum Combination {
    case constant(Bool)
    case machine(Int)
    case and([Combination])
    case or([Combination])
  }

  private let table = NormalFormulas()
  private let letters: [AutomatonLetter]
  private let stateLimit: Int
  private var machines: [any FormulaMachine] = []
  private var places: [Int: Int] = [:]
  private var nextMark = 0

  init(letters: [AutomatonLetter], stateLimit: Int) {
    self.letters = letters
    self.stateLimit = stateLimit
  }

  mutating func automaton(
    of formula: TemporalFormula, _ propositions: [String]
  ) throws(TranslationError) -> OmegaAutomaton {
    let numbers = Dictionary(
      propositions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let combination = try split(table.number(of: formula, numbers))
    var product = MachineProduct(machines, combination)
    let graph = try product.explore(letters, stateLimit: stateLimit)
    return AutomatonGraph(
      successors: graph, letters: letters,
      acceptance: combination.condition(of: machines)
    ).reduced().automaton(propositions)
  }

  private func parts(of formula: Int) -> (parts: [Int], isAnd: Bool)? {
    switch table[formula] {
    case .and(let parts): (parts, true)
    case .or(let parts): (parts, false)
    default: nil
    }
  }

  private mutating func split(
    _ formula: Int
  ) throws(TranslationError) -> Combination {
    if case .constant(let value) = table[formula] { return .constant(value) }
    if table.isSafe(formula) { return try remainder(.safety, formula) }
    if table.isCosafe(formula) { return try remainder(.cosafety, formula) }
    if let (parts, isAnd) = parts(of: formula) {
      let safe = parts.filter(table.isSafe)
      let cosafe = parts.filter { table.isCosafe($0) && !table.isSafe($0) }
      var children: [Combination] = []
      for group in [safe, cosafe] where !group.isEmpty {
        children.append(try split(isAnd ? table.and(group) : table.or(group)))
      }
      for part in parts where !table.isSafe(part) && !table.isCosafe(part) {
        children.append(try split(part))
      }
      return isAnd ? .and(children) : .or(children)
    }
    if case .release(table.no, let inner) = table[formula],
      case .until(table.yes, let core) = table[inner], table.isCosafe(core)
    {
      return try remainder(.recurrence, inner, for: formula)
    }
    if case .until(table.yes, let inner) = table[formula],
      case .release(table.no, let core) = table[inner], table.isSafe(core)
    {
      return try remainder(.persistence, inner, for: formula)
    }
    return try machine(for: formula) { (translation) throws(TranslationError) in
      try MasterMachine(
        of: formula, letters: translation.letters, nextMark: &translation.nextMark,
        in: translation.table)
    }
  }

  private mutating func remainder(
    _ kind: RemainderMachine.Kind, _ kept: Int, for formula: Int? = nil
  ) throws(TranslationError) -> Combination {
    try machine(for: formula ?? kept) { (translation) throws(TranslationError) in
      guard translation.nextMark < MarkSet.capacity else { throw .tooLarge }
      translation.nextMark += 1
      return try RemainderMachine(
        kind, of: kept, mark: translation.nextMark - 1, in: translation.table)
    }
  }

  private mutating func machine(
    for formula: Int,
    _ make: (inout FormulaTranslation) throws(TranslationError) -> any FormulaMachine
  ) throws(TranslationError) -> Combination {
    if let known = places[formula] { return .machine(known) }
    let made = try make(&self)
    machines.append(made)
    places[formula] = machines.count - 1
    return .machine(machines.count - 1)
  }
}

extension FormulaTranslation.Combination {
  func condition(of machines: [any FormulaMachine]) -> AcceptanceCondition {
    switch self {
    case .constant(let value): .constant(value)
    case .machine(let place): machines[place].acceptance
    case .and(let parts): .and(parts.map { $0.condition(of: machines) })
    case .or(let parts): .or(parts.map { $0.condition(of: machines) })
    }
  }

  /// What is left when some machines are settled.
  func settled(_ verdicts: [Bool?]) -> FormulaTranslation.Combination {
    switch self {
    case .constant: return self
    case .machine(let place): return verdicts[place].map { .constant($0) } ?? self
    case .and(let parts): return Self.joined(parts.map { $0.settled(verdicts) }, isAnd: true)
    case .or(let parts): return Self.joined(parts.map { $0.settled(verdicts) }, isAnd: false)
    }
  }

  private static func joined(
    _ parts: [FormulaTranslation.Combination], isAnd: Bool
  ) -> FormulaTranslation.Combination {
    var rest: [FormulaTranslation.Combination] = []
    for part in parts {
      guard case .constant(let value) = part else {
        rest.append(part)
        continue
      }
      if value != isAnd { return part }
    }
    if rest.isEmpty { return .constant(isAnd) }
    return rest.count == 1 ? rest[0] : (isAnd ? .and(rest) : .or(rest))
  }

  func collect(_ places: inout Set<Int>) {
    switch self {
    case .constant: break
    case .machine(let place): places.insert(place)
    case .and(let parts), .or(let parts): for part in parts { part.collect(&places) }
    }
  }
}

/// All machines side by side. A machine that no longer matters rests; when the verdict on the whole
/// is settled nothing is read any more.
private struct MachineProduct {
  private let machines: [any FormulaMachine]
  private let tree: FormulaTranslation.Combination
  private var numbering = Numbering<State>()

  private enum State: Hashable {
    case running([Int])
    /// The machines' marks that keep the verdict.
    case settled(Bool, MarkSet)
  }

  init(_ machines: [any FormulaMachine], _ tree: FormulaTranslation.Combination) {
    self.machines = machines
    self.tree = tree
  }

  mutating func explore(
    _ letters: [AutomatonLetter], stateLimit: Int
  ) throws(TranslationError) -> [[AutomatonGraph.Edge]] {
    var kept: [Bool: MarkSet] = [:]
    _ = numbering.number(of: state(of: machines.map(\.initial), MarkSet(), &kept))
    var successors: [[AutomatonGraph.Edge]] = []
    while successors.count < numbering.values.count {
      guard successors.count < stateLimit else { throw .tooLarge }
      switch numbering.values[successors.count] {
      case .settled(_, let marks):
        let loop = AutomatonGraph.Edge(target: successors.count, marks: marks)
        successors.append(letters.map { _ in loop })
      case .running(let states):
        var row: [AutomatonGraph.Edge] = []
        for letter in letters {
          var (next, marks) = (states, MarkSet())
          for place in machines.indices where states[place] >= 0 {
            let (state, shown) = try machines[place].step(states[place], on: letter)
            next[place] = state
            marks.formUnion(shown)
          }
          let target = numbering.number(of: state(of: next, marks, &kept))
          row.append(AutomatonGraph.Edge(target: target, marks: marks))
        }
        successors.append(row)
      }
    }
    return successors
  }

  private func state(
    of states: [Int], _ marks: MarkSet, _ kept: inout [Bool: MarkSet]
  ) -> State {
    let verdicts = machines.indices.map { place in
      states[place] < 0 ? nil : machines[place].verdict(at: states[place])
    }
    let rest = tree.settled(verdicts)
    if case .constant(let value) = rest {
      let marks = kept[value] ?? settledMarks(verdicts)
      kept[value] = marks
      return .settled(value, marks)
    }
    var running: Set<Int> = []
    rest.collect(&running)
    return .running(
      states.indices.map { running.contains($0) || verdicts[$0] != nil ? states[$0] : -1 })
  }

  /// The marks that settled machines go on showing.
  private func settledMarks(_ verdicts: [Bool?]) -> MarkSet {
    var marks = MarkSet()
    for (place, verdict) in verdicts.enumerated() {
      guard let verdict else { continue }
      marks.formUnion(machines[place].acceptance.marksForVerdict(verdict))
    }
    return marks
  }
}

extension AcceptanceCondition {
  /// Marks with which the condition has this truth value, if there are any among "none" and "all".
  fileprivate func marksForVerdict(_ verdict: Bool) -> MarkSet {
    holds(MarkSet()) == verdict ? MarkSet() : marks
  }
}
