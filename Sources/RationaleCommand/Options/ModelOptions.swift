import ArgumentParser
import Certificates
import ExactArithmetic
import ExactJSON
import LinearPrograms
import MarkovDecisionProcesses

/// How a model's file is to be read.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "The file's format: \(FileFormat.readableNames) (default: by its extension).",
      valueName: "format"),
    transform: FileFormat.readable)
  var source: FileFormat?

  @Flag(
    help: """
      Replace each number by the simplest fraction within 1e-12, where every distribution then \
      sums to 1.
      """)
  var snap = false

  @Flag(help: "Divide every distribution by its sum.")
  var normalize = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most digits that a number may have.", valueName: "n"))
  var maxDigits = NumberLimits.standard.maximumDigits

  func validate() throws {
    guard maxDigits > 0 else {
      throw ValidationError("--max-digits is \(maxDigits), but it has to be at least 1")
    }
  }

  /// How long numbers may be, in the files and on the command line.
  var limits: NumberLimits { NumberLimits(maximumDigits: maxDigits) }

  /// Whether the file is a linear program and not a model.
  func isProgram(_ path: String) -> Bool {
    switch source {
    case .program?: true
    case .model?: false
    case nil: LinearProgramFormat(path: path) != nil
    }
  }

  /// Reads the model in a file; what was changed on the way is said on standard error.
  func read(_ path: String, _ control: RunControl) throws -> LoadedModel {
    let name = path == "-" ? "<stdin>" : path
    guard !isProgram(path) else {
      throw CommandError.unfit(
        file: name, place: "format",
        problem: "a model is expected, and this is a linear program, which 'rationale lp' solves")
    }
    control.enter("reading \(name)")
    var options = ReadOptions()
    if case .model(let format)? = source { options.format = format }
    options.snaps = snap
    options.normalizes = normalize
    options.limits = limits
    let loaded = try ModelFile.read(path, options: options)
    loaded.notes.forEach(control.console.say)
    try control.progress.checkpoint()
    return loaded
  }
}

/// The model and how its file is to be read.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The model's file, or - for standard input.")
  var model: String

  @OptionGroup var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "Take the product with this reward machine, whose states are named 'state @ machine state';"
        + " what the machine pays is the reward 'machine'.", valueName: "file"))
  var machine: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take this reward, between 0 and 1, as a penalty q of a step that scales all later rewards"
        + " by 1 - q: with probability q the run goes on in a state 'stopped', which pays nothing.",
      valueName: "reward"))
  var penalty: String?

  var source: FileFormat? { reading.source }
  var limits: NumberLimits { reading.limits }

  /// Whether the file is a linear program and not a model.
  var isProgram: Bool { reading.isProgram(model) }

  /// What messages call the model's file.
  var name: String { model == "-" ? "<stdin>" : model }

  /// Reads the model; what was changed on the way is said on standard error.
  func read(_ control: RunControl) throws -> LoadedModel {
    var loaded = try reading.read(model, control)
    if let machine {
      let paying = try PayingMachine.read(machine, for: loaded.model, limits: limits)
      loaded = loaded.replacing(try loaded.model.product(with: paying))
    }
    guard let penalty else { return loaded }
    let names = loaded.model.rewards.map(\.name)
    guard names.contains(penalty) else {
      throw CommandError.usage(
        "--penalty: there is no reward \(excerpt(penalty)); there are: \(listed(names))")
    }
    return loaded.replacing(try loaded.model.scalingFuture(by: penalty))
  }

  /// Reads the file as the linear program that it is.
  func readProgram(_ control: RunControl) throws -> LinearProgram {
    guard !reading.snap, !reading.normalize else {
      throw CommandError.usage("--snap and --normalize are for models, not for linear programs")
    }
    var format: LinearProgramFormat?
    if case .program(let given)? = source { format = given }
    return try LinearProgramInput(path: model, format: format, limits: limits).read(control)
  }
}
