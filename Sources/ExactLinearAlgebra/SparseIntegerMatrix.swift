import ExactArithmetic

/// A square sparse matrix with word-sized integer entries, row by row.
///
/// The diagonal is kept apart, since every method here pivots on it or divides by it.
package struct SparseIntegerMatrix: Sendable {
  /// `offsets[i]..<offsets[i + 1]` are the entries of row `i` off the diagonal.
  package private(set) var offsets: ContiguousArray<Int32> = [0]
  package private(set) var columns: ContiguousArray<Int32> = []
  package private(set) var entries: ContiguousArray<Int64> = []
  package private(set) var diagonal: ContiguousArray<Int64> = []

  package init() {}

  /// The number of rows.
  package var size: Int { diagonal.count }

  package mutating func reserve(rows: Int, entries count: Int) {
    offsets.reserveCapacity(rows + 1)
    diagonal.reserveCapacity(rows)
    columns.reserveCapacity(count)
    entries.reserveCapacity(count)
  }

  /// Adds an entry off the diagonal to the row at hand; a column at most once a row.
  package mutating func append(column: Int32, entry: Int64) {
    columns.append(column)
    entries.append(entry)
  }

  /// Ends the row at hand.
  package mutating func endRow(diagonal entry: Int64) {
    diagonal.append(entry)
    offsets.append(Int32(columns.count))
  }

  /// The entries of row `row` off the diagonal.
  @inline(__always)
  package func range(of row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  /// The sum of row `row`, or `nil` when it passes a word.
  package func rowSum(_ row: Int) -> Int64? {
    var sum = diagonal[row]
    for k in range(of: row) {
      let (next, overflow) = sum.addingReportingOverflow(entries[k])
      if overflow { return nil }
      sum = next
    }
    return sum
  }

  /// The largest absolute value of an entry.
  package var largestEntry: UInt64 {
    max(entries.lazy.map(\.magnitude).max() ?? 0, diagonal.lazy.map(\.magnitude).max() ?? 0)
  }
}

/// The linear system `A x = b / scale` with an integer matrix and an integer right side.
///
/// A system of rational rows is brought to this form by multiplying each row by its own common
/// denominator and the right side, on top, by one `scale`.
package struct SparseSystem: Sendable {
  package let matrix: SparseIntegerMatrix
  package let rightSide: [Integer]
  /// Positive.
  package let scale: Integer

  package init(matrix: SparseIntegerMatrix, rightSide: [Integer], scale: Integer) {
    precondition(rightSide.count == matrix.size && scale.signum > 0, "one right side a row")
    self.matrix = matrix
    self.rightSide = rightSide
    self.scale = scale
  }

  package var size: Int { matrix.size }

  /// Whether `vector` solves the system, exactly.
  ///
  /// - Complexity: one fused multiply-add an entry, each linear in the length of the numbers.
  package func isSolved(by vector: RationalVector) -> Bool {
    guard vector.count == size else { return false }
    guard case .common(let denominator, let numerators) = vector.form else {
      return isSolved(byEntries: vector.entries)
    }
    // A N scale = D b, row by row.
    var left = Accumulator()
    for row in 0..<size {
      left.reset()
      left.add(numerators[row], times: Int(matrix.diagonal[row]))
      for k in matrix.range(of: row) {
        left.add(numerators[Int(matrix.columns[k])], times: Int(matrix.entries[k]))
      }
      if scale != 1 { left.multiply(by: scale) }
      // Subtract D b.
      left.add(denominator, times: -rightSide[row])
      if !left.isZero { return false }
    }
    return true
  }

  private func isSolved(byEntries x: [Rational]) -> Bool {
    (0..<size).allSatisfy { row in
      var sum = x[row] * Rational(Integer(matrix.diagonal[row]))
      for k in matrix.range(of: row) {
        sum += x[Int(matrix.columns[k])] * Rational(Integer(matrix.entries[k]))
      }
      return sum * Rational(scale) == Rational(rightSide[row])
    }
  }
}
