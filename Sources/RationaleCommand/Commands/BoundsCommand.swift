import ArgumentParser
import MarkovDecisionProcesses
import Reports

/// `rationale bounds`: named bounds, and the numbers of a model that bounds are made of.
struct BoundsCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract: "Evaluates bounds on regret and deviations with all of their constants.",
    usage: "rationale bounds [<name>] [<options>]",
    discussion: """
      Values are fractions, or enclosures with a proved error.

      Example:
        rationale bounds --list
        rationale bounds hoeffding --list
        rationale bounds hoeffding --parameter n=100 --parameter range=1 --parameter sides=2 \
      --parameter delta=1/20
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
    guard catalogue.isNamed else {
      throw CommandError.usage("name a bound, or ask for --list")
    }
    return try runCatalogue(control)
  }
}
