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

  @OptionGroup var input: ModelOptions
  @OptionGroup var mixture: MixtureOptions
  @OptionGroup var learning: LearningOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(control)
    control.enter("learning")
    let runs = try runs(of: experiment, beside: output, control)
    control.enter("writing")
    let shown = try DiscountedMixtureReport(
      experiment, steps: learning.steps, runs: runs, decimals: report.decimals)
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func runs(
    of experiment: DiscountedMixtureExperiment, beside output: OutputDestination,
    _ control: RunControl
  ) throws -> [DiscountedMixtureRun] {
    try mixture.naming(input) {
      try learning.resumable(
        "uclk", experiment.subject(steps: learning.steps), beside: output, control
      ) {
        try experiment.runs(
          steps: learning.steps, seeds: learning.seeds, progress: control.progress, archive: $0)
      }
    }
  }

  private func experiment(_ control: RunControl) throws -> DiscountedMixtureExperiment {
    let options = try mixture.options(learning, limits: input.limits)
    let model = try input.read(control).model
    let name = try problem.rewardName(in: model, file: input.name)
    let start = try problem.startState(in: model)
    guard
      let discount = try problem.discount(allowsOne: false, limits: input.limits)
        ?? model.discount
    else {
      throw CommandError.usage("uclk needs a discount: the model has none; give one by --discount")
    }
    let kernels = try mixture.kernels(input, control)
    control.enter("recognising the mixture")
    return try mixture.naming(input) {
      try DiscountedMixtureExperiment(
        model, reward: name, basis: kernels, discount: discount, start: start, options: options,
        progress: control.progress)
    }
  }
}
