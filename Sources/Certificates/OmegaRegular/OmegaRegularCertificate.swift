import ExactArithmetic
import MarkovDecisionProcesses

/// Proves the greatest (or least) probability of the words of a deterministic automaton, and of a
/// formula where one is given.
///
/// Everything lies on the product of model and automaton, which the checker builds for itself. For
/// `minimize` the runs are those that the automaton does *not* accept, and the least probability
/// is one minus the greatest of these. The lower bound of the latter: end components that meet an
/// acceptance pair, and the probability of reaching their union `W`. The upper bound: the same
/// probability, and for every pair a proof that no end component off `W` meets it.
public struct OmegaRegularCertificate: Sendable {
  /// A set of states that a policy can stay inside while it visits all of them for ever.
  public struct Component: Sendable {
    public let pair: AcceptancePair
    /// Choices of the product; the states are theirs.
    public let choices: [Choice]

    public init(pair: AcceptancePair, choices: [Choice]) {
      self.pair = pair
      self.choices = choices
    }
  }

  /// No end component off `W` meets `pair`.
  ///
  /// Let `H` be the states off `W` that show no mark of `pair.finite`. A choice of a state of `H`
  /// leaves `H` with some probability, or enters an earlier round, or keeps to its round: an end
  /// component in `H` lies in one round, by choices that keep to it. In each round either some
  /// mark of `pair.infinite` is shown by no state that has such a choice, or no state has one.
  public struct Exclusion: Sendable {
    public let pair: AcceptancePair
    /// The round of each state of the product; `nil` exactly off `H`.
    public let round: [Int?]
    /// The mark that is missing in each round; `nil` where no choice keeps to it.
    public let missing: [Int?]

    public init(pair: AcceptancePair, round: [Int?], missing: [Int?]) {
      self.pair = pair
      self.round = round
      self.missing = missing
    }
  }

  public static let kind = "omega-regular"

  public let direction: Direction
  /// As it was given; `nil` for the words of the automaton.
  public let formula: String?
  /// Which words the formula speaks of.
  public let semantics: TraceSemantics
  public let automaton: OmegaAutomaton
  public let components: [Component]
  public let exclusions: [Exclusion]
  /// Of the greatest probability of reaching the union of ``components``, on the product.
  public let reachability: ReachabilityCertificate

  public init(
    direction: Direction, formula: String?, semantics: TraceSemantics = .infinite,
    automaton: OmegaAutomaton, components: [Component], exclusions: [Exclusion],
    reachability: ReachabilityCertificate
  ) {
    self.direction = direction
    self.formula = formula
    self.semantics = semantics
    self.automaton = automaton
    self.components = components
    self.exclusions = exclusions
    self.reachability = reachability
  }
}

extension OmegaAutomaton {
  /// The pairs one of which the runs meet whose probability is made as large as possible; `nil`
  /// when there are too many.
  package func pairs(for direction: Direction) -> [AcceptancePair]? {
    (direction == .maximize ? acceptance : acceptance.negated).pairs()
  }
}

extension FiniteMDP {
  /// The letters of its steps, over the propositions of an automaton, ascending.
  package func letters(for automaton: OmegaAutomaton) -> [AutomatonLetter] {
    letters { automaton.letter(of: $0) }
  }

  /// The letters of its steps, over these propositions, ascending.
  package func letters(over propositions: [String]) -> [AutomatonLetter] {
    let automaton = OmegaAutomaton(
      propositions: propositions, initial: 0, edges: [], markCount: 0,
      acceptance: .constant(true))
    return letters(for: automaton)
  }

  private func letters(_ number: (Set<String>) -> AutomatonLetter) -> [AutomatonLetter] {
    let propositions = TransitionLetters(of: self)
    var found: Set<AutomatonLetter> = []
    for state in 0..<stateCount { found.insert(number(propositions.labels(of: State(state)))) }
    for (state, action, successor, _) in labeledTransitions {
      found.insert(number(propositions.letter(of: state, action, to: successor)))
    }
    return found.sorted()
  }
}
