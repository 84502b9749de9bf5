import ExactArithmetic

/// Elimination over the rationals, for positive definite matrices: the slow reference.
enum Elimination {
  /// Elimination without exchanges, as the matrix is positive definite.
  private static func reduced(_ rows: [[Rational]]) -> [[Rational]] {
    var rows = rows
    for pivot in rows.indices {
      for row in rows.indices where row > pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        rows[row] = zip(rows[row], rows[pivot]).map { $0 - factor * $1 }
      }
    }
    return rows
  }

  static func determinant(_ matrix: [[Rational]]) -> Rational {
    let rows = reduced(matrix)
    return rows.indices.reduce(1) { $0 * rows[$1][$1] }
  }

  static func solve(_ matrix: [[Rational]], _ right: [Rational]) -> [Rational] {
    let size = matrix.count
    let rows = reduced(matrix.indices.map { matrix[$0] + [right[$0]] })
    var solution = [Rational](repeating: 0, count: size)
    for row in (0..<size).reversed() {
      let rest = ((row + 1)..<size).reduce(rows[row][size]) { $0 - rows[row][$1] * solution[$1] }
      solution[row] = rest / rows[row][row]
    }
    return solution
  }
}
