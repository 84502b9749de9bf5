// What is here: the expected total reward until a goal as stopping problems.
// Notation: N the states without proper policy, I those of infinite value, F the others.
// Source: section 3 of the certificate's note, proofs-notes/total-reward-certificate.md, and
// proofs-notes/proper-policy-iteration.md.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves one total-reward problem.
struct TotalRewardSolver {
  let problem: TotalRewardProblem
  let options: SolverOptions
  private let graph: GoalGraph
  /// The reward of each choice, negated when the problem minimises.
  private let reward: PooledVector
  private let start = ContinuousClock.now

  init(_ problem: TotalRewardProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
    graph = GoalGraph(problem.model, goal: problem.goalStates)
    reward = problem.direction == .maximize ? problem.reward : problem.reward.negated
  }

  private var model: FiniteMDP { problem.model }

  func solve() throws -> GoalSolution {
    let sure = graph.almostSure()
    var ray = RayBuilder(graph: graph, reward: reward, sure: sure, progress: options.progress)
    var start = sure.attractor.choice
    while true {
      let stopping = stoppingProblem(sure, ray)
      for state in start.indices where !stopping.isOpen(state) { start[state] = -1 }
      let solver = StoppingSolver(
        problem: stopping, options: options, initial: finiteLaw(sure, ray))
      switch try solver.solve(from: start) {
      case .solved(let result):
        return try solution(result, stopping, sure, ray)
      case .unbounded(let policy, let trapped, let proper):
        let classes = try ClassMeans(stopping, options.progress).classes(of: policy, in: trapped)
        ray.add(classes.filter(\.isProfitable), policy)
        start = proper
      }
    }
  }

  /// The initial law, unless it starts where the value is infinite.
  private func finiteLaw(
    _ sure: GoalGraph.AlmostSure, _ ray: RayBuilder
  ) -> [(state: State, probability: Rational)]? {
    problem.initial.flatMap { law in
      law.allSatisfy {
        let state = Int($0.state.index)
        return $0.probability.isZero || (sure.isProper(state) && !ray.isInfinite[state])
      } ? law : nil
    }
  }

  /// The problem on the states that are not known to have an infinite value.
  ///
  /// No allowed choice of theirs leads to the others: not to N by its definition, not to I because
  /// whoever may come to I belongs to it.
  private func stoppingProblem(
    _ sure: GoalGraph.AlmostSure, _ ray: RayBuilder
  ) -> StoppingProblem {
    let closedValues = (0..<model.stateCount).map { state -> Rational? in
      graph.isGoal[state] || !sure.isProper(state) || ray.isInfinite[state] ? 0 : nil
    }
    let isAllowed = ContiguousArray(
      sure.isAllowed.indices.map {
        sure.isAllowed[$0] && closedValues[Int(model.choiceStates[$0])] == nil
      })
    return StoppingProblem(
      graph: graph, reward: reward, closedValues: closedValues, isAllowed: isAllowed)
  }
}

extension TotalRewardSolver {
  private func solution(
    _ result: StoppingResult, _ stopping: StoppingProblem, _ sure: GoalGraph.AlmostSure,
    _ ray: RayBuilder
  ) throws -> GoalSolution {
    let isNegated = problem.direction == .minimize
    let values = isNegated ? result.values.negated : result.values
    let divergence = (0..<model.stateCount).map { state -> Divergence in
      if !sure.isProper(state) { return isNegated ? .positive : .negative }
      guard ray.isInfinite[state] else { return .finite }
      return isNegated ? .negative : .positive
    }
    var policy = result.policy
    for state in policy.indices where ray.isInfinite[state] {
      policy[state] = sure.attractor.choice[state]
    }
    let actions = model.actions(of: policy)
    let certificate = TotalCertificate(
      objective: TotalObjective(
        direction: problem.direction, reward: problem.rewardName, goal: problem.goal),
      divergence: divergence, values: values.certified, policy: actions,
      distance: distance(of: policy), level: sure.level.map { $0 < 0 ? nil : Int($0) },
      ray: try ray.certificate(with: result, isNegated: isNegated))
    let answers = GoalAnswers(
      model: model, direction: problem.direction, initial: problem.initial, options: options,
      start: start)
    return try answers.solution(
      .total(reward: problem.rewardName), goal: problem.goal, result, values, divergence,
      actions, optimalActions: optimalActions(result, stopping), .total(certificate))
  }

  /// All allowed actions that attain the equation where the value is finite; `nil` for bounds.
  private func optimalActions(
    _ result: StoppingResult, _ stopping: StoppingProblem
  ) throws -> [[Action]]? {
    guard case .exact(let vector) = result.values else { return nil }
    let signs = try result.signs ?? stopping.signs(of: vector, options.progress)
    return model.actions { stopping.isAllowed[$0] && signs[$0] == 0 }
  }

  private func distance(of policy: ContiguousArray<Int32>) -> [Int?] {
    graph.attractor(of: graph.isGoal, under: policy).distance.map { $0 < 0 ? nil : Int($0) }
  }
}
