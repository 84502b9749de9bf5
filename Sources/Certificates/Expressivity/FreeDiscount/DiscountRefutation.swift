import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ExpressAnswer {
  /// What proves that no reward expresses a task whatever the discount: conflicts with multipliers
  /// that depend on the discount, of which at each discount in `[0, 1)` one is a contradiction.
  public struct DiscountRefutation: Sendable {
    /// Requirements of which the weighted differences cancel.
    public struct Piece: Sendable {
      /// The only discount at which they do; `nil` for all.
      public let place: Rational?
      /// Polynomials in the discount. The piece is a contradiction where those of inequalities are
      /// not negative and those of strict ones do not add up to 0.
      public let terms: [(requirement: Requirement, multiplier: Polynomial)]

      public init(
        at place: Rational? = nil, _ terms: [(requirement: Requirement, multiplier: Polynomial)]
      ) {
        self.place = place
        self.terms = terms
      }

      package var condition: ConflictCondition {
        ConflictCondition(terms.map { ($0.requirement.relation, $0.multiplier) }, at: place)
      }
    }

    public let pieces: [Piece]
    /// The discounts that the pieces do not settle, irrational ones; empty for a proof.
    public let open: [AlgebraicNumber]

    public init(pieces: [Piece], open: [AlgebraicNumber] = []) {
      self.pieces = pieces
      self.open = open
    }

    /// For each piece the discounts at which it is a contradiction.
    package func ranges() throws(Interrupted) -> [[DiscountRange]] {
      let cover = try DiscountCover(of: pieces.map(\.condition))
      return pieces.indices.map { cover.ranges(ofCondition: $0) }
    }

    /// Why the task is not decided.
    package var reason: String {
      let places = open.map { $0.placeInWords }.joined(separator: " and ")
      return
        "no reward does at any other discount in [0, 1), but at \(places) no reward was looked for:"
        + " the discount is irrational there"
    }
  }
}

extension AlgebraicNumber {
  /// The fraction, or which root of which polynomial, for a sentence about discounts.
  package var placeInWords: String {
    guard !isExact else { return "γ = \(lower)" }
    let polynomial = polynomial.text(variable: "γ")
    let near = (approximation * 1e6).rounded() / 1e6
    return polynomial.count <= 200
      ? "the root of \(polynomial) near \(near)"
      : "a root, near \(near), of a polynomial of degree \(self.polynomial.degree)"
  }
}
