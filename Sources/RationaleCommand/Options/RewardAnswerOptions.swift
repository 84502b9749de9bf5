import ArgumentParser
import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import Reports
import RewardComparison

/// What all questions about rewards have in common.
struct RewardAnswerOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the answer with its proof to this file, too, as JSON.", valueName: "file"))
  var certificate: String?

  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions
}

/// A question about rewards of one model.
protocol RewardQuestionCommand: Subcommand {
  var model: ModelOptions { get }
  var problem: ProblemOptions { get }
  var output: RewardAnswerOptions { get }
  /// Whether the answer depends on where the first state is.
  static var needsInitialLaw: Bool { get }

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer
}

extension RewardQuestionCommand {
  static var needsInitialLaw: Bool { true }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try output.limits.limits())
    let discount = try problem.discount(allowsOne: false, limits: model.limits)
    let destination = try OutputDestination(output.report.output, control: control)
    let certificate = try output.certificate.map { path throws(CommandError) in
      try OutputDestination(path, control: control)
    }
    if let certificate, certificate.isSame(as: destination) {
      throw CommandError.usage("two outputs both go to \(destination.name)")
    }
    let mdp = try model.read(control).model
    let start = try problem.start(
      in: mdp, file: model.name, discount: discount, needsLaw: Self.needsInitialLaw)
    control.enter("solving")
    let answer = try answer(
      RewardInquiry(
        mdp, discount: start.discount, direction: problem.direction, initial: start.initial,
        progress: control.progress))
    control.enter("writing")
    let shown = RewardAnswerReport(answer, of: mdp, decimals: output.report.decimals)
    try certificate?.write { try shown.writeJSON(to: $0) }
    try destination.write { try output.report.format.write(shown, to: $0) }
    return .answered
  }

  /// The name of a reward that stands on the command line, if the model has it.
  func known(_ name: String, in mdp: FiniteMDP) throws(CommandError) -> String {
    _ = try mdp.function(name)
    return name
  }
}

/// A finite set of policies on the command line: a file, or the word `deterministic`.
struct PolicySetText {
  let text: String
  /// The most deterministic policies.
  private static let limit = 4096

  func policies(
    in mdp: FiniteMDP, limits: NumberLimits
  ) throws -> [(name: String, policy: Policy)] {
    guard text == "deterministic" else {
      return try PolicySetFile.read(text, for: mdp, limits: limits)
    }
    let choosing = (0..<mdp.stateCount).filter { mdp.choiceRange(at: $0).count > 1 }
    var policies: [(name: String, policy: Policy)] = []
    for choices in try DeterministicPolicies(of: mdp, limit: Self.limit) {
      let actions = choices.map { mdp.action(of: Choice(Int($0))) }
      let name = choosing.map { mdp.actions[Int(actions[$0].index)] }.joined(separator: " ")
      policies.append((name, try Policy(actions, in: mdp)))
    }
    // Names of actions may hold blanks.
    if Set(policies.map(\.name)).count < policies.count {
      return policies.enumerated().map { ("\($0.offset + 1)", $0.element.policy) }
    }
    return policies
  }
}
