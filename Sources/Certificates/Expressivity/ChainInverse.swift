// What is here: the checker's own inverse of `I − γP` for a chain, exactly.
// Notation: A = diag(q) (I − γP) with integer entries; C = A⁻¹ modulo the prime p = 2⁶¹ − 1, dense;
// D = a common denominator of (I − γP)⁻¹. A column x of the inverse is guessed from its p-adic digits
// (Dixon 1982) and D x is verified against A with whole numbers: nothing is taken on trust.

import ExactArithmetic

/// `D (I − γP)⁻¹` in whole numbers.
struct ChainInverse {
  private(set) var denominator = Integer.one
  /// `columns[s][t]` over ``denominator``: the discounted visits of `s` in runs from `t`.
  private(set) var columns: [[Integer]] = []

  private let size: Int
  let scales: [Integer]
  let rows: [[(column: Int, value: Int)]]
  private var inverse: ContiguousArray<UInt64> = []
  private var extraBits: Int

  /// - Parameter rows: for each state its successors with `γ p`, each once.
  /// - Returns: `nil` when a number does not fit a word or the matrix is singular modulo p; then
  ///   another way has to do.
  init?(
    rows damped: [[(target: Int, weight: Rational)]], discount: Rational,
    checkpoint: () throws(CheckFailure) -> Void
  ) throws(CheckFailure) {
    size = damped.count
    var scales: [Integer] = []
    var rows: [[(column: Int, value: Int)]] = []
    for (state, row) in damped.enumerated() {
      let scale = row.reduce(Integer.one) { Integer.lcm($0, $1.weight.denominator) }
      var entries: [Int: Integer] = [state: scale]
      for (target, weight) in row {
        entries[target, default: 0] -=
          weight.numerator * scale.exactlyDivided(by: weight.denominator)
      }
      guard scale.bitLength < 31 else { return nil }
      scales.append(scale)
      rows.append(entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value.word ?? 0) })
    }
    self.scales = scales
    self.rows = rows
    extraBits = 48 + (1 / (1 - discount)).numerator.bitLength
    guard let inverse = try modularInverse(of: rows, checkpoint) else { return nil }
    self.inverse = inverse
    guard try findDenominator(checkpoint) else { return nil }
    var state = 0
    while state < size {
      try checkpoint()
      var unit = [Int](repeating: 0, count: size)
      unit[state] = scales[state].word ?? 1
      let (residues, modulus) = digits(of: unit, bits: denominator.bitLength + extraBits)
      if let column = numerators(residues, modulus), isSolution(column, of: unit) {
        columns.append(column)
        state += 1
        continue
      }
      // Some factor was missed: look for it with twice the digits, and begin again.
      let before = denominator
      guard extend(by: unit), denominator != before else { return nil }
      columns = []
      state = 0
    }
  }

  // MARK: - Denominators

  private mutating func findDenominator(
    _ checkpoint: () throws(CheckFailure) -> Void
  ) throws(CheckFailure) -> Bool {
    var random = SplitMix64(seed: 0xC4A1)
    for _ in 0..<4 {
      try checkpoint()
      let right = (0..<size).map { _ in Int(random.next() % 4096) }
      guard extend(by: right) else { return false }
    }
    return true
  }

  /// Makes the denominator a multiple of that of the solution for a right side.
  private mutating func extend(by right: [Int]) -> Bool {
    let bound = rows.indices.reduce(64 + extraBits) { $0 + scales[$1].bitLength + 1 }
    var bits = max(256, 2 * denominator.bitLength + 128)
    while bits < 4 * bound + 512 {
      let (residues, modulus) = digits(of: right, bits: bits)
      var trial = denominator
      var isSettled = true
      for residue in residues {
        let numerator = (trial * residue).centredRemainder(modulus)
        if numerator.bitLength + trial.bitLength + 32 < bits { continue }
        let factor = reconstructedDenominator(
          (trial * residue).floorRemainder(modulus), modulus)
        trial *= factor
        if trial.bitLength + 64 + extraBits > bits / 2 {
          isSettled = false
          break
        }
      }
      if isSettled {
        denominator = trial
        return true
      }
      bits *= 2
    }
    return false
  }

  private func numerators(_ residues: [Integer], _ modulus: Integer) -> [Integer]? {
    let limit = modulus.bitLength - 12
    var found: [Integer] = []
    found.reserveCapacity(size)
    for residue in residues {
      let numerator = (denominator * residue).centredRemainder(modulus)
      guard numerator.bitLength < limit else { return nil }
      found.append(numerator)
    }
    return found
  }

  /// Whether `A column = D right`, exactly.
  private func isSolution(_ column: [Integer], of right: [Int]) -> Bool {
    var sum = Accumulator()
    for (state, row) in rows.enumerated() {
      sum.reset()
      for entry in row { sum.add(column[entry.column], times: entry.value) }
      sum.add(denominator, times: -right[state])
      if !sum.isZero { return false }
    }
    return true
  }

  // MARK: - Digits

  /// The solution modulo the least power of p with so many bits.
  private func digits(of right: [Int], bits: Int) -> (residues: [Integer], modulus: Integer) {
    let count = bits / 60 + 1
    var residual = right
    var sums = [[UInt64]](repeating: [], count: size)
    for _ in 0..<count {
      let digit = product(residual.map(Mersenne.residue))
      for place in 0..<size { sums[place].append(digit[place]) }
      for (state, row) in rows.enumerated() {
        var sum = Int128(residual[state])
        for entry in row { sum -= Int128(entry.value) * Int128(digit[entry.column]) }
        residual[state] = Int(sum / Int128(Mersenne.prime))
      }
    }
    let prime = Integer(Mersenne.prime)
    var accumulator = Accumulator()
    let residues = sums.map { digits in
      accumulator.reset()
      for digit in digits.reversed() {
        accumulator.multiply(by: prime)
        accumulator.add(Integer(digit))
      }
      return accumulator.value
    }
    return (residues, prime.power(UInt(count)))
  }

  private func product(_ vector: [UInt64]) -> [UInt64] {
    inverse.withUnsafeBufferPointer { inverse in
      vector.withUnsafeBufferPointer { vector in
        (0..<size).map { row in
          var sum: UInt128 = 0
          let start = row * size
          for k in 0..<size {
            sum &+=
              UInt128(truncatingIfNeeded: inverse[start + k])
              &* UInt128(truncatingIfNeeded: vector[k])
            if k & 31 == 31 { sum = UInt128(Mersenne.reduced(sum)) }
          }
          return Mersenne.reduced(sum)
        }
      }
    }
  }
}

