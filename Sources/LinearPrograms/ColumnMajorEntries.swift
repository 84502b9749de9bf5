import ExactArithmetic

/// The entries of a linear program's matrix by columns.
///
/// The entries of column `j` stand at `offsets[j]..<offsets[j + 1]`, with ascending rows.
public struct ColumnMajorEntries: Sendable, Equatable {
  public let offsets: [Int]
  public let rowIndices: [Int32]
  public let coefficients: [Rational]

  /// The entries of `program`, sorted by counting.
  ///
  /// - Complexity: O(rows + columns + entries).
  public init(of program: LinearProgram) {
    var offsets = [Int](repeating: 0, count: program.columnCount + 1)
    for column in program.columnIndices { offsets[Int(column) + 1] += 1 }
    for column in 0..<program.columnCount { offsets[column + 1] += offsets[column] }
    var next = offsets
    var rows = [Int32](repeating: 0, count: program.entryCount)
    var values = [Rational](repeating: .zero, count: program.entryCount)
    for row in 0..<program.rowCount {
      for entry in program.entries(ofRow: row) {
        let column = Int(program.columnIndices[entry])
        rows[next[column]] = Int32(row)
        values[next[column]] = program.coefficients[entry]
        next[column] += 1
      }
    }
    self.offsets = offsets
    rowIndices = rows
    coefficients = values
  }

  /// The places of a column's entries.
  public func entries(ofColumn column: Int) -> Range<Int> {
    offsets[column]..<offsets[column + 1]
  }
}

extension LinearProgram {
  /// The matrix by columns.
  public var columnMajorEntries: ColumnMajorEntries { ColumnMajorEntries(of: self) }
}
