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
    var lifting = Lifting(system, factors, field)
    let bound = hadamardBits()
    var schedule = AttemptSchedule(denominatorBits: bound)
    while true {
      lifting.advance()
      let bits = lifting.rounds * 60
      if lifting.rounds & 7 == 0 {
        try progress.checkpoint()
        progress.report("solving exactly", fraction: Double(bits) / Double(2 * bound + 64))
      }
      guard schedule.isDue(bits) else { continue }
      if let vector = try lifting.attempt(progress) { return vector }
      if schedule.isExhausted(bits) { return nil }
    }
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

/// The digits so far and the residual.
private struct Lifting {
  private let system: SparseSystem
  private let factors: ModularLU
  private let field: PrimeField
  private var residual: ContiguousArray<Int64>
  /// `digits[i]` holds one word a row.
  private var digits: [ContiguousArray<UInt64>] = []
  /// Base-p digits of the right side that are still to come, the lowest at index 0.
  private let rightDigits: [ContiguousArray<Int64>]
  private var work: ContiguousArray<UInt64>

  init(_ system: SparseSystem, _ factors: ModularLU, _ field: PrimeField) {
    self.system = system
    self.factors = factors
    self.field = field
    rightDigits = baseDigits(system.rightSide, prime: Integer(field.prime))
    residual = rightDigits[0]
    work = ContiguousArray(repeating: 0, count: system.size)
  }

  var rounds: Int { digits.count }

  mutating func advance() {
    for i in 0..<system.size { work[i] = field.encode(residual[i]) }
    factors.solve(&work)
    for i in 0..<system.size { work[i] = field.decode(work[i]) }
    digits.append(work)
    let matrix = system.matrix
    let next = digits.count
    for i in 0..<system.size {
      var sum = Int128(residual[i]) - Int128(matrix.diagonal[i]) * Int128(work[i])
      for k in matrix.range(of: i) {
        sum -= Int128(matrix.entries[k]) * Int128(work[Int(matrix.columns[k])])
      }
      // The sum is a multiple of p, and at most about p times the row's sum of magnitudes.
      let fed = next < rightDigits.count ? rightDigits[next][i] : 0
      residual[i] = Int64(sum / Int128(field.prime)) + fed
    }
  }

  /// Reconstructs from the digits so far; what is returned is verified.
  func attempt(_ progress: ProgressHandler) throws(Interrupted) -> RationalVector? {
    let modulus = Integer(field.prime).power(UInt(rounds))
    let length = modulus.bitLength
    let numeratorBits = length / 2 + min(64, length / 8)
    let combination = combined().modulo(modulus)
    var denominator = reconstructedDenominator(
      ofResidue: combination, modulus: modulus, numeratorBits: numeratorBits)
    guard denominator.bitLength + numeratorBits < length - 12 else { return nil }
    for _ in 0..<24 {
      try progress.checkpoint()
      guard let outcome = try numerators(denominator, modulus, progress) else { return nil }
      guard let lost = outcome.lost else {
        let vector = RationalVector(
          numerators: outcome.numerators, denominator: denominator * system.scale)
        return system.isSolved(by: vector) ? vector : nil
      }
      let factor = reconstructedDenominator(
        ofResidue: lost, modulus: modulus, numeratorBits: length - 80)
      guard factor > 1, factor.bitLength <= 64 else { return nil }
      denominator *= factor
    }
    return nil
  }

  /// Denominator times entry, as the residue of least magnitude; `lost` is one that is not small.
  private func numerators(
    _ denominator: Integer, _ modulus: Integer, _ progress: ProgressHandler
  ) throws(Interrupted) -> (numerators: [Integer], lost: Integer?)? {
    let small = modulus.bitLength - 24
    let half = modulus >> 1
    var numerators: [Integer] = []
    numerators.reserveCapacity(system.size)
    for row in 0..<system.size {
      if row & 63 == 0 { try progress.checkpoint() }
      let product = (denominator * entry(row)).modulo(modulus)
      let centred = product > half ? product - modulus : product
      if centred.bitLength > small { return (numerators, product) }
      numerators.append(centred)
    }
    return (numerators, nil)
  }

  private func entry(_ row: Int) -> Integer {
    horner(rounds) { Integer(digits[$0][row]) }
  }

  private func combined() -> Integer {
    var random = SplitMix64(seed: 0x5EED)
    let weights = (0..<system.size).map { _ in Int128(1 + random.below(255)) }
    return horner(rounds) { round in
      var sum: Int128 = 0
      for i in 0..<weights.count { sum += weights[i] * Int128(digits[round][i]) }
      return Integer(sum)
    }
  }

  /// `Σ digit(i) p^i`, by halves so that long products are balanced.
  private func horner(_ count: Int, _ digit: (Int) -> Integer) -> Integer {
    let prime = Integer(field.prime)
    var sum = Accumulator()
    for i in stride(from: count - 1, through: 0, by: -1) {
      sum.multiply(by: prime)
      sum.add(digit(i))
    }
    return sum.value
  }
}

/// The digits in base `prime`, all in `[0, prime)` but the last, which carries the sign.
private func baseDigits(_ values: [Integer], prime: Integer) -> [ContiguousArray<Int64>] {
  var rest = values
  var digits: [ContiguousArray<Int64>] = []
  repeat {
    var row = ContiguousArray<Int64>()
    row.reserveCapacity(values.count)
    let isLast = rest.allSatisfy { ($0.word?.magnitude ?? .max) < UInt(1) << 60 }
    for i in rest.indices {
      if isLast {
        row.append(Int64(rest[i].word ?? 0))
        rest[i] = 0
      } else {
        let digit = rest[i].modulo(prime)
        row.append(Int64(digit.word ?? 0))
        rest[i] = (rest[i] - digit).exactlyDivided(by: prime)
      }
    }
    digits.append(row)
  } while rest.contains { !$0.isZero }
  return digits
}

extension Integer {
  /// The remainder in `[0, modulus)`.
  fileprivate func modulo(_ modulus: Integer) -> Integer {
    let remainder = self % modulus
    return remainder.isNegative ? remainder + modulus : remainder
  }
}
