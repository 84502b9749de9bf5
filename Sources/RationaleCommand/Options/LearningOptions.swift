import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses

/// What all learning algorithms are asked.
struct LearningOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("How many steps a run has.", valueName: "n"))
  var steps: Int

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many runs, with the seeds 0, 1, ….", valueName: "n"))
  var seeds = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The probability with which the bound may fail (default: 1/20).", valueName: "q"))
  var delta: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw the regret as SVG: median, tenths, the bound, the trivial bound.", valueName: "file"))
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the state of the runs here if they are stopped, for --resume.", valueName: "file"))
  var checkpoint: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Go on from this state, to the same numbers; stopped again, it is written anew.",
      valueName: "file"))
  var resume: String?

  /// Beyond this a count is a mistake, and could exhaust the memory.
  private static let (mostSteps, mostSeeds) = (1_000_000_000_000, 1_000_000)

  func validate() throws {
    for (option, value, most) in [
      ("--steps", steps, Self.mostSteps), ("--seeds", seeds, Self.mostSeeds),
    ] where !(1...most).contains(value) {
      throw ValidationError("\(option) is \(value), but it has to be between 1 and \(most)")
    }
  }

  /// The number of an option, if it is given.
  func number(
    _ option: String, _ text: String?, limits: NumberLimits
  ) throws(CommandError) -> Rational? {
    guard let text else { return nil }
    return try ExactNumberText(option: option, text: text).value(limits: limits)
  }
}

extension LearningOptions {
  /// The episodes of a run whose steps are a multiple of the horizon.
  func episodes(of horizon: Int) throws(CommandError) -> Int {
    guard horizon > 0 else {
      throw .usage("--horizon is \(horizon), but it has to be at least 1")
    }
    guard steps.isMultiple(of: horizon) else {
      throw .usage("--steps is \(steps), but it has to be a multiple of --horizon, \(horizon)")
    }
    return steps / horizon
  }

  /// Refuses `--delta` where nothing fails with a known probability.
  func refuseDelta(_ reason: String) throws(CommandError) {
    if delta != nil { throw .usage("--delta is of no use here: \(reason)") }
  }

  /// Where the picture goes, if one is wanted.
  func picture(
    beside output: OutputDestination, _ control: RunControl
  ) throws(CommandError) -> OutputDestination? {
    guard let plot else { return nil }
    let picture = try OutputDestination(plot, control: control)
    guard !picture.isSame(as: output) else {
      throw .usage("--plot and the answer both go to \(output.name)")
    }
    return picture
  }
}

extension ProblemOptions {
  /// The state in which a run starts.
  func startState(in model: FiniteMDP) throws(CommandError) -> State {
    if let state = try initialState(in: model) { return state }
    let possible = (model.initial ?? []).filter { !$0.probability.isZero }
    guard let first = possible.first, possible.count == 1 else {
      throw .usage(
        possible.isEmpty
          ? "the model says no first state; name one with --initial"
          : "the model starts in one of several states; name one with --initial")
    }
    return first.state
  }

  /// Refuses what learning has no use for.
  func requireMaximizing() throws(CommandError) {
    if minimize { throw .usage("--minimize is not available: regret is of rewards") }
  }
}
