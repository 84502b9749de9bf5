// What is here: solving A x = r in doubles, strongly connected component by component.
// Notation: A is a regular M-matrix without negative row sums; a row at place p has the entries
// diagonal and -weights; e the row sums within a block.
// Source: proofs-notes/refinement-convergence.md. A component is solved after those that it
// depends on, by sweeps or by triangular factors, whichever costs less.

/// Solves block by block; the method of each block is chosen when it is made.
///
/// Nothing that it returns is trusted: the residual is computed exactly afterwards.
final class BlockSolver {
  private let rows: SweepRows
  private let blocks: [Block]

  private struct Block {
    let places: Range<Int>
    let method: Method
  }

  private enum Method {
    /// One row: a division.
    case single
    case sweeps(BlockSweeps)
    case factors(SparseLU)
  }

  /// - Parameters:
  ///   - components: as in ``BlockOrder``.
  ///   - tolerance: the change of a sweep, relative to the solution, at which sweeps end.
  ///   - expectedRounds: how many solves are to come, roughly.
  /// - Returns: `nil` when some block can be solved in neither way.
  init?(
    _ matrix: SparseIntegerMatrix, components: ContiguousArray<Int32>?, tolerance: Double,
    expectedRounds: Int
  ) {
    let order = BlockOrder(size: matrix.size, components: components)
    let rows = SweepRows(matrix, order.order)
    var blocks: [Block] = []
    blocks.reserveCapacity(order.blocks.count)
    for places in order.blocks {
      if places.count == 1 {
        blocks.append(Block(places: places, method: .single))
        continue
      }
      guard
        let method = Self.method(
          for: places, rows, matrix, order.order, tolerance, expectedRounds)
      else { return nil }
      blocks.append(Block(places: places, method: method))
    }
    self.rows = rows
    self.blocks = blocks
  }

  private static func method(
    for places: Range<Int>, _ rows: SweepRows, _ matrix: SparseIntegerMatrix,
    _ order: ContiguousArray<Int32>, _ tolerance: Double, _ expectedRounds: Int
  ) -> Method? {
    let local = localMatrix(places, matrix, order)
    guard let sums = local.weakRowSums else { return nil }
    do {
      return try method(for: places, local, sums, rows, tolerance, expectedRounds)
    } catch {
      // Sweeps would take longer still than the chain.
      return nil
    }
  }

  /// - Throws: when the factors overflow.
  private static func method(
    for places: Range<Int>, _ local: SparseIntegerMatrix, _ sums: ContiguousArray<Int64>,
    _ rows: SweepRows, _ tolerance: Double, _ expectedRounds: Int
  ) throws(SparseLU.Failure) -> Method? {
    func factors(_ fill: Int, _ effort: Int) throws(SparseLU.Failure) -> Method? {
      do throws(SparseLU.Failure) {
        return .factors(try SparseLU(local, rowSums: sums, fillLimit: fill, effort: effort))
      } catch {
        guard case .overflow = error else { return nil }
        throw error
      }
    }
    if places.count <= 64, let small = try factors(places.count * places.count, Int.max) {
      return small
    }
    // Chains and grids have little fill and need many sweeps.
    if local.isElongated,
      let sparse = try factors(100 * places.count, 3_000 * places.count)
    {
      return sparse
    }
    guard let sweeps = BlockSweeps(places, rows, sums, tolerance: tolerance, limit: 400) else {
      return try factors(200_000_000, 20_000_000_000)
        ?? BlockSweeps(places, rows, sums, tolerance: tolerance, limit: 100_000).map(Method.sweeps)
    }
    // A tenth of the time of all sweeps may go into the search for something better.
    let cost = sweeps.count * rows.entries(in: places)
    return try factors(cost / 2, cost / 10 * expectedRounds) ?? .sweeps(sweeps)
  }

  func solve(
    _ rightSide: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>
  ) {
    rows.load(rightSide)
    for block in blocks {
      switch block.method {
      case .single: rows.relax(block.places.lowerBound)
      case .sweeps(let sweeps): sweeps.run(rows)
      case .factors(let factors):
        rows.moveEarlierBlocks(to: block.places)
        factors.solve(
          UnsafePointer(rows.right + block.places.lowerBound),
          into: rows.x + block.places.lowerBound)
      }
    }
    rows.store(solution)
  }

  /// Asks for more sweeps from now on, by this factor.
  func work(harder factor: Double) {
    for block in blocks {
      if case .sweeps(let sweeps) = block.method { sweeps.work(harder: factor) }
    }
  }
}

/// The block's rows and columns alone, by place within the block.
private func localMatrix(
  _ places: Range<Int>, _ matrix: SparseIntegerMatrix, _ order: ContiguousArray<Int32>
) -> SparseIntegerMatrix {
  if places.count == matrix.size { return matrix.permuted(by: order) }
  var position: [Int32: Int32] = [:]
  position.reserveCapacity(places.count)
  for (local, place) in places.enumerated() { position[order[place]] = Int32(local) }
  var local = SparseIntegerMatrix()
  for place in places {
    let row = Int(order[place])
    for k in matrix.range(of: row) {
      if let column = position[matrix.columns[k]] {
        local.append(column: column, entry: matrix.entries[k])
      }
    }
    local.endRow(diagonal: matrix.diagonal[row])
  }
  return local
}

extension SparseIntegerMatrix {
  /// Whether rows lie far from each other, as in chains and grids and unlike in random graphs:
  /// a breadth-first search from the first row has many more levels than a logarithm.
  fileprivate var isElongated: Bool {
    var isSeen = ContiguousArray<Bool>(repeating: false, count: size)
    var level: [Int32] = [0]
    isSeen[0] = true
    var depth = 0
    while !level.isEmpty {
      depth += 1
      var next: [Int32] = []
      for row in level {
        for k in range(of: Int(row)) where !isSeen[Int(columns[k])] {
          isSeen[Int(columns[k])] = true
          next.append(columns[k])
        }
      }
      level = next
    }
    return depth > 4 * (size.bitWidth - size.leadingZeroBitCount)
  }

  fileprivate func permuted(by order: ContiguousArray<Int32>) -> SparseIntegerMatrix {
    if order.indices.allSatisfy({ order[$0] == Int32($0) }) { return self }
    var position = ContiguousArray<Int32>(repeating: 0, count: size)
    for (place, row) in order.enumerated() { position[Int(row)] = Int32(place) }
    var result = SparseIntegerMatrix()
    result.reserve(rows: size, entries: columns.count)
    for row in order {
      for k in range(of: Int(row)) {
        result.append(column: position[Int(columns[k])], entry: entries[k])
      }
      result.endRow(diagonal: diagonal[Int(row)])
    }
    return result
  }
}
