// What is here: exact solutions from digit streams, by rational reconstruction of one denominator.
// Source: R1, R3, R4 of proofs-notes/rational-reconstruction.md and refinement-convergence.md.

import ExactArithmetic

/// The exact solution of an M-matrix system by digit refinement.
struct RefinementSolver {
  let system: SparseSystem
  let dominance: MatrixDominance
  let components: ContiguousArray<Int32>?
  let progress: ProgressHandler

  /// The bits of the product of the diagonal, which bounds the determinant of an M-matrix (R3).
  var denominatorBitBound: Int { mMatrixDenominatorBits(system.matrix) }

  /// All entries over one denominator.
  ///
  /// - Returns: `nil` when the method does not apply or stalls.
  func solve() throws(Interrupted) -> RationalVector? {
    guard
      let refinement = DigitRefinement(
        system, dominance: dominance, components: components,
        expectedRounds: denominatorBitBound / 20)
    else { return nil }
    let bound = denominatorBitBound
    let store = DigitStore(size: system.size, bitsPerRound: refinement.bitsPerRound)
    // For the entries themselves half of the bits are enough.
    let storedRounds = refinement.leadingRounds + (bound + 128) / refinement.bitsPerRound + 2
    let weights = combinationWeights(system.size)
    var combination = DigitSum()
    var schedule = AttemptSchedule(denominatorBits: bound)
    while true {
      do { try refinement.advance() } catch { return nil }
      if refinement.rounds <= storedRounds { store.append(refinement.digits) }
      combination.append(dot(weights, refinement), bits: refinement.bitsPerRound)
      if refinement.rounds & 7 == 0 {
        try progress.checkpoint()
        progress.report(
          "solving exactly", fraction: Double(refinement.fractionalBits) / Double(2 * bound + 64))
      }
      guard schedule.isDue(refinement.fractionalBits) else { continue }
      if let vector = try attempt(refinement, store, combination, weights) { return vector }
      if schedule.isExhausted(refinement.fractionalBits) { return nil }
    }
  }

  private func dot(_ weights: [Int64], _ refinement: DigitRefinement) -> Int128 {
    var sum: Int128 = 0
    for i in 0..<weights.count { sum += Int128(weights[i]) * Int128(refinement.digits[i]) }
    return sum
  }

  private func attempt(
    _ refinement: DigitRefinement, _ store: DigitStore, _ combination: borrowing DigitSum,
    _ weights: [Int64]
  ) throws(Interrupted) -> RationalVector? {
    let bits = refinement.fractionalBits
    let units = refinement.errorUnits
    let error = units * Integer(weights.reduce(0, +))
    let maximum = (bits - error.bitLength) / 2 - 8
    guard maximum > 0,
      let denominator = reconstructedDenominator(
        of: combination.value, bits: bits, error: error, maximumDenominatorBits: maximum)
    else { return nil }
    try progress.checkpoint()
    let rounding = Numerators(
      store: store, bitsPerRound: refinement.bitsPerRound,
      leadingRounds: refinement.leadingRounds, progress: progress)
    guard let found = try rounding.overCommonDenominator(startingWith: denominator) else {
      return nil
    }
    let vector = RationalVector(
      numerators: found.numerators, denominator: found.denominator * system.scale)
    return system.isSolved(by: vector) ? vector : nil
  }
}

/// An upper bound on the bits of the common denominator of `A⁻¹ b`: `det A ≤ Π a_ss`.
package func mMatrixDenominatorBits(_ matrix: SparseIntegerMatrix) -> Int {
  // Summed in fixed point, each logarithm rounded up by 2^-20, far above a double's error.
  var sum = 0.0
  for entry in matrix.diagonal { sum += logBaseTwo(entry) + 0x1p-20 }
  return Int(sum.rounded(.up)) + 1
}

/// Small weights that make it unlikely that a prime factor of the denominator gets lost.
private func combinationWeights(_ size: Int) -> [Int64] {
  var random = SplitMix64(seed: 0x5EED)
  return (0..<size).map { _ in Int64(1 + random.below(255)) }
}

/// When to try reconstruction: rarely while it is cheap to be wrong by a factor, often near the
/// predicted end.
struct AttemptSchedule {
  private let end: Int
  private var next = 64

  init(denominatorBits: Int) {
    end = 2 * denominatorBits + 192
  }

  /// Whether an attempt is due at `bits`, and if so when the one after it will be.
  mutating func isDue(_ bits: Int) -> Bool {
    guard bits >= next else { return false }
    let step = bits < end * 6 / 10 ? bits / 2 : end / 25
    next = min(bits + max(64, step), max(bits + 1, end))
    return true
  }

  /// Whether the bound says that there is nothing more to find.
  func isExhausted(_ bits: Int) -> Bool { bits > end + 64 }
}
