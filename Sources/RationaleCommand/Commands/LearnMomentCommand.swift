import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import Reports

/// `rationale learn hf-ucrl-rfe++`: exploration without rewards, weighted by estimated moments.
struct LearnMomentCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "hf-ucrl-rfe++",
    abstract: "Like ucrl-rfe for total rewards of at most 1, weighing data by estimated moments.",
    discussion: """
      Each datum counts with the inverse of an upper bound of its variance, which regressions of \
      higher powers give. The bound has explicit constants, and is crude: the published rate is \
      that of 'rationale bounds hf-ucrl-rfe++'.

      Example:
        rationale learn hf-ucrl-rfe++ model.json --basis first.json --basis second.json \
      --initial u --horizon 3 --steps 3000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var mixture: MixtureOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The powers that are regressed (default: log2 of 7 times the steps, rounded up).",
      valueName: "n"))
  var moments: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least variance that a datum is charged (default: one over the steps).",
      valueName: "q"))
  var leastVariance: String?

  @OptionGroup var common: LearnerOptions

  func validate() throws {
    if let moments, !(1...1000).contains(moments) {
      throw ValidationError("--moments is \(moments), but it has to be between 1 and 1000")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try common.refuseReward()
    let (horizon, episodes) = try common.episodes(of: horizon, for: "hf-ucrl-rfe++")
    let least = try common.learning.number(
      "--least-variance", leastVariance, limits: common.input.limits)
    return try common.run("hf-ucrl-rfe++", control) {
      try mixture.setUp(common, control) { setting in
        try MomentExperiment(
          setting.model, basis: setting.kernels, horizon: horizon, start: setting.start,
          episodes: episodes, options: setting.options, moments: moments, leastVariance: least,
          progress: control.progress)
      }
    } subject: {
      $0.subject
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        seeds: common.learning.seeds, progress: control.progress, archive: archive)
      return try RewardFreeReport(experiment, runs: runs, decimals: common.report.decimals)
    }
  }
}
