import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds
import Reports

/// `rationale learn ucrl-vtr`: episodes on a mixture of known kernels.
struct LearnMixtureCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ucrl-vtr",
    abstract: "Learns the weights of a mixture of known kernels, in episodes of fixed length.",
    discussion: """
      Regresses values on features (value-targeted regression) and plans optimistically. Every run \
      comes with a certificate that bounds its regret whenever its confidence sets held the truth.

      Example:
        rationale learn ucrl-vtr model.json --basis first.json --basis second.json \
      --initial u --horizon 5 --steps 5000 --seeds 4
        rationale learn ucrl-vtr model.json --basis first.json --basis second.json \
      --initial u --horizon 5 --steps 5000 --offset-form --format json
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var mixture: MixtureOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    let (horizon, episodes) = try common.episodes(of: horizon, for: "ucrl-vtr")
    return try common.run("ucrl-vtr", control) {
      try mixture.experiment(common, horizon: horizon, control)
    } subject: {
      $0.subject(episodes: episodes)
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        episodes: episodes, seeds: common.learning.seeds, progress: control.progress,
        archive: archive)
      return try MixtureLearningReport(
        experiment, episodes: episodes, runs: runs, decimals: common.report.decimals)
    }
  }
}

/// `rationale learn ucrl-vtr+`: the same with weights from estimated variances.
struct LearnWeightedMixtureCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ucrl-vtr+",
    abstract: "Like ucrl-vtr, with regressions that weigh data by estimated variances.",
    discussion: """
      A datum counts with the inverse of an upper bound of its variance, and radii are of \
      Bernstein's kind. Every run comes with a certificate that bounds its regret whenever its \
      confidence sets held the truth; the bound has explicit constants, and is crude: the published \
      rate is that of 'rationale bounds ucrl-vtr+'.

      Example:
        rationale learn ucrl-vtr+ model.json --basis first.json --basis second.json \
      --initial u --horizon 5 --steps 5000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var mixture: MixtureOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    let (horizon, episodes) = try common.episodes(of: horizon, for: "ucrl-vtr+")
    return try common.run("ucrl-vtr+", control) {
      WeightedMixtureExperiment(try mixture.experiment(common, horizon: horizon, control))
    } subject: {
      $0.mixture.subject(episodes: episodes)
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        episodes: episodes, seeds: common.learning.seeds, progress: control.progress,
        archive: archive)
      return try MixtureLearningReport(
        experiment, episodes: episodes, runs: runs, decimals: common.report.decimals)
    }
  }
}

extension MixtureOptions {
  /// The mixture of episodes of one reward.
  fileprivate func experiment(
    _ common: LearnerOptions, horizon: Int, _ control: RunControl
  ) throws -> MixtureExperiment {
    try setUp(common, control) { setting in
      let name = try common.problem.rewardName(in: setting.model, file: common.input.name)
      return try MixtureExperiment(
        setting.model, reward: name, basis: setting.kernels, horizon: horizon,
        start: setting.start, options: setting.options, progress: control.progress)
    }
  }
}
