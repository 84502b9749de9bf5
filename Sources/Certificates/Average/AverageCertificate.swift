import ExactArithmetic
import MarkovDecisionProcesses

/// The objective of a certificate about the long-run average reward.
public struct AverageObjective: Sendable, Hashable {
  public let direction: Direction
  /// The name of a reward of the model.
  public let reward: String

  public init(direction: Direction, reward: String) {
    self.direction = direction
    self.reward = reward
  }
}

/// A gain and a bias, one entry a state each.
public struct GainBias: Sendable {
  public let gain: RationalVector
  public let bias: RationalVector

  public init(gain: RationalVector, bias: RationalVector) {
    self.gain = gain
    self.bias = bias
  }
}

/// Proves the optimal long-run average reward of each start, multichain in general, by the nested
/// optimality equations (Puterman, *Markov Decision Processes*, chapter 9).
public struct AverageCertificate: Sendable {
  public enum Claim: Sendable {
    /// `biasWitness` is a `w` with `h + w = P_σ w`: then `h` is the bias of the policy.
    case exact(GainBias, biasWitness: RationalVector?)
    case enclosed(lower: GainBias, upper: GainBias)
  }

  public let objective: AverageObjective
  public let claim: Claim
  /// One action a state.
  public let policy: [Action]

  public init(objective: AverageObjective, claim: Claim, policy: [Action]) {
    self.objective = objective
    self.claim = claim
    self.policy = policy
  }
}
