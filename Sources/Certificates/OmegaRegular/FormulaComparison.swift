// What is here: the proof that a deterministic automaton accepts exactly the words that satisfy a
// formula. A word on which the two differ is a fair cycle of the product of the automaton with the
// sets of obligations of the formula, or of its negation.
// Sources: Couvreur 1999; Emerson and Lei 1987; proofs-notes/automaton-check.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// Compares an automaton with a formula on words over some letters.
struct FormulaComparison {
  private let formula: TemporalFormula
  private let automaton: OmegaAutomaton
  private let letters: [AutomatonLetter]
  private let progress: ProgressHandler

  /// Of the automaton on these letters, and of a product.
  private static let maximumEdges = 1 << 24

  /// - Precondition: the automaton is complete.
  init(
    _ formula: TemporalFormula, _ automaton: OmegaAutomaton, letters: [AutomatonLetter],
    _ progress: ProgressHandler
  ) {
    self.formula = formula
    self.automaton = automaton
    self.letters = letters
    self.progress = progress
  }

  /// Whether some word over the letters satisfies the formula and is not accepted, or the other
  /// way round.
  func hasDisagreement() throws(ComparisonFailure) -> Bool {
    guard automaton.stateCount * letters.count <= Self.maximumEdges else {
      throw .tooLarge("more than \(Self.maximumEdges) steps of the automaton")
    }
    let steps = (0..<automaton.stateCount).flatMap { state in
      letters.map { automaton.edge(from: state, on: $0) }
    }
    if try hasWord(isNegated: false, automaton.acceptance.negated, steps) { return true }
    return try hasWord(isNegated: true, automaton.acceptance, steps)
  }

  /// Whether some word satisfies the formula (or its negation), while the automaton's run meets
  /// the condition.
  ///
  /// - Parameter steps: of the automaton, for each state and letter.
  private func hasWord(
    isNegated: Bool, _ condition: AcceptanceCondition, _ steps: [OmegaAutomaton.Edge]
  ) throws(ComparisonFailure) -> Bool {
    var obligations = try ObligationAutomaton(
      formula, isNegated: isNegated, .infinite, propositions: automaton.propositions,
      letters: letters, progress)
    var product = ProductNodes(stateCount: automaton.stateCount)
    _ = product.place(of: 0, automaton.initial)
    var search = FairCycleSearch(everyFairness: obligations.everyUntil, progress)
    var next = 0
    while next < product.nodes.count {
      let (set, state) = product.nodes[next]
      if next % 1024 == 0 { try progress.compared() }
      for letter in letters.indices {
        let step = steps[Int(state) * letters.count + letter]
        for edge in try obligations.edges(from: set, on: letter) {
          search.addEdge(
            to: product.place(of: edge.target, step.target), marks: step.marks,
            fairness: obligations.everyUntil & ~edge.debts)
        }
      }
      guard search.edgeCount <= Self.maximumEdges else {
        throw .tooLarge("more than \(Self.maximumEdges) edges of the product with the automaton")
      }
      search.endNode()
      next += 1
    }
    do throws(Interrupted) {
      return try search.hasCycle(condition)
    } catch {
      throw .interrupted(error)
    }
  }
}

/// Pairs of a state of an automaton with the number of something else, in the order in which they
/// are met.
struct ProductNodes {
  private(set) var nodes: [(number: Int32, state: Int32)] = []
  private var places: [Int: Int32] = [:]
  private let stateCount: Int

  init(stateCount: Int) { self.stateCount = stateCount }

  mutating func place(of number: Int32, _ state: Int) -> Int32 {
    let key = Int(number) * stateCount + state
    if let known = places[key] { return known }
    let place = Int32(nodes.count)
    places[key] = place
    nodes.append((number, Int32(state)))
    return place
  }
}
