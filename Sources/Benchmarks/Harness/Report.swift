import Foundation

/// Prints the benchmarks as a table, one line each, as they finish.
struct Report {
  private static let head = [
    pad("benchmark", 44), pad("ours", 10, right: true), pad("reference", 10, right: true),
    pad("ratio", 8, right: true), "  against",
  ].joined()

  static func printHead() {
    print(head)
  }

  static func printLine(_ benchmark: Benchmark, _ measurement: Benchmark.Measurement) {
    var line = pad(benchmark.name, 44) + pad(time(measurement.ours), 10, right: true)
    if let name = benchmark.referenceName {
      line += pad(time(measurement.reference), 10, right: true)
      line += pad(String(format: "%.1fx", measurement.ratio), 8, right: true) + "  " + name
    }
    if let goal = benchmark.goal {
      let isMet = measurement.ratio >= goal
      line += String(format: " (goal %.0fx: %@)", goal, isMet ? "met" : "missed")
    }
    if let limit = benchmark.limit {
      let isMet = measurement.ours <= limit
      line += String(format: "  (goal %.0f s: %@)", limit, isMet ? "met" : "missed")
    }
    print(line)
  }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-6: String(format: "%.1f ns", seconds * 1e9)
    case ..<1e-3: String(format: "%.1f us", seconds * 1e6)
    case ..<1: String(format: "%.1f ms", seconds * 1e3)
    default: String(format: "%.2f s", seconds)
    }
  }

  private static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }
}
