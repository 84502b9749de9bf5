import ExactArithmetic
import MarkovDecisionProcesses

/// The objective of a certificate about the expected total reward until a label is reached.
public struct TotalObjective: Sendable, Hashable {
  public let direction: Direction
  /// The name of a reward of the model.
  public let reward: String
  /// The name of a label of the model.
  public let goal: String

  public init(direction: Direction, reward: String, goal: String) {
    self.direction = direction
    self.reward = reward
    self.goal = goal
  }
}

/// Whether an expected total reward is a number.
public enum Divergence: Sendable, Hashable {
  case finite
  /// `inf`
  case positive
  /// `-inf`
  case negative
}

/// Proves the greatest (or least) expected total reward until the goal among the policies that
/// reach it almost surely, and that ``policy`` is one of them and attains it.
///
/// States without such a policy have the value `-inf` (for `minimize` `inf`); states where the
/// rewards of such policies have no bound have the other sign.
public struct TotalCertificate: Sendable {
  /// Proves that the values of some states are unbounded: follow ``policy`` long enough, then
  /// turn to the goal.
  public struct Ray: Sendable {
    /// One entry a state; `nil` where the policy never comes.
    public let policy: [Action?]
    /// One entry a state, in the model's sign; 0 on the goal.
    public let gain: RationalVector
    /// One entry a state, in the model's sign; 0 on the goal.
    public let bias: RationalVector

    public init(policy: [Action?], gain: RationalVector, bias: RationalVector) {
      self.policy = policy
      self.gain = gain
      self.bias = bias
    }
  }

  public let objective: TotalObjective
  /// One entry a state.
  public let divergence: [Divergence]
  /// The finite values; 0 stands at states where the value diverges.
  public let values: CertifiedValues
  /// One entry a state; needed outside the goal where a proper policy exists.
  public let policy: [Action?]
  /// One entry a state: steps to the goal, 0 exactly there; needed where a proper policy exists.
  public let distance: [Int?]
  /// One entry a state: the round in which the state was found to have no proper policy; needed
  /// exactly there.
  public let level: [Int?]
  /// Needed if some value diverges although a proper policy exists.
  public let ray: Ray?

  public init(
    objective: TotalObjective, divergence: [Divergence], values: CertifiedValues,
    policy: [Action?], distance: [Int?], level: [Int?], ray: Ray?
  ) {
    self.objective = objective
    self.divergence = divergence
    self.values = values
    self.policy = policy
    self.distance = distance
    self.level = level
    self.ray = ray
  }
}
