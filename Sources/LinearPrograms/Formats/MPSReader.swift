import ExactArithmetic
import ExactJSON

/// Reads MPS.
///
/// Where programs differ: the right-hand side of the objective is minus its constant, and a
/// negative upper bound without a lower one makes the lower one infinite (both as CPLEX, Gurobi
/// and HiGHS have it; GLPK differs in both); free rows after the first are kept as rows without
/// bounds; a second vector of right-hand sides, ranges or bounds is an error, and so is a side of
/// a bound that is given twice; no number stands for infinity but `inf` and `infinity`.
struct MPSReader {
  enum Section: String, CaseIterable {
    case name = "NAME"
    case objectiveSense = "OBJSENSE"
    case rows = "ROWS"
    case columns = "COLUMNS"
    case rightHandSides = "RHS"
    case ranges = "RANGES"
    case bounds = "BOUNDS"
    case end = "ENDATA"
  }

  /// A row of the file: the first free one is the objective.
  enum RowPlace {
    case objective
    case row(Int)
  }

  var lines: MPSLines
  let limits: NumberLimits
  var parts = MPSParts()
  private var section: Section?
  private var seen: Set<Section> = []

  init(lines: MPSLines, limits: NumberLimits) {
    self.lines = lines
    self.limits = limits
  }

  static func read(
    _ buffer: InputBuffer, _ limits: NumberLimits, isFixed: Bool
  ) throws(LineError) -> LinearProgram {
    var reader = MPSReader(lines: MPSLines(buffer, isFixed: isFixed), limits: limits)
    while reader.lines.advance() {
      if reader.lines.isComment { continue }
      if reader.lines.isHeader {
        try reader.header()
      } else {
        try reader.record()
      }
    }
    guard reader.section == .end else {
      throw reader.lines.failure("expected 'ENDATA', found the end of the file (it may be cut)")
    }
    return try reader.parts.program()
  }

  private mutating func header() throws(LineError) {
    let words = lines.words
    let word = lines.text(words[0])
    if section == .end { throw lines.failure("\(excerpt(word)) stands after 'ENDATA'") }
    guard let next = Section(rawValue: word == "OBJSENS" ? "OBJSENSE" : word) else {
      let known = Section.allCases.map(\.rawValue).joined(separator: ", ")
      throw lines.failure("\(excerpt(word)) is no section of a linear program (\(known))")
    }
    guard seen.insert(next).inserted else {
      throw lines.failure("the section '\(next.rawValue)' is there twice")
    }
    section = next
    switch next {
    case .name:
      parts.name =
        words.count > 1 ? try lines.name(words[1].lowerBound..<words.last!.upperBound) : ""
      return
    case .objectiveSense:
      if words.count == 2 { return try sense(words[1]) }
    case .columns, .rightHandSides, .ranges, .bounds, .end:
      guard parts.hasObjective else {
        throw lines.failure("there is no objective: no row of the type N stands before this line")
      }
    case .rows: break
    }
    guard words.count == 1 || next == .rightHandSides || next == .ranges || next == .bounds else {
      throw lines.failure("\(lines.buffer.excerpt(words[1])) stands behind a section's name")
    }
  }

  private mutating func record() throws(LineError) {
    let fields = try lines.fields()
    switch section {
    case .objectiveSense where fields.count == 1: try sense(fields[0])
    case .rows: try row(fields)
    case .columns: try column(fields)
    case .rightHandSides: try rightHandSides(fields)
    case .ranges: try ranges(fields)
    case .bounds: try bound(fields)
    case .name, .objectiveSense, .end, nil:
      throw lines.failure("\(lines.buffer.excerpt(lines.line)) belongs to no section")
    }
  }

  private mutating func sense(_ field: Range<Int>) throws(LineError) {
    switch lines.text(field).lowercased() {
    case "max", "maximize", "maximise": parts.direction = .maximize
    case "min", "minimize", "minimise": parts.direction = .minimize
    default: throw lines.failure("expected MIN or MAX, found \(lines.buffer.excerpt(field))")
    }
  }

