import ArgumentParser
import MarkovDecisionProcesses
import Reports

/// `rationale info`: what kind of model a file holds.
struct InfoCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Counts and classifies a model.",
    usage: "rationale info [<options>] <model>",
    discussion: """
      Counts, structure, and what each objective of solve needs. Of a model of at most \
      \(ModelReport.mostStatesForDiameter) states also the diameter; of a Markov chain (one \
      action per state) the recurrent classes with their periods and stationary laws, the Kemeny \
      constant, and up to \(ModelReport.mostStatesForMatrices) states the limiting matrix, the \
      deviation matrix and all mean hitting times, exactly: in text up to 10 states, with \
      --format json all of them.

      Example:
        rationale generate riverswim --output river.json
        rationale info river.json

      The chain of a policy is a model too:
        rationale solve river.json --objective average --induced chain.drn
        rationale info chain.drn --format json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup(visibility: .hidden) var problem: ProblemOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    let loaded = try model.read(control)
    control.enter("classifying")
    let shown = try ModelReport(of: loaded.model, progress: control.progress)
    try control.progress.checkpoint()
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}
