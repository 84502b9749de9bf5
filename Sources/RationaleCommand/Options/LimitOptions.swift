import ArgumentParser
import ExactArithmetic

/// When to give up, and whether to show progress.
struct LimitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End with exit code 75 after so many seconds.", valueName: "seconds"))
  var timeLimit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The memory to get by with (default: half of the machine's).", valueName: "MB"))
  var memoryLimit: Int?

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  /// The limits in the units of the run.
  func limits() throws(CommandError) -> RunLimits {
    var limits = RunLimits()
    limits.isQuiet = quiet
    limits.memory = Memory.defaultLimit
    if let memoryLimit {
      guard memoryLimit > 0 else {
        throw .usage("--memory-limit is \(memoryLimit), but it has to be at least 1")
      }
      let (bytes, overflows) = memoryLimit.multipliedReportingOverflow(by: 1_000_000)
      limits.memory = overflows ? .max : bytes
    }
    if let timeLimit {
      let seconds = try ExactNumberText(option: "--time-limit", text: timeLimit).double()
      guard seconds >= 0 else {
        throw .usage("--time-limit is \(timeLimit), but it must not be negative")
      }
      limits.time = (seconds, timeLimit)
    }
    return limits
  }
}