  private mutating func row(_ fields: [Range<Int>]) throws(LineError) {
    guard fields.count == 2, let type = MPSParts.RowType(rawValue: lines.text(fields[0])) else {
      throw lines.failure(
        "expected a type (N, L, G, E) and a name, found \(lines.buffer.excerpt(lines.line))")
    }
    let name = try lines.name(fields[1])
    guard parts.addRow(name, type) else {
      throw lines.failure("there are two rows of the name \(excerpt(name))")
    }
  }
}

// MARK: Columns and vectors

extension MPSReader {
  private mutating func column(_ fields: [Range<Int>]) throws(LineError) {
    if fields.contains(where: { lines.text($0) == "'MARKER'" }) {
      throw lines.failure(
        "the integer marker \(lines.buffer.excerpt(lines.line)) has no place in a linear program")
    }
    guard fields.count == 3 || fields.count == 5 else {
      throw lines.failure(
        "expected a column with one or two pairs of a row and a number, found "
          + lines.buffer.excerpt(lines.line))
    }
    let name = try lines.name(fields[0])
    guard parts.enterColumn(name) else {
      throw lines.failure("the column \(excerpt(name)) is there twice, with others in between")
    }
    for pair in stride(from: 1, to: fields.count, by: 2) {
      let row = try rowPlace(fields[pair])
      guard parts.addEntry(row, try number(fields[pair + 1])) else {
        throw lines.failure(
          "the column \(excerpt(name)) has the row \(lines.buffer.excerpt(fields[pair])) twice")
      }
    }
  }

  /// Calls `body` for the pairs of a line `[vector] row number [row number]`.
  private mutating func eachPair(
    _ fields: [Range<Int>], _ section: Section,
    _ body: (inout MPSParts, RowPlace, Rational) -> String?
  ) throws(LineError) {
    guard (2...5).contains(fields.count) else {
      throw lines.failure(
        "expected one or two pairs of a row and a number, found \(lines.buffer.excerpt(lines.line))"
      )
    }
    let first = fields.count % 2
    try enterVector(first == 1 ? fields[0] : nil, section)
    for pair in stride(from: first, to: fields.count, by: 2) {
      let row = try rowPlace(fields[pair])
      if let problem = body(&parts, row, try number(fields[pair + 1])) {
        throw lines.failure("\(problem) the row \(lines.buffer.excerpt(fields[pair]))")
      }
    }
  }

  private mutating func enterVector(
    _ field: Range<Int>?, _ section: Section
  ) throws(LineError) {
    let name = try field.map { (range) throws(LineError) in try lines.name(range) } ?? ""
    if let first = parts.vectors.updateValue(name, forKey: section), first != name {
      throw lines.failure(
        "a second vector \(excerpt(name)) in the section '\(section.rawValue)', after "
          + excerpt(first))
    }
  }

  private mutating func rightHandSides(_ fields: [Range<Int>]) throws(LineError) {
    try eachPair(fields, .rightHandSides) { parts, row, value in
      parts.setRightHandSide(row, value) ? nil : "there are two right-hand sides of"
    }
  }

  private mutating func ranges(_ fields: [Range<Int>]) throws(LineError) {
    try eachPair(fields, .ranges) { parts, row, value in
      guard case .row(let place) = row, parts.rows[place].type != .free else {
        return "there is a range of the type N for"
      }
      return parts.setRange(place, value) ? nil : "there are two ranges of"
    }
  }

  private func rowPlace(_ field: Range<Int>) throws(LineError) -> RowPlace {
    guard let place = parts.rowPlaces[try lines.name(field)] else {
      throw lines.failure("the row \(lines.buffer.excerpt(field)) is unknown")
    }
    return place
  }

  private func number(_ field: Range<Int>) throws(LineError) -> Rational {
    do throws(NumberError) {
      return try looseNumber(lines.buffer.bytes(field), limits)
    } catch {
      throw lines.failure("\(error)")
    }
  }
}

