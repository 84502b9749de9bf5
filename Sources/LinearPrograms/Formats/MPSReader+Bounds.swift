import ExactArithmetic
import ExactJSON

extension MPSReader {
  /// `type [vector] column [number]`; the types FR, MI and PL need no number.
  mutating func bound(_ fields: [Range<Int>]) throws(LineError) {
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
        "the integer section's bound type '\(type)' in \(lines.shown) has no "
          + "place in a linear program")
    default: throw badBound()
    }
  }

  private func badBound() -> LineError {
    lines.failure(
      "expected a bound (UP, LO, FX, FR, MI, PL) of a column, found "
        + lines.shown)
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
          + lines.shown)
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
