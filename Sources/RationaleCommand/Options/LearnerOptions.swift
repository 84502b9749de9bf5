import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import Reports

/// What every learner is told, and the way that every one of them goes.
struct LearnerOptions: ParsableArguments {
  @OptionGroup var input: ModelOptions
  @OptionGroup var learning: LearningOptions
  @OptionGroup var problem: ProblemOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var limits: LimitOptions

  /// Sets up an experiment, learns, and shows the runs.
  ///
  /// - Parameters:
  ///   - subject: what the runs are about, without the name of the algorithm.
  ///   - learn: the runs, with the states of an earlier call if there are any.
  func run<Experiment>(
    _ algorithm: String, _ control: RunControl, setUp: () throws -> Experiment,
    subject: (Experiment) -> [String: String],
    learn: (Experiment, RunArchive?) throws -> some LearningReport
  ) throws -> ExitStatus {
    try control.set(try limits.limits())
    try problem.requireMaximizing()
    let output = try OutputDestination(report.output, control: control)
    let picture = try learning.picture(beside: output, control)
    let experiment = try setUp()
    control.enter("learning")
    let shown = try learning.resumable(
      algorithm, subject(experiment), beside: output, control
    ) { try learn(experiment, $0) }
    control.enter("writing")
    try picture?.write { try shown.plot().writeSVG(to: $0) }
    try output.write { try report.format.write(shown, to: $0) }
    return .answered
  }

  /// The steps of an episode and the number of episodes.
  func episodes(
    of horizon: Int?, for algorithm: String
  ) throws(CommandError) -> (horizon: Int, count: Int) {
    guard let horizon else {
      throw .usage("\(algorithm) needs --horizon, the steps of an episode")
    }
    return (horizon, try learning.episodes(of: horizon))
  }

  /// Refuses `--reward` where every reward is planned for.
  func refuseReward() throws(CommandError) {
    guard problem.reward == nil else {
      throw .usage("--reward is of no use here: every reward is planned for")
    }
  }

  /// The option `--delta`, if it is given.
  func delta() throws(CommandError) -> Rational? {
    try learning.number("--delta", learning.delta, limits: input.limits)
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
