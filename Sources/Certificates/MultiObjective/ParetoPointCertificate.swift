import ExactArithmetic
import MarkovDecisionProcesses

/// Proves that a point of expected discounted sums of several rewards is attained by a policy and
/// that no policy is better in one reward without being worse in another.
///
/// Conditions (for `maximize`), with the law `μ` of the first state: `x` is an occupancy with
/// `r_i·x = z_i`; `w ≥ 0`, `w ≠ 0`; `v(s) ≥ Σ_i w_i r_i(s,a) + γ P_a v(s)` for every available
/// action; `μ·v = w·z`. Then every attainable `z'` has `w·z' ≤ μ·v = w·z`: `z` is Pareto optimal
/// when all weights are positive, and weakly so otherwise.
public struct ParetoPointCertificate: Sendable {
  /// The name of the kind in files.
  public static let kind = "pareto-point"

  public let direction: Direction
  /// The names of rewards of the model.
  public let rewards: [String]
  public let discount: Rational
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?
  /// `z`: one entry a reward.
  public let point: [Rational]
  /// `w`: one entry a reward.
  public let weight: [Rational]
  /// `x`.
  public let occupancy: OccupancyEntries
  /// `v`: one entry a state.
  public let values: RationalVector

  public init(
    direction: Direction, rewards: [String], discount: Rational,
    initial: [(state: State, probability: Rational)]?, point: [Rational], weight: [Rational],
    occupancy: OccupancyEntries, values: RationalVector
  ) {
    self.direction = direction
    self.rewards = rewards
    self.discount = discount
    self.initial = initial
    self.point = point
    self.weight = weight
    self.occupancy = occupancy
    self.values = values
  }
}
