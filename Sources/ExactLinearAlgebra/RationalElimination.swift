import ExactArithmetic

/// The solution of a square system by elimination over the rationals, with row exchanges.
///
/// The plain method that the others are tested against, and the quickest for a few unknowns.
///
/// - Parameters:
///   - rows: one dense row of coefficients an equation.
///   - rightSide: one number an equation.
/// - Returns: `nil` when the matrix is singular.
/// - Complexity: O(n³) operations on numbers that grow to the size of minors.
package func solvedByElimination(rows: [[Rational]], rightSide: [Rational]) -> [Rational]? {
  var rows = rows
  var right = rightSide
  let size = rows.count
  for pivot in 0..<size {
    guard let place = (pivot..<size).first(where: { !rows[$0][pivot].isZero }) else { return nil }
    rows.swapAt(pivot, place)
    right.swapAt(pivot, place)
    for row in pivot + 1..<size where !rows[row][pivot].isZero {
      let factor = rows[row][pivot] / rows[pivot][pivot]
      for column in pivot..<size where !rows[pivot][column].isZero {
        rows[row][column] -= factor * rows[pivot][column]
      }
      right[row] -= factor * right[pivot]
    }
  }
  var solution = [Rational](repeating: 0, count: size)
  for row in stride(from: size - 1, through: 0, by: -1) {
    var sum = right[row]
    for column in row + 1..<size where !rows[row][column].isZero {
      sum -= rows[row][column] * solution[column]
    }
    solution[row] = sum / rows[row][row]
  }
  return solution
}
