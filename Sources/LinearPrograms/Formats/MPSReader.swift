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
      throw lines.failure("\(lines.shown) belongs to no section")
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
        "expected a type (N, L, G, E) and a name, found \(lines.shown)")
    }
    let name = try lines.name(fields[1])
    guard parts.addRow(name, type) else {
      throw lines.failure("there are two rows of the name \(excerpt(name))")
    }
  }
}

extension MPSReader {
  private mutating func column(_ fields: [Range<Int>]) throws(LineError) {
    if fields.contains(where: { lines.text($0) == "'MARKER'" }) {
      throw lines.failure(
        "the integer marker \(lines.shown) has no place in a linear program")
    }
    guard fields.count == 3 || fields.count == 5 else {
      throw lines.failure(
        "expected a column with one or two pairs of a row and a number, found "
          + lines.shown)
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
        "expected one or two pairs of a row and a number, found \(lines.shown)"
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

  mutating func enterVector(
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

  func number(_ field: Range<Int>) throws(LineError) -> Rational {
    do throws(NumberError) {
      return try looseNumber(lines.buffer.bytes(field), limits)
    } catch {
      throw lines.failure("\(error)")
    }
  }
}
