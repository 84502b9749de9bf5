// What is here: positive vectors that bound the inverse of an M-matrix.
// Notation: A has no positive entry off the diagonal; w > 0 integers with e = A w > 0. Then A is
//   regular, A⁻¹ ≥ 0, and |A⁻¹ r| ≤ w max |r_s| / e_s. With discount w = 1 does; without one, w is
//   about the number of steps until the states of the system are left.
// Source: A. Berman and R. J. Plemmons, *Nonnegative Matrices in the Mathematical Sciences*, 1979,
//   theorem 6.2.3 (I27); proofs-notes/refinement-convergence.md.

import ExactArithmetic

/// A proof that a matrix is a regular M-matrix, with a bound on its inverse.
package struct MatrixDominance {
  /// `w`; `nil` where all are 1.
  let weights: ContiguousArray<Int64>?
  /// `e = A w`, all positive.
  let sums: ContiguousArray<Int64>
  /// The solver in doubles that found ``weights``.
  let solver: BlockSolver?

  /// `w` at row `row`.
  package func weight(_ row: Int) -> Int64 { weights?[row] ?? 1 }

  package var largestWeight: Int64 { weights?.max() ?? 1 }

  /// Itself, unless more rounds would be worth a search for a faster solver.
  var forManyRounds: MatrixDominance? { solver?.isDirect == true ? self : nil }

  init(sums: ContiguousArray<Int64>) {
    weights = nil
    self.sums = sums
    solver = nil
  }

  private init(
    weights: ContiguousArray<Int64>, sums: ContiguousArray<Int64>, solver: BlockSolver
  ) {
    self.weights = weights
    self.sums = sums
    self.solver = solver
  }
}

extension MatrixDominance {
  /// Finds weights; `nil` where entries off the diagonal or row sums have the wrong sign, or where
  /// doubles do not find any.
  ///
  /// - Parameters:
  ///   - components: for each row the number of its strongly connected component, dependencies
  ///     first; `nil` for a single block.
  ///   - expectedRounds: as for ``DigitRefinement``.
  package init?(
    _ matrix: SparseIntegerMatrix, components: ContiguousArray<Int32>?, expectedRounds: Int
  ) {
    guard let rowSums = matrix.weakRowSums else { return nil }
    if rowSums.allSatisfy({ $0 > 0 }) {
      self.init(sums: rowSums)
      return
    }
    guard matrix.diagonal.allSatisfy({ $0 > 0 }),
      let solver = BlockSolver(
        matrix, components: components, tolerance: 0x1p-42, expectedRounds: expectedRounds),
      let weights = Self.weights(of: matrix, solver),
      let sums = matrix.product(weights), sums.allSatisfy({ $0 > 0 })
    else { return nil }
    self.init(weights: weights, sums: sums, solver: solver)
  }

  /// Four times the solution of `A w = diagonal`, rounded up: the factor outweighs the rounding.
  private static func weights(
    of matrix: SparseIntegerMatrix, _ solver: BlockSolver
  ) -> ContiguousArray<Int64>? {
    let size = matrix.size
    let right = UnsafeMutablePointer<Double>.allocate(capacity: max(1, size))
    let solution = UnsafeMutablePointer<Double>.allocate(capacity: max(1, size))
    defer {
      right.deallocate()
      solution.deallocate()
    }
    for row in 0..<size { right[row] = Double(matrix.diagonal[row]) }
    solver.solve(right, into: solution)
    var weights = ContiguousArray<Int64>()
    weights.reserveCapacity(size)
    for row in 0..<size {
      let weight = (4 * solution[row]).rounded(.up)
      guard weight >= 1, weight < 0x1p40 else { return nil }
      weights.append(Int64(weight))
    }
    return weights
  }
}

extension SparseIntegerMatrix {
  /// The row sums, if entries off the diagonal are not positive and no row sum is negative.
  var weakRowSums: ContiguousArray<Int64>? {
    guard entries.allSatisfy({ $0 <= 0 }) else { return nil }
    var sums = ContiguousArray<Int64>()
    sums.reserveCapacity(size)
    for row in 0..<size {
      guard let sum = rowSum(row), sum >= 0 else { return nil }
      sums.append(sum)
    }
    return sums
  }

  /// `A w`, or `nil` when an entry passes a word.
  fileprivate func product(_ vector: ContiguousArray<Int64>) -> ContiguousArray<Int64>? {
    var product = ContiguousArray<Int64>()
    product.reserveCapacity(size)
    for row in 0..<size {
      var sum = Int128(diagonal[row]) * Int128(vector[row])
      for k in range(of: row) { sum += Int128(entries[k]) * Int128(vector[Int(columns[k])]) }
      guard let word = Int64(exactly: sum) else { return nil }
      product.append(word)
    }
    return product
  }
}
