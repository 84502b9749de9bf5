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

  @OptionGroup var mixture: MixtureOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try common.refuseReward()
    let (horizon, episodes) = try common.episodes(of: horizon, for: "ucrl-rfe")
    return try common.run("ucrl-rfe", control) {
      try mixture.setUp(common, control) { setting in
        try RewardFreeExperiment(
          setting.model, basis: setting.kernels, horizon: horizon, start: setting.start,
          options: setting.options, progress: control.progress)
      }
    } subject: {
      $0.subject(episodes: episodes)
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        episodes: episodes, seeds: common.learning.seeds, progress: control.progress,
        archive: archive)
      return try RewardFreeReport(
        experiment, episodes: episodes, runs: runs, decimals: common.report.decimals)
    }
  }
}
