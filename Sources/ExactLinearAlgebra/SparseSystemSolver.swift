import ExactArithmetic

/// A system that no method here could solve: singular, or too large a fill for exact factors.
package struct Unsolvable: Error {
  package init() {}
}

/// Which way to the exact solution.
package enum SystemMethod: Sendable {
  /// The first of the others that applies, tried in the order that is usually fastest.
  case automatic
  /// Exact residuals and corrections in doubles; M-matrices only.
  case refinement
  /// p-adic lifting.
  case lifting
  /// Elimination over the rationals.
  case elimination
}

extension SparseSystem {
  /// The exact solution, verified in every row before it is returned.
  ///
  /// - Parameters:
  ///   - method: `automatic` unless two methods are to be compared.
  ///   - components: for each row the number of its strongly connected component, dependencies
  ///     first; they make the solution faster and change no result.
  ///   - dominance: of the system's matrix, if it is known.
  /// - Throws: ``Interrupted``, ``Unsolvable``.
  /// - Complexity: for `n` rows of bounded length with a `B`-bit answer, O(n B) word operations
  ///   for the digits and O(n M(B)) for the numerators.
  package func solved(
    method: SystemMethod = .automatic, components: ContiguousArray<Int32>? = nil,
    dominance known: MatrixDominance? = nil, progress: ProgressHandler = .none
  ) throws -> RationalVector {
    if method == .elimination || (method == .automatic && size <= 6) {
      guard let solution = eliminated() else { throw Unsolvable() }
      return solution
    }
    if method != .lifting,
      let dominance = known?.forManyRounds
        ?? MatrixDominance(
          matrix, components: components, expectedRounds: mMatrixDenominatorBits(matrix) / 20)
    {
      let refinement = RefinementSolver(
        system: self, dominance: dominance, components: components, progress: progress)
      if let solution = try refinement.solve() { return solution }
    }
    if method != .refinement, let solution = try lifted(progress) { return solution }
    // Small systems are never given up, whatever zero pivots stopped the lifting.
    if method == .automatic, size <= 200, let solution = eliminated() { return solution }
    throw Unsolvable()
  }

  /// The solution by lifting, with long coefficients cut into limbs first.
  private func lifted(_ progress: ProgressHandler) throws(Interrupted) -> RationalVector? {
    guard matrix.largestEntry >= DixonSolver.entryLimit else {
      return try DixonSolver(system: self, progress: progress).solve()
    }
    let rows = (0..<size).map { row in
      WideRow(
        diagonal: Integer(matrix.diagonal[row]),
        entries: matrix.range(of: row).map {
          (matrix.columns[$0], Integer(matrix.entries[$0]))
        },
        rightSide: rightSide[row])
    }
    let wide = SparseSystem(wideRows: rows)
    let solution = try DixonSolver(system: wide, progress: progress).solve()?.prefix(size)
    guard case .common(let denominator, let numerators)? = solution?.form else { return nil }
    return RationalVector(numerators: numerators, denominator: denominator * scale)
  }

  private func eliminated() -> RationalVector? {
    let rows = (0..<size).map { row in
      var dense = [Rational](repeating: 0, count: size)
      dense[row] = Rational(Integer(matrix.diagonal[row]))
      for k in matrix.range(of: row) {
        dense[Int(matrix.columns[k])] = Rational(Integer(matrix.entries[k]))
      }
      return dense
    }
    let right = rightSide.map { Rational($0, scale) }
    return solvedByElimination(rows: rows, rightSide: right).map { RationalVector($0) }
  }
}
