import ArgumentParser
import ExactArithmetic
import MarkovDecisionProcesses

extension ModelFormat {
  /// The formats that can be read and written, for messages.
  static let readableNames = names(where: \.isReadable)
  static let writableNames = names(where: \.isWritable)

  private static func names(where isUsable: (ModelFormat) -> Bool) -> String {
    allCases.filter(isUsable).map(\.rawValue).joined(separator: ", ")
  }

  /// The format called `text`, for `--from`.
  static func readable(_ text: String) throws -> ModelFormat {
    let format = try named(text, among: readableNames)
    guard format.isReadable else {
      throw ValidationError("'\(text)' is written only; readable: \(readableNames)")
    }
    return format
  }

  /// The format called `text`, for `--to`.
  static func writable(_ text: String) throws -> ModelFormat {
    let format = try named(text, among: writableNames)
    guard format.isWritable else {
      throw ValidationError("'\(text)' is read only; writable: \(writableNames)")
    }
    return format
  }

  private static func named(_ text: String, among names: String) throws -> ModelFormat {
    guard let format = ModelFormat(rawValue: text) else {
      throw ValidationError("there is no format '\(text)'; available: \(names)")
    }
    return format
  }
}

/// The model and how its file is to be read.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The model's file, or - for standard input.")
  var model: String

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "The file's format: \(ModelFormat.readableNames) (default: by its extension).",
      valueName: "format"),
    transform: ModelFormat.readable)
  var source: ModelFormat?

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

  /// What messages call the model's file.
  var name: String { model == "-" ? "<stdin>" : model }

  /// Reads the model; what was changed on the way is said on standard error.
  func read(_ control: RunControl) throws -> LoadedModel {
    control.enter("reading \(name)")
    var options = ReadOptions()
    options.format = source
    options.snaps = snap
    options.normalizes = normalize
    options.limits = limits
    let loaded = try ModelFile.read(model, options: options)
    loaded.notes.forEach(control.console.say)
    try control.progress.checkpoint()
    return loaded
  }
}
