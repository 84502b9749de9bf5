import ArgumentParser
import ExactArithmetic
import ExactJSON
import LinearPrograms

/// The linear program and how its file is to be read.
struct ProgramOptions: ParsableArguments {
  @Argument(help: "The linear program's file, or - for standard input.")
  var file: String

  @Option(
    name: .customLong("from"),
    help: "The file's format (default: by its extension, else by its text).")
  var source: LinearProgramFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most digits that a number may have.", valueName: "n"))
  var maxDigits = NumberLimits.standard.maximumDigits

  func validate() throws {
    guard maxDigits > 0 else {
      throw ValidationError("--max-digits is \(maxDigits), but it has to be at least 1")
    }
  }

  func read(_ control: RunControl) throws -> LinearProgram {
    try LinearProgramInput(
      path: file, format: source, limits: NumberLimits(maximumDigits: maxDigits)
    ).read(control)
  }
}

/// The file of a linear program, and how it is to be read.
struct LinearProgramInput {
  let path: String
  let format: LinearProgramFormat?
  let limits: NumberLimits

  /// Reads it, as a stage of the run.
  func read(_ control: RunControl) throws -> LinearProgram {
    control.enter("reading \(InputFile.name(of: path))")
    let program = try LinearProgramFile.read(path, format: format, limits: limits)
    try control.progress.checkpoint()
    return program
  }
}
