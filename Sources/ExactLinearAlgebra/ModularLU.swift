/// Sparse triangular factors of an integer matrix modulo a prime, pivots on the diagonal.
final class ModularLU {
  private let field: PrimeField
  private let size: Int
  private let pattern: EliminationOrder
  private var lower: ContiguousArray<UInt64>
  private var upper: ContiguousArray<UInt64>
  private var inversePivots: ContiguousArray<UInt64>
  private var work: ContiguousArray<UInt64>

  /// - Returns: `nil` when a pivot vanishes modulo the prime: try another one.
  init?(_ matrix: SparseIntegerMatrix, pattern: EliminationOrder, field: PrimeField) {
    self.field = field
    self.pattern = pattern
    size = matrix.size
    lower = ContiguousArray(repeating: 0, count: pattern.lower.count)
    upper = ContiguousArray(repeating: 0, count: pattern.upper.count)
    inversePivots = ContiguousArray(repeating: 0, count: size)
    work = ContiguousArray(repeating: 0, count: size)
    guard factor(matrix) else { return nil }
  }

  private func factor(_ matrix: SparseIntegerMatrix) -> Bool {
    var position = ContiguousArray<Int>(repeating: 0, count: size)
    for (place, row) in pattern.order.enumerated() { position[Int(row)] = place }
    for i in 0..<size {
      let row = Int(pattern.order[i])
      work[i] = field.encode(matrix.diagonal[row])
      for k in matrix.range(of: row) {
        work[position[Int(matrix.columns[k])]] = field.encode(matrix.entries[k])
      }
      eliminate(i)
      guard work[i] != 0 else { return false }
      inversePivots[i] = field.invert(work[i])
      work[i] = 0
      for q in pattern.upperOffsets[i]..<pattern.upperOffsets[i + 1] {
        let j = Int(pattern.upper[q])
        upper[q] = work[j]
        work[j] = 0
      }
    }
    return true
  }

  private func eliminate(_ i: Int) {
    for p in pattern.lowerOffsets[i]..<pattern.lowerOffsets[i + 1] {
      let k = Int(pattern.lower[p])
      let factor = field.multiply(work[k], inversePivots[k])
      lower[p] = factor
      work[k] = 0
      guard factor != 0 else { continue }
      for q in pattern.upperOffsets[k]..<pattern.upperOffsets[k + 1] {
        let j = Int(pattern.upper[q])
        work[j] = field.subtract(work[j], field.multiply(factor, upper[q]))
      }
    }
  }

  /// Solves modulo the prime; `vector` holds residues in Montgomery form, and the solution after.
  func solve(_ vector: inout ContiguousArray<UInt64>) {
    for i in 0..<size {
      var sum = vector[Int(pattern.order[i])]
      for p in pattern.lowerOffsets[i]..<pattern.lowerOffsets[i + 1] {
        sum = field.subtract(sum, field.multiply(lower[p], work[Int(pattern.lower[p])]))
      }
      work[i] = sum
    }
    for i in stride(from: size - 1, through: 0, by: -1) {
      var sum = work[i]
      for q in pattern.upperOffsets[i]..<pattern.upperOffsets[i + 1] {
        sum = field.subtract(sum, field.multiply(upper[q], work[Int(pattern.upper[q])]))
      }
      work[i] = field.multiply(sum, inversePivots[i])
    }
    for i in 0..<size {
      vector[Int(pattern.order[i])] = work[i]
      work[i] = 0
    }
  }
}
