import ExactArithmetic

/// A linear program with rational data: `opt c·x + c₀` under `lo ≤ A x ≤ up`, `l ≤ x ≤ u`.
///
/// Any side may be infinite, equal sides make an equality, and crossed sides (`lo > up`) are
/// allowed: such a program is infeasible, and that is an answer. The matrix is kept by rows; zero
/// coefficients are not kept. A value is immutable and made by ``LinearProgramBuilder`` alone, so
/// that nothing has to check it again: offsets ascend, indices are in range, no row has a column
/// twice, and names are distinct.
public struct LinearProgram: Sendable {
  /// Which end of the objective is looked for.
  public enum Direction: String, Sendable, CaseIterable {
    case minimize, maximize
  }

  /// The least and the greatest value of a row or a column; `nil` is infinite.
  public struct Bounds: Sendable, Hashable {
    public var lower: Rational?
    public var upper: Rational?

    public init(lower: Rational?, upper: Rational?) {
      self.lower = lower
      self.upper = upper
    }

    /// No bounds at all.
    public static let free = Bounds(lower: nil, upper: nil)
    /// Zero or more.
    public static let nonNegative = Bounds(lower: .zero, upper: nil)

    /// Both sides at `value`.
    public static func equal(to value: Rational) -> Bounds {
      Bounds(lower: value, upper: value)
    }

    /// Whether no number lies between the sides.
    public var areCrossed: Bool {
      if let lower, let upper { lower > upper } else { false }
    }

    /// Whether exactly one number lies between the sides.
    public var areEqual: Bool { lower != nil && lower == upper }

    /// Whether `value` lies between the sides.
    public func contains(_ value: Rational) -> Bool {
      if let lower, value < lower { return false }
      if let upper, value > upper { return false }
      return true
    }
  }

  /// A title without meaning; may be empty.
  public let name: String
  public let direction: Direction
  /// `c₀`, which is part of the objective's value.
  public let objectiveConstant: Rational

  public let columnNames: [String]
  public let columnBounds: [Bounds]
  /// `c`: one entry a column.
  public let objective: [Rational]

  public let rowNames: [String]
  public let rowBounds: [Bounds]

  /// The entries of row `i` stand at `rowOffsets[i]..<rowOffsets[i + 1]`.
  public let rowOffsets: [Int]
  /// The columns of the entries, within a row in the order in which they were added.
  public let columnIndices: [Int32]
  /// The entries' values, none of which is zero.
  public let coefficients: [Rational]

  private let columnPlaces: [String: Int32]
  private let rowPlaces: [String: Int32]

  init(
    name: String, direction: Direction, objectiveConstant: Rational, columns: ColumnList,
    rows: RowList
  ) {
    self.name = name
    self.direction = direction
    self.objectiveConstant = objectiveConstant
    columnNames = columns.names
    columnBounds = columns.bounds
    objective = columns.objective
    columnPlaces = columns.places
    rowNames = rows.names
    rowBounds = rows.bounds
    rowOffsets = rows.offsets
    columnIndices = rows.columnIndices
    coefficients = rows.coefficients
    rowPlaces = rows.places
  }

  public var rowCount: Int { rowNames.count }
  public var columnCount: Int { columnNames.count }
  /// How many coefficients of the matrix are not zero.
  public var entryCount: Int { coefficients.count }

  /// The column of this name, or `nil` when there is none.
  public func column(named name: String) -> Int? { columnPlaces[name].map(Int.init) }

  /// The row of this name, or `nil` when there is none.
  public func row(named name: String) -> Int? { rowPlaces[name].map(Int.init) }

  /// The places of a row's entries in ``columnIndices`` and ``coefficients``.
  public func entries(ofRow row: Int) -> Range<Int> { rowOffsets[row]..<rowOffsets[row + 1] }
}

extension LinearProgram {
  /// `a_i·x`: the value of a row at a point.
  ///
  /// - Parameter point: one entry a column.
  public func activity(ofRow row: Int, at point: [Rational]) -> Rational {
    precondition(point.count == columnCount, "one entry a column")
    var sum = RationalAccumulator()
    for entry in entries(ofRow: row) {
      let value = point[Int(columnIndices[entry])]
      if !value.isZero { sum.add(value, times: coefficients[entry]) }
    }
    return sum.value
  }

  /// `c·x + c₀`: the objective at a point, with its constant.
  ///
  /// - Parameter point: one entry a column.
  public func objectiveValue(at point: [Rational]) -> Rational {
    precondition(point.count == columnCount, "one entry a column")
    var sum = RationalAccumulator()
    sum.add(objectiveConstant)
    for (value, cost) in zip(point, objective) where !value.isZero && !cost.isZero {
      sum.add(value, times: cost)
    }
    return sum.value
  }
}

extension LinearProgram: Equatable {
  /// Whether the two have the same title, names, order, bounds and numbers.
  public static func == (left: LinearProgram, right: LinearProgram) -> Bool {
    left.name == right.name && left.hasSameContent(as: right)
  }

  /// Whether the two differ in their titles at most, and in the order of the entries of a row.
  public func hasSameContent(as other: LinearProgram) -> Bool {
    direction == other.direction && objectiveConstant == other.objectiveConstant
      && columnNames == other.columnNames && columnBounds == other.columnBounds
      && objective == other.objective && rowNames == other.rowNames
      && rowBounds == other.rowBounds && rowOffsets == other.rowOffsets
      && ColumnMajorEntries(of: self) == ColumnMajorEntries(of: other)
  }
}
