// What is here: the least linear recurrence of the vectors r, Pr, P²r, …
// Notation: Δ(z) = 1 + c₁z + … + c_k zᵏ with Σ cᵢ u·P^{t-i} r = 0 for t ≥ n and a row u. Then
//   Δ(γ) (I - γP)⁻¹ r is a polynomial for a random u, up to an unlikely accident that the
//   caller's check finds.
// Modulo primes by Berlekamp and Massey, put together by the Chinese remainder theorem: with a
//   common denominator m of P the numbers cᵢ mⁱ are integers, at most (1 + m‖P‖)ᵏ.

import ExactArithmetic

/// A square matrix of fractions in sparse rows.
package struct SparseRationalRows: Sendable {
  /// `offsets[i]..<offsets[i + 1]` are the entries of row `i`.
  package var offsets: [Int] = [0]
  package var columns: [Int32] = []
  package var entries: [Rational] = []

  package init() {}

  package mutating func append(column: Int32, entry: Rational) {
    columns.append(column)
    entries.append(entry)
  }

  package mutating func endRow() { offsets.append(columns.count) }

  package var size: Int { offsets.count - 1 }
}

/// The least recurrence of the powers of a matrix applied to a vector.
///
/// Source: Wiedemann, *Solving sparse linear equations over finite fields*, 1986.
package struct VectorRecurrence {
  private let matrix: SparseRationalRows
  private let start: [Rational]
  private let progress: ProgressHandler
  /// `m`.
  private let scale: Integer

  package init(
    of matrix: SparseRationalRows, on start: [Rational], progress: ProgressHandler
  ) {
    self.matrix = matrix
    self.start = start
    self.progress = progress
    scale = matrix.entries.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
  }

  /// A primitive multiple of `Δ` with a positive constant coefficient.
  ///
  /// - Parameter seed: chooses the row `u`.
  /// - Complexity: for each of O(k log(m‖P‖)) bits of a coefficient O(nT + n²)/61 word operations.
  package func denominator(seed: UInt64) throws(Interrupted) -> Polynomial {
    var modulus = Integer.one
    var combined: [Integer] = []
    var degree = -1
    for prime in PrimeField.primes() {
      try progress.checkpoint()
      guard let residues = residues(modulo: PrimeField(prime), seed: seed) else { continue }
      // An unlucky prime has a shorter recurrence; a longer one shows that others were unlucky.
      if residues.count - 1 < degree { continue }
      if residues.count - 1 > degree {
        degree = residues.count - 1
        (modulus, combined) = (1, [Integer](repeating: 0, count: residues.count))
      }
      extend(&combined, modulus, by: residues, modulo: prime)
      modulus *= Integer(prime)
      if modulus.bitLength > coefficientBits(degree) + 1 { break }
    }
    return primitive(combined, modulus)
  }

  /// More bits than any `cᵢ mⁱ` has, by the row sums of `mP`.
  private func coefficientBits(_ degree: Int) -> Int {
    var largest = Rational.zero
    for row in 0..<matrix.size {
      let sum = matrix.entries[matrix.offsets[row]..<matrix.offsets[row + 1]]
        .reduce(Rational.zero) { $0 + ($1.signum < 0 ? -$1 : $1) }
      largest = max(largest, sum)
    }
    let norm = largest * Rational(scale) + 1
    return max(1, degree) * (norm.numerator.bitLength - norm.denominator.bitLength + 1) + 1
  }

  /// The symmetric residues, as the coefficients of `Δ`.
  private func primitive(_ residues: [Integer], _ modulus: Integer) -> Polynomial {
    var power = Integer.one
    var coefficients: [Rational] = []
    for residue in residues {
      let value = residue + residue > modulus ? residue - modulus : residue
      coefficients.append(Rational(value, power))
      power *= scale
    }
    return Polynomial(primitiveMultipleOf: coefficients)
  }

  /// Brings numbers modulo `modulus` to numbers modulo `modulus · prime`.
  private func extend(
    _ combined: inout [Integer], _ modulus: Integer, by residues: [UInt64], modulo prime: UInt64
  ) {
    let field = PrimeField(prime)
    let inverse = field.invert(field.encode(integer: modulus))
    for (i, residue) in residues.enumerated() {
      let own = field.encode(integer: combined[i])
      let step = field.multiply(field.subtract(field.encode(Int64(residue)), own), inverse)
      combined[i] += modulus * Integer(field.decode(step))
    }
  }

  // MARK: - Modulo a prime

  /// `cᵢ mⁱ` modulo the prime, or `nil` when it divides a denominator.
  private func residues(modulo field: PrimeField, seed: UInt64) -> [UInt64]? {
    guard let entries = encoded(matrix.entries, field), var vector = encoded(start, field)
    else { return nil }
    var random = SplitMix64(seed: seed)
    let row = (0..<matrix.size).map { _ in field.encode(Int64(random.below(1 << 60))) }
    var sequence: [UInt64] = []
    for step in 0..<2 * matrix.size {
      if step > 0 { vector = product(entries, vector, field) }
      sequence.append(dot(row, vector, field))
    }
    let connection = BerlekampMassey(field).connection(of: sequence)
    let scale = field.encode(integer: self.scale)
    var power = field.encode(1)
    return connection.map { coefficient in
      let value = field.decode(field.multiply(coefficient, power))
      power = field.multiply(power, scale)
      return value
    }
  }

  private func encoded(_ values: [Rational], _ field: PrimeField) -> [UInt64]? {
    var encoded: [UInt64] = []
    encoded.reserveCapacity(values.count)
    for value in values {
      let denominator = field.encode(integer: value.denominator)
      guard denominator != 0 else { return nil }
      let numerator = field.encode(integer: value.numerator)
      encoded.append(
        value.isInteger ? numerator : field.multiply(numerator, field.invert(denominator)))
    }
    return encoded
  }

  private func product(
    _ entries: [UInt64], _ vector: [UInt64], _ field: PrimeField
  ) -> [UInt64] {
    (0..<matrix.size).map { row in
      var sum: UInt64 = 0
      for entry in matrix.offsets[row]..<matrix.offsets[row + 1] {
        sum = field.add(
          sum, field.multiply(entries[entry], vector[Int(matrix.columns[entry])]))
      }
      return sum
    }
  }

  private func dot(_ a: [UInt64], _ b: [UInt64], _ field: PrimeField) -> UInt64 {
    var sum: UInt64 = 0
    for i in a.indices { sum = field.add(sum, field.multiply(a[i], b[i])) }
    return sum
  }
}

