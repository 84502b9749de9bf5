import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import Reports

/// `rationale learn ucrl2`: the average reward of an unknown model, with a theorem.
struct LearnUCRL2Command: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ucrl2",
    abstract: "Learns an unknown model for the average reward, by optimism within confidence sets.",
    discussion: """
      UCRL2 with extended value iteration and its published radii; kernel and rewards are unknown \
      to it. Every run has a certificate: the optimistic gains less the rewards, at least the regret \
      whenever the confidence sets held the truth.

      Example:
        rationale generate riverswim --states 6 --output river.json
        rationale learn ucrl2 river.json --steps 100000 --seeds 4 --plot regret.svg
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var input: ModelOptions
  @OptionGroup var learning: LearningOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    var options = TabularExperiment.Options()
    if let delta = try learning.number("--delta", learning.delta, limits: input.limits) {
      options.delta = delta
    }
    return try TabularLearning(
      algorithm: .ucrl2, horizon: nil, options: options, input: input, learning: learning,
      problem: problem, report: report, limits: limits
    ).run(control)
  }
}

/// `rationale learn ucbvi`: episodes of an unknown model, with a theorem.
struct LearnUCBVICommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "ucbvi",
    abstract: "Learns an unknown kernel in episodes of fixed length, by optimistic bonuses.",
    discussion: """
      UCBVI with the bonus 7 H L/√N; rewards are known to it. Every run has a certificate: the \
      optimistic values less those of the policies played.

      Example:
        rationale learn ucbvi river.json --horizon 10 --steps 10000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var input: ModelOptions
  @OptionGroup var learning: LearningOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    guard horizon != nil else {
      throw CommandError.usage("ucbvi needs --horizon, the steps of an episode")
    }
    var options = TabularExperiment.Options()
    if let delta = try learning.number("--delta", learning.delta, limits: input.limits) {
      options.delta = delta
    }
    return try TabularLearning(
      algorithm: .ucbvi, horizon: horizon, options: options, input: input, learning: learning,
      problem: problem, report: report, limits: limits
    ).run(control)
  }
}

/// `rationale learn psrl`: posterior sampling, a baseline.
struct LearnPSRLCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "psrl",
    abstract: "Learns an unknown kernel by posterior sampling: a baseline, without a bound.",
    discussion: """
      Plays the best policy of a kernel drawn from the posterior law, for the average reward or, \
      with --horizon, in episodes. The prior of each row is uniform; rewards are known to it.

      Example:
        rationale learn psrl river.json --steps 100000 --seeds 4
        rationale learn psrl river.json --horizon 10 --steps 10000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var input: ModelOptions
  @OptionGroup var learning: LearningOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps of an episode (default: no episodes).", valueName: "n"))
  var horizon: Int?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try learning.refuseDelta("psrl has no confidence sets")
    return try TabularLearning(
      algorithm: .psrl, horizon: horizon, options: TabularExperiment.Options(), input: input,
      learning: learning, problem: problem, report: report, limits: limits
    ).run(control)
  }
}

/// `rationale learn q-learning`: ε-greedy Q-learning, a baseline.
struct LearnQLearningCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "q-learning",
    abstract: "Q-learning with an epsilon-greedy policy: a baseline, without a bound.",
    discussion: """
      Learns values from what it sees and plays a uniform action with probability epsilon: with \
      --horizon in episodes, else without end, with a discount (default: 99/100), judged by the \
      average reward.

      Example:
        rationale learn q-learning river.json --steps 100000 --seeds 4 --epsilon 1/20
        rationale learn q-learning river.json --horizon 10 --steps 10000 --seeds 4
      """)

  static let _errorPrefix = "error: "

  @OptionGroup var input: ModelOptions
  @OptionGroup var learning: LearningOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps of an episode (default: no episodes).", valueName: "n"))
  var horizon: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of uniform actions (default: 1/10).", valueName: "q"))
  var epsilon: String?

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try learning.refuseDelta("q-learning has no confidence sets")
    var options = TabularExperiment.Options()
    if let epsilon = try learning.number("--epsilon", epsilon, limits: input.limits) {
      options.exploration = epsilon
    }
    if let discount = try problem.discount(allowsOne: false, limits: input.limits) {
      options.discount = discount
    }
    return try TabularLearning(
      algorithm: .qLearning, horizon: horizon, options: options, input: input,
      learning: learning, problem: problem, report: report, limits: limits
    ).run(control)
  }
}

/// What the four commands share: reading, running, showing.
private struct TabularLearning {
  let algorithm: TabularExperiment.Algorithm
  let horizon: Int?
  let options: TabularExperiment.Options
  let input: ModelOptions
  let learning: LearningOptions
  let problem: ProblemOptions
  let report: ReportOptions
  let limits: LimitOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    let count = try horizon.map { try learning.episodes(of: $0) } ?? learning.steps
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try experiment(control)
    control.enter("learning")
    let runs = try learning.resumable(
      algorithm.rawValue, experiment.subject(count), beside: output, control
    ) {
      try experiment.runs(
        count, seeds: learning.seeds, progress: control.progress, archive: $0)
    }
    control.enter("writing")
    let shown = try TabularLearningReport(
      experiment, count: count, runs: runs, decimals: report.decimals)
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  private func experiment(_ control: RunControl) throws -> TabularExperiment {
    let model = try input.read(control).model
    let name = try problem.rewardName(in: model, file: input.name)
    let start = try problem.startState(in: model)
    control.enter("solving the model")
    do {
      return try TabularExperiment(
        algorithm, on: model, reward: name, horizon: horizon, start: start, options: options,
        progress: control.progress)
    } catch let error as LearningError {
      throw CommandError(error, file: input.name)
    }
  }
}
