import ArgumentParser
import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison

/// `rationale reward`: what policies make of a reward.
struct RewardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reward",
    abstract: "Asks what a reward leads to: hacking, simpler and added rewards, design.",
    discussion: """
      Every answer is exact and carries its own proof, which 'check' verifies. How far apart \
      rewards are, and what that can cost, is answered by 'compare'.

      Example:
        rationale reward hackable robot.json --rewards true,learned
        rationale reward simplify robot.json --reward true --policies deterministic
        rationale reward add robot.json --reward true --auxiliary bonus
        rationale reward blend robot.json --reward true --auxiliary bonus --planner lookahead:1
        rationale reward design robot.json --reward true --policy wanted.json --margin 1/10
      """,
    subcommands: [
      RewardHackableCommand.self, RewardSimplifyCommand.self, RewardAddCommand.self,
      RewardBlendCommand.self, RewardDesignCommand.self,
    ])

  static let _errorPrefix = "error: "
}

/// `rationale reward hackable`: does a proxy prefer what the true reward finds worse?
struct RewardHackableCommand: RewardQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "hackable",
    abstract: "Whether some policy gains in a proxy and loses in the true reward.",
    discussion: """
      Over all stationary policies, or over finitely many: then also whether the proxy is a \
      simplification of the true reward, which turns nothing round and keeps ties.

      Example:
        rationale reward hackable robot.json --rewards true,learned --format json --output a.json
        rationale check robot.json a.json
        rationale reward hackable robot.json --rewards true,learned --policies deterministic
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The true reward and the proxy.", valueName: "true,proxy"))
  var rewards: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Only these policies: a JSON object of policies by their names, or 'deterministic' for all "
        + "of these.", valueName: "file"))
  var policies: String?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var output: RewardAnswerOptions

  private var names: [String] {
    rewards.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  func validate() throws {
    if problem.reward != nil {
      throw ValidationError("two rewards are asked for: --rewards a,b instead of --reward")
    }
    guard names.count == 2, names[0] != names[1] else {
      throw ValidationError(
        "--rewards is '\(rewards)', but it has to be two different names: --rewards true,proxy")
    }
  }

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer {
    let (truth, proxy) = (
      try known(names[0], in: inquiry.model), try known(names[1], in: inquiry.model)
    )
    guard let policies else { return try inquiry.hackability(of: proxy, for: truth) }
    return try inquiry.hackability(
      of: proxy, for: truth,
      among: PolicySetText(text: policies).policies(in: inquiry.model, limits: model.limits))
  }
}

/// `rationale reward simplify`: a simpler reward that is never wrong on some policies.
struct RewardSimplifyCommand: RewardQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "simplify",
    abstract: "A reward that makes ties of some differences and turns none round, or that none is.",
    discussion: """
      On finitely many policies. Over all of them there is none: a reward that turns nothing round \
      orders all policies alike, or gives all the same value.

      Example:
        rationale reward simplify robot.json --reward true --policies deterministic
        rationale reward simplify robot.json --reward true --policies some.json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The policies: a JSON object of policies by their names, or 'deterministic' for all of "
        + "these.", valueName: "file"))
  var policies: String

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var output: RewardAnswerOptions

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer {
    try inquiry.simplification(
      of: problem.rewardName(in: inquiry.model, file: model.name),
      among: PolicySetText(text: policies).policies(in: inquiry.model, limits: model.limits))
  }
}

/// `rationale reward add`: what does adding a reward change of the optimum?
struct RewardAddCommand: RewardQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Whether adding an auxiliary reward changes which policies are optimal.",
    discussion: """
      Potential shaping changes nothing, which the potential proves; what is no shaping may keep \
      the optimum or change it, and then the worst policy that is optimal with it is shown.

      Example:
        rationale reward add robot.json --reward true --auxiliary bonus
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The reward that is added.", valueName: "name"))
  var auxiliary: String

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var output: RewardAnswerOptions

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer {
    try inquiry.effect(
      ofAdding: known(auxiliary, in: inquiry.model),
      to: problem.rewardName(in: inquiry.model, file: model.name))
  }
}