/// The shortest linear recurrence of a sequence in a prime field.
///
/// Source: Massey, *Shift-register synthesis and BCH decoding*, 1969.
private struct BerlekampMassey {
  private let field: PrimeField

  init(_ field: PrimeField) {
    self.field = field
  }

  /// `1, c₁, …` with `s_t + c₁ s_{t-1} + … = 0`, in Montgomery form, without zeros at the end.
  func connection(of sequence: [UInt64]) -> [UInt64] {
    let one = field.encode(1)
    var (current, previous) = ([one], [one])
    var (length, distance) = (0, 1)
    var lastDiscrepancy = one
    for t in sequence.indices {
      let discrepancy = discrepancy(sequence, current, at: t)
      guard discrepancy != 0 else {
        distance += 1
        continue
      }
      let factor = field.multiply(discrepancy, field.invert(lastDiscrepancy))
      let before = current
      subtract(factor, previous, movedBy: distance, from: &current)
      if 2 * length <= t {
        (length, previous, lastDiscrepancy) = (t + 1 - length, before, discrepancy)
        distance = 1
      } else {
        distance += 1
      }
    }
    while current.count > 1, current[current.count - 1] == 0 { current.removeLast() }
    return current
  }

  private func discrepancy(
    _ sequence: [UInt64], _ connection: [UInt64], at t: Int
  ) -> UInt64 {
    var sum: UInt64 = 0
    for (i, coefficient) in connection.enumerated() where i <= t {
      sum = field.add(sum, field.multiply(coefficient, sequence[t - i]))
    }
    return sum
  }

  private func subtract(
    _ factor: UInt64, _ other: [UInt64], movedBy distance: Int, from current: inout [UInt64]
  ) {
    let count = other.count + distance
    if current.count < count {
      current.append(contentsOf: repeatElement(0, count: count - current.count))
    }
    for (i, coefficient) in other.enumerated() {
      current[i + distance] = field.subtract(
        current[i + distance], field.multiply(factor, coefficient))
    }
  }
}
