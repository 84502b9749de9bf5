import ArgumentParser
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import Reports

// The objectives about a label: reachability and total reward.

extension SolveCommand {
  func answerGoal(
    _ mdp: FiniteMDP, initial: State?, _ outputs: SolveOutputs, _ options: SolverOptions,
    _ control: RunControl
  ) throws -> ExitStatus {
    let layout = try gridLayout(of: mdp)
    let solution = try goalSolution(of: mdp, initial: initial, options)
    for warning in solution.warnings { control.console.say("warning: \(warning)") }
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: mdp) }
    }
    if let layout {
      try outputs.plot?.write { try GridPlot(solution, of: mdp, layout: layout).writeSVG(to: $0) }
    }
    try outputs.writeInduced(control) {
      try mdp.inducedChain(taking: solution.policies[0], initial: pointLaw(at: initial))
    }
    let shown = GoalReport(
      solution, of: mdp, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func goalSolution(
    of mdp: FiniteMDP, initial: State?, _ options: SolverOptions
  ) throws -> GoalSolution {
    let goal = try goalLabel(in: mdp)
    let law = pointLaw(at: initial)
    if objective == .reachability {
      return try solve(
        ReachabilityProblem(
          model: mdp, goal: goal, horizon: horizon, direction: problem.direction, initial: law),
        options: options)
    }
    return try solve(
      TotalRewardProblem(
        model: mdp, reward: problem.rewardName(in: mdp, file: model.name), goal: goal,
        direction: problem.direction, initial: law),
      options: options)
  }

  private func goalLabel(in mdp: FiniteMDP) throws(CommandError) -> String {
    let names = mdp.labels.map(\.name)
    guard let goal else {
      throw .usage(
        "--objective \(objective?.rawValue ?? "") needs --goal, the label to reach; "
          + (names.isEmpty ? "the model has no labels" : "there are: \(listed(names))"))
    }
    guard names.contains(goal) else {
      throw .usage(
        "--goal: there is no label \(excerpt(goal)); "
          + (names.isEmpty ? "the model has no labels" : "there are: \(listed(names))"))
    }
    return goal
  }

  /// Refuses options of other objectives.
  func validateGoal() throws {
    let isAboutGoal = objective == .reachability || objective == .total
    if goal != nil, !isAboutGoal {
      throw ValidationError("--goal belongs to --objective reachability and total")
    }
    guard isAboutGoal else { return }
    if problem.discount != nil {
      throw ValidationError(
        "--discount does not belong to --objective \(objective?.rawValue ?? ""), which has none")
    }
    guard subjectTo.isEmpty else {
      throw ValidationError("--subject-to belongs to --objective discounted")
    }
  }
}
