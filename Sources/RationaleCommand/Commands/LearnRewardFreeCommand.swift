import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import Reports

/// `rationale learn ucrl-rfe`: exploration without rewards, on a mixture of known kernels.
struct LearnRewardFreeCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ucrl-rfe",
    abstract: "Explores a mixture of known kernels without rewards, then plans for every reward.",
    discussion: """
      Explores where the most uncertain value function is most uncertain. At the end it plans for \
      each reward of the model, and each policy's suboptimality is exact; the bound holds for all \
      rewards at once.

      Example:
        rationale learn ucrl-rfe model.json --basis first.json --basis second.json \
      --initial u --horizon 3 --steps 3000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var input: ModelOptions
  @OptionGroup var mixture: MixtureOptions
  @OptionGroup var learning: LearningOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    guard problem.reward == nil else {
      throw CommandError.usage("--reward is of no use here: every reward is planned for")
    }
    guard let horizon else {
      throw CommandError.usage("ucrl-rfe needs --horizon, the steps of an episode")
    }
    let episodes = try learning.episodes(of: horizon)
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(horizon, control)
    control.enter("learning")
    let runs = try learning.resumable(
      "ucrl-rfe", experiment.subject(episodes: episodes), beside: output, control
    ) {
      try experiment.runs(
        episodes: episodes, seeds: learning.seeds, progress: control.progress, archive: $0)
    }
    control.enter("writing")
    let shown = try RewardFreeReport(
      experiment, episodes: episodes, runs: runs, decimals: report.decimals)
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func experiment(_ horizon: Int, _ control: RunControl) throws -> RewardFreeExperiment {
    let options = try mixture.options(learning, limits: input.limits)
    let model = try input.read(control).model
    let start = try problem.startState(in: model)
    let kernels = try mixture.kernels(input, control)
    control.enter("recognising the mixture")
    return try mixture.naming(input) {
      try RewardFreeExperiment(
        model, basis: kernels, horizon: horizon, start: start, options: options,
        progress: control.progress)
    }
  }
}
