import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What a solution file of an objective without discount claims beside its certificate.
///
/// Everything but the certificate may be absent; how the answer was found (`method`,
/// `statistics`, `warnings`) is not read.
struct WrittenUndiscountedSolution: Sendable {
  /// What an answer for the average reward says of the bias.
  struct Bias: Sendable {
    let vector: NumberVector?
    let decimals: StateVector<DecimalClaim>?
    let span: Rational?
    let spanDecimal: DecimalClaim?
    let isOptimal: Bool?
  }

  let objective: String?
  let direction: Direction?
  let reward: String?
  let discount: Rational?
  let goal: String?
  let horizon: Int?
  let status: WrittenSolution.Status?
  /// The values, or the gains, and under which key they stand.
  let values: ExtendedValues?
  let valuesKey: String
  let valuesDecimal: StateVector<DecimalClaim?>?
  let initialValue: ExtendedClaim?
  let initialValueDecimal: DecimalClaim?
  let initial: [(state: Reference, probability: Rational)]?
  /// One a step; kinds without a number of steps have one.
  let policies: [StateVector<Reference?>]?
  /// One a step; kinds without a number of steps have one.
  let optimalActions: [StateVector<[Reference]?>]?
  let policyIsOptimal: Bool?
  let undecided: [Reference]?
  let bias: Bias
  /// The first field that is of use with other certificates only.
  let foreignKey: String?
}

extension WrittenUndiscountedSolution {
  private static let keys = [
    "format", "version", "objective", "direction", "reward", "discount", "goal", "horizon",
    "status", "method", "initialValue", "initialValueDecimal", "initial", "policy",
    "optimalActions", "policyIsOptimal", "undecided", "certificate", "statistics", "warnings",
  ]
  private static let averageKeys = [
    "gain", "gainDecimal", "bias", "biasDecimal", "span", "spanDecimal", "biasOptimal",
  ]
  private static let valueKeys = ["values", "valuesDecimal"]
  /// What no solution with a discount has.
  static let ownKeys = ["goal"] + averageKeys

  init(
    _ fields: DocumentFields, kind: UndiscountedCertificateKind, _ read: EntryReader
  ) throws(InputError) {
    let isAverage = kind == .averageExact || kind == .averageEnclosed
    let foreignKeys = (isAverage ? Self.valueKeys : Self.averageKeys) + ["terminal"]
    try fields.requireKeys(among: Self.keys + Self.valueKeys + Self.averageKeys + ["terminal"])
    foreignKey = foreignKeys.first { fields[$0] != nil }
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction)
    reward = try fields.optional("reward", read.text)
    discount = try fields.optional("discount", read.number)
    goal = try fields.optional("goal", read.text)
    horizon = try fields.optional("horizon", read.naturalNumber)
    status = try fields.optional("status", read.status)
    valuesKey = isAverage ? "gain" : "values"
    values = try fields.optional(valuesKey, read.extendedValues)
    valuesDecimal = try fields.optional(valuesKey + "Decimal", read.extendedDecimals)
    initialValue = try fields.optional("initialValue", read.extendedClaim)
    initialValueDecimal = try fields.optional("initialValueDecimal", read.extendedDecimal)
    initial = try fields.optional("initial", read.initialLaw)
    if kind == .reachabilityBounded {
      policies = try fields.optional("policy", read.partialPolicies)
      optimalActions = try fields.optional("optimalActions", read.partialActionSetsByStep)
    } else {
      policies = try fields.optional("policy", read.partialPolicy).map { [$0] }
      optimalActions = try fields.optional("optimalActions", read.partialActionSets).map { [$0] }
    }
    policyIsOptimal = try fields.optional("policyIsOptimal", read.truth)
    undecided = try fields.optional("undecided", read.references)
    bias = Bias(
      vector: try fields.optional("bias", read.numberVector),
      decimals: try fields.optional("biasDecimal", read.decimals),
      span: try fields.optional("span", read.number),
      spanDecimal: try fields.optional("spanDecimal", read.decimal),
      isOptimal: try fields.optional("biasOptimal", read.truth))
  }
}
