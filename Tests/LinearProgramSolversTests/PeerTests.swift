import ExactArithmetic
import Foundation
import LinearProgramSolvers
import LinearPrograms
import TestSupport
import Testing

/// QSopt_ex by Applegate, Cook, Dash and Espinoza, where it is installed.
private enum Peer {
  static let path = ["/usr/bin/esolver", "/usr/local/bin/esolver"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// `nil` when it gave no answer, such as on a row without entries, which it cannot read.
  static func outcome(_ program: LinearProgram, in folder: URL) throws -> EnumeratedOutcome? {
    let (input, output) = (
      folder.appending(path: "program.lp"), folder.appending(path: "answer.sol")
    )
    try text(program).write(to: input, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = ["-O", output.path, "-L", input.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: output) }
    guard let answer = try? String(contentsOf: output, encoding: .utf8) else { return nil }
    if answer.contains("INFEASIBLE") { return .infeasible }
    if answer.contains("UNBOUNDED") { return .unbounded }
    for line in answer.split(separator: "\n") where line.contains("Value = ") {
      let digits = line.split(separator: "=").last?.trimmingCharacters(in: .whitespaces)
      return digits.flatMap { Rational($0) }.map { .optimal($0) }
    }
    return nil
  }

  /// The LP format, every row and the objective with integers.
  private static func text(_ program: LinearProgram) -> String {
    func terms(_ values: [Rational]) -> String {
      let shown = values.enumerated().filter { !$0.element.isZero }
        .map { " \($0.element < 0 ? "-" : "+") \($0.element.magnitude) x\($0.offset)" }
      return shown.isEmpty ? " 0 x0" : shown.joined()
    }
    var lines = [program.direction == .minimize ? "Minimize" : "Maximize"]
    lines += [" obj:" + terms(program.objective), "Subject To"]
    for row in 0..<program.rowCount {
      var values = [Rational](repeating: 0, count: program.columnCount)
      for entry in program.entries(ofRow: row) {
        values[Int(program.columnIndices[entry])] = program.coefficients[entry]
      }
      let bounds = program.rowBounds[row]
      if bounds.areEqual {
        lines.append(" e\(row):\(terms(values)) = \(bounds.lower ?? 0)")
        continue
      }
      if let lower = bounds.lower { lines.append(" l\(row):\(terms(values)) >= \(lower)") }
      if let upper = bounds.upper { lines.append(" u\(row):\(terms(values)) <= \(upper)") }
    }
    lines.append("Bounds")
    for (column, bounds) in program.columnBounds.enumerated() {
      lines.append(" " + text(bounds, "x\(column)"))
    }
    return (lines + ["End", ""]).joined(separator: "\n")
  }

  /// Bounds in the forms that QSopt_ex reads.
  private static func text(_ bounds: LinearProgram.Bounds, _ name: String) -> String {
    switch (bounds.lower, bounds.upper) {
    case (nil, nil): "\(name) free"
    case (nil, let upper?): "-inf <= \(name) <= \(upper)"
    case (let lower?, nil): "\(lower) <= \(name) <= inf"
    case (let lower?, let upper?):
      lower == upper ? "\(name) = \(lower)" : "\(lower) <= \(name) <= \(upper)"
    }
  }
}

@Suite("Exact solutions against QSopt_ex", .tags(.differential))
struct PeerTests {
  @Test(
    "outcomes and optimal values are the same",
    .enabled(if: Peer.path != nil, "no esolver"), arguments: 0..<2 as Range<UInt64>)
  func random(seed: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "rationale-peer-\(ProcessInfo.processInfo.processIdentifier)-\(seed)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = SplitMix64(seed: 900 + seed)
    var compared = 0
    for round in 0..<16 {
      let program = try constantFree(
        randomProgram(
          &random, columns: 3 + Int(random.below(8)), rows: 3 + Int(random.below(8))))
      // Bounds of a column that occurs nowhere are an error to QSopt_ex.
      let used = Set(program.columnIndices.map { Int($0) })
      if program.objective.indices.contains(where: { !used.contains($0) }) { continue }
      let solution = try solve(program)
      guard let peer = try Peer.outcome(program, in: folder) else { continue }
      compared += 1
      let own: EnumeratedOutcome =
        switch solution.status {
        case .optimal: .optimal(try #require(solution.objectiveValue))
        case .infeasible: .infeasible
        case .unbounded: .unbounded
        }
      #expect(own == peer, "seed \(seed), round \(round)")
    }
    #expect(compared > 4, "\(compared)")
  }

  private func constantFree(_ program: LinearProgram) throws -> LinearProgram {
    var builder = LinearProgramBuilder(name: "", direction: program.direction)
    for j in 0..<program.columnCount {
      let bounds = program.columnBounds[j]
      try builder.addColumn(
        "x\(j)", lower: bounds.lower, upper: bounds.upper, objective: program.objective[j])
    }
    for i in 0..<program.rowCount {
      let bounds = program.rowBounds[i]
      try builder.addRow(
        lower: bounds.lower, upper: bounds.upper,
        entries: program.entries(ofRow: i).map {
          (column: Int(program.columnIndices[$0]), coefficient: program.coefficients[$0])
        })
    }
    return builder.build()
  }
}
