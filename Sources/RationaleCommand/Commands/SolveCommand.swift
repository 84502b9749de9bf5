import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import Reports

/// `rationale solve`: a model in, a proved answer out.
struct SolveCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solves a model exactly and writes a certificate of the answer.",
    discussion: """
      Example: the values and a best policy of a grid as fractions, with a proof.
        rationale generate gridworld --width 5 --output grid.json
        rationale solve grid.json --discount 99/100 --certificate grid.cert.json
        rationale check grid.json grid.cert.json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "discounted (default where there is a discount) or finite-horizon.", valueName: "objective"),
    transform: ObjectiveName.parse)
  var objective: ObjectiveName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of steps of finite-horizon.", valueName: "steps"))
  var horizon: Int?

  @OptionGroup var problem: ProblemOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "auto (default), policy-iteration, value-iteration or enumeration.", valueName: "method"),
    transform: SolverMethod.parse)
  var method: SolverMethod?

  @Option(
    help: """
      all: every value exactly (bounds where memory does not suffice, unless written out); \
      initial: only the initial value exactly; none: bounds. (default: all)
      """)
  var values: ValuesChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the certificate to this file.", valueName: "file"))
  var certificate: String?

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if objective == .finiteHorizon {
      guard let horizon else {
        throw ValidationError("--objective finite-horizon needs --horizon, the number of steps")
      }
      guard horizon >= 0 else {
        throw ValidationError("--horizon is \(horizon), but it must not be negative")
      }
    } else if horizon != nil {
      throw ValidationError("--horizon belongs to --objective finite-horizon")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    let runLimits = try limits.limits()
    try control.set(runLimits)
    let givenDiscount = try problem.discount(
      allowsOne: objective == .finiteHorizon, limits: model.limits)
    let (output, certificateOutput) = try destinations(control)
    let loaded = try model.read(control)
    let initial = try problem.initialState(in: loaded.model)
    let options = solverOptions(memory: runLimits.memory, control)
    control.enter("solving")
    let solution = try solution(
      of: loaded.model, discount: givenDiscount, initial: initial, options)
    for warning in solution.warnings { control.console.say("warning: \(warning)") }
    control.enter("writing")
    if let certificateOutput {
      try write(solution.certificate, of: loaded.model, to: certificateOutput)
    }
    try write(solution, of: loaded.model, initial: initial, to: output)
    return .answered
  }
}

// MARK: - Solving

extension SolveCommand {
  private func solverOptions(memory: Int, _ control: RunControl) -> SolverOptions {
    var options = SolverOptions()
    options.method = method ?? .auto
    options.memoryLimit = memory
    options.progress = control.progress
    options.scope =
      switch values {
      case nil: .all(isRequired: false)
      case .all: .all(isRequired: true)
      case .initial: .initial
      case .some(.none): .none
      }
    return options
  }

  private func solution(
    of mdp: FiniteMDP, discount: Rational?, initial: State?, _ options: SolverOptions
  ) throws -> Solution {
    guard objective != nil || discount != nil || mdp.discount != nil else {
      throw CommandError.usage(
        "the model has no discount: give one with --discount, as in --discount 99/100,"
          + " or choose --objective finite-horizon --horizon H")
    }
    let reward = try problem.rewardName(in: mdp, file: model.name)
    let law = initial.map { [(state: $0, probability: Rational.one)] }
    if let horizon {
      return try solve(
        FiniteHorizonProblem(
          model: mdp, reward: reward, horizon: horizon, discount: discount ?? mdp.discount ?? 1,
          direction: problem.direction, initial: law),
        options: options)
    }
    guard let discount = discount ?? mdp.discount else {
      throw CommandError.usage(
        "--objective discounted needs a discount and the model has none: give one with"
          + " --discount, as in --discount 99/100")
    }
    return try solve(
      DiscountedProblem(
        model: mdp, reward: reward, discount: discount, direction: problem.direction,
        initial: law),
      options: options)
  }
}

// MARK: - Writing

extension SolveCommand {
  private func destinations(
    _ control: RunControl
  ) throws(CommandError) -> (report: OutputDestination, certificate: OutputDestination?) {
    let output = try OutputDestination(report.output, control: control)
    guard let certificate else { return (output, nil) }
    let certificateOutput = try OutputDestination(certificate, control: control)
    guard !certificateOutput.isSame(as: output) else {
      throw .usage(
        "--certificate and the answer both go to \(output.name);"
          + " give them different files with --certificate and --output")
    }
    return (output, certificateOutput)
  }

  private func write(
    _ certificate: Certificate, of mdp: FiniteMDP, to destination: OutputDestination
  ) throws {
    try destination.write { sink in
      let json = JSONWriter(sink: sink)
      certificate.write(to: json, names: mdp)
      try json.finish()
    }
  }

  private func write(
    _ solution: Solution, of mdp: FiniteMDP, initial: State?, to destination: OutputDestination
  ) throws {
    var options = SolutionReport.Options()
    options.decimals = report.decimals
    options.initialState = initial
    options.certificateFile = certificate.map {
      report.format == .json ? relativePath(of: $0, fromFolderOf: report.output) : $0
    }
    options.omitsValues = values == .some(.none)
    options.columns = report.columns(for: destination)
    let shown = SolutionReport(solution, of: mdp, options: options)
    try destination.write { try report.format.write(shown, to: $0) }
  }
}
