import ArgumentParser
import MDPSolvers
import MarkovDecisionProcesses
import Reports

/// `rationale bounds`: named bounds, and the numbers of a model that bounds are made of.
struct BoundsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract: "Evaluates bounds with all of their constants, and what they need of a model.",
    usage: "rationale bounds [<name>] [<options>]",
    discussion: """
      With a name: a bound of the catalogue. With --model: gain, span and diameters of a model, \
      exactly; with a name too, whether it is a linear mixture (linear-mixture) or linear in features \
      of its pairs (linear-model), the complexity of a finite class around it (finite-class), how \
      fast it mixes (mixing), or how well data cover what policies visit (coverage). The span is \
      that of the best bias; the one-way diameter leads to a state of largest bias.

      Example:
        rationale bounds --list
        rationale bounds ucrl2 --list
        rationale bounds ucrl2 --parameter D=15 --parameter S=6 --parameter A=2 \
      --parameter delta=1/20 --sweep T=1e3..1e9 --plot ucrl2.svg
        rationale generate riverswim --output river.json
        rationale bounds --model river.json
        rationale bounds coverage --model river.json --discount 9/10 --initial s0
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var catalogue: CatalogueOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The model's file, or - for standard input.", valueName: "file"))
  var model: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    let runLimits = try limits.limits()
    try control.set(runLimits)
    if catalogue.isNamed { return try runCatalogue(control) }
    guard let model else {
      throw CommandError.usage("name a bound, ask for --list, or give a model with --model")
    }
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
