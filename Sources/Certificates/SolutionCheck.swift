import ExactArithmetic
import MarkovDecisionProcesses

/// Holds every claim of a solution file against what its certificate proves.
///
/// Bounds may be wider than proved, never narrower; a number has to be proved exactly. A policy
/// may take any action that is proved optimal.
struct SolutionCheck {
  let solution: WrittenSolution
  let certificate: Certificate
  let kind: CertificateKind
  let proof: Proof
  let model: FiniteMDP
  /// The law of the first state: the solution's, else the model's.
  let initial: [(state: Int, probability: Rational)]?
  private let isEmbedded: Bool

  init(
    solution: WrittenSolution, certificate: Certificate, kind: CertificateKind, proof: Proof,
    model: FiniteMDP, isEmbedded: Bool
  ) throws(CheckFailure) {
    self.solution = solution
    self.certificate = certificate
    self.kind = kind
    self.proof = proof
    self.model = model
    self.isEmbedded = isEmbedded
    guard let law = solution.initial else {
      initial = model.initial?.map { (Int($0.state.index), $0.probability) }
      return
    }
    var fitted: [(state: Int, probability: Rational)] = []
    for (reference, probability) in law {
      fitted.append(
        (Int(try model.state(reference, in: "initial").index), probability))
    }
    try require(
      Set(fitted.map(\.state)).count == fitted.count, "initial: a state is listed twice")
    initial = fitted
  }

  /// - Returns: what the statement has to say beside, one clause each.
  func run() throws(CheckFailure) -> [String] {
    try checkTerms()
    try checkTerminal()
    try checkStatus()
    try checkValues()
    let remark = try checkInitialValue()
    try checkPolicies()
    try checkOptimalActions()
    try checkOptimality()
    return remark.map { [$0] } ?? []
  }

  // MARK: What is asked

  private func checkTerms() throws(CheckFailure) {
    let terms = certificate.objective
    if let objective = solution.objective {
      try require(
        objective == kind.objective,
        "objective: the solution says '\(objective)', the certificate proves "
          + "'\(kind.objective)'")
    }
    // A direction that one of two files leaves out is to maximise.
    let direction = solution.direction ?? (isEmbedded ? terms.direction : .maximize)
    try require(
      direction == terms.direction,
      "direction: the solution says '\(direction.rawValue)', the certificate "
        + "'\(terms.direction.rawValue)'")
    if let reward = solution.reward {
      try require(
        reward == terms.reward,
        "reward: the solution says '\(reward)', the certificate '\(terms.reward)'")
    }
    if let discount = solution.discount {
      try require(
        discount == terms.discount,
        "discount: the solution says \(shown(discount)), the certificate "
          + shown(terms.discount))
    }
    if let horizon = solution.horizon {
      guard case .finiteHorizon(let own) = certificate else {
        throw .rejected("horizon: the solution has one, the certificate proves none")
      }
      try require(
        horizon == own.horizon,
        "horizon: the solution says \(horizon), the certificate \(own.horizon)")
    }
  }

  /// A solution prints terminal values exactly when the certificate's are not 0.
  private func checkTerminal() throws(CheckFailure) {
    let printed = try solution.terminal?.vector(in: model, "terminal")
    var proved: RationalVector?
    if case .finiteHorizon(let own) = certificate, own.hasTerminalValues { proved = own.terminal }
    for state in 0..<model.stateCount {
      let isEqual =
        switch (printed, proved) {
        case (let a?, let b?): a.isEqual(b, at: state)
        case (let a?, nil): a.sign(at: state) == 0
        case (nil, let b?): b.sign(at: state) == 0
        case (nil, nil): true
        }
      try require(
        isEqual,
        "terminal: at state \(model.name(State(state))) the solution says "
          + "\(shown(printed?[state] ?? 0)), the certificate \(shown(proved?[state] ?? 0))")
    }
  }

  private func checkStatus() throws(CheckFailure) {
    guard solution.status == .exact, !proof.isExact else { return }
    // `--values initial`: one exact number and no values, on the ground of proved bounds.
    if solution.values == nil, solution.initialValue?.isExact != false { return }
    try require(
      proof.lower.indices.allSatisfy { proof.lower.isEqual(proof.upper, at: $0) },
      "status: it is 'exact', but the certificate proves bounds only")
  }

