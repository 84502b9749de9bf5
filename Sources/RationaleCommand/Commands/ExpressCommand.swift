import ArgumentParser
import Certificates
import ExactArithmetic
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

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    for (option, value) in [("--max-policies", maxPolicies), ("--max-digits", maxDigits)]
    where value < 1 {
      throw ValidationError("\(option) is \(value), but it has to be at least 1")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let output = try OutputDestination(report.output, control: control)
    control.enter("reading \(task == "-" ? "<stdin>" : task)")
    var reading = ReadOptions()
    reading.limits = NumberLimits(maximumDigits: maxDigits)
    let loaded = try ExpressTask.read(task, options: reading)
    control.enter("deciding")
    var options = ExpressOptions()
    options.maximumPolicies = maxPolicies
    options.progress = control.progress
    let answer = try answer(to: loaded, options)
    control.enter("writing")
    let shown = ExpressReport(answer, to: loaded)
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func answer(to loaded: ExpressTask, _ options: ExpressOptions) throws -> ExpressAnswer {
    do {
      return try express(loaded, options: options)
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
    case .discountRequired: "discount"
    case .cycleRequired: "trajectories"
    case .tooManyPolicies: "candidates"
    case .formulaRequired, .malformedFormula: "formula"
    case .notOffered: "formalism"
    }
  }
}
