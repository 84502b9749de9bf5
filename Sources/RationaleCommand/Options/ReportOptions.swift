import ArgumentParser
import Foundation
import Reports

enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

extension ReportFormat {
  func write(_ report: some Report, to sink: @escaping ByteSink) throws {
    switch self {
    case .text: try report.writeText(to: sink)
    case .json: try report.writeJSON(to: sink)
    }
  }
}

/// How the answer is shown, and where.
struct ReportOptions: ParsableArguments {
  @Option(help: "How the answer is written.")
  var format = ReportFormat.text

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Where the answer goes (default: standard output).", valueName: "file"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Add decimals with this many digits after the point.", valueName: "n"))
  var decimals: Int?

  /// Digits of a decimal beyond this are a mistake, and could exhaust the memory.
  private static let largestDecimals = 1_000_000

  func validate() throws {
    if let decimals, !(0...Self.largestDecimals).contains(decimals) {
      throw ValidationError(
        "--decimals is \(decimals), but it has to be between 0 and \(Self.largestDecimals)")
    }
  }

  /// The width that a table should keep to, when a terminal shows it.
  func columns(for destination: OutputDestination) -> Int? {
    destination.isStandardOutput && isatty(STDOUT_FILENO) == 1
      ? terminalColumns(of: STDOUT_FILENO) : nil
  }
}
