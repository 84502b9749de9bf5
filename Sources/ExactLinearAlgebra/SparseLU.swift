// What is here: sparse triangular factors of a diagonally dominant M-matrix in doubles.
// The pivots are sums of non-negative numbers (Grassmann, Taksar and Heyman 1985), so that no
// cancellation occurs however close the discount is to 1.

/// `A = L U` in doubles, for use as a guide.
package final class SparseLU {
  private let size: Int
  private let pattern: EliminationOrder
  private var lower: ContiguousArray<Double>
  private var upper: ContiguousArray<Double>
  private var inversePivots: ContiguousArray<Double>
  private let scratch: UnsafeMutablePointer<Double>

  /// The number of multiplications of one solve, roughly.
  var cost: Int { pattern.fill + size }

  /// Why there are no factors.
  enum Failure: Error {
    case tooMuchFill
    /// Some chain stays longer in its states than a double can say.
    case overflow
  }

  /// - Parameters:
  ///   - fillLimit: the most entries that the factors may have.
  ///   - effort: the most steps to look for an order.
  init(
    _ matrix: SparseIntegerMatrix, rowSums: ContiguousArray<Int64>, fillLimit: Int, effort: Int
  ) throws(Failure) {
    guard let pattern = EliminationOrder(matrix, limit: fillLimit, effort: effort) else {
      throw .tooMuchFill
    }
    self.pattern = pattern
    size = matrix.size
    lower = ContiguousArray(repeating: 0, count: pattern.lower.count)
    upper = ContiguousArray(repeating: 0, count: pattern.upper.count)
    inversePivots = ContiguousArray(repeating: 0, count: size)
    scratch = .allocate(capacity: max(1, size))
    factor(matrix, rowSums)
    guard inversePivots.allSatisfy({ $0.isFinite }) else { throw .overflow }
  }

  /// The factors of a regular M-matrix without negative row sums.
  ///
  /// - Returns: `nil` when a row sum is negative or too long, the factors would have more than
  ///   `fillLimit` entries, or a double overflowed.
  package convenience init?(dominant matrix: SparseIntegerMatrix, fillLimit: Int) {
    var sums = ContiguousArray<Int64>()
    for row in 0..<matrix.size {
      guard let sum = matrix.rowSum(row), sum >= 0 else { return nil }
      sums.append(sum)
    }
    do {
      try self.init(matrix, rowSums: sums, fillLimit: fillLimit, effort: 50 * fillLimit)
    } catch {
      return nil
    }
  }

  deinit {
    scratch.deallocate()
  }

  /// The solution of `A x = b`, nearly.
  package func solution(_ rightSide: ContiguousArray<Double>) -> ContiguousArray<Double> {
    var result = rightSide
    rightSide.withUnsafeBufferPointer { right in
      result.withUnsafeMutableBufferPointer { target in
        if let from = right.baseAddress, let to = target.baseAddress { solve(from, into: to) }
      }
    }
    return result
  }

  private func factor(_ matrix: SparseIntegerMatrix, _ rowSums: ContiguousArray<Int64>) {
    var position = ContiguousArray<Int>(repeating: 0, count: size)
    for (place, row) in pattern.order.enumerated() { position[Int(row)] = place }
    // What is missing in a row to the sum 0: only ever added to.
    var excess = ContiguousArray<Double>(repeating: 0, count: size)
    let work = scratch
    for i in 0..<size { work[i] = 0 }
    for i in 0..<size {
      let row = Int(pattern.order[i])
      excess[i] = Double(rowSums[row])
      for k in matrix.range(of: row) {
        work[position[Int(matrix.columns[k])]] = Double(matrix.entries[k])
      }
      for p in pattern.lowerOffsets[i]..<pattern.lowerOffsets[i + 1] {
        let k = Int(pattern.lower[p])
        let factor = work[k] * inversePivots[k]  // not positive
        lower[p] = factor
        work[k] = 0
        excess[i] -= factor * excess[k]
        for q in pattern.upperOffsets[k]..<pattern.upperOffsets[k + 1] {
          work[Int(pattern.upper[q])] -= factor * upper[q]
        }
      }
      work[i] = 0  // the diagonal follows from the excess
      var pivot = excess[i]
      for q in pattern.upperOffsets[i]..<pattern.upperOffsets[i + 1] {
        let j = Int(pattern.upper[q])
        upper[q] = work[j]
        pivot -= work[j]
        work[j] = 0
      }
      inversePivots[i] = 1 / pivot
    }
  }

  func solve(
    _ rightSide: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>
  ) {
    let y = scratch
    pattern.lower.withUnsafeBufferPointer { columns in
      lower.withUnsafeBufferPointer { values in
        for i in 0..<size {
          var sum = rightSide[Int(pattern.order[i])]
          for p in pattern.lowerOffsets[i]..<pattern.lowerOffsets[i + 1] {
            sum -= values[p] * y[Int(columns[p])]
          }
          y[i] = sum
        }
      }
    }
    pattern.upper.withUnsafeBufferPointer { columns in
      upper.withUnsafeBufferPointer { values in
        for i in stride(from: size - 1, through: 0, by: -1) {
          var sum = y[i]
          for q in pattern.upperOffsets[i]..<pattern.upperOffsets[i + 1] {
            sum -= values[q] * y[Int(columns[q])]
          }
          y[i] = sum * inversePivots[i]
          solution[Int(pattern.order[i])] = y[i]
        }
      }
    }
  }
}
