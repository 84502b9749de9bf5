import ExactArithmetic
import LinearPrograms

/// A proof of the answer of a linear program; checked without solving anything.
///
/// Notation of all three kinds: rows `lo_i ≤ a_i·x ≤ up_i`, columns `l_j ≤ x_j ≤ u_j`, objective
/// `c·x + c₀`. For a vector `y` of multipliers, one a row, `z = c − Aᵀy` are the reduced costs.
///
/// Source: `proofs-notes/lp-duality.md`, `proofs-notes/farkas.md`.
public enum LPCertificate: Sendable {
  case optimal(LPOptimalCertificate)
  case infeasible(LPInfeasibleCertificate)
  case unbounded(LPUnboundedCertificate)

  public var kind: LPCertificateKind {
    switch self {
    case .optimal: .optimal
    case .infeasible: .infeasible
    case .unbounded: .unbounded
    }
  }
}

/// The kinds of certificates of linear programs.
public enum LPCertificateKind: String, Sendable, CaseIterable {
  case optimal = "lp-optimal"
  case infeasible = "lp-infeasible"
  case unbounded = "lp-unbounded"

  /// The fields beside those of every kind.
  var ownKeys: [String] {
    switch self {
    case .optimal: ["primal", "dual", "objectiveValue"]
    case .infeasible: ["farkas", "crossed"]
    case .unbounded: ["primal", "ray"]
    }
  }

  static let commonKeys = ["format", "version", "kind", "objective", "direction"]

  /// What a solution calls this outcome.
  var status: String { String(rawValue.dropFirst("lp-".count)) }
}

/// Proves that ``primal`` is an optimal point.
///
/// Conditions: `x` is feasible; for `minimize`, `y_i > 0` only where `a_i·x = lo_i`, `y_i < 0` only
/// where `a_i·x = up_i`, and the same for `z_j`, `x_j` and its bounds; for `maximize` with the
/// signs exchanged; `c·x + c₀` is ``objectiveValue``. So `y_i` is the change of the optimum per
/// unit of the side, in both directions.
public struct LPOptimalCertificate: Sendable, Hashable {
  /// `x`: one entry a column.
  public let primal: [Rational]
  /// `y`: one entry a row.
  public let dual: [Rational]
  /// The optimum, with the objective's constant.
  public let objectiveValue: Rational

  public init(primal: [Rational], dual: [Rational], objectiveValue: Rational) {
    self.primal = primal
    self.dual = dual
    self.objectiveValue = objectiveValue
  }
}

/// Proves that no point is feasible.
public enum LPInfeasibleCertificate: Sendable, Hashable {
  /// Multipliers, one a row, by which the rows and bounds add up to a contradiction: with
  /// `z = −Aᵀy`, the sum of each `y_i`, `z_j` times the side that its sign asks for is positive.
  case farkas([Rational])
  /// A row whose lower side is above its upper side.
  case crossedRow(Int)
  /// A column whose lower bound is above its upper bound.
  case crossedColumn(Int)
}

/// Proves that the objective has no bound: ``primal`` is feasible, so is every point from there
/// in the direction of ``ray``, and the objective improves all the way.
public struct LPUnboundedCertificate: Sendable, Hashable {
  /// One entry a column.
  public let primal: [Rational]
  /// One entry a column.
  public let ray: [Rational]

  public init(primal: [Rational], ray: [Rational]) {
    self.primal = primal
    self.ray = ray
  }
}
