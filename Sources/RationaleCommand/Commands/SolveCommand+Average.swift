import ArgumentParser
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import Reports

// The long-run average reward: `--objective average`.

extension SolveCommand {
  func answerAverage(
    _ mdp: FiniteMDP, initial: State?, _ outputs: SolveOutputs, _ options: SolverOptions,
    _ control: RunControl
  ) throws -> ExitStatus {
    let solution = try solve(
      AverageProblem(
        model: mdp, reward: problem.rewardName(in: mdp, file: model.name),
        direction: problem.direction, initial: pointLaw(at: initial)),
      options: options)
    for warning in solution.warnings { control.console.say("warning: \(warning)") }
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: mdp) }
    }
    try outputs.writeInduced(control) {
      try mdp.inducedChain(taking: solution.policy, initial: pointLaw(at: initial))
    }
    let shown = AverageReport(
      solution, of: mdp, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}
