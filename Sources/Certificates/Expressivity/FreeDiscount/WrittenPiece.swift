import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A conflict with multipliers that depend on the discount, as a file writes it.
struct WrittenPiece: Sendable {
  let place: Rational?
  let requirements: [WrittenRequirement]
  /// One a requirement.
  let multipliers: [Polynomial]
}

extension AnswerReader {
  /// The certificate's type.
  static let discountRefutation = "farkas-any"

  /// The discount of the answer; `nil` as well for one that is about all discounts.
  func discount() throws(InputError) -> Rational? {
    let written = try fields.optional("discount") {
      (node: JSONNode) throws(Malformed) -> ExpressTask.Discount in
      if case .string(ExpressTask.anyDiscount) = node.kind { return .any }
      return .fixed(try read.number(node))
    }
    if case .fixed(let value)? = written { return value }
    return nil
  }

  /// The discounts that an answer leaves open.
  func openDiscounts() throws(InputError) -> [WrittenAlgebraicNumber] {
    try fields.optional("open") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.algebraicNumber)
    } ?? []
  }

  /// The pieces of a certificate about all discounts.
  func pieces(_ node: JSONNode) throws(Malformed) -> [WrittenPiece] {
    guard let pieces = node["pieces"] else { throw Malformed("the key 'pieces' is missing") }
    return try read.inside(
      "pieces",
      { (node: JSONNode) throws(Malformed) in try read.list(node, of: piece) }, pieces)
  }

  private func piece(_ node: JSONNode) throws(Malformed) -> WrittenPiece {
    guard let list = node["constraints"] else {
      throw node.expected("an object with 'constraints'")
    }
    var place: Rational?
    if let written = node["at"] { place = try read.inside("at", read.number, written) }
    let terms = try read.inside(
      "constraints",
      { (node: JSONNode) throws(Malformed) in try read.list(node, of: term) }, list)
    return WrittenPiece(
      place: place, requirements: terms.map(\.requirement), multipliers: terms.map(\.multiplier))
  }

  private func term(
    _ node: JSONNode
  ) throws(Malformed) -> (requirement: WrittenRequirement, multiplier: Polynomial) {
    guard let multiplier = node["multiplier"] else {
      throw node.expected("an object with 'multiplier', the list of a polynomial's coefficients")
    }
    return (
      try related(node), try read.inside("multiplier", read.polynomial, multiplier)
    )
  }
}
