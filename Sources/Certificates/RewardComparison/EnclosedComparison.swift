import ExactArithmetic
import MarkovDecisionProcesses

/// The answer to a comparison of rewards on a model that is too large for exact values: what a file
/// of the format `rationale-comparison` with the status `enclosed` holds.
///
/// Every number is enclosed, and every enclosure proved by vectors that no one has to have solved
/// for: values that no action improves bound a maximum from above, and masses that are nearly an
/// occupancy measure bound it from below. Proof: `proofs-notes/enclosed-comparison.md`.
public struct EnclosedComparison: Sendable {
  /// What bounds the range of `r_first - λ r_second`.
  public struct Evidence: Sendable {
    /// `λ`; 0 where one reward stands alone.
    public let multiplier: Rational
    /// `V⁺ ≥ r + γ P_a V⁺` for every action.
    public let upperValues: RationalVector
    /// `V⁻ ≤ r + γ P_a V⁻` for every action.
    public let lowerValues: RationalVector
    /// Two nearly balanced flows, one mass a choice in the order of the model; a pair of policies.
    public let better: RationalVector
    public let worse: RationalVector

    public init(
      multiplier: Rational, upperValues: RationalVector, lowerValues: RationalVector,
      better: RationalVector, worse: RationalVector
    ) {
      self.multiplier = multiplier
      self.upperValues = upperValues
      self.lowerValues = lowerValues
      self.better = better
      self.worse = worse
    }
  }

  public struct Reward: Sendable {
    public let name: String
    public let minimum: Enclosure
    public let maximum: Enclosure
    public let span: Enclosure
    public let evidence: Evidence
  }

  /// Directions: 0 is loss in the first reward of following the second, 1 the other way round.
  public struct Pair: Sendable {
    /// The places of the rewards.
    public let first: Int
    public let second: Int
    /// `½ ‖ r_1/‖r_1‖ - r_2/‖r_2‖ ‖`.
    public let spanDistance: Enclosure
    public let worstCaseRegret: [Enclosure]
    public let spanEvidence: Evidence
    public let regretEvidence: [Evidence]

    /// Whether a change of policy is proved that one reward wants and the other does not.
    public var isOrderProvedDifferent: Bool {
      worstCaseRegret.contains { $0.lower.signum > 0 }
    }
  }

  public let discount: Rational
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?
  public let rewards: [Reward]
  public let pairs: [Pair]
}

/// What is to be proved: the evidence of a comparison without its numbers.
package struct ComparisonEvidence: Sendable {
  package struct Pair: Sendable {
    package let first: Int
    package let second: Int
    package let span: EnclosedComparison.Evidence
    package let regrets: [EnclosedComparison.Evidence]

    package init(
      first: Int, second: Int, span: EnclosedComparison.Evidence,
      regrets: [EnclosedComparison.Evidence]
    ) {
      self.first = first
      self.second = second
      self.span = span
      self.regrets = regrets
    }
  }

  package let discount: Rational
  package let initial: [(state: State, probability: Rational)]?
  package let rewards: [(name: String, evidence: EnclosedComparison.Evidence)]
  package let pairs: [Pair]

  package init(
    discount: Rational, initial: [(state: State, probability: Rational)]?,
    rewards: [(name: String, evidence: EnclosedComparison.Evidence)], pairs: [Pair]
  ) {
    self.discount = discount
    self.initial = initial
    self.rewards = rewards
    self.pairs = pairs
  }
}
