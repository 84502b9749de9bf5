// What is here: the proof that a deterministic automaton accepts exactly the runs whose finite
// traces satisfy a formula. The sets of obligations one of which the rest of a trace has to meet
// are the state of a deterministic automaton. Proof: proofs-notes/finite-traces.md.

import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension TraceSemantics {
  /// The name in files and on the command line.
  public var objective: String { isFinite ? "ltlf" : "ltl" }

  /// What the probability is of.
  func sentence(about formula: String) -> String {
    switch self {
    case .infinite: "the formula \(excerpt(formula))"
    case .somePrefix: "a prefix that satisfies the formula \(excerpt(formula))"
    case .ending(let label):
      "a trace that ends at \(excerpt(label)) and satisfies the formula \(excerpt(formula))"
    }
  }
}

/// Compares an automaton with a formula on the finite traces of words over some letters.
struct FiniteTraceComparison {
  private enum State: Hashable {
    /// The sets of obligations one of which the rest of the trace has to meet, ascending.
    case open([Int32])
    case decided(Bool)
  }

  /// What a prefix leaves of the formula, as a table.
  private struct Table {
    var states: [State]
    /// For each state and letter.
    var successors: [Int32] = []
  }

  private let formula: TemporalFormula
  private let semantics: TraceSemantics
  private let automaton: OmegaAutomaton
  private let letters: [AutomatonLetter]
  /// The bit of the label that ends traces.
  private let end: AutomatonLetter?
  private let progress: ProgressHandler

  private static let maximumStates = 1 << 16
  /// Of sets of obligations, in all states together.
  private static let maximumSets = 1 << 22
  private static let maximumEdges = 1 << 24

  /// - Precondition: the automaton is complete, and has the label that ends traces.
  init(
    _ formula: TemporalFormula, _ semantics: TraceSemantics, _ automaton: OmegaAutomaton,
    letters: [AutomatonLetter], _ progress: ProgressHandler
  ) {
    self.formula = formula
    self.semantics = semantics
    self.automaton = automaton
    self.letters = letters
    self.progress = progress
    end = semantics.end.flatMap { automaton.propositions.firstIndex(of: $0) }.map {
      1 << AutomatonLetter($0)
    }
  }

  /// Whether some word is accepted whose traces do not satisfy the formula, or the other way
  /// round.
  func hasDisagreement() throws(ComparisonFailure) -> Bool {
    let table = try remainders()
    if try disagrees(table, false, automaton.acceptance) { return true }
    return try disagrees(table, true, automaton.acceptance.negated)
  }

  private func remainders() throws(ComparisonFailure) -> Table {
    var obligations = try ObligationAutomaton(
      formula, semantics, propositions: automaton.propositions, letters: letters, progress)
    var table = Table(states: [.open([0])])
    var numbers: [State: Int32] = [.open([0]): 0]
    var setCount = 0
    var place = 0
    while place < table.states.count {
      let state = table.states[place]
      if place % 64 == 0 { try progress.compared() }
      for letter in letters.indices {
        let next = try after(state, letter, &obligations)
        let number = numbers[next] ?? Int32(table.states.count)
        if Int(number) == table.states.count {
          if case .open(let sets) = next { setCount += sets.count }
          guard Int(number) < Self.maximumStates else {
            throw .tooLarge("more than \(Self.maximumStates) remainders of the formula")
          }
          guard setCount <= Self.maximumSets else {
            throw .tooLarge("more than \(Self.maximumSets) sets of obligations in remainders")
          }
          numbers[next] = number
          table.states.append(next)
        }
        table.successors.append(number)
      }
      guard table.successors.count <= Self.maximumEdges else {
        throw .tooLarge("more than \(Self.maximumEdges) steps of remainders of the formula")
      }
      place += 1
    }
    return table
  }

  private func after(
    _ state: State, _ letter: Int, _ obligations: inout ObligationAutomaton
  ) throws(ComparisonFailure) -> State {
    guard case .open(let sets) = state else { return state }
    var targets: Set<Int32> = []
    var endsTrue = false
    for set in sets {
      for edge in try obligations.edges(from: set, on: letter) {
        targets.insert(edge.target)
        if edge.debts == 0 { endsTrue = true }
      }
    }
    if let end {
      if letters[letter] & end != 0 { return .decided(endsTrue) }
    } else if endsTrue {
      return .decided(true)
    }
    return .open(try obligations.weakest(targets))
  }

  /// Whether a cycle among the states that are decided to be true (or among the others) meets the
  /// condition.
  private func disagrees(
    _ table: Table, _ verdict: Bool, _ condition: AcceptanceCondition
  ) throws(ComparisonFailure) -> Bool {
    var product = ProductNodes(stateCount: automaton.stateCount)
    _ = product.place(of: 0, automaton.initial)
    var search = FairCycleSearch(everyFairness: 0, progress)
    func isTrue(_ number: Int32) -> Bool { table.states[Int(number)] == .decided(true) }
    var next = 0
    while next < product.nodes.count {
      let (number, state) = product.nodes[next]
      if next % 1024 == 0 { try progress.compared() }
      for (place, letter) in letters.enumerated() {
        let step = automaton.edge(from: Int(state), on: letter)
        let after = table.successors[Int(number) * letters.count + place]
        let node = product.place(of: after, step.target)
        if isTrue(number) == verdict, isTrue(after) == verdict {
          search.addEdge(to: node, marks: step.marks, fairness: 0)
        }
      }
      search.endNode()
      next += 1
      guard next * letters.count <= Self.maximumEdges else {
        throw .tooLarge("more than \(Self.maximumEdges) edges of the product with the automaton")
      }
    }
    do throws(Interrupted) {
      return try search.hasCycle(condition)
    } catch {
      throw .interrupted(error)
    }
  }
}
