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

  private func checkTerms() throws(CheckFailure) {
    let terms = certificate.objective
    if let key = solution.foreignKey {
      throw .rejected("\(key): a certificate of the kind '\(kind.rawValue)' proves nothing of it")
    }
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
    if solution.status == .enclosed, kind != .discountedEnclosed {
      var printsNumbers = false
      if case .numbers? = solution.values { printsNumbers = true }
      try requireNoExactAnswers(
        values: printsNumbers ? "values" : nil, initialValue: solution.initialValue,
        optimalActions: solution.optimalActions != nil)
    }
    try requireNoBounds(status: solution.status, initialValue: solution.initialValue)
    guard solution.status == .exact, !proof.isExact else { return }
    // `--values initial`: one exact number and no values, on the ground of proved bounds.
    if solution.values == nil, solution.initialValue?.isExact != false { return }
    try require(
      proof.lower.indices.allSatisfy { proof.lower.isEqual(proof.upper, at: $0) },
      "status: it is 'exact', but the certificate proves bounds only")
  }
}

/// Refuses the status `enclosed` of a solution that goes with a proof of exact values and prints
/// what only an exact answer has.
///
/// - Parameters:
///   - values: the field that holds exact numbers, if there is one.
///   - initialValue: what is said of it, where that is no infinity.
///   - optimalActions: whether there are any.
func requireNoExactAnswers(
  values: String?, initialValue: Claim?, optimalActions: Bool
) throws(CheckFailure) {
  if let values = values ?? (initialValue?.isExact == true ? "initialValue" : nil) {
    throw .rejected(
      "status: it is 'enclosed', but \(values) is exact, and the certificate proves it so")
  }
  try require(
    !optimalActions, "status: it is 'enclosed', but optimalActions belong to an exact answer")
}

/// Refuses the status `exact` of a solution that prints bounds on its initial value.
func requireNoBounds(
  status: WrittenSolution.Status?, initialValue: Claim?
) throws(CheckFailure) {
  try require(
    status != .exact || initialValue?.isExact ?? true,
    "status: it is 'exact', but initialValue is given by bounds")
}
