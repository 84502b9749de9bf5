import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import Reports

/// The property of `--objective ltl` and `ltlf`.
struct TemporalOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A formula of temporal logic over the labels, as in 'G F a & G !b' (ltl);"
        + " ltlf: on finite traces, with WX as weak next.",
      valueName: "formula"))
  var formula: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A deterministic automaton in the HOA format over the labels, instead of a formula (ltl).",
      valueName: "file"))
  var automaton: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The trace ends with the first state of this label (ltlf; default: some prefix of the run"
        + " has to satisfy the formula).", valueName: "label"))
  var end: String?
}

extension SolveCommand {
  /// Refuses options of other objectives.
  func validateTemporal() throws {
    guard let objective, objective == .ltl || objective == .ltlf else {
      guard temporal.formula == nil, temporal.automaton == nil, temporal.end == nil else {
        throw ValidationError(
          "--formula, --automaton and --end belong to --objective ltl and ltlf")
      }
      return
    }
    try validateProperty(objective)
    let name = "--objective \(objective.rawValue)"
    if problem.discount != nil {
      throw ValidationError("--discount does not belong to \(name), which has none")
    }
    if problem.reward != nil {
      throw ValidationError("--reward does not belong to \(name), which has none")
    }
    guard subjectTo.isEmpty else {
      throw ValidationError("--subject-to belongs to --objective discounted")
    }
    guard induced == nil else {
      throw ValidationError("--induced does not belong to \(name): its policy has memory")
    }
    if plot != nil { throw noPicture(of: objective) }
  }

  private func validateProperty(_ objective: ObjectiveName) throws {
    if objective == .ltlf {
      guard temporal.formula != nil, temporal.automaton == nil else {
        throw ValidationError("--objective ltlf needs --formula, and takes no --automaton")
      }
      return
    }
    guard (temporal.formula == nil) != (temporal.automaton == nil) else {
      throw ValidationError("--objective ltl needs one of --formula and --automaton")
    }
    guard temporal.end == nil else {
      throw ValidationError("--end belongs to --objective ltlf")
    }
  }

  /// The refusal of `--plot` with an objective that has no picture.
  func noPicture(of objective: ObjectiveName) -> ValidationError {
    ValidationError(
      "--plot draws no picture of --objective \(objective.rawValue): leave it out, or choose an"
        + " objective that has one: discounted, finite-horizon, reachability or total (grids, whose"
        + " states are named r0c0, r0c1, …), or blackwell (the value against the discount)")
  }

  private var semantics: TraceSemantics {
    guard objective == .ltlf else { return .infinite }
    return temporal.end.map { .ending(label: $0) } ?? .somePrefix
  }

  func answerTemporal(
    _ mdp: FiniteMDP, initial: State?, _ outputs: SolveOutputs, _ options: SolverOptions,
    _ control: RunControl
  ) throws -> ExitStatus {
    let solution = try solve(temporalProblem(of: mdp, initial), options: options)
    for warning in solution.warnings { control.console.say("warning: \(warning)") }
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: solution.product) }
    }
    let shown = OmegaRegularReport(
      solution, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func temporalProblem(
    of mdp: FiniteMDP, _ initial: State?
  ) throws -> OmegaRegularProblem {
    let law = initial.map { [(state: $0, probability: Rational.one)] }
    if let formula = temporal.formula {
      return try OmegaRegularProblem(
        model: mdp, formula: formula, semantics: semantics, direction: problem.direction,
        initial: law)
    }
    let path = temporal.automaton ?? ""
    let bytes = try InputFile.read(path)
    let name = InputFile.name(of: path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file: name, place: nil, problem: "the text is not valid UTF-8")
    }
    do {
      return try OmegaRegularProblem(
        model: mdp, automaton: OmegaAutomaton(hoa: text), direction: problem.direction,
        initial: law)
    } catch let error as AutomatonError {
      throw InputError(file: name, place: "line \(error.line)", problem: error.problem)
    } catch let error as SolverError {
      throw InputError(file: name, place: "AP", problem: error.description)
    }
  }
}
