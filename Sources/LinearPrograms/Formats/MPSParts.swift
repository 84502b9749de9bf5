import ExactArithmetic

/// What an MPS file has said so far, before it becomes a program by rows.
struct MPSParts {
  enum RowType: String {
    case free = "N"
    case atMost = "L"
    case atLeast = "G"
    case equal = "E"
  }

  struct Row {
    let name: String
    let type: RowType
    var rightHandSide: Rational?
    var range: Rational?
    /// One more than the last column that has an entry here.
    var lastColumn = 0
  }

  struct Column {
    let name: String
    var objective: Rational?
    var bounds = LinearProgram.Bounds.nonNegative
    /// Whether the file has set the side.
    var hasLower = false
    var hasUpper = false
  }

  var name = ""
  var direction = LinearProgram.Direction.minimize
  private(set) var hasObjective = false
  private(set) var rows: [Row] = []
  private(set) var rowPlaces: [String: MPSReader.RowPlace] = [:]
  var columns: [Column] = []
  private(set) var columnPlaces: [String: Int] = [:]
  /// The name of the one vector of each section.
  var vectors: [MPSReader.Section: String] = [:]
  private var objectiveRightHandSide: Rational?
  private var entries: [(row: Int32, column: Int32, coefficient: Rational)] = []

  /// Adds a row; `false` when its name is taken.
  mutating func addRow(_ name: String, _ type: RowType) -> Bool {
    let isObjective = type == .free && !hasObjective
    let place: MPSReader.RowPlace = isObjective ? .objective : .row(rows.count)
    guard rowPlaces.updateValue(place, forKey: name) == nil else { return false }
    if isObjective { hasObjective = true } else { rows.append(Row(name: name, type: type)) }
    return true
  }

  /// Goes on with the column of this name, which is the last one or new; `false` when it is an
  /// earlier one.
  mutating func enterColumn(_ name: String) -> Bool {
    if columns.last?.name == name { return true }
    guard columnPlaces.updateValue(columns.count, forKey: name) == nil else { return false }
    columns.append(Column(name: name))
    return true
  }

  /// Adds an entry of the last column; `false` when it is there.
  mutating func addEntry(_ place: MPSReader.RowPlace, _ value: Rational) -> Bool {
    switch place {
    case .objective:
      guard columns[columns.count - 1].objective == nil else { return false }
      columns[columns.count - 1].objective = value
    case .row(let row):
      guard rows[row].lastColumn < columns.count else { return false }
      rows[row].lastColumn = columns.count
      entries.append((Int32(row), Int32(columns.count - 1), value))
    }
    return true
  }

  /// Sets a right-hand side; `false` when it is set.
  mutating func setRightHandSide(_ place: MPSReader.RowPlace, _ value: Rational) -> Bool {
    switch place {
    case .objective:
      guard objectiveRightHandSide == nil else { return false }
      objectiveRightHandSide = value
    case .row(let row):
      guard rows[row].rightHandSide == nil else { return false }
      rows[row].rightHandSide = value
    }
    return true
  }

  /// Sets a range; `false` when it is set.
  mutating func setRange(_ row: Int, _ value: Rational) -> Bool {
    guard rows[row].range == nil else { return false }
    rows[row].range = value
    return true
  }

  /// The program by rows.
  ///
  /// - Complexity: O(rows + columns + entries): a counting sort.
  consuming func program() throws(LineError) -> LinearProgram {
    var builder = LinearProgramBuilder(name: name, direction: direction)
    builder.setObjectiveConstant(-(objectiveRightHandSide ?? .zero))
    do throws(LinearProgramError) {
      for column in columns {
        try builder.addColumn(
          column.name, lower: column.bounds.lower, upper: column.bounds.upper,
          objective: column.objective ?? .zero)
      }
      let (offsets, order) = entriesByRow()
      for (place, row) in rows.enumerated() {
        let bounds = row.bounds
        try builder.addRow(
          row.name, lower: bounds.lower, upper: bounds.upper,
          entries: order[offsets[place]..<offsets[place + 1]].lazy.map { [entries] in
            (column: Int(entries[$0].column), coefficient: entries[$0].coefficient)
          })
      }
    } catch {
      throw LineError(line: 1, problem: "\(error)")
    }
    return builder.build()
  }

  /// The numbers of the entries, sorted by rows and then by columns, with where each row starts.
  private func entriesByRow() -> (offsets: [Int], order: [Int]) {
    var offsets = [Int](repeating: 0, count: rows.count + 1)
    for entry in entries { offsets[Int(entry.row) + 1] += 1 }
    for row in rows.indices { offsets[row + 1] += offsets[row] }
    var next = offsets
    var order = [Int](repeating: 0, count: entries.count)
    for (place, entry) in entries.enumerated() {
      order[next[Int(entry.row)]] = place
      next[Int(entry.row)] += 1
    }
    return (offsets, order)
  }
}

extension MPSParts.Row {
  /// The sides that type, right-hand side `b` and range `R` make: `b … b + |R|` for G,
  /// `b - |R| … b` for L, and for E the one or the other by the sign of `R`.
  var bounds: LinearProgram.Bounds {
    let b = rightHandSide ?? .zero
    let size = range.map { $0.signum < 0 ? -$0 : $0 }
    switch type {
    case .free: return .free
    case .atMost: return LinearProgram.Bounds(lower: size.map { b - $0 }, upper: b)
    case .atLeast: return LinearProgram.Bounds(lower: b, upper: size.map { b + $0 })
    case .equal:
      guard let range, let size else { return .equal(to: b) }
      return range.signum < 0
        ? LinearProgram.Bounds(lower: b - size, upper: b)
        : LinearProgram.Bounds(lower: b, upper: b + size)
    }
  }
}
