import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds

/// What learners of mixtures of known kernels are asked.
struct MixtureOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A known kernel, a model's file; repeat it for each.", valueName: "file"))
  var basis: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A cap of optimal values (default: the largest one over states and steps).",
      valueName: "q"))
  var valueCap: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The regularisation (default: largest squared feature norm times the squared cap).",
      valueName: "q"))
  var lambda: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Values are rounded up to half of this (default: 1/65536).", valueName: "q"))
  var grid: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A bound of the weights' squared norm (default: the least one).", valueName: "q"))
  var thetaBound: String?

  @Flag(help: "Learn the weights of differences from the last kernel.")
  var offsetForm = false

  /// What an experiment on a mixture is set up from.
  struct Setting {
    let model: FiniteMDP
    let start: State
    let kernels: [FiniteMDP]
    let options: MixtureExperiment.Options
  }

  /// Reads what is given and sets up an experiment; what that refuses names the file to blame.
  func setUp<Experiment>(
    _ common: LearnerOptions, _ control: RunControl, _ body: (Setting) throws -> Experiment
  ) throws -> Experiment {
    let options = try options(common)
    let model = try common.input.read(control).model
    let start = try common.problem.startState(in: model)
    let kernels = try basis.map { try common.input.reading.read($0, control).model }
    let setting = Setting(model: model, start: start, kernels: kernels, options: options)
    control.enter("recognising the mixture")
    return try naming(common.input) { try body(setting) }
  }

  private func options(_ common: LearnerOptions) throws(CommandError) -> MixtureExperiment.Options {
    let (learning, limits) = (common.learning, common.input.limits)
    var options = MixtureExperiment.Options()
    if let delta = try common.delta() { options.delta = delta }
    options.valueCap = try learning.number("--value-cap", valueCap, limits: limits)
    options.lambda = try learning.number("--lambda", lambda, limits: limits)
    if let grid = try learning.number("--grid", grid, limits: limits) { options.grid = grid }
    options.squaredParameterNorm = try learning.number(
      "--theta-bound", thetaBound, limits: limits)
    options.usesOffsetForm = offsetForm
    return options
  }

  /// What is refused names the file that is to blame.
  func naming<Experiment>(
    _ input: ModelOptions, _ body: () throws -> Experiment
  ) throws -> Experiment {
    do {
      return try body()
    } catch let error as BoundError {
      throw BoundsCommand.unfit(error, "transitions") { basis[$0 - 1] }
    } catch let error as LearningError {
      throw CommandError(error, file: input.name)
    }
  }
}
