import ExactArithmetic
import MarkovDecisionProcesses

/// The objective of a certificate about the probability of reaching a label.
public struct ReachabilityObjective: Sendable, Hashable {
  public let direction: Direction
  /// The name of a label of the model.
  public let goal: String

  public init(direction: Direction, goal: String) {
    self.direction = direction
    self.goal = goal
  }
}

/// Proves bounds on the greatest (or least) probability of reaching the goal, and that
/// ``policy`` guarantees the lower (for `minimize` the upper) one.
///
/// The value is the *least* fixed point of Bellman's equation, so upper bounds need nothing else,
/// and a lower bound needs ``distance``: round an end component every larger number is a fixed
/// point too.
public struct ReachabilityCertificate: Sendable {
  public let objective: ReachabilityObjective
  public let values: CertifiedValues
  /// One entry a state; `nil` is possible at goal states only.
  public let policy: [Action?]
  /// One entry a state: steps to the goal, 0 exactly there, `nil` for "never".
  public let distance: [Int?]

  public init(
    objective: ReachabilityObjective, values: CertifiedValues, policy: [Action?],
    distance: [Int?]
  ) {
    self.objective = objective
    self.values = values
    self.policy = policy
    self.distance = distance
  }
}

/// What a certificate claims of the values: the numbers themselves, or bounds.
public enum CertifiedValues: Sendable {
  /// One entry a state.
  case exact(RationalVector)
  /// One entry a state.
  case enclosed(lower: RationalVector, upper: RationalVector)
}

/// Proves the optimal probabilities of reaching the goal within a number of steps.
public struct ReachabilityBoundedCertificate: Sendable {
  public let objective: ReachabilityObjective
  public let steps: Int
  /// `steps + 1` vectors: `values[t]` with `steps - t` steps to go.
  public let values: [RationalVector]
  /// `steps` policies, one entry a state each; `nil` is possible at goal states only.
  public let policy: [[Action?]]

  public init(
    objective: ReachabilityObjective, steps: Int, values: [RationalVector], policy: [[Action?]]
  ) {
    self.objective = objective
    self.steps = steps
    self.values = values
    self.policy = policy
  }
}
