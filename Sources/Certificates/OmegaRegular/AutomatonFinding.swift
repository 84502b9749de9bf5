import ExactArithmetic
import MarkovDecisionProcesses

/// What the comparison of a formula with an automaton has shown.
package enum AutomatonFinding: Sendable, Hashable {
  /// The automaton accepts exactly the words that satisfy the formula.
  case agrees
  case differs
  /// The comparison needs more room than it may take; with what there is too much of.
  case undecided(String)

  /// Compares a deterministic automaton with a formula on the words over some letters.
  ///
  /// The product of the automaton with the sets of obligations of the formula is searched; there
  /// may be exponentially many of these in the number of temporal operators (on finite traces
  /// doubly), in the order of those that a nondeterministic automaton of the formula needs.
  ///
  /// - Precondition: the automaton is complete, and has the propositions of the formula and the
  ///   label that ends traces.
  /// - Throws: ``Interrupted`` when the handler says so.
  package init(
    comparing automaton: OmegaAutomaton, with formula: TemporalFormula,
    _ semantics: TraceSemantics, letters: [AutomatonLetter], progress: ProgressHandler = .none
  ) throws(Interrupted) {
    do throws(ComparisonFailure) {
      let differs =
        semantics.isFinite
        ? try FiniteTraceComparison(
          formula, semantics, automaton, letters: letters, progress
        ).hasDisagreement()
        : try FormulaComparison(
          formula, automaton, letters: letters, progress
        ).hasDisagreement()
      self = differs ? .differs : .agrees
    } catch {
      switch error {
      case .tooLarge(let excess): self = .undecided(excess)
      case .interrupted(let interruption): throw interruption
      }
    }
  }
}
