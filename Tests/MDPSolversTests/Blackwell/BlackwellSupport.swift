import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

func blackwellSolved(
  _ model: FiniteMDP, direction: Direction = .maximize, order: Int? = nil,
  includesPieces: Bool = false
) throws -> BlackwellSolution {
  try solve(
    BlackwellProblem(
      model: model, reward: model.rewards[0].name, direction: direction, order: order,
      includesPieces: includesPieces))
}

extension BlackwellSolution {
  /// The names of the policy's actions, in the order of the states.
  func actionNames(in model: FiniteMDP) -> [String] {
    policy.map { model.actions[Int($0.index)] }
  }

  /// The optimal value at a state for a discount, by the piece that holds it.
  func value(at state: Int, discount: Rational) -> Rational? {
    pieces.last { $0.from.comparison(with: discount) <= 0 }?
      .value(at: state, discount: discount)
  }

  /// The certificate with other pieces.
  func certificate(
    pieces change: (inout [DiscountPiece]) -> Void
  ) -> BlackwellCertificate {
    var pieces = certificate.pieces
    change(&pieces)
    return BlackwellCertificate(objective: certificate.objective, pieces: pieces)
  }
}

/// The worked cases of the notes with their Blackwell starts.
enum BlackwellCase {
  static let c1 = "s a → s:1/2,t:1/2 | 5; s b → t | 10; t c → t | -1"
  static let c2 = """
    0 stay → 0 | 1/2; 0 move → 1:1/3,0:2/3 | 0; 1 stay → 1:3/4,0:1/4 | 1; 1 move → 0 | 5/4
    """
  static let c3 = """
    0 left → 0 | 1/200; 0 right → 0:2/5,1:3/5; 1 left → 0; 1 right → 0:1/20,1:3/5,2:7/20
    2 left → 1; 2 right → 1:1/20,2:3/5,3:7/20; 3 left → 2; 3 right → 2:1/20,3:3/5,4:7/20
    4 left → 3; 4 right → 3:1/20,4:3/5,5:7/20; 5 left → 4; 5 right → 4:2/5,5:3/5 | 1
    """
  static let c4 = """
    1 a → 1 | 1; 1 b → 2 | -5; 2 a → 3:1/2,4:1/2; 2 b → 1 | 10; 3 a → 3 | 2; 4 a → 5 | 3
    5 a → 4 | -1; 5 b → 2 | 40
    """
  static let c8 = """
    s a → z | 1; s b → b1; s c → c1 | 2; s d → d1 | 3; b1 a → z | 1; c1 a → z | -1
    d1 a → d2 | -5; d2 a → z | 3; z a → z
    """
  static let c9 = "s a → e | 1; s b → p; p a → q; q a → e | 3; e a → e"
  static let c10 = "s go → s | 1; s jump → t | 10; t go → t"
  /// -3 more on worn → broken with probability 1/2 is 3/2 less on average.
  static let c12 = """
    good run → good:3/4,worn:1/4 | 6; worn run → worn:1/2,broken:1/2 | 5/2
    worn service → good | 1; broken service → good:1/3,broken:2/3 | -1
    """
}
