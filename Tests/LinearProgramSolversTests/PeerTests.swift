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

  /// What it says of each program; `nil` where it gave no answer, such as on a row without entries,
  /// which it cannot read.
  ///
  /// All programs go through one shell: starting a process costs us more than the solving.
  static func outcomes(
    _ programs: [LinearProgram], as format: LinearProgramFormat
  ) throws -> [EnumeratedOutcome?] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "rationale-peer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, program) in programs.enumerated() {
      let bytes = try LinearProgramFile.bytes(of: program, as: format)
      try Data(bytes).write(to: folder.appending(path: "\(index).program"))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = folder
    let option = format == .lp ? " -L" : ""
    process.arguments = [
      "-c", "for f in *.program; do '\(path ?? "")' -O \"$f.answer\"\(option) \"$f\"; done",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return programs.indices.map { index in
      let answer = folder.appending(path: "\(index).program.answer")
      return (try? String(contentsOf: answer, encoding: .utf8)).flatMap(outcome)
    }
  }

  private static func outcome(_ answer: String) -> EnumeratedOutcome? {
    if answer.contains("INFEASIBLE") { return .infeasible }
    if answer.contains("UNBOUNDED") { return .unbounded }
    for line in answer.split(separator: "\n") where line.contains("Value = ") {
      let digits = line.split(separator: "=").last?.trimmingCharacters(in: .whitespaces)
      return digits.flatMap { Rational($0) }.map { .optimal($0) }
    }
    return nil
  }
}

@Suite(
  "Exact solutions against QSopt_ex", .tags(.differential),
  .enabled(if: Peer.path != nil, "no esolver: install qsopt-ex"))
struct PeerTests {
  /// 60 programs a case: equalities, ranges, free and fixed columns, copies of rows, ties.
  @Test(
    "outcomes and optimal values are the same",
    arguments: [LinearProgramFormat.lp, .mps], 0..<2 as Range<UInt64>)
  func random(format: LinearProgramFormat, seed: UInt64) throws {
    var random = SplitMix64(seed: 900 + seed)
    var programs: [LinearProgram] = []
    while programs.count < 60 {
      let program = try readable(
        randomProgram(
          &random, columns: 2 + Int(random.below(8)), rows: 2 + Int(random.below(8))),
        as: format)
      // Bounds of a column that occurs nowhere are an error to QSopt_ex, as is an empty row.
      let used = Set(program.columnIndices.map { Int($0) })
      let hasEmptyRow = (0..<program.rowCount).contains { program.entries(ofRow: $0).isEmpty }
      if used.count == program.columnCount && !hasEmptyRow { programs.append(program) }
    }
    var counts: [LPSolution.Status: Int] = [:]
    var compared = 0
    for (index, peer) in try Peer.outcomes(programs, as: format).enumerated() {
      guard let peer else { continue }
      compared += 1
      let solution = try solve(programs[index])
      counts[solution.status, default: 0] += 1
      let own: EnumeratedOutcome =
        switch solution.status {
        case .optimal: .optimal(try #require(solution.objectiveValue))
        case .infeasible: .infeasible
        case .unbounded: .unbounded
        }
      #expect(own == peer, "\(format), seed \(seed), program \(index)")
    }
    #expect(compared > 50, "\(compared)")
    #expect(counts.count == 3, "all outcomes occur: \(counts)")
  }

  /// The same without what QSopt_ex does not read: a constant, and in LP files rows with two
  /// different sides.
  private func readable(
    _ program: LinearProgram, as format: LinearProgramFormat
  ) throws -> LinearProgram {
    var builder = LinearProgramBuilder(name: "peer", direction: program.direction)
    for j in 0..<program.columnCount {
      let bounds = program.columnBounds[j]
      try builder.addColumn(
        "x\(j)", lower: bounds.lower, upper: bounds.upper, objective: program.objective[j])
    }
    for i in 0..<program.rowCount {
      let bounds = program.rowBounds[i]
      let isRange = bounds.lower != nil && bounds.upper != nil && !bounds.areEqual
      let isFree = bounds.lower == nil && bounds.upper == nil
      if isFree { continue }
      try builder.addRow(
        lower: bounds.lower, upper: isRange && format == .lp ? nil : bounds.upper,
        entries: program.entries(ofRow: i).map {
          (column: Int(program.columnIndices[$0]), coefficient: program.coefficients[$0])
        })
    }
    return builder.build()
  }
}
