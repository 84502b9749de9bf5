import ArgumentParser
import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison

/// `rationale reward blend`: every weight of an auxiliary reward at once.
struct RewardBlendCommand: RewardQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "blend",
    abstract: "What a planner attains that optimises reward + w auxiliary, for all weights w ≥ 0.",
    discussion: """
      Every weight at which its choices change, and the least and the most that it attains of the \
      reward on either side. A planner with the problem's own discount never gains by a blend; one \
      that is short-sighted may.

      Example:
        rationale reward blend robot.json --reward true --auxiliary bonus
        rationale reward blend robot.json --reward true --auxiliary bonus --planner optimal:1/2
        rationale reward blend robot.json --reward true --auxiliary bonus --planner lookahead:3
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The reward that is weighted.", valueName: "name"))
  var auxiliary: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "optimal, optimal:DISCOUNT, lookahead:STEPS or lookahead:STEPS:DISCOUNT (default: optimal, "
        + "with the problem's discount).", valueName: "planner"))
  var planner = "optimal"

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var output: RewardAnswerOptions

  func validate() throws {
    guard let kind = parts.first, kind == "optimal" || kind == "lookahead",
      parts.count <= (kind == "optimal" ? 2 : 3)
    else {
      throw ValidationError(
        "--planner is '\(planner)', but it has to be optimal, optimal:DISCOUNT, lookahead:STEPS or "
          + "lookahead:STEPS:DISCOUNT")
    }
    if kind == "lookahead" {
      guard parts.count > 1, let steps = Int(parts[1]), (1...1_000_000).contains(steps) else {
        throw ValidationError(
          "--planner lookahead needs its number of steps, at least 1, as in lookahead:3")
      }
    }
  }

  private var parts: [String] {
    planner.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
  }

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer {
    try inquiry.blend(
      of: problem.rewardName(in: inquiry.model, file: model.name),
      with: known(auxiliary, in: inquiry.model), planner: chosen(inquiry.discount))
  }

  private func chosen(_ own: Rational) throws(CommandError) -> BlendPlanner {
    let isOptimal = parts[0] == "optimal"
    var discount = own
    if let text = isOptimal ? parts.dropFirst().first : parts.dropFirst(2).first {
      discount = try ExactNumberText(option: "--planner", text: text).value(limits: model.limits)
      guard discount.signum >= 0, isOptimal ? discount < 1 : discount <= 1 else {
        throw .usage(
          "--planner: its discount is \(discount), but it has to be at least 0 and "
            + (isOptimal ? "less than 1" : "at most 1"))
      }
    }
    return isOptimal
      ? .optimal(discount: discount) : .lookahead(steps: Int(parts[1]) ?? 1, discount: discount)
  }
}

/// `rationale reward design`: the nearest reward under which a policy is optimal.
struct RewardDesignCommand: RewardQuestionCommand {
  static let configuration = CommandConfiguration(
    commandName: "design",
    abstract: "The nearest reward that makes a policy optimal with a margin, or that none does.",
    discussion: """
      Reward design, or the least poisoning: the policy takes one action at every state, which is \
      better than each other one by the margin. The proof has the values of the policy and the \
      multipliers of a linear program.

      Example: the file wanted.json holds {"low": "wait", "high": "search"}.
        rationale reward design robot.json --reward true --policy wanted.json --margin 1/10
        rationale reward design robot.json --reward true --policy wanted.json --keep pairs.json
      """)

  static let _errorPrefix = "error: "
  static let needsInitialLaw = false

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The policy, a JSON file with one action a state.", valueName: "file"))
  var policy: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much worse each other action has to be, at every state (default: 0).", valueName: "q"))
  var margin = "0"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rewards that may not change: a JSON file of pairs, [[\"s\", \"a\"], …].", valueName: "file"))
  var keep: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("l1 (default) or linf, over all pairs.", valueName: "norm"))
  var norm = "l1"

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var output: RewardAnswerOptions

  func validate() throws {
    guard norm == "l1" || norm == "linf" else {
      throw ValidationError("--norm is '\(norm)', but it has to be l1 or linf")
    }
  }

  func answer(_ inquiry: RewardInquiry) throws -> RewardAnswer {
    let gap = try ExactNumberText(option: "--margin", text: margin).value(limits: model.limits)
    guard gap.signum >= 0 else {
      throw CommandError.usage("--margin is \(margin), but it must not be negative")
    }
    let mdp = inquiry.model
    let wanted = try PolicyFile.read(policy, for: mdp, limits: model.limits)
    let actions = try (0..<mdp.stateCount).map { state in
      let choices = wanted.choices(at: State(state))
      guard choices.count == 1 else {
        throw CommandError.unfit(
          file: policy, place: mdp.states[state],
          problem: "the policy randomises there, but it has to take one action at each state")
      }
      return mdp.action(of: choices[0].choice)
    }
    let kept = try keep.map { try ChoiceFile.read($0, for: mdp, limits: model.limits) } ?? []
    return try inquiry.design(
      from: problem.rewardName(in: mdp, file: model.name), making: actions,
      optimalWithMargin: gap, norm: norm == "l1" ? .l1 : .linf, keeping: Set(kept))
  }
}
