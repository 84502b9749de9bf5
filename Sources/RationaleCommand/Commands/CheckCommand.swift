import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import LinearPrograms
import MarkovDecisionProcesses
import Reports

/// `rationale check`: verifies an answer without solving anything.
struct CheckCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verifies a certificate or a solution against its model or linear program.",
    usage: "rationale check [<options>] <model> <certificate>",
    discussion: """
      Prints 'accepted:' with the statement that is proved (exit code 0), or 'rejected:' with the \
      first condition that fails (exit code 1).

      Example:
        rationale solve grid.json --certificate grid.cert.json
        rationale check grid.json grid.cert.json
        rationale check diet.lp diet.answer.json
        rationale pareto machine.json --rewards profit,safety --format json --output front.json
        rationale check machine.json front.json
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
    let verdict =
      if model.isProgram {
        try programVerdict(control)
      } else if isTask {
        try taskVerdict(control)
      } else {
        try modelVerdict(control)
      }
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

  private func modelVerdict(_ control: RunControl) throws -> Verdict {
    let (loaded, document) = try readBoth(control) {
      try model.read(control)
    } certificate: {
      try CertificateDocument.read(certificate, limits: model.limits)
    }
    return try document.verify(against: loaded.model, progress: control.progress)
  }

  private func programVerdict(_ control: RunControl) throws -> Verdict {
    let (program, document) = try readBoth(control) {
      try model.readProgram(control)
    } certificate: {
      try LPCertificateDocument.read(certificate, limits: model.limits)
    }
    return try document.verify(on: program, progress: control.progress)
  }

  /// Whether the first file says that it is a task of reward design; of standard input, which can be
  /// read only once, the second file says it.
  private var isTask: Bool {
    model.model == "-"
      ? FileKind(ofFileAt: certificate) == .document(.expressivity)
      : FileKind(ofFileAt: model.model) == .document(.task)
  }

  private func taskVerdict(_ control: RunControl) throws -> Verdict {
    let (task, document) = try readBoth(control) {
      var options = ReadOptions()
      options.limits = model.limits
      return try ExpressTask.read(model.model, options: options)
    } certificate: {
      try ExpressAnswerDocument.read(certificate, limits: model.limits)
    }
    return try document.verify(against: task, progress: control.progress)
  }

  private func readBoth<Problem, Document>(
    _ control: RunControl, problem readProblem: () throws -> Problem,
    certificate readCertificate: () throws -> Document
  ) throws -> (Problem, Document) {
    do {
      let problem = try readProblem()
      control.enter("reading \(InputFile.name(of: certificate))")
      let document = try readCertificate()
      control.enter("checking")
      return (problem, document)
    } catch let error as InputError where error.kind == .malformed {
      throw mixUp() ?? error
    }
  }

  /// The error of files that were exchanged, when that is what went wrong.
  private func mixUp() -> InputError? {
    let first = FileKind(ofFileAt: model.model)
    let second = FileKind(ofFileAt: certificate)
    let secondName = InputFile.name(of: certificate)
    if let first, !first.isProblem {
      let other = second?.article ?? "neither a certificate nor a solution"
      let order = second == .program ? "check FILE ANSWER" : "check MODEL CERTIFICATE"
      return InputError(
        file: model.name, place: "format",
        problem: "this is \(first.article), and \(secondName) is \(other);"
          + " the order is: \(order)")
    }
    guard let second, second.isProblem else { return nil }
    return InputError(
      file: secondName, place: "format",
      problem: "this is \(second.article), where a certificate or a solution is expected")
  }
}

/// What a file turns out to be.
private enum FileKind: Equatable {
  case document(DocumentKind)
  case program

  /// What a file says that it is; `nil` for one that says nothing or cannot be read again.
  init?(ofFileAt path: String) {
    guard path != "-", let bytes = try? InputFile.read(path) else { return nil }
    if let kind = DocumentKind(bytes: bytes) {
      self = .document(kind)
    } else if LinearProgramFormat(path: path) != nil {
      self = .program
    } else {
      return nil
    }
  }

  /// Whether this is what answers are about, and no answer.
  var isProblem: Bool {
    switch self {
    case .document(.model), .document(.task), .program: true
    case .document(.certificate), .document(.solution), .document(.linearProgramSolution),
      .document(.expressivity), .document(.paretoFront), .document(.comparison),
      .document(.rewardAnswer), .document(.machine), .document(.machineAnswer):
      false
    }
  }

  var article: String {
    switch self {
    case .document(let kind): kind.article
    case .program: "a linear program"
    }
  }
}
