import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What a solution file claims beside the certificate that it carries or names.
///
/// Everything but the certificate may be absent; how the answer was found (`method`,
/// `statistics`, `warnings`) is not read.
struct WrittenSolution: Sendable {
  enum Status: String, Sendable {
    case exact, enclosed
  }

  /// The printed values: numbers in any form, or bounds where some state has bounds.
  enum Values: Sendable {
    case numbers(NumberVector)
    case claims(StateVector<Claim>)
  }

  let objective: String?
  let direction: Direction?
  let reward: String?
  let discount: Rational?
  let horizon: Int?
  let status: Status?
  let values: Values?
  let initialValue: Claim?
  let initial: [(state: Reference, probability: Rational)]?
  /// One a step; a discounted solution has one.
  let policies: [StateVector<Reference>]?
  /// One a step; a discounted solution has one.
  let optimalActions: [StateVector<[Reference]>]?
  let policyIsOptimal: Bool?
  let undecided: [Reference]?
  let terminal: NumberVector?
  let initialValueDecimal: DecimalClaim?
  let valuesDecimal: StateVector<DecimalClaim>?
  /// The first field that is of use with other certificates only.
  let foreignKey: String?
}

extension WrittenSolution {
  private static let keys = [
    "format", "version", "objective", "direction", "reward", "discount", "status", "method",
    "values", "valuesDecimal", "initialValue", "initialValueDecimal", "initial", "policy",
    "optimalActions", "policyIsOptimal", "undecided", "horizon", "terminal", "certificate",
    "statistics", "warnings",
  ]

  init(
    _ fields: DocumentFields, kind: CertificateKind, _ read: EntryReader
  ) throws(InputError) {
    let foreignKeys = WrittenUndiscountedSolution.ownKeys
    try fields.requireKeys(among: Self.keys + foreignKeys)
    foreignKey = foreignKeys.first { fields[$0] != nil }
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction)
    reward = try fields.optional("reward", read.text)
    discount = try fields.optional("discount", read.number)
    horizon = try fields.optional("horizon", read.naturalNumber)
    status = try fields.optional("status", read.status)
    values = try fields.optional("values", read.printedValues)
    initialValue = try fields.optional("initialValue", read.claim)
    initial = try fields.optional("initial", read.initialLaw)
    switch kind {
    case .discountedExact, .discountedEnclosed:
      policies = try fields.optional("policy", read.policy).map { [$0] }
      optimalActions = try fields.optional("optimalActions", read.actionSets).map { [$0] }
    case .finiteHorizon:
      policies = try fields.optional("policy", read.policies)
      optimalActions = try fields.optional("optimalActions", read.actionSetsByStep)
    }
    policyIsOptimal = try fields.optional("policyIsOptimal", read.truth)
    undecided = try fields.optional("undecided", read.references)
    terminal = try fields.optional("terminal", read.numberVector)
    initialValueDecimal = try fields.optional("initialValueDecimal", read.decimal)
    valuesDecimal = try fields.optional("valuesDecimal", read.decimals)
  }
}

extension EntryReader {
  func status(_ node: JSONNode) throws(Malformed) -> WrittenSolution.Status {
    guard let status = WrittenSolution.Status(rawValue: try text(node)) else {
      throw node.expected("'exact' or 'enclosed'")
    }
    return status
  }

  func printedValues(_ node: JSONNode) throws(Malformed) -> WrittenSolution.Values {
    node.hasEntry { $0.isObject }
      ? .claims(try claims(node)) : .numbers(try numberVector(node))
  }

  /// A state, or a list of `[state, probability]` that adds up to 1.
  func initialLaw(
    _ node: JSONNode
  ) throws(Malformed) -> [(state: Reference, probability: Rational)] {
    guard case .array = node.kind else { return [(try reference(node), 1)] }
    let law = try list(node, of: weightedState)
    let sum = law.reduce(Rational.zero) { $0 + $1.probability }
    guard sum == 1 else { throw Malformed("the initial probabilities add up to \(sum), not 1") }
    return law
  }

  private func weightedState(
    _ node: JSONNode
  ) throws(Malformed) -> (state: Reference, probability: Rational) {
    guard case .array(let pair) = node.kind, pair.count == 2 else {
      throw node.expected("[state, probability]")
    }
    let state = try inside("[0]", reference, pair[0])
    let weight = try inside("[1]", number, pair[1])
    guard weight.signum >= 0 else {
      throw Malformed("a probability must not be negative, but there is \(weight)", at: "[1]")
    }
    return (state, weight)
  }
}
