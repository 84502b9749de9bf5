import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The optimal policies for all discounts near 1, and below if wanted.
public struct BlackwellProblem: Sendable {
  public let model: FiniteMDP
  public let objective: AverageObjective
  /// The expected reward of each choice.
  public let reward: PooledVector
  /// For `n`-discount optimality in place of Blackwell's: which actions count as optimal.
  public let order: Int?
  /// Whether the optimal values are wanted for all discounts in `[0, 1)`.
  public let includesPieces: Bool
  /// The law of the first state, if a mean of the gains is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// Past this number of states an answer would take hours: time grows with its fourth power.
  public static let largestStateCount = 500

  /// - Parameters:
  ///   - order: `n` for `n`-discount optimality: -1 for the gain, 0 for the bias, …; `nil` for
  ///     Blackwell optimality, that is, for every `n`.
  ///   - initial: the law of the first state; the model's when `nil`.
  /// - Throws: ``SolverError/noReward(_:names:)``; ``SolverError/methodDoesNotApply(_:)`` for an
  ///   order below -1 and for a model of more than ``largestStateCount`` states.
  public init(
    model: FiniteMDP, reward rewardName: String, direction: Direction = .maximize,
    order: Int? = nil, includesPieces: Bool = false,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard let function = model.reward(named: rewardName) else {
      throw .noReward(rewardName, names: model.rewards.map(\.name))
    }
    guard (order ?? -1) >= -1 else {
      throw .methodDoesNotApply(
        "the order of n-discount optimality is \(order ?? -1), but the least is -1, that of the "
          + "gain")
    }
    guard model.stateCount <= Self.largestStateCount else {
      throw .methodDoesNotApply(
        "the model has \(model.stateCount) states; the objective 'blackwell' takes at most "
          + "\(Self.largestStateCount), since it keeps values as polynomials in the discount")
    }
    self.model = model
    objective = AverageObjective(direction: direction, reward: rewardName)
    reward = function.expected(in: model)
    self.order = order
    self.includesPieces = includesPieces
    self.initial = initial ?? model.initial
  }
}

/// A Blackwell optimal policy with the certificate that proves it.
public struct BlackwellSolution: Sendable {
  /// The optimal values between two breakpoints, as functions of the discount.
  public struct Piece: Sendable {
    public let from: AlgebraicNumber
    /// The start of the next piece, or 1.
    public let to: AlgebraicNumber
    /// One action a state.
    public let policy: [Action]
    /// Positive on `[0, 1)`; without a common factor of all coefficients with the numerators.
    public let denominator: Polynomial
    /// One a state.
    public let numerators: [Polynomial]

    /// The exact value at a state for a discount of the piece.
    public func value(at state: Int, discount: Rational) -> Rational {
      numerators[state].value(at: discount) / denominator.value(at: discount)
    }
  }

  public let objective: AverageObjective
  public let order: Int?
  /// The optimal long-run average reward, one entry a state.
  public let gain: RationalVector
  /// The optimal bias.
  public let bias: RationalVector
  /// `y_{-1}` (the gain), `y_0` (the bias), …, through the level `order` where one was given.
  public let laurentCoefficients: [RationalVector]
  /// One action a state.
  public let policy: [Action]
  /// For each state in model order all actions that are optimal for all discounts near 1, or
  /// that are conserving at the levels `-1, …, order + 1`.
  public let optimalActions: [[Action]]
  /// The least number such that the policy is optimal for all greater discounts.
  public let start: AlgebraicNumber
  /// `1 − 1/(1 + 2nR(3m)^{2n−1})`, which is at least the start.
  public let aPrioriBound: Rational
  /// The optimal values on `[0, 1)`, where they were asked for; else the piece from the start on.
  public let pieces: [Piece]
  /// Whether the pieces begin at the discount 0 because they were asked for.
  public let hasAllPieces: Bool
  /// The mean of the gains under the initial law.
  public let initialGain: Rational?
  public let certificate: BlackwellCertificate
  public let statistics: Solution.Statistics
}
