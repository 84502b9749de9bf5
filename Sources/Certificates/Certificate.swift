import ExactArithmetic
import MarkovDecisionProcesses

/// A proof of an answer that can be checked without solving anything.
public enum Certificate: Sendable {
  case discountedExact(DiscountedExactCertificate)
  case discountedEnclosed(DiscountedEnclosedCertificate)
  case finiteHorizon(FiniteHorizonCertificate)
}

/// The objective that a discounted certificate speaks of.
public struct DiscountedObjective: Sendable {
  public let direction: Direction
  /// The name of a reward of the model.
  public let reward: String
  public let discount: Rational

  public init(direction: Direction, reward: String, discount: Rational) {
    self.direction = direction
    self.reward = reward
    self.discount = discount
  }
}

/// Proves that ``values`` are the optimal discounted values and that ``policy`` attains them.
///
/// Conditions (for `maximize`): `v(s) ≥ r(s,a) + γ P_a v(s)` for every available action, with
/// equality for `a = σ(s)`.
public struct DiscountedExactCertificate: Sendable {
  public let objective: DiscountedObjective
  /// One entry a state.
  public let values: RationalVector
  /// One action a state.
  public let policy: [Action]

  public init(objective: DiscountedObjective, values: RationalVector, policy: [Action]) {
    self.objective = objective
    self.values = values
    self.policy = policy
  }
}

/// Proves bounds on the optimal discounted values and, where nothing is undecided, that
/// ``policy`` is optimal.
public struct DiscountedEnclosedCertificate: Sendable {
  public let objective: DiscountedObjective
  /// One entry a state.
  public let lower: RationalVector
  /// One entry a state.
  public let upper: RationalVector
  /// One action a state.
  public let policy: [Action]
  public let policyIsOptimal: Bool
  /// The states at which the action of ``policy`` is not proved optimal, ascending.
  public let undecided: [State]
  /// One class number a state, where states of equal behaviour were merged to settle ties.
  public let partition: [Int]?

  public init(
    objective: DiscountedObjective, lower: RationalVector, upper: RationalVector,
    policy: [Action], policyIsOptimal: Bool, undecided: [State], partition: [Int]?
  ) {
    self.objective = objective
    self.lower = lower
    self.upper = upper
    self.policy = policy
    self.policyIsOptimal = policyIsOptimal
    self.undecided = undecided
    self.partition = partition
  }
}

/// Proves the optimal values of a finite horizon, step by step.
public struct FiniteHorizonCertificate: Sendable {
  /// Here the discount may be 1.
  public let objective: DiscountedObjective
  public let horizon: Int
  /// The values after the last step; `nil` stands for zeros.
  public let terminal: RationalVector?
  /// `horizon + 1` vectors: `values[t]` with `horizon - t` steps to go.
  public let values: [RationalVector]
  /// `horizon` policies, one action a state each.
  public let policy: [[Action]]

  public init(
    objective: DiscountedObjective, horizon: Int, terminal: RationalVector?,
    values: [RationalVector], policy: [[Action]]
  ) {
    self.objective = objective
    self.horizon = horizon
    self.terminal = terminal
    self.values = values
    self.policy = policy
  }
}
