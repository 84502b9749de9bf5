import ExactArithmetic

/// Writes CPLEX's LP format.
struct LPWriter {
  let program: LinearProgram
  var text: TextChunks

  mutating func write() {
    text.line(program.direction == .minimize ? "Minimize" : "Maximize")
    objective()
    text.line("Subject To")
    for row in 0..<program.rowCount { self.row(row) }
    let bounded = (0..<program.columnCount).filter {
      program.columnBounds[$0] != .nonNegative
    }
    if !bounded.isEmpty { text.line("Bounds") }
    for column in bounded { bounds(column) }
    text.line("End")
  }

  private mutating func objective() {
    text.append(" obj:")
    let appearsInOrder = program.firstAppearancesAscend
    for (column, cost) in program.objective.enumerated() where !appearsInOrder || !cost.isZero {
      term(cost, column)
    }
    if !program.objectiveConstant.isZero { signed(program.objectiveConstant) }
    if text.lineLength == 5, program.columnCount > 0 { term(.zero, 0) }
    text.endLine()
  }

  private mutating func row(_ row: Int) {
    let bounds = program.rowBounds[row]
    text.append(" \(program.rowNames[row]):")
    let isTwoSided = !bounds.areEqual && (bounds.lower == nil) == (bounds.upper == nil)
    if isTwoSided { text.append(" \(bounds.lower.map(exactText) ?? "-inf") <=") }
    for entry in program.entries(ofRow: row) {
      term(program.coefficients[entry], Int(program.columnIndices[entry]))
    }
    if program.entries(ofRow: row).isEmpty {
      // Without any column only a number can stand for the empty sum.
      if program.columnCount > 0 { term(.zero, 0) } else { text.append(" 0") }
    }
    if isTwoSided {
      text.line(" <= \(bounds.upper.map(exactText) ?? "inf")")
    } else if let upper = bounds.upper {
      text.line(" \(bounds.areEqual ? "=" : "<=") \(exactText(upper))")
    } else if let lower = bounds.lower {
      text.line(" >= \(exactText(lower))")
    }
  }

  private mutating func bounds(_ column: Int) {
    let name = program.columnNames[column]
    let bounds = program.columnBounds[column]
    switch (bounds.lower, bounds.upper) {
    case (nil, nil): text.line(" \(name) free")
    // Not `x >= 2`, which QSopt_ex does not read.
    case (let lower?, nil): text.line(" \(exactText(lower)) <= \(name)")
    case (let lower?, let upper?) where lower == upper: text.line(" \(name) = \(exactText(upper))")
    case (let lower, let upper?):
      text.line(" \(lower.map(exactText) ?? "-inf") <= \(name) <= \(exactText(upper))")
    }
  }

  private mutating func term(_ coefficient: Rational, _ column: Int) {
    if coefficient == 1 {
      text.append(" +")
    } else if coefficient == -1 {
      text.append(" -")
    } else {
      signed(coefficient)
    }
    text.append(" \(program.columnNames[column])")
    // Readers limit the length of lines.
    if text.lineLength > 200 {
      text.endLine()
      text.append(" ")
    }
  }

  private mutating func signed(_ value: Rational) {
    text.append(value.signum < 0 ? " - \(exactText(-value))" : " + \(exactText(value))")
  }
}

extension LinearProgram {
  /// Whether the columns appear for the first time in their order when the objective and the rows
  /// are written without zeros: a reader numbers them so.
  fileprivate var firstAppearancesAscend: Bool {
    var next = 0
    var hasAppeared = [Bool](repeating: false, count: columnCount)
    func appear(_ column: Int) -> Bool {
      if hasAppeared[column] { return true }
      hasAppeared[column] = true
      next += 1
      return column == next - 1
    }
    for (column, cost) in objective.enumerated() where !cost.isZero {
      guard appear(column) else { return false }
    }
    for column in columnIndices {
      guard appear(Int(column)) else { return false }
    }
    return next == columnCount
  }
}
