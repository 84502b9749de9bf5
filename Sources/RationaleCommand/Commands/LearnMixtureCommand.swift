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
    let horizon = try checkedHorizon()
    let episodes = learning.steps / horizon
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(horizon, control)
    control.enter("learning")
    let runs = try experiment.runs(
      episodes: episodes, seeds: learning.seeds, progress: control.progress)
    control.enter("writing")
    let shown = try MixtureLearningReport(
      experiment, episodes: episodes, runs: runs, decimals: report.decimals)
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func checkedHorizon() throws(CommandError) -> Int {
    guard let horizon else { throw .usage("ucrl-vtr needs --horizon, the steps of an episode") }
    _ = try learning.episodes(of: horizon)
    return horizon
  }

  private func experiment(_ horizon: Int, _ control: RunControl) throws -> MixtureExperiment {
    let options = try mixture.options(learning, limits: input.limits)
    let model = try input.read(control).model
    let name = try problem.rewardName(in: model, file: input.name)
    let start = try problem.startState(in: model)
    let kernels = try mixture.kernels(input, control)
    control.enter("recognising the mixture")
    return try mixture.naming(input) {
      try MixtureExperiment(
        model, reward: name, basis: kernels, horizon: horizon, start: start, options: options,
        progress: control.progress)
    }
  }
}

extension CommandError {
  /// What a learner refuses: options are usage, what a file holds is input.
  init(_ error: LearningError, file: String) {
    switch error {
    case .option(let name, let value, let rule):
      self = .usage("--\(name) is \(value), but it has to be \(rule)")
    case .unfit(let place, let problem):
      self = .unfit(file: file, place: place, problem: problem)
    }
  }
}
