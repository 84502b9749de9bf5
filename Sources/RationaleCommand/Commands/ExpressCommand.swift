import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import Expressivity
import MarkovDecisionProcesses
import Reports

/// `rationale express`: can an objective say which behaviours are better than which?
struct ExpressCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "express",
    abstract: "Decides whether a reward can express a task, with the reward or a proof.",
    discussion: """
      A task says which policies (or trajectories) are better than which. The answer is a rational \
      reward of the largest margin, or multipliers that prove that there is none; both are checked \
      with 'rationale check TASK ANSWER'. The exit code is 0 in all cases.

      Example:
        rationale express entailment.task.json
        rationale express entailment.task.json --format json --output answer.json
        rationale check entailment.task.json answer.json

      A task of the kind policy-order may also say "uniqueOptimum": POLICY, the policy has to be the \
      only optimum, and "avoid": [STATE, ...], every optimal policy has to avoid the states: in MR among \
      all policies, elsewhere among the deterministic ones.

      With "discount": "any" in the task the reward may choose its discount: the answer has one, or \
      multipliers that are polynomials in it and prove that none in [0, 1) does.

      Where no Markov reward does, a small reward machine may:
        rationale express entailment.task.json --search-machine 3
      """)

  static let _errorPrefix = "error: "

  @Argument(help: "The task's file, or - for standard input.")
  var task: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most deterministic policies to compare where all of them are in question.",
      valueName: "n"))
  var maxPolicies = 100_000

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most digits that a number may have.", valueName: "n"))
  var maxDigits = NumberLimits.standard.maximumDigits

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for a reward machine with at most so many states, the smallest that there is; for"
        + " tasks in MR, or in RM without a machine. At the time limit the answer is 'undecided'.",
      valueName: "k"))
  var searchMachine: Int?

  @Option(
    help: ArgumentHelp(
      "What that machine may tell apart: steps, each by its state, action and successor"
        + " (default), or labels, the propositions that hold at the step.", valueName: "what"))
  var machineInput: StepAlphabet.Kind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the machine of an answer in RM, with its reward, to this file, which --machine reads.",
      valueName: "file"))
  var saveMachine: String?

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if let searchMachine, searchMachine < 1 {
      throw ValidationError("--search-machine is \(searchMachine), but it has to be at least 1")
    }
    guard machineInput == nil || searchMachine != nil else {
      throw ValidationError("--machine-input belongs to --search-machine")
    }
    for (option, value) in [("--max-policies", maxPolicies), ("--max-digits", maxDigits)]
    where value < 1 {
      throw ValidationError("\(option) is \(value), but it has to be at least 1")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    let machineFile = try saveMachine.map { try OutputDestination($0, control: control) }
    guard machineFile?.isSame(as: output) != true else {
      throw CommandError.usage("--save-machine and the answer both go to \(output.name)")
    }
    control.enter("reading \(task == "-" ? "<stdin>" : task)")
    var reading = ReadOptions()
    reading.limits = NumberLimits(maximumDigits: maxDigits)
    let loaded = try ExpressTask.read(task, options: reading)
    for field in loaded.unusedFields {
      control.console.say(
        "warning: the field '\(field)' is not used: the task is in \(loaded.formalism.rawValue)")
    }
    control.enter("deciding")
    var options = ExpressOptions()
    options.maximumPolicies = maxPolicies
    options.progress = control.progress
    let answer = try answer(to: loaded, options)
    control.enter("writing")
    let shown = ExpressReport(answer, to: loaded, decimals: report.decimals)
    try machineFile.map { try save(answer.payingMachine(for: loaded), loaded, $0, control) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func save(
    _ machine: PayingMachine?, _ loaded: ExpressTask, _ file: OutputDestination,
    _ control: RunControl
  ) throws {
    guard let machine else {
      return control.console.say(
        "warning: the answer has no machine with a reward, so --save-machine writes nothing")
    }
    try file.write { try MachineAnswerReport.write(machine, on: loaded.model, to: $0) }
  }

  /// The search that is asked for; it ends early enough for the answer to be written in time.
  private func machineSearch(
    for loaded: ExpressTask, began: ContinuousClock.Instant
  ) throws -> MachineSearchOptions? {
    guard let searchMachine else { return nil }
    guard
      loaded.formalism == .markovReward
        || (loaded.formalism == .rewardMachine && loaded.machine == nil)
    else {
      throw CommandError.usage(
        "--search-machine is for tasks in MR, or in RM without a machine; this one is in"
          + " \(loaded.formalism.rawValue)" + (loaded.machine == nil ? "" : " with one"))
    }
    var search = MachineSearchOptions(stateLimit: searchMachine, alphabet: machineInput ?? .steps)
    if let time = try limits.limits().time, time.seconds < 1e9 {
      let deadline = began + .seconds(time.seconds * 0.8)
      search.isOver = { ContinuousClock.now > deadline }
    }
    return search
  }

  private func answer(to loaded: ExpressTask, _ options: ExpressOptions) throws -> ExpressAnswer {
    do {
      guard let search = try machineSearch(for: loaded, began: .now) else {
        return try express(loaded, options: options)
      }
      return try expressWithMachine(loaded, search: search, options: options)
    } catch let error as ExpressError {
      if case .tooManyPolicies = error { throw error }
      throw CommandError.unfit(
        file: task == "-" ? "<stdin>" : task, place: error.place, problem: error.description)
    }
  }
}

extension ExpressError {
  /// The field of the task that is concerned.
  fileprivate var place: String {
    switch self {
    case .discountRequired, .oneDiscountRequired: "discount"
    case .cycleRequired(let trajectory, _): "trajectories[\(excerpt(trajectory))]"
    case .tooManyPolicies: "candidates"
    case .formulaRequired, .malformedFormula: "formula"
    case .notOffered: "formalism"
    }
  }
}

extension StepAlphabet.Kind: ExpressibleByArgument {}
