import ExactArithmetic
import MarkovDecisionProcesses

// The printed policies, optimal actions and what they say of optimality.

extension SolutionCheck {
  func checkPolicies() throws(CheckFailure) {
    guard let policies = solution.policies else { return }
    try requireStepCount(policies.count, "policy")
    for (number, written) in policies.enumerated() {
      let step = proof.steps[number]
      let field = place("policy", number)
      let references = try written.entries(in: model, field)
      for (state, reference) in references.enumerated() {
        let choice = try model.choice(reference, at: State(state), in: field)
        let isProved = choice == step.policy[state] || step.isOptimal[Int(choice.index)]
        try require(
          isProved,
          "\(field): at state \(model.name(State(state))) the solution takes "
            + "\(reference.shown), the certificate "
            + model.name(model.action(of: step.policy[state])))
      }
    }
  }

  func checkOptimalActions() throws(CheckFailure) {
    guard let sets = solution.optimalActions else { return }
    try requireStepCount(sets.count, "optimalActions")
    for (number, written) in sets.enumerated() {
      let step = proof.steps[number]
      let field = place("optimalActions", number)
      let entries = try written.entries(in: model, field)
      for (state, references) in entries.enumerated() {
        let name = model.name(State(state))
        try require(
          !step.undecided.contains(State(state)),
          "\(field): at state \(name) the certificate leaves undecided what is optimal")
        var printed: Set<Int> = []
        for reference in references {
          let choice = try model.choice(reference, at: State(state), in: field)
          printed.insert(Int(choice.index))
        }
        let proved = model.choiceRange(at: state).filter { step.isOptimal[$0] }
        try require(
          references.count == proved.count && printed == Set(proved),
          "\(field): at state \(name) the solution lists "
            + "[\(references.map(\.shown).joined(separator: ", "))], but optimal are "
            + "[\(proved.map { model.name(actionOf: $0) }.joined(separator: ", "))]")
      }
    }
  }

  func checkOptimality() throws(CheckFailure) {
    let open = proof.steps.reduce(into: Set<State>()) { $0.formUnion($1.undecided) }
    if let isOptimal = solution.policyIsOptimal {
      try require(
        isOptimal == open.isEmpty || (!isOptimal && !certificateClaimsOptimality),
        "policyIsOptimal: the solution says \(isOptimal), the certificate proves \(!isOptimal)")
    }
    guard let references = solution.undecided else { return }
    var printed: Set<State> = []
    for reference in references {
      printed.insert(try model.state(reference, in: "undecided"))
    }
    if let state = printed.symmetricDifference(open).min() {
      throw .rejected(
        "undecided: the state \(model.name(state)) is listed in "
          + (open.contains(state) ? "the certificate" : "the solution") + " alone")
    }
  }

  private var certificateClaimsOptimality: Bool {
    switch certificate {
    case .discountedEnclosed(let enclosed): enclosed.policyIsOptimal
    case .discountedExact, .finiteHorizon: true
    }
  }

  private func requireStepCount(_ count: Int, _ field: String) throws(CheckFailure) {
    try require(
      count == proof.steps.count,
      "\(field): there are \(count) entries, but the horizon is \(proof.steps.count)")
  }

  private func place(_ field: String, _ step: Int) -> String {
    kind == .finiteHorizon ? "\(field)[\(step)]" : field
  }
}
