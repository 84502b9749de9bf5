import ExactArithmetic
import MarkovDecisionProcesses

// The printed policies, optimal actions and what they say of optimality.

extension UndiscountedSolutionCheck {
  func checkPolicies() throws(CheckFailure) {
    guard let policies = solution.policies else { return }
    try requireStepCount(policies.count, "policy")
    for (number, written) in policies.enumerated() {
      let step = proof.steps[number]
      let field = place("policy", number)
      let references = try written.partialEntries(in: model, field)
      for (state, reference) in references.enumerated() {
        let name = model.name(State(state))
        guard let reference else {
          try require(!needsAction(state), "\(field): the state \(name) has no entry")
          continue
        }
        let choice = try model.choice(reference, at: State(state), in: field)
        // What is done at the goal, or where nothing leads to it, changes no value.
        guard needsAction(state), choice != step.policy[state] else { continue }
        try require(
          isInterchangeable(choice, step),
          "\(field): at state \(name) the solution takes \(reference.shown), the certificate "
            + (step.policy[state].map { model.name(model.action(of: $0)) } ?? "none"))
      }
    }
  }

  /// Whether the policy of the certificate may take this action instead of its own.
  private func isInterchangeable(_ choice: Choice, _ step: UndiscountedProof.Step) -> Bool {
    // A printed bias is that of the printed policy.
    if let bias = proof.bias, solution.bias.vector != nil || solution.bias.span != nil {
      return bias.isAttained[Int(choice.index)]
    }
    return proof.provesEveryOptimalAction && step.isOptimal?[Int(choice.index)] ?? false
  }

  /// Whether a policy has to say what it does at `state`.
  private func needsAction(_ state: Int) -> Bool {
    !isGoal(state)
      && proof.divergence?[state] != proof.direction.divergenceWithoutProperPolicy
  }

  private func isGoal(_ state: Int) -> Bool { proof.isGoal?[state] ?? false }

  func checkOptimalActions() throws(CheckFailure) {
    guard let sets = solution.optimalActions else { return }
    try requireStepCount(sets.count, "optimalActions")
    for (number, written) in sets.enumerated() {
      let field = place("optimalActions", number)
      guard let isOptimal = proof.steps[number].isOptimal else {
        throw .rejected("\(field): the certificate proves bounds and leaves open what is optimal")
      }
      let entries = try written.partialEntries(in: model, field)
      for (state, references) in entries.enumerated() {
        let isFinite = proof.divergence?[state] ?? .finite == .finite
        let hasEntry = isFinite && !isGoal(state)
        try require(
          (references != nil) == hasEntry,
          "\(field): the state \(model.name(State(state))) has "
            + (hasEntry ? "no entry" : "an entry, but there is nothing to be proved of it"))
        if let references { try check(references, at: state, isOptimal, field) }
      }
    }
  }

  private func check(
    _ references: [Reference], at state: Int, _ isOptimal: ContiguousArray<Bool>, _ field: String
  ) throws(CheckFailure) {
    var printed: Set<Int> = []
    for reference in references {
      printed.insert(Int(try model.choice(reference, at: State(state), in: field).index))
    }
    let proved = model.choiceRange(at: state).filter { isOptimal[$0] }
    try require(
      references.count == proved.count && printed == Set(proved),
      "\(field): at state \(model.name(State(state))) the solution lists "
        + "[\(references.map(\.shown).joined(separator: ", "))], but optimal are "
        + "[\(proved.map { model.name(actionOf: $0) }.joined(separator: ", "))]")
  }

  /// Bounds prove a policy optimal when they meet wherever there is a choice.
  func checkOptimality() throws(CheckFailure) {
    let open = (0..<model.stateCount).filter { state in
      model.choiceRange(at: state).count > 1 && needsAction(state)
        && !proof.lower.isEqual(proof.upper, at: state)
    }.map(State.init)
    if let isOptimal = solution.policyIsOptimal {
      try require(
        isOptimal == open.isEmpty,
        "policyIsOptimal: the solution says \(isOptimal), the certificate proves "
          + (isOptimal ? "bounds only" : "true"))
    }
    guard let references = solution.undecided else { return }
    var printed: Set<State> = []
    for reference in references {
      printed.insert(try model.state(reference, in: "undecided"))
    }
    // A state without a choice may be listed where its bounds differ: that says nothing false.
    let met = printed.filter { proof.lower.isEqual(proof.upper, at: Int($0.index)) }
    if let state = met.min() ?? Set(open).subtracting(printed).min() {
      throw .rejected(
        "undecided: the state \(model.name(state)) is "
          + (met.isEmpty
            ? "not listed, but the certificate proves bounds only there"
            : "listed, but the bounds meet there"))
    }
  }

  private func requireStepCount(_ count: Int, _ field: String) throws(CheckFailure) {
    try require(
      count == proof.steps.count,
      "\(field): there are \(count) entries, but \(proof.steps.count) steps")
  }

  private func place(_ field: String, _ step: Int) -> String {
    steps == nil ? field : "\(field)[\(step)]"
  }
}
