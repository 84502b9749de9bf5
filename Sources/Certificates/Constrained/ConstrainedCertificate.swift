import ExactArithmetic
import MarkovDecisionProcesses

/// A bound on the expected discounted sum of a reward under the initial law.
public struct RewardConstraint: Sendable, Hashable {
  public enum Relation: String, Sendable, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case equal = "="
  }

  /// The name of a reward of the model.
  public let reward: String
  public let relation: Relation
  public let bound: Rational

  public init(reward: String, relation: Relation, bound: Rational) {
    self.reward = reward
    self.relation = relation
    self.bound = bound
  }
}

extension RewardConstraint: CustomStringConvertible {
  public var description: String { "\(reward) \(relation.rawValue) \(bound)" }
}

/// What both kinds of certificates of constrained problems have in common.
public struct ConstrainedTerms: Sendable {
  public let direction: Direction
  /// The name of the reward to optimise; not needed to prove that nothing is feasible.
  public let reward: String?
  public let discount: Rational
  public let constraints: [RewardConstraint]
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?

  public init(
    direction: Direction, reward: String?, discount: Rational, constraints: [RewardConstraint],
    initial: [(state: State, probability: Rational)]? = nil
  ) {
    self.direction = direction
    self.reward = reward
    self.discount = discount
    self.constraints = constraints
    self.initial = initial
  }
}

/// Proves that an occupancy measure is optimal among those that keep every constraint.
///
/// Conditions (for `maximize`, with `≥` rows negated so that all read `c_k·x ≤ b_k`): `x` is an
/// occupancy measure that keeps the constraints, `λ_k ≥ 0` (of either sign at an equality),
/// `v(s) ≥ r(s,a) − Σ λ_k c_k(s,a) + γ P_a v(s)` for every action, `r·x = μ·v + Σ λ_k b_k`.
public struct ConstrainedOptimalCertificate: Sendable {
  public let terms: ConstrainedTerms
  /// The choices of positive mass; all others have the mass 0.
  public let occupancy: [(choice: Choice, mass: Rational)]
  /// `λ`: one entry a constraint.
  public let multipliers: [Rational]
  /// `v`: one entry a state.
  public let values: RationalVector
  /// `r·x`.
  public let objectiveValue: Rational

  public init(
    terms: ConstrainedTerms, occupancy: [(choice: Choice, mass: Rational)],
    multipliers: [Rational], values: RationalVector, objectiveValue: Rational
  ) {
    self.terms = terms
    self.occupancy = occupancy
    self.multipliers = multipliers
    self.values = values
    self.objectiveValue = objectiveValue
  }
}

/// Proves that no policy keeps every constraint.
///
/// Conditions (for `maximize`, rows as above): `v(s) ≥ −Σ λ_k c_k(s,a) + γ P_a v(s)` for every
/// action, `μ·v + Σ λ_k b_k < 0`. With `minimize` the file holds `−v`.
public struct ConstrainedInfeasibleCertificate: Sendable {
  public let terms: ConstrainedTerms
  /// `λ`: one entry a constraint.
  public let multipliers: [Rational]
  /// `v`: one entry a state.
  public let values: RationalVector

  public init(terms: ConstrainedTerms, multipliers: [Rational], values: RationalVector) {
    self.terms = terms
    self.multipliers = multipliers
    self.values = values
  }
}

/// The proof of an answer to a constrained problem.
public enum ConstrainedCertificate: Sendable {
  case optimal(ConstrainedOptimalCertificate)
  case infeasible(ConstrainedInfeasibleCertificate)

  /// The kinds, by their names in files.
  public enum Kind: String, Sendable, CaseIterable {
    case optimal = "constrained-optimal"
    case infeasible = "constrained-infeasible"
  }

  public var kind: Kind {
    switch self {
    case .optimal: .optimal
    case .infeasible: .infeasible
    }
  }

  public var terms: ConstrainedTerms {
    switch self {
    case .optimal(let certificate): certificate.terms
    case .infeasible(let certificate): certificate.terms
    }
  }
}
