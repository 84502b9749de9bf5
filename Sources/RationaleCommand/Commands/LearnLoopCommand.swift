import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds
import Reports

/// `rationale learn loop`: optimism among finitely many models.
struct LearnLoopCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "loop",
    abstract: "Learns which of finitely many models is the true one, for the average reward.",
    discussion: """
      Plays the living hypothesis of largest gain until the data speak against it. MODEL is the \
      truth; where it is none of the hypotheses, no bound is claimed.

      Example:
        rationale learn loop truth.json --class class.json --initial home --steps 1000 --seeds 8
        rationale learn loop truth.json --class class.json --initial home --steps 100 \
      --beta 1 --expected 10 --format json
      """)

  static let _errorPrefix = "error: "

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: ArgumentHelp("The hypotheses: a file of the format rationale-class.", valueName: "file"))
  var classFile: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The lag at which a hypothesis dies (default: the least of the theorem).", valueName: "q"))
  var beta: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "By how many times beta a hypothesis in use may lag (default: 1).", valueName: "q"))
  var keep: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also the exact expected regret of the first steps, over all histories.", valueName: "n"))
  var expected: Int?

  @OptionGroup var common: LearnerOptions

  func validate() throws {
    if let expected, !(0...10_000).contains(expected) {
      throw ValidationError("--expected is \(expected), but it has to be between 0 and 10000")
    }
  }

  func run(_ control: RunControl) throws -> ExitStatus {
    let steps = common.learning.steps
    return try common.run("loop", control) {
      try experiment(control)
    } subject: {
      $0.subject(steps: steps)
    } learn: { experiment, archive in
      let runs = try experiment.runs(
        steps: steps, seeds: common.learning.seeds, progress: control.progress, archive: archive)
      let expectation = try expected.map { steps in
        control.enter("enumerating histories")
        return try experiment.expectation(steps: steps, progress: control.progress)
      }
      return try FiniteClassLearningReport(
        experiment, steps: steps, runs: runs, expectation: expectation,
        decimals: common.report.decimals)
    }
  }

  private func options() throws(CommandError) -> FiniteClassExperiment.Options {
    let (learning, limits) = (common.learning, common.input.limits)
    var options = FiniteClassExperiment.Options()
    if let delta = try common.delta() { options.delta = delta }
    if let keep = try learning.number("--keep", keep, limits: limits) { options.keep = keep }
    options.radius = try learning.number("--beta", beta, limits: limits)
    return options
  }

  private func experiment(_ control: RunControl) throws -> FiniteClassExperiment {
    let options = try options()
    let truth = try common.input.read(control).model
    let name = try common.problem.rewardName(in: truth, file: common.input.name)
    let start = try common.problem.startState(in: truth)
    let models = try ClassFile.read(classFile, limits: common.input.limits)
    control.enter("solving the hypotheses")
    let hypotheses: HypothesisClass
    do {
      hypotheses = try HypothesisClass(models, reward: name, progress: control.progress)
    } catch let error as BoundError {
      throw BoundsCommand.unfit(error, "hypotheses") { "\(classFile): hypotheses[\($0 - 1)]" }
    }
    do {
      return try FiniteClassExperiment(
        hypotheses, model: truth, reward: name, start: start, options: options,
        progress: control.progress)
    } catch let error as BoundError {
      // The pair of the first hypothesis and the truth: it is the truth that does not fit.
      throw BoundsCommand.unfit(error, "class") { _ in common.input.name }
    } catch let error as LearningError {
      throw CommandError(error, file: common.input.name)
    }
  }
}
