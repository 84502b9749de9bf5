import ArgumentParser
import MDPSolvers
import MarkovDecisionProcesses
import Reports

/// `rationale bounds --model`: the numbers of a model that bounds on regret are made of.
struct BoundsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract: "Computes gain, span and diameters of a model exactly.",
    discussion: """
      The span is that of the best bias; the one-way diameter leads to a state of largest bias.

      Example:
        rationale generate riverswim --output river.json
        rationale bounds --model river.json
      """)

  static let _errorPrefix = "error: "

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The model's file, or - for standard input.", valueName: "file"))
  var model: String

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    let runLimits = try limits.limits()
    try control.set(runLimits)
    let output = try OutputDestination(report.output, control: control)
    let loaded = try reading.read(model, control)
    let mdp = loaded.model
    let reward = mdp.rewards.isEmpty ? nil : try problem.rewardName(in: mdp, file: model)
    control.enter("solving")
    var options = SolverOptions()
    options.memoryLimit = runLimits.memory
    options.progress = control.progress
    let bounds = try ModelBounds(
      of: mdp, reward: reward, direction: problem.direction, options: options)
    control.enter("writing")
    let shown = ModelBoundsReport(bounds, of: mdp, decimals: report.decimals)
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}