  // MARK: Numbers

  private func checkValues() throws(CheckFailure) {
    guard let values = solution.values else {
      try require(
        solution.valuesDecimal == nil, "valuesDecimal: there are no values beside it")
      return
    }
    let decimals = try solution.valuesDecimal?.entries(in: model, "valuesDecimal")
    switch values {
    case .numbers(let numbers):
      let vector = try numbers.vector(in: model, "values")
      for state in 0..<model.stateCount {
        let isProved =
          vector.isEqual(proof.lower, at: state) && vector.isEqual(proof.upper, at: state)
        guard isProved else {
          throw .rejected(notProved("values", state, claim: exactly(vector[state])))
        }
        if let decimal = decimals?[state] {
          try requireRounding(decimal, of: exactly(vector[state]), "valuesDecimal", state)
        }
      }
    case .claims(let claims):
      for (state, claim) in try claims.entries(in: model, "values").enumerated() {
        guard claim.isImplied(by: proof.lower[state], proof.upper[state]) else {
          throw .rejected(notProved("values", state, claim: claim))
        }
        if let decimal = decimals?[state] {
          try requireRounding(decimal, of: claim, "valuesDecimal", state)
        }
      }
    }
  }

  private func checkInitialValue() throws(CheckFailure) -> String? {
    guard let claim = solution.initialValue else {
      try require(
        solution.initialValueDecimal == nil,
        "initialValueDecimal: there is no initialValue beside it")
      return nil
    }
    guard let initial else {
      throw .rejected("initialValue: neither the solution nor the model has an initial law")
    }
    if let decimal = solution.initialValueDecimal {
      try requireRounding(decimal, of: claim, "initialValueDecimal", nil)
    }
    let (low, high) = (proof.lower.mean(initial), proof.upper.mean(initial))
    if claim.isImplied(by: low, high) { return nil }
    let liesBetween = claim.isExact && low <= claim.lower && claim.lower <= high
    try require(
      liesBetween && solution.values == nil,
      "initialValue: the solution says \(claim.shown), the certificate proves "
        + Claim(lower: low, upper: high, isExact: proof.isExact).shown)
    return "the exact initial value \(shown(claim.lower)) lies between these bounds, "
      + "and only the bounds are proved"
  }

  private func exactly(_ value: Rational) -> Claim {
    Claim(lower: value, upper: value, isExact: true)
  }

  private func notProved(_ field: String, _ state: Int, claim: Claim) -> String {
    let proved = Claim(
      lower: proof.lower[state], upper: proof.upper[state], isExact: proof.isExact)
    return "\(field): at state \(model.name(State(state))) the solution says \(claim.shown), "
      + "the certificate proves \(proved.shown)"
  }

  private func requireRounding(
    _ decimal: DecimalClaim, of claim: Claim, _ field: String, _ state: Int?
  ) throws(CheckFailure) {
    let isRight =
      switch decimal {
      case .number(let text): claim.lower == claim.upper && text.isRounding(of: claim.lower)
      case .bounds(let lower, let upper):
        lower.isRounding(of: claim.lower) && upper.isRounding(of: claim.upper)
      }
    try require(
      isRight,
      "\(field): " + (state.map { "at state \(model.name(State($0))) " } ?? "")
        + "the decimals are not those of \(claim.shown)")
  }

  // MARK: Actions

  private func checkPolicies() throws(CheckFailure) {
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

  private func checkOptimalActions() throws(CheckFailure) {
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

  private func checkOptimality() throws(CheckFailure) {
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

extension Claim {
  /// Whether the claim holds when all that is known is `low ≤ value ≤ high`.
  fileprivate func isImplied(by low: Rational, _ high: Rational) -> Bool {
    lower <= low && high <= upper
  }

  fileprivate var shown: String {
    if isExact { return Certificates.shown(lower) }
    return "[\(Certificates.shown(lower)), \(Certificates.shown(upper))]"
  }
}

extension String {
  /// Whether the text is `value` correctly rounded to the number of digits that it has.
  fileprivate func isRounding(of value: Rational) -> Bool {
    let digits = firstIndex(of: ".").map { utf8.distance(from: $0, to: endIndex) - 1 } ?? 0
    return self == value.decimal(digits: digits)
  }
}
