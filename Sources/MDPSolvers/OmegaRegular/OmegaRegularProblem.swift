import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The greatest or least probability of the runs whose words satisfy a formula, or are accepted by
/// a deterministic automaton.
public struct OmegaRegularProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  /// As it was given, if it was.
  public let formula: String?
  /// Which words the formula speaks of.
  public let semantics: TraceSemantics
  public let automaton: OmegaAutomaton
  /// The law of the first state, if an initial value is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// The probability of a formula of linear temporal logic, on infinite runs or finite traces.
  ///
  /// - Throws: ``SolverError/malformedFormula(_:)``, ``SolverError/formulaTooLarge(states:)``.
  public init(
    model: FiniteMDP, formula: String, semantics: TraceSemantics = .infinite,
    direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    let parsed: TemporalFormula
    do throws(FormulaError) {
      parsed = try TemporalFormula(parsing: formula, semantics)
    } catch {
      throw .malformedFormula("\(error)")
    }
    let known = model.propositions
    for name in parsed.propositions + [semantics.end].compactMap({ $0 })
    where !known.contains(name) {
      throw .noLabel(name, names: known.sorted())
    }
    self.model = model
    self.direction = direction
    self.formula = formula
    self.semantics = semantics
    automaton = try Self.automaton(of: parsed, semantics, direction, model)
    self.initial = initial ?? model.initial
  }

  /// The least probability is that of the negation, whose automaton has a condition of the right
  /// form; exchanging the condition gives one of the formula again.
  private static func automaton(
    of formula: TemporalFormula, _ semantics: TraceSemantics, _ direction: Direction,
    _ model: FiniteMDP
  ) throws(SolverError) -> OmegaAutomaton {
    if semantics.isFinite {
      let propositions = semantics.propositions(of: formula)
      return try OmegaAutomaton(
        ofTraces: formula, semantics, letters: model.letters(over: propositions))
    }
    let letters = model.letters(over: formula.propositions)
    return direction == .maximize
      ? try OmegaAutomaton(of: formula, letters: letters)
      : try OmegaAutomaton(of: .not(formula), letters: letters).complement
  }

  /// The probability of the words of an automaton, whose propositions are names of labels.
  ///
  /// - Throws: ``SolverError/noLabel(_:names:)``.
  public init(
    model: FiniteMDP, automaton: OmegaAutomaton, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    let known = model.propositions
    for name in automaton.propositions where !known.contains(name) {
      throw .noLabel(name, names: known.sorted())
    }
    self.model = model
    self.direction = direction
    formula = nil
    semantics = .infinite
    self.automaton = automaton
    self.initial = initial ?? model.initial
  }
}

/// The answer to an ``OmegaRegularProblem``, with the certificate that proves it.
public struct OmegaRegularSolution: Sendable {
  /// What a policy does: actions of positive probability, in model order.
  public typealias Law = [(action: Action, probability: Rational)]

  public let problem: OmegaRegularProblem
  public let product: AutomatonProduct
  public let status: Solution.Status
  public let method: SolverMethod
  /// One entry a state of the model.
  public let values: CertifiedVector
  public let initialValue: CertifiedNumber?
  /// What an optimal policy does at each state of the product.
  public let policy: [Law]
  public let certificate: OmegaRegularCertificate
  public let statistics: Solution.Statistics
  public let warnings: [String]

  /// The states whose probability lies between different bounds.
  public var undecided: [State] {
    guard case .enclosed(let lower, let upper) = values else { return [] }
    return lower.indices.filter { !lower.isEqual(upper, at: $0) }.map(State.init)
  }
}
