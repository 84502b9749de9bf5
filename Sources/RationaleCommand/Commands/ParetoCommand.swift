import ArgumentParser
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import Reports

/// `rationale pareto`: what several rewards can attain together.
struct ParetoCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "pareto",
    abstract: "Finds the exact Pareto front of two to four discounted rewards.",
    discussion: """
      Every vertex comes with a policy, weights for which it is the only best point, and a \
      certificate that 'check' verifies.

      Example: a machine with the rewards 'profit' and 'safety'.
        rationale pareto machine.json --rewards profit,safety --plot front.svg
        rationale pareto machine.json --rewards profit,safety --deterministic --reference 0,-1
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Two to four rewards, divided by commas.", valueName: "a,b"))
  var rewards: String

  @OptionGroup var problem: ProblemOptions

  @Flag(
    help: """
      Also list the front of deterministic policies, by enumeration (small models): it has points \
      that no weights find.
      """)
  var deterministic = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The corner of the hypervolume (default: the worst coordinates of the vertices).",
      valueName: "q,q"))
  var reference: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw the front as SVG; one panel for each pair of rewards.", valueName: "file"))
  var plot: String?

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if problem.reward != nil {
      throw ValidationError("pareto takes several rewards: --rewards A,B instead of --reward")
    }
    guard MultiObjectiveProblem.rewardCounts.contains(rewardNames.count) else {
      throw ValidationError(
        "--rewards needs 2 to 4 names divided by commas, as in --rewards profit,safety, but there "
          + (rewardNames.count == 1 ? "is 1" : "are \(rewardNames.count)"))
    }
    if let reference, Self.parts(of: reference).count != rewardNames.count {
      throw ValidationError(
        "--reference needs as many numbers as there are rewards, \(rewardNames.count),"
          + " divided by commas")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    let givenDiscount = try problem.discount(allowsOne: false, limits: model.limits)
    var options = ParetoOptions()
    options.reference = try referencePoint()
    options.includesDeterministic = deterministic
    options.progress = control.progress
    let output = try OutputDestination(report.output, control: control)
    let picture = try plot.map { path throws(CommandError) in
      try OutputDestination(path, control: control)
    }
    if let picture, picture.isSame(as: output) {
      throw CommandError.usage("--plot and the answer both go to \(output.name)")
    }
    let loaded = try model.read(control)
    let initial = try problem.initialState(in: loaded.model)
    let task = try task(on: loaded.model, discount: givenDiscount, initial: initial)
    control.enter("solving")
    let front = try paretoFront(of: task, options: options)
    control.enter("writing")
    try picture?.write { try ParetoPlot(front).writeSVG(to: $0) }
    var shown = ParetoReport.Options()
    shown.decimals = report.decimals
    shown.initialState = initial
    let answer = ParetoReport(front, of: loaded.model, options: shown)
    try output.write { try report.format.write(answer, to: $0) }
    return .answered
  }
}

extension ParetoCommand {
  private var rewardNames: [String] { Self.parts(of: rewards) }

  private static func parts(of text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  private func referencePoint() throws(CommandError) -> [Rational]? {
    guard let reference else { return nil }
    var point: [Rational] = []
    for text in Self.parts(of: reference) {
      point.append(
        try ExactNumberText(option: "--reference", text: text).value(limits: model.limits))
    }
    return point
  }

  private func task(
    on mdp: FiniteMDP, discount: Rational?, initial: State?
  ) throws -> MultiObjectiveProblem {
    guard let discount = discount ?? mdp.discount else {
      throw CommandError.usage(
        "the model has no discount: give one with --discount, as in --discount 99/100")
    }
    let names = mdp.rewards.map(\.name)
    guard !names.isEmpty else {
      throw CommandError.unfit(
        file: model.name, place: "rewards",
        problem: "the objective needs rewards, but the model has none")
    }
    for name in rewardNames where !names.contains(name) {
      throw CommandError.usage(
        "--rewards: there is no reward \(excerpt(name)); there are: \(listed(names))")
    }
    return try MultiObjectiveProblem(
      model: mdp, rewards: rewardNames, discount: discount, direction: problem.direction,
      initial: initial.map { [(state: $0, probability: Rational.one)] })
  }
}
