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

  @OptionGroup var input: ModelOptions
  @OptionGroup var mixture: MixtureOptions
  @OptionGroup var learning: LearningOptions

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

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if let moments, !(1...1000).contains(moments) {
      throw ValidationError("--moments is \(moments), but it has to be between 1 and 1000")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    guard problem.reward == nil else {
      throw CommandError.usage("--reward is of no use here: every reward is planned for")
    }
    guard let horizon else {
      throw CommandError.usage("hf-ucrl-rfe++ needs --horizon, the steps of an episode")
    }
    let episodes = try learning.episodes(of: horizon)
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(horizon, episodes, control)
    control.enter("learning")
    let runs = try learning.resumable(
      "hf-ucrl-rfe++", experiment.subject, beside: output, control
    ) {
      try experiment.runs(seeds: learning.seeds, progress: control.progress, archive: $0)
    }
    control.enter("writing")
    let shown = try RewardFreeReport(experiment, runs: runs, decimals: report.decimals)
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func experiment(
    _ horizon: Int, _ episodes: Int, _ control: RunControl
  ) throws -> MomentExperiment {
    let options = try mixture.options(learning, limits: input.limits)
    let least = try learning.number("--least-variance", leastVariance, limits: input.limits)
    let model = try input.read(control).model
    let start = try problem.startState(in: model)
    let kernels = try mixture.kernels(input, control)
    control.enter("recognising the mixture")
    return try mixture.naming(input) {
      try MomentExperiment(
        model, basis: kernels, horizon: horizon, start: start, episodes: episodes,
        options: options, moments: moments, leastVariance: least, progress: control.progress)
    }
  }
}
