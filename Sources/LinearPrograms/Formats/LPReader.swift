import ExactArithmetic
import ExactJSON

/// Reads CPLEX's LP format.
///
/// Where programs differ: a bound of 0 stays when a negative upper bound is given (as CPLEX and
/// GLPK do, so the program is infeasible); of two bounds on one side the later one counts; no
/// number stands for infinity but `inf` and `infinity`; a column that is only in the bounds is an
/// error; `p/q` is a number where digits, slash and digits touch. Columns are numbered by their
/// first appearance.
struct LPReader {
  var scanner: LPScanner
  let limits: NumberLimits
  var builder = LinearProgramBuilder()

  static func read(
    _ buffer: InputBuffer, _ limits: NumberLimits
  ) throws(LineError) -> LinearProgram {
    var reader = LPReader(scanner: try LPScanner(buffer), limits: limits)
    try reader.objective()
    try reader.rows()
    if try reader.section() == .bounds { try reader.bounds() }
    try reader.end()
    return reader.builder.build()
  }

  /// The section that starts here, or `nil`; `min` before a colon is the name of a row.
  func section() throws(LineError) -> LPSection? {
    guard scanner.token.kind == .name, scanner.token.isFirstOfLine,
      scanner.byteAfterToken != UInt8(ascii: ":")
    else { return nil }
    let word = scanner.lowercasedText
    guard let section = LPSection(word) else { return nil }
    if let second = LPSection.secondWord(after: word) {
      var ahead = scanner
      try ahead.advance()
      guard ahead.token.kind == .name, ahead.lowercasedText == second else { return nil }
    }
    if section == .notLinear {
      throw LineError(
        line: scanner.token.line,
        problem: "the integer section \(scanner.buffer.excerpt(scanner.token.range)) has no place "
          + "in a linear program")
    }
    return section
  }

  mutating func skipSectionName() throws(LineError) {
    let hasSecond = LPSection.secondWord(after: scanner.lowercasedText) != nil
    try scanner.advance()
    if hasSecond { try scanner.advance() }
  }

  /// A statement ends with its line, so that `x >= 1 y >= 2` is not read as something else.
  func requireNewLine(_ expected: String) throws(LineError) {
    guard scanner.token.isFirstOfLine || scanner.token.kind == .end else {
      throw scanner.unexpected(expected)
    }
  }

  /// The name before a colon, if there is one.
  private mutating func label() throws(LineError) -> String? {
    guard scanner.token.kind == .name, scanner.byteAfterToken == UInt8(ascii: ":") else {
      return nil
    }
    let name = try name()
    try scanner.advance()
    return name
  }

  /// A name, which is left behind.
  mutating func name() throws(LineError) -> String {
    guard scanner.token.kind == .name, !startsBadly else { throw scanner.unexpected("a name") }
    let name = try scanner.text()
    try scanner.advance()
    return name
  }

  private var startsBadly: Bool {
    let first = scanner.buffer.base[scanner.token.range.lowerBound]
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "]")
  }
}

extension LPReader {
  /// A sum of products and numbers.
  private struct Form {
    let line: Int
    var terms: [(column: Int, coefficient: Rational)] = []
    var constant: Rational?
    /// The sign of `inf`, which is a name like any other until a relation follows.
    var infinity: Int?
  }

  private mutating func objective() throws(LineError) {
    guard case .objective(let direction) = try section() else {
      throw scanner.unexpected("the objective: 'Minimize' or 'Maximize'")
    }
    builder.direction = direction
    try skipSectionName()
    _ = try label()
    var form = Form(line: scanner.token.line)
    if try section() == nil, scanner.token.kind != .end { form = try self.form() }
    var seen: Set<Int> = []
    for (column, coefficient) in form.terms {
      guard seen.insert(column).inserted else {
        throw LineError(line: form.line, problem: twice(column, in: "the objective"))
      }
      builder.setObjective(coefficient, ofColumn: column)
    }
    builder.setObjectiveConstant(form.constant ?? .zero)
    switch try section() {
    case .rows: try skipSectionName()
    // A program without rows may leave their section out.
    case .bounds, .end: break
    case .objective, .notLinear, nil: throw scanner.unexpected("an operator or 'Subject To'")
    }
  }

  private func twice(_ column: Int, in place: String) -> String {
    "\(place) has the column \(excerpt(builder.columnName(column))) twice"
  }

  private mutating func rows() throws(LineError) {
    while try section() == nil, scanner.token.kind != .end { try row() }
  }

  /// `[name:] form relation side`, or `[name:] number relation form [relation side]`.
  private mutating func row() throws(LineError) {
    let line = scanner.token.line
    let name = try label()
    let first = try form()
    let relation = try relation()
    var sides = LinearProgram.Bounds.free
    if let left = limit(first) {
      let form = try twoSided(left, relation, &sides, line)
      try add(name, form, sides, line)
    } else {
      if first.constant != nil { throw mixed(first.line) }
      try narrow(&sides, relation, try side(), line)
      try add(name, first, sides, line)
    }
  }

