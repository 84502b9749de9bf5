// What is here: systems with entries longer than a word, rewritten with words.
// A long coefficient is cut into limbs of 40 bits, w = Σ w_j 2^{40 j}, and w x becomes
// Σ w_j y_j with new unknowns y_0 = x and y_j = 2^40 y_{j-1}.

import ExactArithmetic

/// A row of a system with integer coefficients of any length.
package struct WideRow: Sendable {
  package var diagonal: Integer
  /// Columns off the diagonal, each at most once.
  package var entries: [(column: Int32, entry: Integer)]
  package var rightSide: Integer

  package init(
    diagonal: Integer, entries: [(column: Int32, entry: Integer)], rightSide: Integer
  ) {
    self.diagonal = diagonal
    self.entries = entries
    self.rightSide = rightSide
  }
}

extension SparseSystem {
  private static var limbBits: Int { 40 }

  /// The system of these rows. Its first `wideRows.count` unknowns are theirs; where coefficients
  /// are long, others follow, as many a column as the column has limbs beyond the first.
  package init(wideRows: [WideRow]) {
    let size = wideRows.count
    let limbBits = Self.limbBits
    var limbs = [Int](repeating: 1, count: size)
    for (index, row) in wideRows.enumerated() {
      limbs[index] = max(limbs[index], limbCount(row.diagonal, limbBits))
      for (column, entry) in row.entries {
        limbs[Int(column)] = max(limbs[Int(column)], limbCount(entry, limbBits))
      }
    }
    // Unknown j ≥ 1 of a column is at `start[column] + j - 1`.
    var start: [Int] = []
    var total = size
    for count in limbs {
      start.append(total)
      total += count - 1
    }
    var matrix = SparseIntegerMatrix()
    for (index, row) in wideRows.enumerated() {
      appendRow(row, index, start, limbBits, &matrix)
    }
    for column in 0..<size {
      for j in 1..<max(1, limbs[column]) {
        let previous = j == 1 ? column : start[column] + j - 2
        matrix.append(column: Int32(previous), entry: -(1 << Int64(limbBits)))
        matrix.endRow(diagonal: 1)
      }
    }
    let zeros = [Integer](repeating: 0, count: total - size)
    self.init(matrix: matrix, rightSide: wideRows.map(\.rightSide) + zeros, scale: 1)
  }
}

/// A diagonal limb may borrow one bit, so that it is never zero.
private func limbCount(_ value: Integer, _ limbBits: Int) -> Int {
  max(1, (value.bitLength + limbBits - 1) / limbBits)
}

private func appendRow(
  _ row: WideRow, _ index: Int, _ start: [Int], _ limbBits: Int,
  _ matrix: inout SparseIntegerMatrix
) {
  for (column, entry) in row.entries {
    appendLimbs(entry, Int(column), start, limbBits, from: 0, &matrix)
  }
  // The pivot of the row is the lowest limb of its diagonal: keep it from being zero.
  let base = Integer.one << limbBits
  let low = row.diagonal.modulo(powerOfTwo: limbBits)
  let pivot = low.isZero && row.diagonal.bitLength > limbBits ? base : low
  appendLimbs((row.diagonal - pivot) >> limbBits, index, start, limbBits, from: 1, &matrix)
  matrix.endRow(diagonal: Int64(pivot.word ?? 0))
}

/// Adds the limbs of a coefficient, those of a negative number with negative sign.
private func appendLimbs(
  _ value: Integer, _ column: Int, _ start: [Int], _ limbBits: Int, from first: Int,
  _ matrix: inout SparseIntegerMatrix
) {
  var rest = value.magnitude
  var j = first
  while !rest.isZero {
    let limb = Int64(rest.modulo(powerOfTwo: limbBits).word ?? 0)
    if limb != 0 {
      let place = j == 0 ? column : start[column] + j - 1
      matrix.append(column: Int32(place), entry: value.isNegative ? -limb : limb)
    }
    rest = rest >> limbBits
    j += 1
  }
}
