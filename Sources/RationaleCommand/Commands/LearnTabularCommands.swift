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

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    var options = TabularExperiment.Options()
    if let delta = try common.delta() { options.delta = delta }
    return try common.run(.ucrl2, horizon: nil, options: options, control)
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

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The steps of an episode.", valueName: "n"))
  var horizon: Int?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    guard horizon != nil else {
      throw CommandError.usage("ucbvi needs --horizon, the steps of an episode")
    }
    var options = TabularExperiment.Options()
    if let delta = try common.delta() { options.delta = delta }
    return try common.run(.ucbvi, horizon: horizon, options: options, control)
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps of an episode (default: no episodes).", valueName: "n"))
  var horizon: Int?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try common.learning.refuseDelta("psrl has no confidence sets")
    return try common.run(.psrl, horizon: horizon, options: TabularExperiment.Options(), control)
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps of an episode (default: no episodes).", valueName: "n"))
  var horizon: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of uniform actions (default: 1/10).", valueName: "q"))
  var epsilon: String?

  @OptionGroup var common: LearnerOptions

  func run(_ control: RunControl) throws -> ExitStatus {
    try common.learning.refuseDelta("q-learning has no confidence sets")
    var options = TabularExperiment.Options()
    if let epsilon = try common.learning.number(
      "--epsilon", epsilon, limits: common.input.limits)
    {
      options.exploration = epsilon
    }
    if let discount = try common.problem.discount(
      allowsOne: false, limits: common.input.limits)
    {
      options.discount = discount
    }
    return try common.run(.qLearning, horizon: horizon, options: options, control)
  }
}

extension LearnerOptions {
  /// What the four commands share: reading, running, showing.
  fileprivate func run(
    _ algorithm: TabularExperiment.Algorithm, horizon: Int?, options: TabularExperiment.Options,
    _ control: RunControl
  ) throws -> ExitStatus {
    let count = try horizon.map { try learning.episodes(of: $0) } ?? learning.steps
    return try run(algorithm.rawValue, control) {
      try experiment(algorithm, horizon: horizon, options: options, control)
    } subject: {
      $0.subject(count)
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        count, seeds: learning.seeds, progress: control.progress, archive: archive)
      return try TabularLearningReport(
        experiment, count: count, runs: runs, decimals: report.decimals)
    }
  }

  private func experiment(
    _ algorithm: TabularExperiment.Algorithm, horizon: Int?, options: TabularExperiment.Options,
    _ control: RunControl
  ) throws -> TabularExperiment {
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
