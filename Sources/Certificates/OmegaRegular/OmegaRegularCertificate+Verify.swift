import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What a checked certificate of an omega-regular property has proved.
struct OmegaRegularProof: Sendable {
  let direction: Direction
  /// One entry a state of the model.
  let lower: [Rational]
  let upper: [Rational]
  let statement: String

  var isExact: Bool { lower == upper }
}

extension OmegaRegularCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verify(in: model, automatonIsProved: false, progress: progress)
  }

  /// - Parameter automatonIsProved: an ``AutomatonFinding`` says that the automaton is that of the
  ///   formula on the letters of the model.
  package func verify(
    in model: FiniteMDP, automatonIsProved: Bool, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let proof = try proof(in: model, automatonIsProved: automatonIsProved, progress)
      return .accepted(
        statement: proof.sentence(in: model, initial: model.initial?.indexed), warnings: [])
    }
  }

  func proof(
    in model: FiniteMDP, automatonIsProved: Bool = false, _ progress: ProgressHandler
  ) throws(CheckFailure) -> OmegaRegularProof {
    if let defect = automaton.deterministicDefect() {
      throw .rejected("automaton: it is not deterministic and complete (\(defect))")
    }
    if let formula, !automatonIsProved { try checkAutomaton(formula, model, progress) }
    let product = try AutomatonProduct.checked(model, automaton)
    let check = ComponentCheck(certificate: self, product: product, progress: progress)
    let goal = try check.accepting()
    try check.exclusions(goal)
    try require(
      reachability.objective.direction == .maximize
        && reachability.objective.goal == AutomatonProduct.goal,
      "reachability: it has to maximize the probability of '\(AutomatonProduct.goal)'")
    let labelled = try AutomatonProduct.labelled(product, goal)
    let proof = try reachability.proof(in: labelled, progress)
    let starts = product.starts
    let (low, high) = (starts.map { proof.lower[$0] }, starts.map { min(proof.upper[$0], 1) })
    let isMaximum = direction == .maximize
    return OmegaRegularProof(
      direction: direction, lower: isMaximum ? low : high.map { 1 - $0 },
      upper: isMaximum ? high : low.map { 1 - $0 },
      statement: "the \(direction.adjective) probability of "
        + (formula.map { semantics.sentence(about: $0) } ?? "the automaton"))
  }

  private func checkAutomaton(
    _ text: String, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let parsed: TemporalFormula
    do throws(FormulaError) {
      parsed = try TemporalFormula(parsing: text, semantics)
    } catch {
      throw .rejected("formula: \(error)")
    }
    for name in parsed.propositions + [semantics.end].compactMap({ $0 }) {
      try require(
        automaton.propositions.contains(name),
        "automaton: the proposition \(excerpt(name)) of the formula is missing")
    }
    switch try Self.finding(parsed, semantics, automaton, model, progress) {
    case .agrees: break
    case .differs:
      throw .rejected("automaton: it does not accept the words of the formula \(excerpt(text))")
    case .undecided(let excess):
      throw .rejected(
        "formula: the check gives up on whether the automaton accepts the words of "
          + "\(excerpt(text)): there are \(excess); nothing is said against the answer")
    }
  }

  private static func finding(
    _ formula: TemporalFormula, _ semantics: TraceSemantics, _ automaton: OmegaAutomaton,
    _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> AutomatonFinding {
    do throws(Interrupted) {
      return try AutomatonFinding(
        comparing: automaton, with: formula, semantics, letters: model.letters(for: automaton),
        progress: progress)
    } catch {
      throw .interrupted(error)
    }
  }
}

extension ProgressHandler {
  /// Ends the check when the handler says so.
  fileprivate func checked() throws(CheckFailure) {
    do throws(Interrupted) {
      try checkpoint()
    } catch {
      throw .interrupted(error)
    }
  }
}

extension AutomatonProduct {
  /// The product, or the rejection that there is none.
  static func checked(
    _ model: FiniteMDP, _ automaton: OmegaAutomaton
  ) throws(CheckFailure) -> AutomatonProduct {
    do throws(ModelError) {
      return try AutomatonProduct(model, automaton)
    } catch {
      throw .rejected("automaton: the product has no model: \(error)")
    }
  }

  static func labelled(
    _ product: AutomatonProduct, _ isGoal: [Bool]
  ) throws(CheckFailure) -> FiniteMDP {
    do throws(ModelError) {
      return try product.labelling(goal: isGoal.indices.filter { isGoal[$0] }.map { State($0) })
    } catch {
      throw .rejected("components: \(error)")
    }
  }
}

extension OmegaRegularProof {
  /// The statement with the initial value, where there is an initial law.
  ///
  /// - Parameters:
  ///   - initial: the model's own law unless it is given.
  ///   - policyIsChecked: the printed policy was held against the certificate.
  func sentence(
    in model: FiniteMDP, initial: [(state: Int, probability: Rational)]?,
    policyIsChecked: Bool = false
  ) -> String {
    var sentence =
      statement
      + (isExact ? " is as stated, exactly, at every state" : " lies between the bounds")
    if policyIsChecked {
      sentence +=
        isExact ? ", and the policy attains it" : ", and the policy guarantees one of them"
    }
    guard let initial else { return sentence }
    let support = initial.filter { !$0.probability.isZero }
    let start = support.count == 1 ? model.name(State(support[0].state)) : "the initial law"
    let (low, high) = mean(initial)
    return sentence + "; from \(start) the value "
      + (low == high ? "is \(shown(low))" : "lies between \(shown(low)) and \(shown(high))")
  }

