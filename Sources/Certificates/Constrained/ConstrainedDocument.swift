import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A certificate or solution file of a constrained problem, before it meets a model.
struct ConstrainedDocument: Sendable {
  let certificate: WrittenConstrained
  /// What the file claims beside, when it is a solution.
  let solution: WrittenConstrainedSolution?
  let isEmbedded: Bool
  let announcedKind: String?

  /// - Parameter solution: the fields of the solution around the certificate, if there is one.
  init(
    _ fields: CertificateFields, kind: ConstrainedCertificate.Kind, solution: DocumentFields?,
    announcedKind: String?, _ read: EntryReader
  ) throws(InputError) {
    certificate = try WrittenConstrained(fields, kind: kind, read)
    self.solution = try solution.map { (fields) throws(InputError) in
      try WrittenConstrainedSolution(fields, read)
    }
    isEmbedded = fields.isEmbedded
    self.announcedKind = announcedKind
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try Certificates.verdict { () throws(CheckFailure) in
      let kind = certificate.kind.rawValue
      try require(
        announcedKind == nil || announcedKind == kind,
        "certificate.kind: the solution announces '\(announcedKind ?? "")', but the file holds "
          + "'\(kind)'")
      try require(
        certificate.objective == nil || certificate.objective == "discounted",
        "objective: it is '\(certificate.objective ?? "")', but a certificate of the kind "
          + "'\(kind)' proves 'discounted'")
      let fitted = try certificate.fitted(to: model)
      let proof = try fitted.proof(in: model, progress)
      if let solution {
        try ConstrainedSolutionCheck(
          solution: solution, certificate: fitted, proof: proof, model: model,
          isEmbedded: isEmbedded
        ).run()
      }
      return .accepted(statement: proof.statement, warnings: fitted.warnings(in: model))
    }
  }
}

/// What a solution of a constrained problem claims beside its certificate.
struct WrittenConstrainedSolution: Sendable {
  enum Status: String, Sendable {
    case exact, enclosed, infeasible
  }

  /// A printed constraint with the value that the policy gives to its reward, and `λ`.
  struct Constraint: Sendable {
    let constraint: RewardConstraint
    let value: Rational?
    let multiplier: Rational?
  }

  /// What a policy does at a state: the actions with their probabilities.
  typealias Law = [(action: Reference, probability: Rational)]

  let objective: String?
  let direction: Direction?
  let reward: String?
  let discount: Rational?
  let status: Status?
  let initial: [(state: Reference, probability: Rational)]?
  let initialValue: Rational?
  let initialValueDecimal: DecimalClaim?
  let policy: StateVector<Law>?
  let policyIsOptimal: Bool?
  let constraints: [Constraint]?
  /// The first field that is of use with other certificates only.
  let foreignKey: String?
}

extension WrittenConstrainedSolution {
  private static let keys = [
    "format", "version", "objective", "direction", "reward", "discount", "status", "method",
    "initial", "initialValue", "initialValueDecimal", "policy", "policyIsOptimal", "constraints",
    "certificate", "statistics", "warnings",
  ]
  private static let foreignKeys =
    [
      "values", "valuesDecimal", "optimalActions", "undecided", "horizon", "terminal",
    ] + WrittenUndiscountedSolution.ownKeys

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys + Self.foreignKeys)
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction)
    reward = try fields.optional("reward", read.text)
    discount = try fields.optional("discount", read.number)
    status = try fields.optional("status", read.constrainedStatus)
    initial = try fields.optional("initial", read.initialLaw)
    initialValue = try fields.optional("initialValue", read.number)
    initialValueDecimal = try fields.optional("initialValueDecimal", read.decimal)
    policy = try fields.optional("policy", read.randomizedPolicy)
    policyIsOptimal = try fields.optional("policyIsOptimal", read.truth)
    constraints = try fields.optional("constraints", read.printedConstraints)
    foreignKey = Self.foreignKeys.first { fields[$0] != nil }
  }
}

extension EntryReader {
  fileprivate func constrainedStatus(
    _ node: JSONNode
  ) throws(Malformed) -> WrittenConstrainedSolution.Status {
    guard let status = WrittenConstrainedSolution.Status(rawValue: try text(node)) else {
      throw node.expected("'exact', 'enclosed' or 'infeasible'")
    }
    return status
  }

  fileprivate func randomizedPolicy(
    _ node: JSONNode
  ) throws(Malformed) -> StateVector<WrittenConstrainedSolution.Law> {
    try stateVector(node, of: law)
  }

  /// One action, or an object of actions with their probabilities.
  private func law(_ node: JSONNode) throws(Malformed) -> WrittenConstrainedSolution.Law {
    guard case .object(let members) = node.kind else { return [(try reference(node), 1)] }
    var law: WrittenConstrainedSolution.Law = []
    for member in members {
      law.append((.name(member.key), try inside(excerpt(member.key), number, member.value)))
    }
    return law
  }

  fileprivate func printedConstraints(
    _ node: JSONNode
  ) throws(Malformed) -> [WrittenConstrainedSolution.Constraint] {
    try list(node) { (entry) throws(Malformed) in
      let constraint = try constraint(entry, extraKeys: ["value", "multiplier"])
      var numbers: [String: Rational] = [:]
      for key in ["value", "multiplier"] {
        if let value = entry[key] { numbers[key] = try inside(key, number, value) }
      }
      return WrittenConstrainedSolution.Constraint(
        constraint: constraint, value: numbers["value"], multiplier: numbers["multiplier"])
    }
  }
}
