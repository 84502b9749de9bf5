// What is here: exact solutions by p-adic lifting, which no conditioning can disturb.
// Notation: A x = b, integers; p a prime that does not divide det A; x = Σ x_i p^i with
//   x_i = A⁻¹ r_i mod p,  r_{i+1} = (r_i - A x_i) / p + b_{i+1},  b = Σ b_i p^i.
// Residuals stay word-sized. Source: Dixon 1982; R2, R5 of proofs-notes/dixon-lifting.md.

import ExactArithmetic

/// The exact solution of a sparse integer system whose diagonal can serve as pivots.
struct DixonSolver {
  let system: SparseSystem
  let progress: ProgressHandler
  /// Entries below this keep sums of their products with residues within 128 bits.
  static let entryLimit: UInt64 = 1 << 48
  /// The most entries that the triangular factors may have.
  var fillLimit = 60_000_000

  private var matrix: SparseIntegerMatrix { system.matrix }

  /// All entries over one denominator.
  ///
  /// - Returns: `nil` when the factors fill too much or no prime has non-zero pivots in this order.
  func solve() throws(Interrupted) -> RationalVector? {
    guard matrix.largestEntry < Self.entryLimit,
      let pattern = EliminationOrder(matrix, limit: fillLimit)
    else { return nil }
    for prime in PrimeField.primes().lazy.prefix(6) {
      try progress.checkpoint()
      let field = PrimeField(prime)
      if let factors = ModularLU(matrix, pattern: pattern, field: field) {
        return try lift(factors, field)
      }
    }
    return nil
  }

  private func lift(
    _ factors: ModularLU, _ field: PrimeField
  ) throws(Interrupted) -> RationalVector? {
    var lifting = PadicLifting(WordResidual(system, factors, field), field)
    return try lifting.run(boundBits: hadamardBits(), progress)
  }

  /// Bits that neither a numerator nor the denominator of the solution passes (Hadamard, Cramer).
  private func hadamardBits() -> Int {
    var bits = 0.0
    for row in 0..<matrix.size {
      var square = Double(matrix.diagonal[row]) * Double(matrix.diagonal[row])
      for k in matrix.range(of: row) {
        square += Double(matrix.entries[k]) * Double(matrix.entries[k])
      }
      bits += square > 1 ? 0.5 * square.exponent.asBits + 0.5 : 0
    }
    let right = system.rightSide.lazy.map(\.bitLength).max() ?? 0
    return Int(bits.rounded(.up)) + right + matrix.size.bitWidth
  }
}

extension Int {
  fileprivate var asBits: Double { Double(self) }
}

/// The residual of a system that is factored with pivots on the diagonal.
private struct WordResidual: PadicResidual {
  let system: SparseSystem
  private let factors: ModularLU
  private let field: PrimeField
  private var residual: ContiguousArray<Int64>
  /// Base-p digits of the right side, the lowest at index 0.
  private let rightDigits: [ContiguousArray<Int64>]
  private var round = 0

  init(_ system: SparseSystem, _ factors: ModularLU, _ field: PrimeField) {
    self.system = system
    self.factors = factors
    self.field = field
    rightDigits = baseDigits(system.rightSide, prime: Integer(field.prime))
    residual = rightDigits[0]
  }

  var size: Int { system.size }
  var scale: Integer { system.scale }

  func isSolved(by vector: RationalVector) -> Bool { system.isSolved(by: vector) }

  mutating func nextDigits(_ work: inout ContiguousArray<UInt64>) {
    for i in 0..<size { work[i] = field.encode(residual[i]) }
    factors.solve(&work)
    for i in 0..<size { work[i] = field.decode(work[i]) }
    let matrix = system.matrix
    round += 1
    for i in 0..<size {
      var sum = Int128(residual[i]) - Int128(matrix.diagonal[i]) * Int128(work[i])
      for k in matrix.range(of: i) {
        sum -= Int128(matrix.entries[k]) * Int128(work[Int(matrix.columns[k])])
      }
      // The sum is a multiple of p, and at most about p times the row's sum of magnitudes.
      let fed = round < rightDigits.count ? rightDigits[round][i] : 0
      residual[i] = Int64(sum / Int128(field.prime)) + fed
    }
  }
}
