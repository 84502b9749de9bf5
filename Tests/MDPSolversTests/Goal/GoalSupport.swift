import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import Testing

extension GoalSolution {
  /// The values as they are printed.
  var shownValues: [String] {
    guard case .exact(let vector)? = values else { return [] }
    return divergence.indices.map { state in
      switch divergence[state] {
      case .finite: "\(vector[state])"
      case .positive: "inf"
      case .negative: "-inf"
      }
    }
  }

  /// The bounds, if the values are enclosed.
  var bounds: (lower: RationalVector, upper: RationalVector)? {
    if case .enclosed(let lower, let upper)? = values { (lower, upper) } else { nil }
  }
}

func reachability(
  _ model: FiniteMDP, goal: String = "goal", direction: Direction = .maximize,
  horizon: Int? = nil, method: SolverMethod = .auto,
  scope: ValueScope = .all(isRequired: false)
) throws -> GoalSolution {
  var options = SolverOptions()
  options.method = method
  options.scope = scope
  return try solve(
    ReachabilityProblem(model: model, goal: goal, horizon: horizon, direction: direction),
    options: options)
}

func totalReward(
  _ model: FiniteMDP, reward: String? = nil, goal: String = "goal",
  direction: Direction = .maximize, method: SolverMethod = .auto,
  scope: ValueScope = .all(isRequired: false)
) throws -> GoalSolution {
  var options = SolverOptions()
  options.method = method
  options.scope = scope
  return try solve(
    TotalRewardProblem(
      model: model, reward: reward ?? model.rewards[0].name, goal: goal, direction: direction),
    options: options)
}

/// Fails unless the checker accepts the answer's certificate on the model.
func expectAccepted(
  _ solution: GoalSolution, in model: FiniteMDP, _ comment: Comment? = nil
) throws {
  let verdict = try solution.certificate.verify(in: model)
  #expect(verdict.isAccepted, comment)
}
