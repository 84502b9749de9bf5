import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A real number as a file describes it: a fraction, or the root of a polynomial between bounds.
struct WrittenAlgebraicNumber: Sendable {
  let lower: Rational
  let upper: Rational
  /// `nil` for a fraction, or for bounds that are only to be believed.
  let polynomial: Polynomial?

  var isExact: Bool { polynomial == nil && lower == upper }

  /// The number; rejects bounds that do not hold exactly one root.
  func fitted(
    to model: FiniteMDP, in field: String
  ) throws(CheckFailure) -> AlgebraicNumber {
    guard let polynomial else {
      try require(lower == upper, "\(field): bounds need a 'polynomial' with one root between them")
      return AlgebraicNumber(lower)
    }
    try requireDegree(polynomial, model, "\(field).polynomial")
    guard let number = AlgebraicNumber(rootOf: polynomial, from: lower, to: upper) else {
      throw .rejected("\(field): the polynomial has to have exactly one root between the bounds")
    }
    return number
  }
}

/// Rejects what is longer than any polynomial that an answer needs: these have at most the degree
/// `n`, the number of states. It would only make the check long.
func requireDegree(
  _ polynomial: Polynomial, _ model: FiniteMDP, _ field: String
) throws(CheckFailure) {
  let limit = 2 * model.stateCount + 2
  try require(
    polynomial.degree <= limit,
    "\(field): the degree is \(polynomial.degree), but \(limit) is more than enough for a model "
      + "with \(model.stateCount) states")
}

/// A certificate of Blackwell optimality as its file holds it, before it meets a model.
struct WrittenBlackwell: Sendable {
  struct Piece: Sendable {
    let from: WrittenAlgebraicNumber
    let policy: StateVector<Reference>
    let denominator: Polynomial
  }

  let objective: String?
  let direction: Direction
  let reward: String
  let pieces: [Piece]
}

extension WrittenBlackwell {
  private static let keys = [
    "format", "version", "kind", "objective", "direction", "reward", "pieces",
  ]

  init(_ fields: CertificateFields, _ read: EntryReader) throws(InputError) {
    let own = fields.own
    try own.requireKeys(among: Self.keys)
    objective = try own.optional("objective", read.text)
    // What a file of its own says is never taken from the solution that names it.
    direction =
      try
      (fields.isEmbedded
      ? fields.optional("direction", read.direction) : own.optional("direction", read.direction))
      ?? .maximize
    reward = try fields.required("reward", read.text)
    pieces = try own.required("pieces", read.discountPieces)
    guard !pieces.isEmpty else { throw own.error("a piece is expected", at: "pieces") }
  }

  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> BlackwellCertificate {
    var fitted: [DiscountPiece] = []
    for (place, piece) in pieces.enumerated() {
      let field = "pieces[\(place)]"
      try requireDegree(piece.denominator, model, "\(field).denominator")
      fitted.append(
        DiscountPiece(
          from: try piece.from.fitted(to: model, in: "\(field).from"),
          policy: try model.policy(piece.policy, in: "\(field).policy"),
          denominator: piece.denominator))
    }
    return BlackwellCertificate(
      objective: AverageObjective(direction: direction, reward: reward), pieces: fitted)
  }
}

extension EntryReader {
  /// The coefficients, that of the constant first.
  func polynomial(_ node: JSONNode) throws(Malformed) -> Polynomial {
    Polynomial(try list(node, of: integer))
  }

  func algebraicNumber(_ node: JSONNode) throws(Malformed) -> WrittenAlgebraicNumber {
    guard case .object(let members) = node.kind else {
      let value = try number(node)
      return WrittenAlgebraicNumber(lower: value, upper: value, polynomial: nil)
    }
    for member in members where !["lower", "upper", "polynomial"].contains(member.key) {
      throw Malformed("unknown key \(excerpt(member.key))")
    }
    guard let lower = node["lower"], let upper = node["upper"] else {
      throw node.expected("a number, or an object with 'lower', 'upper' and 'polynomial'")
    }
    var polynomial: Polynomial?
    if let written = node["polynomial"] {
      polynomial = try inside("polynomial", self.polynomial, written)
    }
    return WrittenAlgebraicNumber(
      lower: try inside("lower", number, lower), upper: try inside("upper", number, upper),
      polynomial: polynomial)
  }

  func discountPieces(_ node: JSONNode) throws(Malformed) -> [WrittenBlackwell.Piece] {
    try list(node) { (entry) throws(Malformed) in
      WrittenBlackwell.Piece(
        from: try member("from", of: entry, algebraicNumber),
        policy: try member("policy", of: entry, policy),
        denominator: try member("denominator", of: entry, polynomial))
    }
  }
}
