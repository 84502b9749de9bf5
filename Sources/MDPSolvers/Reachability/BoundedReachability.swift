import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// The probability of reaching the goal within a number of steps, by backward induction over the
/// rationals.
struct BoundedReachability {
  let problem: ReachabilityProblem
  let horizon: Int
  let options: SolverOptions

  func solve() throws -> GoalSolution {
    let start = ContinuousClock.now
    let model = problem.model
    let rows = HorizonRows(
      model: model, reward: model.constantReward(0), discount: 1, direction: problem.direction)
    try rows.refuseIfTooLarge(
      steps: horizon, memoryLimit: options.memoryLimit, options.progress)
    var isGoal = [Bool](repeating: false, count: model.stateCount)
    for state in problem.goalStates { isGoal[Int(state.index)] = true }
    var steps = [CommonVector(denominator: 1, numerators: isGoal.map { $0 ? 1 : 0 })]
    var optimal: [[[Action]]] = []
    for step in 0..<horizon {
      try options.progress.checkpoint()
      options.progress.report("backward induction", fraction: Double(step) / Double(horizon))
      let (next, attaining) = try rows.backup(steps[step], isFixed: isGoal, options.progress)
      steps.append(next)
      optimal.append(attaining)
    }
    return solution(steps.reversed().map(\.vector), optimal.reversed(), start)
  }

  private func solution(
    _ values: [RationalVector], _ optimal: [[[Action]]], _ start: ContinuousClock.Instant
  ) -> GoalSolution {
    let policies = optimal.map { step in step.map(\.first) }
    let certificate = ReachabilityBoundedCertificate(
      objective: ReachabilityObjective(direction: problem.direction, goal: problem.goal),
      steps: horizon, values: values, policy: policies)
    let divergence = [Divergence](repeating: .finite, count: problem.model.stateCount)
    let scope = options.scope
    return GoalSolution(
      objective: .reachability(horizon: horizon), direction: problem.direction,
      goal: problem.goal, status: scope == .none ? .enclosed : .exact, method: .auto,
      values: CertifiedVector.exact(values[0]).limited(to: scope),
      divergence: divergence,
      initialValue: problem.initial.map {
        goalMean(
          of: .exact(values[0]), divergence, direction: problem.direction, under: $0
        ).limited(to: scope)
      },
      policies: policies, optimalActions: scope.wantsAll ? optimal : nil,
      certificate: .reachabilityBounded(certificate),
      statistics: .init(
        since: start, iterations: horizon, denominatorBits: values[0].denominatorBits),
      warnings: [])
  }
}

extension FiniteMDP {
  /// The same reward for every choice.
  func constantReward(_ value: Rational) -> PooledVector {
    var pool = RationalPool()
    let place = pool.insert(value)
    return PooledVector(
      places: ContiguousArray(repeating: place, count: choiceCount), pool: pool)
  }
}
