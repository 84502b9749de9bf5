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

      The greatest probability of reaching a label, and the least expected total of a reward on
      the way there:
        rationale solve grid.json --objective reachability --goal goal
        rationale solve grid.json --objective total --goal goal --minimize

      The policy of ltl and ltlf has a memory: 'q3' is the state 3 of the automaton in the answer,
      which reads the labels of each state (and of the transition) as the state is left. Where
      transitions have labels, 'q3{0 1}' adds the acceptance marks of the last step.
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "discounted (default where there is a discount), finite-horizon, reachability, total,"
        + " average, blackwell, ltl or ltlf.",
      valueName: "objective"),
    transform: ObjectiveName.parse)
  var objective: ObjectiveName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of steps of finite-horizon; of reachability, the most steps.",
      valueName: "steps"))
  var horizon: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The label to reach (reachability, total).", valueName: "label"))
  var goal: String?

  @OptionGroup var temporal: TemporalOptions

  @OptionGroup var problem: ProblemOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "auto (default), policy-iteration, linear-program, value-iteration or enumeration.",
      valueName: "method"),
    transform: SolverMethod.parse)
  var method: SolverMethod?

  @Option(
    name: .customLong("subject-to"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Bound the expected discounted sum of a reward, as in 'cost <= 3/10' (repeatable).",
      valueName: "constraint"))
  var subjectTo: [ConstraintText] = []

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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Draw as SVG: the values and the policy of a grid (states named r0c0, r0c1, …); with \
      --objective blackwell the value against the discount.
      """,
      valueName: "file"))
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the Markov chain of the policy as a DRN file, which Storm reads.",
      valueName: "file"))
  var induced: String?

  @OptionGroup var blackwell: BlackwellOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    guard induced == nil || horizon == nil else {
      throw ValidationError("--induced needs a stationary policy; with --horizon there is none")
    }
    if objective == .finiteHorizon {
      guard let horizon else {
        throw ValidationError("--objective finite-horizon needs --horizon, the number of steps")
      }
      guard horizon >= 0 else {
        throw ValidationError("--horizon is \(horizon), but it must not be negative")
      }
    } else if objective == .reachability {
      if let horizon, horizon < 0 {
        throw ValidationError("--horizon is \(horizon), but it must not be negative")
      }
    } else if horizon != nil {
      throw ValidationError(
        "--horizon belongs to --objective finite-horizon and --objective reachability")
    }
    if objective == .average, plot != nil {
      throw noPicture(of: .average)
    }
    try blackwell.validate(for: objective)
    try validateGoal()
    try validateTemporal()
    try validateConstraints()
  }

  private func validateConstraints() throws {
    guard !subjectTo.isEmpty else { return }
    guard objective == nil || objective == .discounted else {
      throw ValidationError("--subject-to belongs to --objective discounted")
    }
    switch method ?? .auto {
    case .auto, .linearProgram: break
    case .policyIteration, .valueIteration, .enumeration:
      throw ValidationError("--subject-to is solved with --method linear-program alone")
    }
    if values != nil || plot != nil {
      throw ValidationError(
        "--subject-to has one value, under the initial law: it takes no"
          + (plot != nil ? " --plot" : " --values"))
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    let runLimits = try limits.limits()
    try control.set(runLimits)
    let givenDiscount = try problem.discount(
      allowsOne: objective == .finiteHorizon, limits: model.limits)
    let outputs = try SolveOutputs(of: self, control)
    let loaded = try model.read(control)
    let initial = try problem.initialState(in: loaded.model)
    let layout = try gridLayout(of: loaded.model)
    control.enter("solving")
    if !subjectTo.isEmpty {
      return try answerConstrained(
        loaded.model, discount: givenDiscount, initial: initial, outputs,
        solverOptions(memory: runLimits.memory, control), control)
    }
    if objective == .ltl || objective == .ltlf {
      return try answerTemporal(
        loaded.model, initial: initial, outputs,
        solverOptions(memory: runLimits.memory, control), control)
    }
    if objective == .average {
      return try answerAverage(
        loaded.model, initial: initial, outputs,
        solverOptions(memory: runLimits.memory, control), control)
    }
    if objective == .reachability || objective == .total {
      return try answerGoal(
        loaded.model, initial: initial, outputs,
        solverOptions(memory: runLimits.memory, control), control)
    }
    if objective == .blackwell {
      return try answerBlackwell(
        loaded.model, initial: initial, outputs,
        solverOptions(memory: runLimits.memory, control), control)
    }
    let solution = try solution(
      of: loaded.model, discount: givenDiscount, initial: initial,
      solverOptions(memory: runLimits.memory, control))
    for warning in solution.warnings { control.console.say("warning: \(warning)") }
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: loaded.model) }
    }
    if let layout {
      try outputs.plot?.write {
        try GridPlot(solution, of: loaded.model, layout: layout).writeSVG(to: $0)
      }
    }
    try outputs.writeInduced(control) {
      try loaded.model.inducedChain(
        taking: solution.policies[0], discount: givenDiscount, initial: pointLaw(at: initial))
    }
    let shown = SolutionReport(
      solution, of: loaded.model, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}

// MARK: - Solving

extension SolveCommand {
  /// The law of a run that starts at `--initial`, or `nil` without it.
  func pointLaw(at state: State?) -> [(state: State, probability: Rational)]? {
    state.map { [(state: $0, probability: Rational.one)] }
  }
}

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
        "the model has no discount: give one with --discount, as in --discount 99/100, or choose"
          + " an objective without one: --objective finite-horizon --horizon H, reachability"
          + " --goal LABEL, total --goal LABEL, average, blackwell, or ltl --formula F")
    }
    let reward = try problem.rewardName(in: mdp, file: model.name)
    let law = pointLaw(at: initial)
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
          + " --discount, as in --discount 99/100, or add \"discount\": \"99/100\" to the model's"
          + " file; --objective average needs none")
    }
    return try solve(
      DiscountedProblem(
        model: mdp, reward: reward, discount: discount, direction: problem.direction,
        initial: law),
      options: options)
  }
}

// MARK: - Constraints

extension SolveCommand {
  private func answerConstrained(
    _ mdp: FiniteMDP, discount: Rational?, initial: State?, _ outputs: SolveOutputs,
    _ options: SolverOptions, _ control: RunControl
  ) throws -> ExitStatus {
    guard let discount = discount ?? mdp.discount else {
      throw CommandError.usage(
        "--subject-to needs a discount and the model has none: give one with --discount,"
          + " as in --discount 99/100")
    }
    var constraints: [RewardConstraint] = []
    for text in subjectTo {
      constraints.append(try text.constraint(in: mdp, limits: model.limits))
    }
    let solution = try solve(
      ConstrainedProblem(
        model: mdp, reward: problem.rewardName(in: mdp, file: model.name), discount: discount,
        direction: problem.direction, constraints: constraints,
        initial: pointLaw(at: initial)),
      options: options)
    control.enter("writing")
    try outputs.certificate?.write { sink in
      try writeJSON(to: sink) { solution.certificate.write(to: $0, names: mdp) }
    }
    if let optimum = solution.optimum {
      try outputs.writeInduced(control) {
        try mdp.inducedChain(
          by: optimum.policy, discount: discount, initial: pointLaw(at: initial))
      }
    } else if induced != nil {
      control.console.say("warning: there is no policy, so --induced writes nothing")
    }
    let shown = ConstrainedReport(
      solution, of: mdp, options: reportOptions(initial, for: outputs.report))
    try outputs.report.write { try report.format.write(shown, to: $0) }
    return .answered
  }
}

// MARK: - Writing

/// Where the parts of an answer go, tested before solving.
struct SolveOutputs {
  let report: OutputDestination
  let certificate: OutputDestination?
  let plot: OutputDestination?
  let induced: OutputDestination?

  init(of command: SolveCommand, _ control: RunControl) throws(CommandError) {
    report = try OutputDestination(command.report.output, control: control)
    certificate = try Self.open(command.certificate, control)
    plot = try Self.open(command.plot, control)
    induced = try Self.open(command.induced, control)
    let others = [("--certificate", certificate), ("--plot", plot), ("--induced", induced)]
    for (place, (option, destination)) in others.enumerated() {
      guard let destination else { continue }
      if destination.isSame(as: report) {
        throw .usage(
          "\(option) and the answer both go to \(report.name);"
            + " give them different files with \(option) and --output")
      }
      for (other, another) in others[..<place] where another?.isSame(as: destination) == true {
        throw .usage("\(other) and \(option) both go to \(destination.name)")
      }
    }
  }

  /// Writes the chain of a policy where `--induced` asks for it; what DRN cannot hold is said on
  /// standard error.
  func writeInduced(_ control: RunControl, _ chain: () throws -> FiniteMDP) throws {
    guard let induced else { return }
    let chain = try chain()
    var notes: [String] = []
    try induced.write { sink in
      notes = try ModelFile.write(
        chain, as: .drn, options: WriteOptions(isChain: true), to: sink)
    }
    notes.forEach(control.console.say)
  }

  private static func open(
    _ path: String?, _ control: RunControl
  ) throws(CommandError) -> OutputDestination? {
    guard let path else { return nil }
    return try OutputDestination(path, control: control)
  }
}

extension SolveCommand {
  /// The places of the states, when they are to be drawn.
  func gridLayout(of mdp: FiniteMDP) throws(CommandError) -> GridLayout? {
    guard plot != nil, objective != .blackwell else { return nil }
    guard let layout = GridLayout(of: mdp) else {
      throw .usage(
        "--plot draws grids, whose states are named r0c0, r0c1, and so on, and this model's are"
          + " not: leave --plot out, write the model as a graph with 'rationale convert MODEL"
          + " model.dot', or draw the value against the discount with --objective blackwell")
    }
    return layout
  }

  func writeJSON(to sink: @escaping ByteSink, _ body: (JSONWriter) -> Void) throws {
    let json = JSONWriter(sink: sink)
    body(json)
    try json.finish()
  }

  func reportOptions(
    _ initial: State?, for destination: OutputDestination
  ) -> SolutionReport.Options {
    var options = SolutionReport.Options()
    options.decimals = report.decimals
    options.initialState = initial
    options.certificateFile = certificate.map {
      report.format == .json ? relativePath(of: $0, fromFolderOf: report.output) : $0
    }
    options.omitsValues = values == .some(.none) || values == .initial
    options.wantsBounds = values == .some(.none)
    options.columns = report.columns(for: destination)
    return options
  }
}
