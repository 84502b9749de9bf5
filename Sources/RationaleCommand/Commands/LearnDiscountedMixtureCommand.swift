import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import Reports

/// `rationale learn uclk`: a discounted mixture of known kernels.
struct LearnDiscountedMixtureCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "uclk",
    abstract: "Learns the weights of a mixture of known kernels, for discounted rewards.",
    discussion: """
      Plans anew whenever the determinant of what it has seen has doubled, within all weights that \
      give a kernel and lie in the confidence set. Rewards are in [0, 1]. Regret is counted state by \
      state along the run, against the stationary policy that is being played.

      Example:
        rationale learn uclk model.json --basis first.json --basis second.json \
      --discount 9/10 --initial u --steps 5000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var mixture: MixtureOptions
  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    let steps = common.learning.steps
    return try common.run("uclk", control) {
      try experiment(control)
    } subject: {
      $0.subject(steps: steps)
    } learn: { experiment, archive in
      let runs = try mixture.naming(common.input) {
        try experiment.runs(
          steps: steps, seeds: common.learning.seeds, progress: control.progress, archive: archive)
      }
      return try DiscountedMixtureReport(
        experiment, steps: steps, runs: runs, decimals: common.report.decimals)
    }
  }

  private func experiment(_ control: RunControl) throws -> DiscountedMixtureExperiment {
    try mixture.setUp(common, control) { setting in
      let model = setting.model
      let name = try common.problem.rewardName(in: model, file: common.input.name)
      guard
        let discount = try common.problem.discount(allowsOne: false, limits: common.input.limits)
          ?? model.discount
      else {
        throw CommandError.usage(
          "uclk needs a discount: the model has none; give one by --discount")
      }
      return try DiscountedMixtureExperiment(
        model, reward: name, basis: setting.kernels, discount: discount, start: setting.start,
        options: setting.options, progress: control.progress)
    }
  }
}
