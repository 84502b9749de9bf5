import ArgumentParser
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import Reports

/// `rationale convert`: a model in another format.
struct ConvertCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a model in another format.",
    discussion: """
      Reads rationale, gymnasium, drn and prism-explicit; writes rationale, drn, prism-explicit \
      and dot, by the extension of OUT or --to.

      Example: Gymnasium's Taxi as exact fractions, and as input for Storm.
        rationale convert taxi.json taxi-exact.json --from gymnasium
        rationale convert taxi-exact.json taxi.drn
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Argument(help: "The file to write, or - for standard output.")
  var out: String?

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "The format to write: \(ModelFormat.writableNames) (default: by the extension of OUT).",
      valueName: "format"),
    transform: ModelFormat.writable)
  var target: ModelFormat?

  @OptionGroup(visibility: .hidden) var report: ReportOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var limits: LimitOptions

  private var path: String? { out ?? report.output }

  func validate() throws {
    guard let path else {
      throw ValidationError("missing argument OUT, the file to write")
    }
    guard out == nil || report.output == nil else {
      throw ValidationError("OUT and --output both name the file to write")
    }
    guard target != nil || ModelFormat(forPath: path) != nil else {
      throw ValidationError(
        "the extension of '\(path)' tells no format; name it with --to: \(ModelFormat.writableNames)"
      )
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    guard let path, let format = target ?? ModelFormat(forPath: path) else {
      throw CommandError.usage("missing argument OUT, the file to write")
    }
    let output = try ModelDestination(path, format: format, control: control)
    let loaded = try model.read(control)
    try output.write(loaded.model, reward: problem.reward)
    return .answered
  }
}
