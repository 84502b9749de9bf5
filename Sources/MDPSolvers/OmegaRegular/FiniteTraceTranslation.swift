// What is here: from a formula on finite traces to a deterministic automaton on runs. With a
// proposition `end` that holds at the last position exactly, the formula is a co-safe one of LTL;
// its remainders are the states. Proof: proofs-notes/finite-traces.md.

import MarkovDecisionProcesses

extension OmegaAutomaton {
  /// A deterministic automaton of the runs whose finite traces satisfy `formula`.
  ///
  /// - Parameters:
  ///   - letters: the letters that are read, over the propositions of formula and semantics in
  ///     alphabetical order.
  ///   - stateLimit: more states are an error.
  /// - Throws: ``SolverError/formulaTooLarge(states:)``.
  /// - Precondition: `semantics` is one of finite traces.
  public init(
    ofTraces formula: TemporalFormula, _ semantics: TraceSemantics, letters: [AutomatonLetter],
    stateLimit: Int = 50_000
  ) throws(SolverError) {
    precondition(semantics.isFinite, "finite traces are asked for")
    let propositions = semantics.propositions(of: formula)
    guard propositions.count < OmegaAutomaton.maximumPropositions else {
      throw .formulaTooLarge(states: stateLimit)
    }
    do throws(TranslationError) {
      let translation = FiniteTraceTranslation(propositions, semantics, letters, stateLimit)
      self = try translation.automaton(of: formula)
    } catch {
      throw .formulaTooLarge(states: stateLimit)
    }
  }
}

private struct FiniteTraceTranslation {
  private enum State: Hashable {
    case open(Remainder)
    case decided(Bool)
  }

  private let propositions: [String]
  private let letters: [AutomatonLetter]
  private let stateLimit: Int
  private let numbers: [String: Int]
  /// The bit of a letter that says that the trace ends.
  private let end: Int
  /// Whether letters say themselves where the trace ends.
  private let isTold: Bool
  private let table = NormalFormulas()
  private let progression: Progression

  init(
    _ propositions: [String], _ semantics: TraceSemantics, _ letters: [AutomatonLetter],
    _ stateLimit: Int
  ) {
    self.propositions = propositions
    self.letters = Set(letters).sorted()
    self.stateLimit = stateLimit
    numbers = Dictionary(
      propositions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    end = semantics.end.flatMap { propositions.firstIndex(of: $0) } ?? propositions.count
    isTold = semantics.end != nil
    progression = Progression(table)
  }

  func automaton(of formula: TemporalFormula) throws(TranslationError) -> OmegaAutomaton {
    let last = table.literal(end, isPositive: true)
    let start = table.and([number(of: formula, isNegated: false), table.finally(last)])
    var states = Numbering<State>()
    _ = states.number(of: .open(try progression.remainder(of: start)))
    var successors: [[AutomatonGraph.Edge]] = []
    while successors.count < states.values.count {
      guard successors.count < stateLimit else { throw .tooLarge }
      let state = states.values[successors.count]
      var row: [AutomatonGraph.Edge] = []
      for letter in letters {
        row.append(
          AutomatonGraph.Edge(
            target: states.number(of: try after(state, letter)),
            marks: state == .decided(true) ? MarkSet([0]) : MarkSet()))
      }
      successors.append(row)
    }
    return AutomatonGraph(successors: successors, letters: letters, acceptance: .infinitely(0))
      .reduced().automaton(propositions)
  }

  private func after(_ state: State, _ letter: AutomatonLetter) throws(TranslationError) -> State {
    guard case .open(let remainder) = state else { return state }
    let bit: AutomatonLetter = 1 << AutomatonLetter(end)
    if isTold, letter & bit == 0 {
      return .open(try progression.step(remainder, on: letter))
    }
    // A remainder is true or false once the end is read.
    let isTrue = try progression.step(remainder, on: letter | bit).isTrue
    if isTold || isTrue { return .decided(isTrue) }
    return .open(try progression.step(remainder, on: letter))
  }

  /// The formula, or its negation, on the trace up to `end`, without greatest fixed points.
  private func number(of formula: TemporalFormula, isNegated: Bool) -> Int {
    func part(_ inner: TemporalFormula) -> Int { number(of: inner, isNegated: isNegated) }
    let last = table.literal(end, isPositive: true)
    let goesOn = table.literal(end, isPositive: false)
    switch formula {
    case .constant(let value): return value != isNegated ? table.yes : table.no
    case .proposition(let name):
      return table.literal(numbers[name] ?? 0, isPositive: !isNegated)
    case .not(let inner): return number(of: inner, isNegated: !isNegated)
    case .and(let a, let b):
      return isNegated ? table.or([part(a), part(b)]) : table.and([part(a), part(b)])
    case .or(let a, let b):
      return isNegated ? table.and([part(a), part(b)]) : table.or([part(a), part(b)])
    case .next(let inner):
      let next = table.next(part(inner))
      return isNegated ? table.or([last, next]) : table.and([goesOn, next])
    case .until(let a, let b):
      return isNegated
        ? table.strongRelease(table.or([part(a), last]), part(b))
        : table.until(table.and([part(a), goesOn]), part(b))
    }
  }
}
