import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A discounted problem with bounds on the expected discounted sums of other rewards.
///
/// Everything is measured under the law of the first state, so that the problem has one.
public struct ConstrainedProblem: Sendable {
  public let objective: DiscountedProblem
  public let constraints: [RewardConstraint]
  /// The expected reward of each choice, one vector a constraint.
  public let features: [PooledVector]
  /// The law of the first state.
  public let initial: [(state: State, probability: Rational)]
  /// Whether the law was given in place of the model's.
  public let hasOwnInitial: Bool

  /// - Parameters:
  ///   - initial: the law of the first state; the model's when `nil`.
  /// - Throws: ``SolverError/noReward(_:names:)``, ``SolverError/discountOutOfRange(_:)``,
  ///   ``SolverError/noInitialLaw``.
  public init(
    model: FiniteMDP, reward: String, discount: Rational, direction: Direction = .maximize,
    constraints: [RewardConstraint],
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    objective = try DiscountedProblem(
      model: model, reward: reward, discount: discount, direction: direction, initial: initial)
    guard let law = objective.initial else { throw .noInitialLaw }
    var features: [PooledVector] = []
    for constraint in constraints {
      guard let function = model.reward(named: constraint.reward) else {
        throw .noReward(constraint.reward, names: model.rewards.map(\.name))
      }
      features.append(function.expected(in: model))
    }
    self.constraints = constraints
    self.features = features
    self.initial = law
    hasOwnInitial = initial != nil
  }

  public var model: FiniteMDP { objective.model }

  /// What a certificate of this problem is about.
  var terms: ConstrainedTerms {
    ConstrainedTerms(
      direction: objective.direction, reward: objective.rewardName,
      discount: objective.discount, constraints: constraints,
      initial: hasOwnInitial ? initial : nil)
  }
}

/// The exact answer to a constrained problem, with the certificate that proves it.
public struct ConstrainedSolution: Sendable {
  /// An optimal stationary policy and what it is worth.
  public struct Optimum: Sendable {
    /// The expected discounted sum of the reward.
    public let value: Rational
    /// A vertex of the feasible measures: it randomises over at most as many further choices as
    /// constraints hold with equality.
    public let occupancy: OccupancyMeasure
    /// The policy of the measure; the first available action where it never comes.
    public let policy: Policy
    /// The expected discounted sum of each constraint's reward.
    public let constraintValues: [Rational]
    /// Lagrange multipliers, one a constraint: how much the optimum improves per unit by which
    /// the bound is loosened, not negative (at an equality: per unit by which it is raised).
    public let multipliers: [Rational]
  }

  public let terms: ConstrainedTerms
  /// `nil` when no policy keeps all constraints.
  public let optimum: Optimum?
  public let certificate: ConstrainedCertificate
  public let statistics: Solution.Statistics
}
