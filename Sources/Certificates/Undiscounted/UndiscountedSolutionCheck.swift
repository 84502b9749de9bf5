import ExactArithmetic
import MarkovDecisionProcesses

/// Holds every claim of a solution file of an objective without discount against what its
/// certificate proves.
///
/// Bounds may be wider than proved, never narrower; a number has to be proved exactly.
struct UndiscountedSolutionCheck {
  let solution: WrittenUndiscountedSolution
  let certificate: WrittenUndiscounted
  /// The number of steps that the certificate bounds the objective by.
  let steps: Int?
  let proof: UndiscountedProof
  let model: FiniteMDP
  /// The law of the first state: the solution's, else the model's.
  let initial: [(state: Int, probability: Rational)]?
  private let isEmbedded: Bool

  init(
    solution: WrittenUndiscountedSolution, certificate: WrittenUndiscounted, steps: Int?,
    proof: UndiscountedProof, model: FiniteMDP, isEmbedded: Bool
  ) throws(CheckFailure) {
    self.solution = solution
    self.certificate = certificate
    self.steps = steps
    self.proof = proof
    self.model = model
    self.isEmbedded = isEmbedded
    let own = try solution.initial.map { (law) throws(CheckFailure) in try model.law(law) }
    initial = (own ?? model.initial)?.indexed
  }

  /// - Returns: what the statement has to say beside, one clause each.
  func run() throws(CheckFailure) -> [String] {
    try checkTerms()
    try checkStatus()
    try checkValues()
    let remark = try checkInitialValue()
    try checkPolicies()
    try checkOptimalActions()
    try checkOptimality()
    try checkBias()
    return remark.map { [$0] } ?? []
  }

  private func checkTerms() throws(CheckFailure) {
    let kind = certificate.kind
    if let key = solution.foreignKey {
      throw .rejected("\(key): a certificate of the kind '\(kind.rawValue)' proves nothing of it")
    }
    try requireSame(solution.objective, kind.objective, "objective") { "'\($0)'" }
    // A direction that one of two files leaves out is to maximise.
    let direction = solution.direction ?? (isEmbedded ? certificate.direction : .maximize)
    try requireSame(direction, certificate.direction, "direction") { "'\($0.rawValue)'" }
    try requireSame(solution.reward, certificate.reward, "reward") { "'\($0)'" }
    try requireSame(solution.goal, certificate.goal, "goal") { "'\($0)'" }
    try requireSame(solution.discount, certificate.discount, "discount") { shown($0) }
    try requireSame(solution.horizon, steps, "horizon") { "\($0)" }
  }

  /// What the solution does not say need not be proved.
  private func requireSame<Value: Equatable>(
    _ claim: Value?, _ proved: Value?, _ field: String, _ text: (Value) -> String
  ) throws(CheckFailure) {
    guard let claim, claim != proved else { return }
    throw .rejected(
      "\(field): the solution says \(text(claim)), the certificate "
        + (proved.map(text) ?? "has none"))
  }

  private func checkStatus() throws(CheckFailure) {
    if solution.status == .enclosed, case .exact = proof.values {
      var printsNumbers = false
      if case .numbers? = solution.values { printsNumbers = true }
      try requireNoExactAnswers(
        values: printsNumbers ? solution.valuesKey : nil,
        initialValue: solution.initialValue?.number,
        optimalActions: solution.optimalActions != nil)
    }
    try requireNoBounds(status: solution.status, initialValue: solution.initialValue?.number)
    guard solution.status == .exact, !proof.isExact else { return }
    // `--values initial`: one exact number and no values, on the ground of proved bounds.
    if solution.values == nil, solution.initialValue?.isExact != false { return }
    throw .rejected("status: it is 'exact', but the certificate proves bounds only")
  }
}

extension ExtendedClaim {
  /// What was printed, unless it is infinite.
  var number: Claim? {
    if case .number(let claim) = self { claim } else { nil }
  }

  /// Whether one number was printed, not two.
  var isExact: Bool {
    switch self {
    case .number(let claim): claim.isExact
    case .infinite: true
    }
  }

  var shown: String {
    switch self {
    case .number(let claim): claim.shown
    case .infinite(let divergence): divergence.text ?? ""
    }
  }

  /// Whether the claim holds when all that is known is `value`.
  func isImplied(by value: ProvedValue) -> Bool {
    switch self {
    case .infinite(let divergence): divergence == value.divergence
    case .number(let claim):
      value.divergence == .finite && claim.isImplied(by: value.lower, value.upper)
    }
  }

  /// Whether the decimals are those of the claim.
  func hasDecimals(_ decimal: DecimalClaim) -> Bool {
    switch self {
    case .number(let claim):
      return decimal.isRounding(of: claim.lower.fraction, claim.upper.fraction)
    case .infinite(let divergence):
      guard case .number(let text) = decimal else { return false }
      return text == divergence.text
    }
  }
}

extension ProvedValue {
  var shown: String {
    divergence.text
      ?? Claim(lower: lower, upper: upper, isExact: lower == upper).shown
  }
}
