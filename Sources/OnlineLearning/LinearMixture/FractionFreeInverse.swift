import ExactArithmetic

/// Determinant, adjugate and solution of a positive definite integer system, without fractions.
///
/// Gauss–Jordan elimination in Bareiss' form: every intermediate number is a minor of the matrix,
/// so that all divisions come out exactly. Leading minors are positive, so no row is exchanged.
///
/// - Complexity: O(d³) operations on integers as long as the determinant.
struct FractionFreeInverse {
  let determinant: Integer
  /// `det A · A^{-1}`.
  let adjugate: [[Integer]]
  /// `det A · A^{-1} b`.
  let scaledSolution: [Integer]

  /// - Precondition: `matrix` is symmetric and positive definite, with one entry of `right` a row.
  init(_ matrix: [[Integer]], right: [Integer]) {
    let size = matrix.count
    var rows = matrix.indices.map { row in
      matrix[row] + (0..<size).map { $0 == row ? 1 : 0 } + [right[row]]
    }
    var previous = Integer.one
    for pivot in 0..<size {
      let own = rows[pivot]
      for row in 0..<size where row != pivot {
        let factor = rows[row][pivot]
        for column in own.indices {
          rows[row][column] = (own[pivot] * rows[row][column] - factor * own[column])
            .exactlyDivided(by: previous)
        }
      }
      previous = own[pivot]
    }
    determinant = previous
    adjugate = rows.map { Array($0[size..<(2 * size)]) }
    scaledSolution = rows.map { $0[2 * size] }
  }
}