  func mean(_ law: [(state: Int, probability: Rational)]) -> (lower: Rational, upper: Rational) {
    law.reduce((Rational.zero, Rational.zero)) { sums, entry in
      (
        sums.0 + entry.probability * lower[entry.state],
        sums.1 + entry.probability * upper[entry.state]
      )
    }
  }
}

/// The conditions on end components.
private struct ComponentCheck {
  let certificate: OmegaRegularCertificate
  let product: AutomatonProduct
  let progress: ProgressHandler

  private var model: FiniteMDP { product.product }

  private func pairs() throws(CheckFailure) -> [AcceptancePair] {
    guard let pairs = certificate.automaton.pairs(for: certificate.direction) else {
      throw .rejected("automaton: its acceptance condition is too large")
    }
    return pairs
  }

  // MARK: - The lower bound

  /// Which states lie in one of the components, after these were checked.
  func accepting() throws(CheckFailure) -> [Bool] {
    let pairs = try pairs()
    var isAccepting = [Bool](repeating: false, count: model.stateCount)
    for (number, component) in certificate.components.enumerated() {
      try progress.checked()
      let place = "components[\(number)]"
      try require(
        pairs.contains { $0.contains(component.pair) },
        "\(place): the runs of this pair are not those of the property")
      for state in try checked(component, place) { isAccepting[state] = true }
    }
    return isAccepting
  }

  /// The states of a component: closed under its choices, strongly connected by them, and with
  /// the marks that the pair asks for.
  private func checked(
    _ component: OmegaRegularCertificate.Component, _ place: String
  ) throws(CheckFailure) -> [Int] {
    var numbers: [Int: Int] = [:]
    var states: [Int] = []
    for choice in component.choices {
      let state = Int(model.choiceStates[Int(choice.index)])
      if numbers[state] == nil {
        numbers[state] = states.count
        states.append(state)
      }
    }
    try require(!states.isEmpty, "\(place): it has no states")
    var edges = [[Int]](repeating: [], count: states.count)
    var reversed = edges
    for choice in component.choices {
      let source = numbers[Int(model.choiceStates[Int(choice.index)])] ?? 0
      for transition in model.transitionRange(of: Int(choice.index)) {
        let successor = Int(model.successors[transition])
        guard let target = numbers[successor] else {
          throw .rejected(
            "\(place): a choice at \(model.name(State(states[source]))) leads out of it, to "
              + model.name(State(successor)))
        }
        edges[source].append(target)
        reversed[target].append(source)
      }
    }
    for graph in [edges, reversed] {
      guard let lost = DirectedGraph(graph).reachable(from: [0]).firstIndex(of: false) else {
        continue
      }
      throw .rejected(
        "\(place): it is not strongly connected: \(model.name(State(states[lost])))")
    }
    var shown = MarkSet()
    for state in states { shown.formUnion(product.marks[state]) }
    try require(
      component.pair.holds(shown), "\(place): its marks \(shown.marks) do not meet the pair")
    return states
  }

  // MARK: - The upper bound

  func exclusions(_ isAccepting: [Bool]) throws(CheckFailure) {
    for pair in try pairs() {
      try progress.checked()
      guard let number = certificate.exclusions.firstIndex(where: { $0.pair == pair }) else {
        throw .rejected(
          "exclusions: the pair of \(pair.finite.marks) and \(pair.infinite.marks) has none")
      }
      try check(certificate.exclusions[number], isAccepting, "exclusions[\(number)]")
    }
  }

  private func check(
    _ exclusion: OmegaRegularCertificate.Exclusion, _ isAccepting: [Bool], _ place: String
  ) throws(CheckFailure) {
    try requireCount(exclusion.round.count, model, "\(place).round")
    for state in 0..<model.stateCount {
      let isOutside =
        isAccepting[state] || !product.marks[state].isDisjoint(with: exclusion.pair.finite)
      guard let round = exclusion.round[state] else {
        try require(isOutside, "\(place).round: \(model.name(State(state))) has none")
        continue
      }
      try require(!isOutside, "\(place).round: \(model.name(State(state))) has one")
      guard exclusion.missing.indices.contains(round) else {
        throw .rejected("\(place).round: there is no round \(round)")
      }
      let missing = exclusion.missing[round]
      if let missing {
        try require(
          exclusion.pair.infinite.contains(missing),
          "\(place).missing[\(round)]: the pair does not ask for mark \(missing)")
        if !product.marks[state].contains(missing) {
          for choice in model.choiceRange(at: state) {
            _ = try keeps(choice, to: round, exclusion, place)
          }
          continue
        }
      }
      for choice in model.choiceRange(at: state) {
        let keeps = try keeps(choice, to: round, exclusion, place)
        try require(
          !keeps,
          "\(place): at \(model.name(State(state))) the action \(model.name(actionOf: choice)) "
            + "keeps to the round \(round)")
      }
    }
  }

  /// Whether a choice stays in its round; rejected when it may only go to a later one.
  private func keeps(
    _ choice: Int, to round: Int, _ exclusion: OmegaRegularCertificate.Exclusion, _ place: String
  ) throws(CheckFailure) -> Bool {
    var keeps = true
    for transition in model.transitionRange(of: choice) {
      guard let next = exclusion.round[Int(model.successors[transition])], next >= round else {
        return false
      }
      if next > round { keeps = false }
    }
    try require(
      keeps,
      "\(place): at \(model.name(stateOf: choice)) the action \(model.name(actionOf: choice)) "
        + "goes to later rounds")
    return true
  }
}
