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
    try MixtureLearning(
      name: "ucrl-vtr", horizon: horizon, input: input, mixture: mixture, learning: learning,
      problem: problem, report: report, limits: limits
    ).run(control) { experiment, episodes, archive in
      let runs = try experiment.runs(
        episodes: episodes, seeds: learning.seeds, progress: control.progress, archive: archive)
      return try MixtureLearningReport(
        experiment, episodes: episodes, runs: runs, decimals: report.decimals)
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
    try MixtureLearning(
      name: "ucrl-vtr+", horizon: horizon, input: input, mixture: mixture, learning: learning,
      problem: problem, report: report, limits: limits
    ).run(control) { mixture, episodes, archive in
      let experiment = WeightedMixtureExperiment(mixture)
      let runs = try experiment.runs(
        episodes: episodes, seeds: learning.seeds, progress: control.progress, archive: archive)
      return try MixtureLearningReport(
        experiment, episodes: episodes, runs: runs, decimals: report.decimals)
    }
  }
}

/// What the two commands share: reading, running, showing.
private struct MixtureLearning {
  let name: String
  let horizon: Int?
  let input: ModelOptions
  let mixture: MixtureOptions
  let learning: LearningOptions
  let problem: ProblemOptions
  let report: ReportOptions
  let limits: LimitOptions

  func run(
    _ control: RunControl,
    _ learn: (MixtureExperiment, Int, RunArchive?) throws -> MixtureLearningReport
  ) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    guard let horizon else {
      throw CommandError.usage("\(name) needs --horizon, the steps of an episode")
    }
    let episodes = try learning.episodes(of: horizon)
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(horizon, control)
    control.enter("learning")
    let shown = try learning.resumable(
      name, experiment.subject(episodes: episodes), beside: output, control
    ) {
      try learn(experiment, episodes, $0)
    }
    control.enter("writing")
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
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
