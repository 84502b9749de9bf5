import ExactArithmetic
import MarkovDecisionProcesses

/// The greatest or least probability of reaching a label, ever or within a number of steps.
public struct ReachabilityProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  /// The name of a label.
  public let goal: String
  /// The states with the label, ascending.
  public let goalStates: [State]
  /// The number of steps, `nil` for any.
  public let horizon: Int?
  /// The law of the first state, if an initial value is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// - Throws: ``SolverError/noLabel(_:names:)``, ``SolverError/negativeHorizon(_:)``.
  public init(
    model: FiniteMDP, goal: String, horizon: Int? = nil, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    if let horizon, horizon < 0 { throw .negativeHorizon(horizon) }
    goalStates = try model.goalStates(labeled: goal)
    self.model = model
    self.direction = direction
    self.goal = goal
    self.horizon = horizon
    self.initial = initial ?? model.initial
  }
}

/// The greatest or least expected sum of rewards until a label is reached, among the policies that
/// reach it almost surely.
///
/// A run stops at its first visit to the label: rewards of goal states do not count, that of the
/// step into the goal does. Where no policy reaches the goal almost surely the value is `-inf`
/// (`inf` for `minimize`).
public struct TotalRewardProblem: Sendable {
  public let model: FiniteMDP
  public let direction: Direction
  public let rewardName: String
  /// The expected reward of every choice.
  public let reward: PooledVector
  /// The name of a label.
  public let goal: String
  /// The states with the label, ascending.
  public let goalStates: [State]
  /// The law of the first state, if an initial value is wanted.
  public let initial: [(state: State, probability: Rational)]?

  /// - Throws: ``SolverError/noReward(_:names:)``, ``SolverError/noLabel(_:names:)``.
  public init(
    model: FiniteMDP, reward rewardName: String, goal: String, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(SolverError) {
    guard let function = model.reward(named: rewardName) else {
      throw .noReward(rewardName, names: model.rewards.map(\.name))
    }
    goalStates = try model.goalStates(labeled: goal)
    self.model = model
    self.direction = direction
    self.rewardName = rewardName
    reward = function.expected(in: model)
    self.goal = goal
    self.initial = initial ?? model.initial
  }
}

extension FiniteMDP {
  fileprivate func goalStates(labeled name: String) throws(SolverError) -> [State] {
    guard let states = states(labeled: name) else {
      throw .noLabel(name, names: labels.map(\.name))
    }
    return states
  }
}
