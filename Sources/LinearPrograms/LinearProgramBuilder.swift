import ExactArithmetic

/// The one way to a ``LinearProgram``, and the only place where its rules are enforced.
///
/// Columns and rows are numbered from 0 in the order in which they are added; a row can name the
/// columns that are there. Crossed bounds are no error: they make the program infeasible.
public struct LinearProgramBuilder {
  public var name: String
  public var direction: LinearProgram.Direction
  private var objectiveConstant = Rational.zero
  private var columns = ColumnList()
  private var rows = RowList()

  /// A program without columns, without rows and with the objective 0.
  public init(name: String = "", direction: LinearProgram.Direction = .minimize) {
    self.name = name
    self.direction = direction
  }

  public var columnCount: Int { columns.names.count }
  public var rowCount: Int { rows.names.count }

  /// Adds a column and returns its number.
  ///
  /// - Parameters:
  ///   - lower: the least value, `nil` for none; 0 when not given.
  ///   - upper: the greatest value, `nil` for none.
  ///   - objective: the column's coefficient in the objective.
  /// - Throws: ``LinearProgramError/columnTwice(name:)``,
  ///   ``LinearProgramError/tooLarge(what:limit:)``.
  @discardableResult
  public mutating func addColumn(
    _ name: String, lower: Rational? = .zero, upper: Rational? = nil, objective: Rational = .zero
  ) throws(LinearProgramError) -> Int {
    guard columnCount < Int(Int32.max) else {
      throw .tooLarge(what: "columns", limit: Int(Int32.max))
    }
    return try columns.append(
      name, LinearProgram.Bounds(lower: lower, upper: upper), objective: objective)
  }

  /// Adds the row `lower ≤ Σ coefficient · column ≤ upper` and returns its number.
  ///
  /// Coefficients of zero are left out of the program, but count as entries for the rule that a
  /// column stands in a row once.
  ///
  /// - Parameter name: `nil` calls the row by its place among all rows: `r1`, `r2`, …
  /// - Precondition: the columns are there.
  /// - Throws: ``LinearProgramError/rowTwice(name:)``,
  ///   ``LinearProgramError/entryTwice(row:column:)``,
  ///   ``LinearProgramError/tooLarge(what:limit:)``.
  /// - Complexity: O(entries).
  @discardableResult
  public mutating func addRow(
    _ name: String? = nil, lower: Rational?, upper: Rational?,
    entries: some Sequence<(column: Int, coefficient: Rational)>
  ) throws(LinearProgramError) -> Int {
    guard rowCount < Int(Int32.max) else {
      throw .tooLarge(what: "rows", limit: Int(Int32.max))
    }
    let bounds = LinearProgram.Bounds(lower: lower, upper: upper)
    return try rows.append(name ?? "r\(rowCount + 1)", bounds, entries, columns.names)
  }

  /// The same for a list of entries, so that one can be written as a literal.
  @discardableResult
  public mutating func addRow(
    _ name: String? = nil, lower: Rational?, upper: Rational?,
    entries: [(column: Int, coefficient: Rational)]
  ) throws(LinearProgramError) -> Int {
    try addRow(name, lower: lower, upper: upper, entries: entries[...])
  }

  /// Sets `c₀`.
  public mutating func setObjectiveConstant(_ value: Rational) { objectiveConstant = value }

  /// Sets a column's coefficient in the objective.
  public mutating func setObjective(_ value: Rational, ofColumn column: Int) {
    columns.objective[column] = value
  }

  /// Sets the bounds of a column.
  public mutating func setBounds(_ bounds: LinearProgram.Bounds, ofColumn column: Int) {
    columns.bounds[column] = bounds
  }

  /// The bounds of a column so far.
  public func bounds(ofColumn column: Int) -> LinearProgram.Bounds { columns.bounds[column] }

  /// The column of this name, or `nil` when there is none yet.
  public func column(named name: String) -> Int? { columns.places[name].map(Int.init) }

  /// The name of a column that is there.
  public func columnName(_ column: Int) -> String { columns.names[column] }

  /// The program.
  public consuming func build() -> LinearProgram {
    LinearProgram(
      name: name, direction: direction, objectiveConstant: objectiveConstant, columns: columns,
      rows: rows)
  }
}

/// The columns of a program in the making.
struct ColumnList {
  fileprivate(set) var names: [String] = []
  fileprivate(set) var bounds: [LinearProgram.Bounds] = []
  fileprivate(set) var objective: [Rational] = []
  private(set) var places: [String: Int32] = [:]

  fileprivate mutating func append(
    _ name: String, _ columnBounds: LinearProgram.Bounds, objective cost: Rational
  ) throws(LinearProgramError) -> Int {
    let place = names.count
    guard places.updateValue(Int32(place), forKey: name) == nil else {
      throw .columnTwice(name: name)
    }
    names.append(name)
    bounds.append(columnBounds)
    objective.append(cost)
    return place
  }
}

/// The rows of a program in the making, in compressed form.
struct RowList {
  private(set) var names: [String] = []
  private(set) var bounds: [LinearProgram.Bounds] = []
  private(set) var offsets = [0]
  private(set) var columnIndices: [Int32] = []
  private(set) var coefficients: [Rational] = []
  private(set) var places: [String: Int32] = [:]
  /// The last call of ``append`` that met each column; a call that failed counts too.
  private var lastCalls: [Int] = []
  private var call = 0

  fileprivate mutating func append(
    _ name: String, _ rowBounds: LinearProgram.Bounds,
    _ entries: some Sequence<(column: Int, coefficient: Rational)>, _ columnNames: [String]
  ) throws(LinearProgramError) -> Int {
    let place = names.count
    guard places[name] == nil else { throw .rowTwice(name: name) }
    while lastCalls.count < columnNames.count { lastCalls.append(0) }
    call += 1
    for (column, coefficient) in entries {
      guard lastCalls[column] < call else {
        // What a refused row has left behind must not become part of the next one.
        columnIndices.removeSubrange(offsets[place]...)
        coefficients.removeSubrange(offsets[place]...)
        throw .entryTwice(row: name, column: columnNames[column])
      }
      lastCalls[column] = call
      if coefficient.isZero { continue }
      columnIndices.append(Int32(column))
      coefficients.append(coefficient)
    }
    places[name] = Int32(place)
    names.append(name)
    bounds.append(rowBounds)
    offsets.append(coefficients.count)
    return place
  }
}
