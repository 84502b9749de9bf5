// What is here: the digits of a p-adic expansion, and the fractions that they make up.
// Source: Dixon 1982; R2, R5 of proofs-notes/dixon-lifting.md.

import ExactArithmetic

/// A system `A x = b / scale` with factors modulo p, which gives the digits of `A⁻¹ b` in turn.
protocol PadicResidual {
  var size: Int { get }
  var scale: Integer { get }
  /// Writes the next digit of every unknown, in `[0, p)`, and takes it off the residual.
  mutating func nextDigits(_ digits: inout ContiguousArray<UInt64>)
  /// Whether `vector` solves the system, exactly.
  func isSolved(by vector: RationalVector) -> Bool
}

/// The digits so far, and what is reconstructed from them.
struct PadicLifting<Residual: PadicResidual> {
  private var residual: Residual
  private let field: PrimeField
  /// `digits[i]` holds one word an unknown.
  private var digits: [ContiguousArray<UInt64>] = []
  private var work: ContiguousArray<UInt64>

  init(_ residual: Residual, _ field: PrimeField) {
    self.residual = residual
    self.field = field
    work = ContiguousArray(repeating: 0, count: residual.size)
  }

  private var rounds: Int { digits.count }

  /// All entries over one denominator, verified.
  ///
  /// - Parameters:
  ///   - boundBits: bits that neither a numerator nor the denominator passes.
  ///   - likely: a denominator that will probably do: with it half of the digits are enough.
  /// - Returns: `nil` when the bound says that there is nothing to find.
  mutating func run(
    boundBits: Int, likely: Integer? = nil, _ progress: ProgressHandler
  ) throws(Interrupted) -> RationalVector? {
    var schedule = AttemptSchedule(denominatorBits: boundBits)
    var likelyBits = likely.map { $0.bitLength + 96 } ?? .max
    while true {
      residual.nextDigits(&work)
      digits.append(work)
      let bits = rounds * 60
      if rounds & 7 == 0 {
        try progress.checkpoint()
        progress.report("solving exactly", fraction: Double(bits) / Double(2 * boundBits + 64))
      }
      if let likely, likelyBits < .max {
        if bits < likelyBits { continue }
        if let vector = try attempt(with: likely, progress) { return vector }
        likelyBits = bits < 2 * likely.bitLength + 512 ? bits + bits / 4 : .max
        continue
      }
      guard schedule.isDue(bits) else { continue }
      if let vector = try attempt(progress) { return vector }
      if schedule.isExhausted(bits) { return nil }
    }
  }

  /// What the digits so far make over a given denominator, verified.
  private func attempt(
    with denominator: Integer, _ progress: ProgressHandler
  ) throws(Interrupted) -> RationalVector? {
    let modulus = Integer(field.prime).power(UInt(rounds))
    guard let outcome = try numerators(denominator, modulus, progress), outcome.lost == nil else {
      return nil
    }
    let vector = RationalVector(
      numerators: outcome.numerators, denominator: denominator * residual.scale)
    return residual.isSolved(by: vector) ? vector : nil
  }

  /// Reconstructs from the digits so far; what is returned is verified.
  private func attempt(_ progress: ProgressHandler) throws(Interrupted) -> RationalVector? {
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
          numerators: outcome.numerators, denominator: denominator * residual.scale)
        return residual.isSolved(by: vector) ? vector : nil
      }
      let factor = reconstructedDenominator(
        ofResidue: lost, modulus: modulus, numeratorBits: length - 80)
      if factor > 1, factor.bitLength <= 64 {
        denominator *= factor
        continue
      }
      // The combination has lost a long factor: ask the entry itself, the first that is not short.
      let own = reconstructedDenominator(
        ofResidue: entry(outcome.numerators.count).modulo(modulus), modulus: modulus,
        numeratorBits: numeratorBits)
      guard !own.divides(denominator) else { return nil }
      denominator = Integer.lcm(denominator, own)
      guard denominator.bitLength + numeratorBits < length - 12 else { return nil }
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
    numerators.reserveCapacity(residual.size)
    for row in 0..<residual.size {
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
    let weights = (0..<residual.size).map { _ in Int128(1 + random.below(255)) }
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
func baseDigits(_ values: [Integer], prime: Integer) -> [ContiguousArray<Int64>] {
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
