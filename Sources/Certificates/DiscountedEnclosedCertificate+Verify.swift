import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `lower ≤ V* ≤ upper`, the policy's own values lie there too, and its action is
// optimal at every state that is not listed as undecided.
// Proof: `proofs-notes/discounted-enclosed-certificate.md`, whose numbers of conditions are used.
//
// `outer` is the bound that no policy passes (upper for `maximize`), `inner` the one that the
// policy reaches. For `minimize` every inequality turns round, which is the factor `sign`.

extension DiscountedEnclosedCertificate {
  func proof(in model: FiniteMDP, _ progress: ProgressHandler) throws(CheckFailure) -> Proof {
    let terms = try Terms(objective, model, progress)
    try requireCount(lower.count, model, "lower")
    try requireCount(upper.count, model, "upper")
    let choices = try terms.choices(of: policy)
    let open = Set(undecided)
    try requireBounds(terms, choices)
    try require(
      !policyIsOptimal || open.isEmpty,
      "policyIsOptimal: it is true, but \(open.count) states are listed as undecided")
    if let partition {
      try requireCount(partition.count, model, "partition")
      try terms.requireStability(of: partition)
    }
    let isOptimal = try settle(terms, choices, open)
    return Proof(
      lower: lower, upper: upper, isExact: false,
      steps: [Proof.Step(policy: choices, isOptimal: isOptimal, undecided: open)],
      statement: statement(terms, open))
  }

  private var outer: RationalVector { objective.direction == .maximize ? upper : lower }
  private var inner: RationalVector { objective.direction == .maximize ? lower : upper }

  /// Conditions (1), (2), (3).
  private func requireBounds(_ terms: Terms, _ choices: [Choice]) throws(CheckFailure) {
    let model = terms.model
    let sign = terms.direction.sign
    let isMaximum = terms.direction == .maximize
    let (innerName, outerName) = isMaximum ? ("lower", "upper") : ("upper", "lower")
    let innerSigns = try terms.slackSigns(inner)
    let outerSigns = try terms.slackSigns(outer)
    for state in 0..<model.stateCount {
      let chosen = Int(choices[state].index)
      if innerSigns[chosen] * sign < 0 {
        let relation = isMaximum ? "at most" : "at least"
        throw .rejected(terms.comparison(innerName, inner, relation, chosen, inner))
      }
      for choice in model.choiceRange(at: state) where outerSigns[choice] * sign > 0 {
        let relation = isMaximum ? "at least" : "at most"
        throw .rejected(terms.comparison(outerName, outer, relation, choice, outer))
      }
      guard lower.isAtMost(upper, at: state) else {
        let (low, high) = shown(lower[state], versus: upper[state])
        throw .rejected(
          "at state \(model.name(State(state))): lower = \(low) has to be at most upper = \(high)")
      }
    }
  }

  /// Condition (4); returns for each choice whether it is optimal, which means nothing at the
  /// undecided states.
  private func settle(
    _ terms: Terms, _ choices: [Choice], _ open: Set<State>
  ) throws(CheckFailure) -> ContiguousArray<Bool> {
    let model = terms.model
    let gaps = try terms.lookaheadSigns(outer, against: inner, at: choices)
    var isOptimal = ContiguousArray(repeating: false, count: model.choiceCount)
    for state in 0..<model.stateCount where !open.contains(State(state)) {
      let chosen = Int(choices[state].index)
      isOptimal[chosen] = true
      var chosenRow: LumpedRow?
      for choice in model.choiceRange(at: state)
      where choice != chosen && gaps[choice] * terms.direction.sign >= 0 {
        let row = chosenRow ?? LumpedRow(terms, chosen, classes: partition)
        chosenRow = row
        guard LumpedRow(terms, choice, classes: partition) == row else {
          throw .rejected(unsettled(terms, choice, chosen))
        }
        isOptimal[choice] = true
      }
    }
    return isOptimal
  }

  private func unsettled(_ terms: Terms, _ choice: Int, _ chosen: Int) -> String {
    let (left, right) = shown(
      terms.lookahead(choice, outer), versus: terms.lookahead(chosen, inner))
    let (relation, outerName, innerName) =
      terms.direction == .maximize
      ? ("less", "upper", "lower") : ("more", "lower", "upper")
    return "at state \(terms.model.name(stateOf: choice)), which is not listed as undecided: "
      + "action \(terms.model.name(actionOf: choice)) with \(outerName), \(left), has to be "
      + "\(relation) than the policy's \(terms.model.name(actionOf: chosen)) with "
      + "\(innerName), \(right), and the two rows are not equal"
  }

  private func statement(_ terms: Terms, _ open: Set<State>) -> String {
    let bounds = "\(terms.title) lies between lower and upper at every state, "
    if open.isEmpty { return bounds + "and the policy is optimal" }
    let names = open.sorted().prefix(5).map { terms.model.name($0) }.joined(separator: ", ")
    return bounds + "and the policy's action is optimal at every state but "
      + "\(open.count) undecided ones (\(names)\(open.count > 5 ? ", …" : ""))"
  }
}