  /// The rest of a row that starts with a number: `form [relation side]`.
  private mutating func twoSided(
    _ left: LPLimit, _ relation: LPRelation, _ sides: inout LinearProgram.Bounds, _ line: Int
  ) throws(LineError) -> Form {
    let form = try form()
    if form.infinity != nil { throw mixed(form.line) }
    guard case .relation(let second) = scanner.token.kind else {
      if form.terms.isEmpty, case .finite(let value) = left {
        // Numbers on both sides: a row without columns, whose own value is the left number.
        try narrow(&sides, relation, .finite((form.constant ?? .zero) - value), line)
        return Form(line: line)
      }
      try narrow(&sides, relation.reversed, left, line)
      if form.constant != nil { throw mixed(form.line) }
      return form
    }
    guard second == relation, second != .equal else {
      throw scanner.unexpected("the relation of the left side once more")
    }
    try scanner.advance()
    try narrow(&sides, relation.reversed, left, line)
    try narrow(&sides, second, try side(), line)
    // An empty row is written around a 0.
    if let constant = form.constant, !form.terms.isEmpty || !constant.isZero {
      throw mixed(form.line)
    }
    return form
  }

  private func mixed(_ line: Int) -> LineError {
    LineError(line: line, problem: "a number stands beside the columns of a row")
  }

  private mutating func add(
    _ name: String?, _ form: Form, _ sides: LinearProgram.Bounds, _ line: Int
  ) throws(LineError) {
    try requireNewLine("a new line after the right-hand side")
    do throws(LinearProgramError) {
      try builder.addRow(name, lower: sides.lower, upper: sides.upper, entries: form.terms)
    } catch {
      throw LineError(line: line, problem: "\(error)")
    }
  }

  /// What a form stands for when it has no columns: then it is a side of a row.
  private func limit(_ form: Form) -> LPLimit? {
    if let sign = form.infinity, form.constant == nil { return .infinite(sign: sign) }
    guard form.terms.isEmpty, let constant = form.constant else { return nil }
    return .finite(constant)
  }

  mutating func relation() throws(LineError) -> LPRelation {
    guard case .relation(let relation) = scanner.token.kind else {
      throw scanner.unexpected("a relation (<=, >= or =)")
    }
    try scanner.advance()
    return relation
  }

  /// A sum of terms; it ends before what is no term.
  private mutating func form() throws(LineError) -> Form {
    var form = Form(line: scanner.token.line)
    var isFirst = true
    while true {
      let sign = try self.sign()
      if sign == nil, !isFirst { break }
      try term(negated: sign == -1, isOnlyOne: isFirst, &form)
      isFirst = false
      if form.infinity != nil { break }
    }
    return form
  }

  /// 1 or -1 for a sign, which is left behind.
  mutating func sign() throws(LineError) -> Int? {
    let kind = scanner.token.kind
    guard kind == .plus || kind == .minus else { return nil }
    try scanner.advance()
    return kind == .plus ? 1 : -1
  }

  private mutating func term(
    negated: Bool, isOnlyOne: Bool, _ form: inout Form
  ) throws(LineError) {
    var coefficient: Rational?
    if scanner.token.kind == .number {
      coefficient = try scanner.number(limits)
      try scanner.advance()
    }
    // A section starts a line; so does a label, and it stands before a colon.
    let isSection = try section() != nil
    if isSection || scanner.token.kind != .name || scanner.byteAfterToken == UInt8(ascii: ":") {
      guard let coefficient else { throw scanner.unexpected("a number or a name") }
      form.constant = (form.constant ?? .zero) + (negated ? -coefficient : coefficient)
      return
    }
    let isInfinity = isOnlyOne && coefficient == nil && isInfinity
    let line = scanner.token.line
    let name = try name()
    if isInfinity, case .relation = scanner.token.kind {
      form.infinity = negated ? -1 : 1
      return
    }
    let column = try column(name, line)
    let value = coefficient ?? .one
    form.terms.append((column, negated ? -value : value))
  }

  var isInfinity: Bool {
    guard scanner.token.kind == .name else { return false }
    let word = scanner.lowercasedText
    return word == "inf" || word == "infinity"
  }

  /// The column of this name, which is new at its first appearance.
  private mutating func column(_ name: String, _ line: Int) throws(LineError) -> Int {
    if let column = builder.column(named: name) { return column }
    do throws(LinearProgramError) {
      return try builder.addColumn(name)
    } catch {
      throw LineError(line: line, problem: "\(error)")
    }
  }
}
