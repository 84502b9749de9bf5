import ExactArithmetic

/// Writes MPS, with a line an entry.
struct MPSWriter {
  let program: LinearProgram
  let isFixed: Bool
  var text: TextChunks

  init(program: LinearProgram, isFixed: Bool, text: TextChunks) {
    self.program = program
    self.isFixed = isFixed
    self.text = text
  }

  mutating func write() {
    let objective = objectiveName
    // A title is one line; a control character in it would end that line.
    let title = String(program.name.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    text.line(title.isEmpty ? "NAME" : "NAME          \(title)")
    if program.direction == .maximize {
      text.line("OBJSENSE")
      text.line("    MAX")
    }
    text.line("ROWS")
    record("N", objective)
    for row in 0..<program.rowCount { record(type(row).rawValue, program.rowNames[row]) }
    text.line("COLUMNS")
    columns(objective)
    text.line("RHS")
    if !program.objectiveConstant.isZero {
      record("", "RHS", objective, exactText(-program.objectiveConstant))
    }
    for row in 0..<program.rowCount {
      if let side = rightHandSide(row), !side.isZero {
        record("", "RHS", program.rowNames[row], exactText(side))
      }
    }
    ranges()
    bounds()
    text.line("ENDATA")
  }

  /// A name for the objective that no row has.
  private var objectiveName: String {
    if program.row(named: "OBJ") == nil { return "OBJ" }
    // One of more names than there are rows is free.
    let number = (0...program.rowCount).first { program.row(named: "OBJ\($0)") == nil }
    return "OBJ\(number ?? 0)"
  }

  private func type(_ row: Int) -> MPSParts.RowType {
    let bounds = program.rowBounds[row]
    if bounds.areEqual { return .equal }
    if bounds.lower != nil { return .atLeast }
    return bounds.upper == nil ? .free : .atMost
  }

  private func rightHandSide(_ row: Int) -> Rational? {
    program.rowBounds[row].lower ?? program.rowBounds[row].upper
  }

  private mutating func columns(_ objective: String) {
    let matrix = program.columnMajorEntries
    for column in 0..<program.columnCount {
      let name = program.columnNames[column]
      let entries = matrix.entries(ofColumn: column)
      let cost = program.objective[column]
      // A column without entries is there by its objective of zero.
      if !cost.isZero || entries.isEmpty { record("", name, objective, exactText(cost)) }
      for entry in entries {
        record(
          "", name, program.rowNames[Int(matrix.rowIndices[entry])],
          exactText(matrix.coefficients[entry]))
      }
    }
  }

  private mutating func ranges() {
    var isFirst = true
    for row in 0..<program.rowCount {
      let bounds = program.rowBounds[row]
      guard let lower = bounds.lower, let upper = bounds.upper, lower != upper else { continue }
      if isFirst { text.line("RANGES") }
      isFirst = false
      record("", "RNG", program.rowNames[row], exactText(upper - lower))
    }
  }

  private mutating func bounds() {
    var isFirst = true
    for column in 0..<program.columnCount where program.columnBounds[column] != .nonNegative {
      if isFirst { text.line("BOUNDS") }
      isFirst = false
      let bounds = program.columnBounds[column]
      let name = program.columnNames[column]
      switch (bounds.lower, bounds.upper) {
      case (nil, nil): record("FR", "BND", name)
      case (let lower?, let upper?) where lower == upper:
        record("FX", "BND", name, exactText(lower))
      case (let lower, let upper):
        if let lower {
          // Zero has to be said where a negative upper bound would take it away.
          if !lower.isZero || (upper?.signum ?? 0) < 0 {
            record("LO", "BND", name, exactText(lower))
          }
        } else {
          record("MI", "BND", name)
        }
        if let upper { record("UP", "BND", name, exactText(upper)) }
      }
    }
  }

  /// A line with a type, one or two names and a number.
  private mutating func record(_ type: String, _ fields: String...) {
    guard isFixed else {
      text.append(type.isEmpty ? "   " : " \(type)")
      for field in fields { text.append(" \(field)") }
      return text.endLine()
    }
    if let number = fields.dropFirst(2).first, number.utf8.count > 12 {
      text.fail(LinearProgramError.unwritableNumber(number, format: "fixed-mps"))
    }
    let starts = [4, 14, 24]
    text.append(" \(type)")
    for (field, start) in zip(fields, starts) {
      text.append(String(repeating: " ", count: max(0, start - text.lineLength)) + field)
    }
    text.endLine()
  }
}
