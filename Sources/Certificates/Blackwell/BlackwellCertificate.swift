import ExactArithmetic
import MarkovDecisionProcesses

/// A policy that is optimal for all discounts from ``from`` to the start of the next piece.
public struct DiscountPiece: Sendable {
  /// In `[0, 1)`.
  public let from: AlgebraicNumber
  /// One action a state.
  public let policy: [Action]
  /// A common denominator of the policy's values as functions of the discount: positive on
  /// `[0, 1)`, where the numerators follow from the policy's equation.
  public let denominator: Polynomial

  public init(from: AlgebraicNumber, policy: [Action], denominator: Polynomial) {
    self.from = from
    self.policy = policy
    self.denominator = denominator
  }
}

/// Proves a policy optimal for every discount from its Blackwell start on, and that it is so for
/// no interval that begins earlier; with more pieces, also what is optimal below.
///
/// Statement and proof: `proofs-notes/blackwell-certificate.md`.
public struct BlackwellCertificate: Sendable {
  /// The name of the kind in files.
  public static let kind = "blackwell"

  public let objective: AverageObjective
  /// Ascending; the last one reaches to the discount 1.
  public let pieces: [DiscountPiece]

  /// - Precondition: there is a piece.
  public init(objective: AverageObjective, pieces: [DiscountPiece]) {
    precondition(!pieces.isEmpty, "there is a piece that reaches to the discount 1")
    self.objective = objective
    self.pieces = pieces
  }

  /// The piece that reaches to the discount 1.
  public var last: DiscountPiece { pieces[pieces.count - 1] }
}
