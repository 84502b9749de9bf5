import Certificates
import ExactArithmetic
import LinearPrograms

/// How to solve a linear program. No option changes what is proved.
public struct LPOptions: Sendable {
  /// What proposes the first basis.
  public enum FloatingMethod: Sendable, Hashable, CaseIterable {
    /// GLPK's dual simplex method, then its primal one where that is needed.
    case dual
    /// GLPK's primal simplex method.
    case primal
  }

  /// `nil`: no guide; the exact simplex method starts from the rows' slacks.
  public var guide: FloatingMethod? = .dual
  /// How often a basis that is not optimal is refined in doubles before exact pivots take over.
  public var refinements = 5
  /// Asked whether to go on, told how far it is.
  public var progress: ProgressHandler = .none

  public init(
    guide: FloatingMethod? = .dual, refinements: Int = 5, progress: ProgressHandler = .none
  ) {
    self.guide = guide
    self.refinements = refinements
    self.progress = progress
  }
}

/// The exact answer to a linear program, with what proves it.
public struct LPSolution: Sendable {
  /// One of the three ends of a linear program.
  public enum Status: String, Sendable, Hashable {
    case optimal, infeasible, unbounded
  }

  /// Counts of the work that was done.
  public struct Statistics: Sendable, Hashable {
    /// Steps of GLPK.
    public var floatingIterations = 0
    /// Rounds of refinement in doubles.
    public var refinements = 0
    /// Exact steps.
    public var exactPivots = 0
    /// The longest denominator of the answer.
    public var denominatorBits = 1
  }

  public let status: Status
  public let direction: LinearProgram.Direction
  /// The optimum, with the objective's constant; only with `.optimal`.
  public let objectiveValue: Rational?
  /// One entry a column: an optimal point, or (`.unbounded`) a feasible one.
  public let primal: RationalVector?
  /// One entry a row: the change of the optimum per unit of the right side; only with `.optimal`.
  public let dual: RationalVector?
  /// `.unbounded`: a direction, one entry a column, along which the objective improves for ever.
  public let ray: RationalVector?
  /// The proof, which the checker has accepted.
  public let certificate: LPCertificate
  public let statistics: Statistics

  let basis: Basis?
}

/// A defect of this module, found by the checker before the answer was given.
public enum LPSolverError: Error, Hashable, Sendable {
  /// The checker does not accept what was computed.
  case certificateRejected(reason: String)
}

extension LPSolverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .certificateRejected(let reason):
      "the computed answer of the linear program was rejected by the checker: \(reason)"
    }
  }
}
