import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

extension LinearProgramReport {
  /// Writes the answer for people: a summary, then what is not zero.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    switch solution.certificate {
    case .optimal(let optimal):
      try write("column", "value", program.columnNames, optimal.primal, to: &text)
      try write("row", "dual value", program.rowNames, optimal.dual, to: &text)
      if let costs = sensitivity?.reducedCosts {
        try write("column", "reduced cost", program.columnNames, costs, to: &text)
      }
    case .infeasible(.farkas(let multipliers)):
      try write("row", "Farkas multiplier", program.rowNames, multipliers, to: &text)
    case .infeasible(.crossedRow), .infeasible(.crossedColumn): break
    case .unbounded(let unbounded):
      try write("column", "feasible value", program.columnNames, unbounded.primal, to: &text)
      try write("column", "ray", program.columnNames, unbounded.ray, to: &text)
    }
    try text.flush()
  }

  /// Decimals of a number that has to be shown as one, unless the reader says otherwise.
  private static let defaultDecimals = 12

  /// The most characters of a fraction where no terminal limits them.
  private static let longestFraction = 1000

  // MARK: - Summary

  private var summary: Summary {
    var summary = Summary()
    summary.add("Program", programText)
    summary.add("Status", statusText)
    if case .optimal(let optimal) = solution.certificate {
      let value = optimal.objectiveValue
      let decimal = options.decimals.map { " ≈ \(decimalText(value, digits: $0))" } ?? ""
      summary.add(
        "Objective value",
        shown(value, room: Self.longestFraction) + (value.isInteger ? "" : decimal))
    }
    if let face = sensitivity?.face { summary.add("Optimum", text(of: face)) }
    summary.add("Method", methodText)
    summary.add(
      "Certificate",
      solution.certificate.kind.rawValue + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var programText: String {
    let name = program.name.isEmpty ? "" : " '\(program.name)'"
    let counts = [
      counted(program.rowCount, "row"), counted(program.columnCount, "column"),
      counted(program.entryCount, "coefficient"),
    ]
    return "\(program.direction.rawValue)\(name) (\(counts.joined(separator: ", ")))"
  }

  private var statusText: String {
    switch solution.certificate {
    case .optimal, .unbounded: solution.status.rawValue
    case .infeasible(.farkas): "infeasible: the rows contradict each other"
    case .infeasible(.crossedRow(let row)):
      "infeasible: the sides of row '\(program.rowNames[row])' exclude each other"
    case .infeasible(.crossedColumn(let column)):
      "infeasible: the bounds of column '\(program.columnNames[column])' exclude each other"
    }
  }

  private func text(of face: OptimalFace) -> String {
    if face.isUnique { return "unique" }
    let corners = face.vertices.map { ", \(counted($0.count, "vertex", "vertices"))" } ?? ""
    let rays = face.rays.map { $0.isEmpty ? "" : ", unlimited" } ?? ""
    return "not unique: one of a face of dimension \(face.dimension)\(corners)\(rays)"
  }

  private var methodText: String {
    let statistics = solution.statistics
    let seconds = decimalText(
      Rational(exactly: options.seconds) ?? 0, digits: options.seconds < 1 ? 4 : 2)
    return "simplex, \(counted(statistics.floatingIterations, "step")) in floating point, "
      + "\(counted(statistics.exactPivots, "exact step")), \(seconds) s, "
      + "denominators of up to \(counted(statistics.denominatorBits, "bit"))"
  }

  private func counted(_ count: Int, _ one: String, _ several: String? = nil) -> String {
    "\(count) \(count == 1 ? one : several ?? one + "s")"
  }

  // MARK: - Tables

  /// Writes the entries that are not zero, after an empty line.
  private func write(
    _ kind: String, _ heading: String, _ names: [String], _ values: [Rational],
    to text: inout TextWriter
  ) throws {
    try text.line()
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [(kind, .left)]
    if options.decimals != nil { columns.append(("decimal", .right)) }
    var table = TextTable(columns + [(heading, .left)])
    let room = valueRoom(beside: names)
    for (name, value) in zip(names, values) where !value.isZero {
      let decimal = options.decimals.map { [decimalText(value, digits: $0)] } ?? []
      table.add([name] + decimal + [shown(value, room: room)])
    }
    if values.allSatisfy(\.isZero) {
      try text.line("\(kind), \(heading): all 0")
    } else {
      try table.write(to: &text)
    }
  }

  private func valueRoom(beside names: [String]) -> Int {
    guard let columns = options.columns else { return Self.longestFraction }
    let width = names.lazy.map(\.count).max() ?? 0
    return max(28, columns - width - (options.decimals.map { $0 + 8 } ?? 0) - 4)
  }

  /// The fraction, or a decimal after `≈` where it is longer than `room`.
  private func shown(_ value: Rational, room: Int) -> String {
    // A digit takes 3.3 bits: no need to print what is far too long.
    if (value.numerator.bitLength + value.denominator.bitLength) / 4 <= room {
      let fraction = value.description
      if fraction.utf8.count <= room { return fraction }
    }
    return "≈ " + decimalText(value, digits: options.decimals ?? Self.defaultDecimals)
  }
}
