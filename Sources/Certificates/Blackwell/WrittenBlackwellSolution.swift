import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What a solution file of a Blackwell problem claims beside its certificate.
struct WrittenBlackwellSolution: Sendable {
  /// A piece of the optimal values as functions of the discount.
  struct Piece: Sendable {
    let from: WrittenAlgebraicNumber
    let to: WrittenAlgebraicNumber
    let policy: StateVector<Reference>
    let denominator: Polynomial
    let numerators: StateVector<Polynomial>
  }

  let objective: String?
  let direction: Direction?
  let reward: String?
  let status: WrittenSolution.Status?
  let order: Int?
  let gain: NumberVector?
  let gainDecimal: StateVector<DecimalClaim>?
  let bias: NumberVector?
  let biasDecimal: StateVector<DecimalClaim>?
  /// From the gain on, one vector a level.
  let laurentCoefficients: [NumberVector]?
  let start: WrittenAlgebraicNumber?
  let startDecimal: DecimalClaim?
  let optimalFrom: Rational?
  let aPrioriBound: Rational?
  let initialValue: Claim?
  let initialValueDecimal: DecimalClaim?
  let initial: [(state: Reference, probability: Rational)]?
  let policy: StateVector<Reference>?
  let optimalActions: StateVector<[Reference]>?
  let policyIsOptimal: Bool?
  let undecided: [Reference]?
  let pieces: [Piece]?
}

extension WrittenBlackwellSolution {
  private static let keys = [
    "format", "version", "objective", "direction", "reward", "status", "method", "order", "gain",
    "gainDecimal", "bias", "biasDecimal", "laurentCoefficients", "blackwellStart",
    "blackwellStartDecimal", "optimalFrom", "aPrioriBound", "initialValue",
    "initialValueDecimal", "initial", "policy", "optimalActions", "policyIsOptimal", "undecided",
    "pieces",
    "certificate", "statistics", "warnings",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys)
    objective = try fields.optional("objective", read.text)
    direction = try fields.optional("direction", read.direction)
    reward = try fields.optional("reward", read.text)
    status = try fields.optional("status", read.status)
    order = try fields.optional("order", read.order)
    gain = try fields.optional("gain", read.numberVector)
    gainDecimal = try fields.optional("gainDecimal", read.decimals)
    bias = try fields.optional("bias", read.numberVector)
    biasDecimal = try fields.optional("biasDecimal", read.decimals)
    laurentCoefficients = try fields.optional("laurentCoefficients", read.numberVectors)
    start = try fields.optional("blackwellStart", read.algebraicNumber)
    startDecimal = try fields.optional("blackwellStartDecimal", read.decimal)
    optimalFrom = try fields.optional("optimalFrom", read.number)
    aPrioriBound = try fields.optional("aPrioriBound", read.number)
    initialValue = try fields.optional("initialValue", read.claim)
    initialValueDecimal = try fields.optional("initialValueDecimal", read.decimal)
    initial = try fields.optional("initial", read.initialLaw)
    policy = try fields.optional("policy", read.policy)
    optimalActions = try fields.optional("optimalActions", read.actionSets)
    policyIsOptimal = try fields.optional("policyIsOptimal", read.truth)
    undecided = try fields.optional("undecided", read.references)
    pieces = try fields.optional("pieces", read.printedPieces)
  }
}

extension EntryReader {
  fileprivate func order(_ node: JSONNode) throws(Malformed) -> Int {
    let value = try integer(node)
    guard let order = value.word, order >= -1 else {
      throw node.expected("an order of at least -1")
    }
    return order
  }

  fileprivate func printedPieces(
    _ node: JSONNode
  ) throws(Malformed) -> [WrittenBlackwellSolution.Piece] {
    try list(node) { (entry) throws(Malformed) in
      WrittenBlackwellSolution.Piece(
        from: try member("from", of: entry, algebraicNumber),
        to: try member("to", of: entry, algebraicNumber),
        policy: try member("policy", of: entry, policy),
        denominator: try member("denominator", of: entry, polynomial),
        numerators: try member("numerators", of: entry, polynomials))
    }
  }

  private func polynomials(_ node: JSONNode) throws(Malformed) -> StateVector<Polynomial> {
    try stateVector(node, of: polynomial)
  }
}
