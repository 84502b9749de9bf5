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

  @Option(name: .customLong("to"), help: "The format to write (default: by the extension of OUT).")
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
        "the extension of '\(path)' tells no format; name it with --to: \(writableFormats)")
    }
    if let target, !target.isWritable {
      throw ValidationError(
        "the format '\(target.rawValue)' is read only; --to takes: \(writableFormats)")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    guard let path, let format = target ?? ModelFormat(forPath: path) else {
      throw CommandError.usage("missing argument OUT, the file to write")
    }
    let loaded = try model.read(control)
    if let reward = problem.reward { _ = try problem.rewardName(in: loaded.model, file: reward) }
    try writeModel(loaded.model, as: format, reward: problem.reward, to: path, control)
    return .answered
  }
}

/// The formats that can be written, for messages.
let writableFormats = ModelFormat.allCases.filter(\.isWritable).map(\.rawValue)
  .joined(separator: ", ")

/// Writes a model to a path, or to the several files of `prism-explicit`.
///
/// - Parameter reward: the only reward to write, where the format has room for one.
func writeModel(
  _ model: FiniteMDP, as format: ModelFormat, reward: String?, to path: String?,
  _ control: RunControl
) throws {
  control.enter("writing \(path ?? "<stdout>")")
  fatalError()
}

/// `model` for `model.tra`: what the names of the files of `prism-explicit` begin with.
func prismPrefix(of path: String) -> String {
  let extensions = [".tra", ".lab", ".srew", ".trew"]
  guard let found = extensions.first(where: path.hasSuffix) else { return path }
  return String(path.dropLast(found.count))
}
