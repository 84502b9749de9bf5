import ExactArithmetic
import MarkovDecisionProcesses

/// Holds every claim of a solution of a constrained problem against what its certificate proves.
struct ConstrainedSolutionCheck {
  let solution: WrittenConstrainedSolution
  let certificate: ConstrainedCertificate
  let proof: ConstrainedProof
  let model: FiniteMDP
  let isEmbedded: Bool

  func run() throws(CheckFailure) {
    try checkTerms()
    try checkInitial()
    if let key = solution.foreignKey {
      throw .rejected(
        "\(key): a certificate of the kind '\(certificate.kind.rawValue)' proves nothing of it")
    }
    try checkConstraints()
    switch certificate {
    case .optimal: try checkOptimum()
    case .infeasible: try checkInfeasible()
    }
  }

  private func checkTerms() throws(CheckFailure) {
    let terms = certificate.terms
    try require(
      solution.objective == nil || solution.objective == "discounted",
      "objective: the solution says '\(solution.objective ?? "")', the certificate proves "
        + "'discounted'")
    // A direction that one of two files leaves out is to maximise.
    let direction = solution.direction ?? (isEmbedded ? terms.direction : .maximize)
    try require(
      direction == terms.direction,
      "direction: the solution says '\(direction.rawValue)', the certificate "
        + "'\(terms.direction.rawValue)'")
    if let reward = solution.reward, let own = terms.reward {
      try require(
        reward == own, "reward: the solution says '\(reward)', the certificate '\(own)'")
    }
    if let discount = solution.discount {
      try require(
        discount == terms.discount,
        "discount: the solution says \(shown(discount)), the certificate "
          + shown(terms.discount))
    }
  }

  /// Both speak of one law of the first state.
  private func checkInitial() throws(CheckFailure) {
    var law = isEmbedded ? certificate.terms.initial ?? model.initial : model.initial
    if let written = solution.initial { law = try model.law(written) }
    guard let law else {
      throw .rejected("initial: neither the solution nor the model has an initial law")
    }
    let own = Dictionary(proof.law.filter { !$0.probability.isZero }) { $0 + $1 }
    let other = Dictionary(
      law.filter { !$0.probability.isZero }.map { (Int($0.state.index), $0.probability) }
    ) { $0 + $1 }
    try require(
      own == other, "initial: the solution's initial law is not that of the certificate")
  }

  private func checkConstraints() throws(CheckFailure) {
    guard let printed = solution.constraints else { return }
    let own = certificate.terms.constraints
    try require(
      printed.count == own.count,
      "constraints: the solution has \(printed.count), the certificate \(own.count)")
    for (k, claim) in printed.enumerated() {
      try require(
        claim.constraint == own[k],
        "constraints[\(k)]: the solution says \(claim.constraint), the certificate \(own[k])")
      try requireSame(claim.value, proof.optimum?.constraintValues[k], "constraints[\(k)].value")
      try requireSame(claim.multiplier, multipliers?[k], "constraints[\(k)].multiplier")
    }
  }

  /// `λ` where it is that of an optimum.
  private var multipliers: [Rational]? {
    if case .optimal(let optimal) = certificate { optimal.multipliers } else { nil }
  }

  private func requireSame(
    _ claim: Rational?, _ proved: Rational?, _ field: String
  ) throws(CheckFailure) {
    guard let claim, claim != proved else { return }
    throw .rejected(
      "\(field): the solution says \(shown(claim)), the certificate proves "
        + (proved.map { shown($0) } ?? "none"))
  }

  private func checkInfeasible() throws(CheckFailure) {
    try require(
      solution.status ?? .infeasible == .infeasible,
      "status: it is '\(solution.status?.rawValue ?? "")', but the certificate proves that no "
        + "policy keeps the constraints")
    try require(
      solution.initialValue == nil && solution.initialValueDecimal == nil,
      "initialValue: there is none, since no policy keeps the constraints")
    try require(
      solution.policy == nil && solution.policyIsOptimal == nil,
      "policy: there is none, since no policy keeps the constraints")
  }

  private func checkOptimum() throws(CheckFailure) {
    guard let optimum = proof.optimum else { return }
    // Exact numbers are within any bounds, but there are none here to be printed.
    try require(
      solution.status ?? .exact == .exact,
      "status: it is '\(solution.status?.rawValue ?? "")', but the certificate proves an exact "
        + "optimum")
    try requireSame(solution.initialValue, optimum.value, "initialValue")
    try checkDecimal(optimum.value)
    try require(
      solution.policyIsOptimal ?? true,
      "policyIsOptimal: the solution says false, the certificate proves true")
    guard let policy = solution.policy else { return }
    for (state, law) in try policy.entries(in: model, "policy").enumerated() {
      try check(law, at: state, optimum.masses)
    }
  }

  private func checkDecimal(_ value: Rational) throws(CheckFailure) {
    guard let decimal = solution.initialValueDecimal else { return }
    try require(
      solution.initialValue != nil, "initialValueDecimal: there is no initialValue beside it")
    var isRight = false
    if case .number(let text) = decimal {
      isRight = Rounding(text, of: value.fraction)?.isNearest == true
    }
    try require(
      isRight, "initialValueDecimal: the decimals are not those of the number beside")
  }

  /// The law at a visited state is that of the occupancy, `x(s,a) / Σ_b x(s,b)`; elsewhere any
  /// law will do.
  private func check(
    _ law: WrittenConstrainedSolution.Law, at state: Int, _ masses: [Rational]
  ) throws(CheckFailure) {
    let name = model.name(State(state))
    var printed: [Int: Rational] = [:]
    var sum = Rational.zero
    for (reference, probability) in law {
      let choice = Int(try model.choice(reference, at: State(state), in: "policy").index)
      try require(
        probability.signum >= 0 && printed[choice] == nil,
        "policy: at state \(name) an action is listed twice or has a negative probability")
      printed[choice] = probability
      sum += probability
    }
    try require(
      sum == 1, "policy: at state \(name) the probabilities add up to \(shown(sum)), not 1")
    let visits = model.choiceRange(at: state).reduce(Rational.zero) { $0 + masses[$1] }
    for choice in model.choiceRange(at: state) where !visits.isZero {
      let (claim, proved) = (printed[choice] ?? 0, masses[choice] / visits)
      try require(
        claim == proved,
        "policy: at state \(name) the solution takes \(model.name(actionOf: choice)) with "
          + "probability \(shown(claim)), the certificate \(shown(proved))")
    }
  }
}