// MARK: Bounds

extension MPSReader {
  /// `type [vector] column [number]`; the types FR, MI and PL need no number.
  private mutating func bound(_ fields: [Range<Int>]) throws(LineError) {
    let type = fields.first.map { lines.text($0) } ?? ""
    switch type {
    case "UP", "LO", "FX":
      guard fields.count == 3 || fields.count == 4 else { throw badBound() }
      let column = try boundColumn(fields, at: fields.count - 2)
      try setBound(type, column, try limit(fields[fields.count - 1]))
    case "FR", "MI", "PL":
      guard (2...4).contains(fields.count) else { throw badBound() }
      // With three fields the last is the column, unless only the one before is.
      let isLast = fields.count == 2 || (fields.count == 3 && isColumn(fields[2]))
      let column = try boundColumn(
        fields, at: isLast ? fields.count - 1 : fields.count == 4 ? 2 : 1)
      try setInfinite(type, column)
    case "BV", "LI", "UI", "SC", "SI":
      throw lines.failure(
        "the integer section's bound type '\(type)' in \(lines.buffer.excerpt(lines.line)) has no "
          + "place in a linear program")
    default: throw badBound()
    }
  }

  private func badBound() -> LineError {
    lines.failure(
      "expected a bound (UP, LO, FX, FR, MI, PL) of a column, found "
        + lines.buffer.excerpt(lines.line))
  }

  private func isColumn(_ field: Range<Int>) -> Bool {
    parts.columnPlaces[lines.text(field)] != nil
  }

  private mutating func boundColumn(
    _ fields: [Range<Int>], at place: Int
  ) throws(LineError) -> Int {
    try enterVector(place == 2 ? fields[1] : nil, .bounds)
    guard let column = parts.columnPlaces[try lines.name(fields[place])] else {
      throw lines.failure("the column \(lines.buffer.excerpt(fields[place])) is unknown")
    }
    return column
  }

  private func limit(_ field: Range<Int>) throws(LineError) -> LPLimit {
    switch lines.text(field).lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .infinite(sign: 1)
    case "-inf", "-infinity": return .infinite(sign: -1)
    default: return .finite(try number(field))
    }
  }

  private mutating func setBound(
    _ type: String, _ column: Int, _ limit: LPLimit
  ) throws(LineError) {
    switch (type, limit) {
    case ("UP", .finite(let value)):
      try setUpper(column, value)
      // So that an explicit lower bound, before or after, still counts.
      if value.signum < 0, !parts.columns[column].hasLower {
        parts.columns[column].bounds.lower = nil
      }
    case ("LO", .finite(let value)): try setLower(column, value)
    case ("FX", .finite(let value)):
      try setLower(column, value)
      try setUpper(column, value)
    case ("UP", .infinite(1)): try setUpper(column, nil)
    case ("LO", .infinite(-1)): try setLower(column, nil)
    default:
      throw lines.failure(
        "an infinite bound of the type \(type) on the wrong side: "
          + lines.buffer.excerpt(lines.line))
    }
  }

  private mutating func setInfinite(_ type: String, _ column: Int) throws(LineError) {
    if type != "PL" { try setLower(column, nil) }
    if type != "MI" { try setUpper(column, nil) }
  }

  private mutating func setLower(_ column: Int, _ value: Rational?) throws(LineError) {
    guard !parts.columns[column].hasLower else { throw boundTwice("lower", column) }
    parts.columns[column].hasLower = true
    parts.columns[column].bounds.lower = value
  }

  private mutating func setUpper(_ column: Int, _ value: Rational?) throws(LineError) {
    guard !parts.columns[column].hasUpper else { throw boundTwice("upper", column) }
    parts.columns[column].hasUpper = true
    parts.columns[column].bounds.upper = value
  }

  private func boundTwice(_ side: String, _ column: Int) -> LineError {
    lines.failure(
      "there are two \(side) bounds of the column \(excerpt(parts.columns[column].name))")
  }
}
