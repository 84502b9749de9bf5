// What is here: reachability as a stopping problem.
// The states where the graph alone decides the probability (0 or 1) are closed; between them every
// improvement of a proper policy is proper.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves one reachability problem without a bound on the steps.
struct ReachabilitySolver {
  let problem: ReachabilityProblem
  let options: SolverOptions
  private let graph: GoalGraph
  private let start = ContinuousClock.now

  init(_ problem: ReachabilityProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
    graph = GoalGraph(problem.model, goal: problem.goalStates)
  }

  private var model: FiniteMDP { problem.model }

  func solve() throws -> GoalSolution {
    let parts =
      problem.direction == .maximize
      ? ReachabilityParts(maximizing: graph) : ReachabilityParts(minimizing: graph)
    let stopping = parts.stoppingProblem
    let solver = StoppingSolver(
      problem: stopping, options: options, initial: problem.initial)
    guard case .solved(let result) = try solver.solve(from: parts.start) else {
      preconditionFailure("without rewards nothing is unbounded")
    }
    return try solution(result, parts.policy(with: result.policy), stopping)
  }

  private func solution(
    _ result: StoppingResult, _ policy: ContiguousArray<Int32>, _ stopping: StoppingProblem
  ) throws -> GoalSolution {
    let values = result.values.clampedToProbabilities(isNegated: problem.direction == .minimize)
    let actions = model.actions(of: policy)
    let certificate = ReachabilityCertificate(
      objective: ReachabilityObjective(direction: problem.direction, goal: problem.goal),
      values: values.certified, policy: actions, distance: distance(of: policy))
    let divergence = [Divergence](repeating: .finite, count: model.stateCount)
    let answers = GoalAnswers(
      model: model, direction: problem.direction, initial: problem.initial, options: options,
      start: start)
    return try answers.solution(
      .reachability(horizon: nil), goal: problem.goal, result, values, divergence, actions,
      optimalActions: optimalActions(values, stopping), .reachability(certificate))
  }

  /// All actions that attain the equation, off the goal; `nil` for bounds.
  private func optimalActions(
    _ values: CertifiedVector, _ stopping: StoppingProblem
  ) throws -> [[Action]]? {
    guard case .exact(let vector) = values else { return nil }
    let signs = try stopping.judge.slackSigns(of: vector, progress: options.progress)
    return model.actions { !graph.isGoal[Int(model.choiceStates[$0])] && signs[$0] == 0 }
  }

  /// Steps to the goal under the policy, or (minimising) the layers under every policy.
  private func distance(of policy: ContiguousArray<Int32>) -> [Int?] {
    let distance =
      problem.direction == .maximize
      ? graph.attractor(of: graph.isGoal, under: policy).distance : graph.forcedDistance()
    return distance.map { $0 < 0 ? nil : Int($0) }
  }
}

/// What the graph says of a reachability problem.
private struct ReachabilityParts {
  let stoppingProblem: StoppingProblem
  /// A proper policy of the stopping problem.
  let start: ContiguousArray<Int32>
  /// A choice at each closed state off the goal that attains its value.
  private let closedPolicy: ContiguousArray<Int32>

  /// Value 1 where some policy reaches the goal almost surely, 0 where none can.
  init(maximizing graph: GoalGraph) {
    let model = graph.model
    let all = graph.choicesOffGoal
    let possible = graph.attractor(of: graph.isGoal, by: all)
    let sure = graph.almostSure()
    let closedValues = (0..<model.stateCount).map { state -> Rational? in
      if sure.isProper(state) { return 1 }
      return possible.reaches(state) ? nil : 0
    }
    stoppingProblem = StoppingProblem(
      graph: graph, reward: model.constantReward(0), closedValues: closedValues,
      isAllowed: ContiguousArray(
        model.choiceStates.map { closedValues[Int($0)] == nil }))
    start =
      graph.attractor(
        of: closedValues.map { $0 == 1 }, by: stoppingProblem.isAllowed
      ).choice
    closedPolicy = ContiguousArray(
      (0..<model.stateCount).map { state in
        if graph.isGoal[state] || closedValues[state] == nil { return -1 }
        return sure.isProper(state) ? sure.attractor.choice[state] : model.choiceOffsets[state]
      })
  }

  /// Value 0 where some policy avoids the goal for ever, 1 where no policy can come to such a
  /// state first; in the negated problem -1.
  init(minimizing graph: GoalGraph) {
    let model = graph.model
    let all = graph.choicesOffGoal
    let canAvoid = graph.forcedDistance().map { $0 < 0 }
    let escape = graph.attractor(of: Array(canAvoid), by: all)
    let closedValues = (0..<model.stateCount).map { state -> Rational? in
      if canAvoid[state] { return 0 }
      return escape.reaches(state) ? nil : -1
    }
    stoppingProblem = StoppingProblem(
      graph: graph, reward: model.constantReward(0), closedValues: closedValues,
      isAllowed: ContiguousArray(
        model.choiceStates.map { closedValues[Int($0)] == nil }))
    start = ContiguousArray(
      (0..<model.stateCount).map { closedValues[$0] == nil ? escape.choice[$0] : -1 })
    closedPolicy = ContiguousArray(
      (0..<model.stateCount).map { state in
        if graph.isGoal[state] || closedValues[state] == nil { return -1 }
        guard canAvoid[state] else { return model.choiceOffsets[state] }
        let stays = model.choiceRange(at: state).first { choice in
          model.transitionRange(of: choice).allSatisfy { canAvoid[Int(model.successors[$0])] }
        }
        return stays.map(Int32.init) ?? -1
      })
  }

  /// The choices at all states off the goal.
  func policy(with open: ContiguousArray<Int32>) -> ContiguousArray<Int32> {
    ContiguousArray(zip(open, closedPolicy).map { $0 < 0 ? $1 : $0 })
  }
}