/// The inverse modulo p of a sparse matrix, row by row; `nil` when it is singular there.
///
/// - Complexity: cubic, in word operations.
private func modularInverse(
  of rows: [[(column: Int, value: Int)]], _ checkpoint: () throws(CheckFailure) -> Void
) throws(CheckFailure) -> ContiguousArray<UInt64>? {
  let size = rows.count
  var left = rows.map { row in
    var dense = ContiguousArray<UInt64>(repeating: 0, count: 2 * size)
    for entry in row { dense[entry.column] = Mersenne.residue(entry.value) }
    return dense
  }
  for (place, _) in rows.enumerated() { left[place][size + place] = 1 }
  for pivot in 0..<size {
    try checkpoint()
    guard let found = (pivot..<size).first(where: { left[$0][pivot] != 0 }) else { return nil }
    left.swapAt(pivot, found)
    let scale = Mersenne.inverse(left[pivot][pivot])
    // Columns behind the pivot, and those of the right half that are filled by now.
    for k in pivot..<(2 * size) where left[pivot][k] != 0 {
      left[pivot][k] = Mersenne.product(left[pivot][k], scale)
    }
    let pivotRow = left[pivot]
    for row in 0..<size where row != pivot {
      let factor = left[row][pivot]
      if factor == 0 { continue }
      let negative = Mersenne.prime - factor
      left[row].withUnsafeMutableBufferPointer { target in
        pivotRow.withUnsafeBufferPointer { source in
          for k in pivot..<(2 * size) where source[k] != 0 {
            target[k] = Mersenne.reduced(
              UInt128(truncatingIfNeeded: negative) &* UInt128(truncatingIfNeeded: source[k])
                &+ UInt128(truncatingIfNeeded: target[k]))
          }
        }
      }
    }
  }
  return ContiguousArray(left.lazy.flatMap { $0[size...] })
}
