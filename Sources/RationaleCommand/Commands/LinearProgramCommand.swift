import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import LinearProgramSolvers
import LinearPrograms
import Reports

/// `rationale lp`: a linear program in, a proved answer out.
struct LinearProgramCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "lp",
    abstract: "Solves a linear program exactly: optimal, infeasible or unbounded, with a proof.",
    discussion: """
      Reads CPLEX's LP format and MPS; every number in them is exact. The exit code is 0 in all \
      three cases.

      Example:
        rationale lp diet.lp --format json --output diet.answer.json
        rationale check diet.lp diet.answer.json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var program: ProgramOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the certificate to this file.", valueName: "file"))
  var certificate: String?

  @Flag(
    help: """
      Add reduced costs and the set of all optimal points (default: for programs of up to 100 \
      rows and columns).
      """)
  var sensitivity = false

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  /// Above so many rows and columns, what is known of an optimum may take as long as finding it.
  private static let smallCount = 100

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    let certificateOutput = try certificateDestination(beside: output, control)
    let program = try program.read(control)
    control.enter("solving")
    let start = ContinuousClock.now
    let solution = try solve(program, options: LPOptions(progress: control.progress))
    var options = LinearProgramReport.Options()
    options.seconds = (ContinuousClock.now - start) / .seconds(1)
    options.decimals = report.decimals
    options.columns = report.columns(for: output)
    options.certificateFile = certificate.map {
      report.format == .json ? relativePath(of: $0, fromFolderOf: report.output) : $0
    }
    let shown = LinearProgramReport(
      solution, of: program, sensitivity: try sensitivity(of: solution, program, control),
      options: options)
    control.enter("writing")
    try certificateOutput?.write { sink in
      let json = JSONWriter(sink: sink)
      solution.certificate.write(to: json, names: program)
      try json.finish()
    }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func certificateDestination(
    beside output: OutputDestination, _ control: RunControl
  ) throws(CommandError) -> OutputDestination? {
    guard let certificate else { return nil }
    let destination = try OutputDestination(certificate, control: control)
    guard !destination.isSame(as: output) else {
      throw .usage(
        "--certificate and the answer both go to \(output.name);"
          + " give them different files with --certificate and --output")
    }
    return destination
  }

  private func sensitivity(
    of solution: LPSolution, _ program: LinearProgram, _ control: RunControl
  ) throws -> LinearProgramReport.Sensitivity? {
    guard sensitivity || program.rowCount + program.columnCount <= Self.smallCount else {
      return nil
    }
    if let value = solution.objectiveValue {
      control.progress.reportCertified("the optimum is \(excerpt(value.description))")
    }
    control.enter("looking for other optimal points")
    guard let costs = solution.reducedCosts(in: program),
      let face = try solution.optimalFace(of: program, progress: control.progress)
    else { return nil }
    return LinearProgramReport.Sensitivity(reducedCosts: costs, face: face)
  }
}
