import ArgumentParser
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import Reports

// Policies that are optimal for all discounts near 1: `--objective blackwell`.

/// What only the objective blackwell takes.
struct BlackwellOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      With --objective blackwell: ask for n-discount optimality, -1 for the gain, 0 for the bias, \
      and so on (default: Blackwell optimality, that is, all of them).
      """, valueName: "n"))
  var order: Int?

  @Flag(
    help: """
      With --objective blackwell: also the optimal values for every discount in [0, 1), as \
      rational functions between exact breakpoints.
      """)
  var breakpoints = false

  func validate(for objective: ObjectiveName?) throws {
    guard objective == .blackwell else {
      if order != nil { throw ValidationError("--order belongs to --objective blackwell") }
      if breakpoints { throw ValidationError("--breakpoints belongs to --objective blackwell") }
      return
    }
    if let order, order < -1 {
      throw ValidationError("--order is \(order), but the least is -1, the order of the gain")
    }
  }
}

extension SolveCommand {
  func answerBlackwell(
    _ mdp: FiniteMDP, initial: State?, _ outputs: SolveOutputs, _ options: SolverOptions,
    _ control: RunControl
  ) throws -> ExitStatus {
    let reward = try problem.rewardName(in: mdp, file: model.name)
    guard mdp.stateCount <= BlackwellProblem.largestStateCount else {
      throw CommandError.unfit(
        file: model.name, place: "states",
        problem: "there are \(mdp.stateCount), but --objective blackwell takes at most "
          + "\(BlackwellProblem.largestStateCount); --objective average takes more")
    }
    let law = pointLaw(at: initial)
    let solution = try solve(
      BlackwellProblem(
        model: mdp, reward: reward, direction: problem.direction, order: blackwell.order,
        includesPieces: blackwell.breakpoints || outputs.plot != nil, initial: law),
      options: options)
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: mdp) }
    }
    try outputs.plot?.write {
      try DiscountPlot(solution, of: mdp, initial: law ?? mdp.initial).writeSVG(to: $0)
    }
    try outputs.writeInduced(control) {
      try mdp.inducedChain(taking: solution.policy, initial: law)
    }
    let shown = BlackwellReport(
      solution, of: mdp, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}
