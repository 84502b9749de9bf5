import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import Reports

/// `rationale check`: verifies an answer without solving anything.
struct CheckCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verifies a certificate or a solution against its model.",
    usage: "rationale check [<options>] <model> <certificate>",
    discussion: """
      Prints 'accepted:' with the statement that is proved (exit code 0), or 'rejected:' with the \
      first condition that fails (exit code 1).

      Example:
        rationale solve grid.json --certificate grid.cert.json
        rationale check grid.json grid.cert.json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Argument(help: "The certificate's or solution's file, or - for standard input.")
  var certificate: String

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions
  // A certificate says itself what it is about; the options are common to what reads a model.
  @OptionGroup(visibility: .hidden) var problem: ProblemOptions

  func validate() throws {
    guard model.model != "-" || certificate != "-" else {
      throw ValidationError("only one of MODEL and CERTIFICATE can be standard input")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    let (loaded, document) = try readBoth(control)
    control.enter("checking")
    let verdict = try document.verify(against: loaded.model, progress: control.progress)
    let status: ExitStatus =
      switch verdict {
      case .accepted(_, let warnings):
        answered(warnings, control)
      case .rejected:
        .rejected
      }
    do {
      try output.write { try report.format.write(VerdictReport(verdict), to: $0) }
    } catch CommandError.readerGone {
      // The exit code still tells the verdict.
    }
    return status
  }

  private func answered(_ warnings: [String], _ control: RunControl) -> ExitStatus {
    for warning in warnings { control.console.say("warning: \(warning)") }
    return .answered
  }

  private func readBoth(_ control: RunControl) throws -> (LoadedModel, CertificateDocument) {
    do {
      let loaded = try model.read(control)
      control.enter("reading \(InputFile.name(of: certificate))")
      return (loaded, try CertificateDocument.read(certificate, limits: model.limits))
    } catch let error as InputError where error.kind == .malformed {
      throw mixUp() ?? error
    }
  }

  /// The error of files that were exchanged, when that is what went wrong.
  private func mixUp() -> InputError? {
    let first = kind(ofFileAt: model.model)
    let second = kind(ofFileAt: certificate)
    switch first {
    case .certificate?, .solution?, .linearProgramSolution?:
      let other = second?.article ?? "neither a certificate nor a solution"
      return InputError(
        file: model.name, place: "format",
        problem: "this is \(first?.article ?? ""), and \(InputFile.name(of: certificate))"
          + " is \(other); the order is: check MODEL CERTIFICATE")
    case .model?, nil:
      guard second == .model else { return nil }
      return InputError(
        file: InputFile.name(of: certificate), place: "format",
        problem: "this is a model, where a certificate or a solution is expected")
    }
  }

  /// What a file says that it is; `nil` for one that cannot be read again.
  private func kind(ofFileAt path: String) -> DocumentKind? {
    guard path != "-", let bytes = try? InputFile.read(path) else { return nil }
    return DocumentKind(bytes: bytes)
  }
}
