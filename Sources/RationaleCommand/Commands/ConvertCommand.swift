import ArgumentParser
import Certificates
import ExactJSON
import Foundation
import LinearPrograms
import MarkovDecisionProcesses
import Reports

/// `rationale convert`: a model, or a linear program, in another format.
struct ConvertCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a model, or a linear program, in another format.",
    discussion: """
      Reads rationale, gymnasium, drn and prism-explicit; writes rationale, drn, prism-explicit \
      and dot, by the extension of OUT or --to. Linear programs: lp, mps, fixed-mps.

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
      "The format to write: \(FileFormat.writableNames) (default: by the extension of OUT).",
      valueName: "format"),
    transform: FileFormat.writable)
  var target: FileFormat?

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
    guard target != nil || FileFormat(forPath: path) != nil else {
      throw ValidationError(
        "the extension of '\(path)' tells no format; name it with --to:"
          + " \(FileFormat.writableNames)")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    guard let path, let format = target ?? FileFormat(forPath: path) else {
      throw CommandError.usage("missing argument OUT, the file to write")
    }
    switch format {
    case .model(let format):
      guard !model.isProgram else {
        throw CommandError.usage(
          "\(model.name) is a linear program, which '\(format.rawValue)' cannot hold; --to takes:"
            + " \(programFormats)")
      }
      let output = try ModelDestination(path, format: format, control: control)
      let loaded = try model.read(control)
      try output.write(loaded.model, reward: problem.reward)
    case .program(let format):
      guard model.machine == nil else { throw CommandError.usage("--machine belongs to models") }
      try convertProgram(to: path, as: format, control)
    }
    return .answered
  }

  private func convertProgram(
    to path: String, as format: LinearProgramFormat, _ control: RunControl
  ) throws {
    guard model.isProgram else {
      throw CommandError.usage(
        "\(model.name) is a model, which '\(format.rawValue)' cannot hold; --to takes:"
          + " \(modelFormats)")
    }
    let output = try OutputDestination(path, control: control)
    let program = try model.readProgram(control)
    control.enter("writing \(output.name)")
    try output.write { try LinearProgramFile.write(program, as: format, to: $0) }
  }
}

/// The formats of models that can be written, for messages.
private let modelFormats = ModelFormat.allCases.filter(\.isWritable).map(\.rawValue)
  .joined(separator: ", ")

/// The formats of linear programs, for messages.
private let programFormats = LinearProgramFormat.allCases.map(\.rawValue).joined(separator: ", ")
