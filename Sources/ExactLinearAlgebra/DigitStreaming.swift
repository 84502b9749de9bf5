// What is here: one exact number of a system that is too large for its full answer.
// The digits of a fixed combination of the entries are collected, those of the entries forgotten:
// memory stays proportional to the system, and the residual to words.
// Source: R1, R3, R4 of proofs-notes/rational-reconstruction.md and refinement-convergence.md.

import ExactArithmetic

extension SparseSystem {
  /// The exact value of `Σ weight_i x_i`.
  ///
  /// Digits are computed until the bound on the denominator (R3) leaves one fraction only, so that
  /// the result is proved without the other entries.
  ///
  /// - Parameter weights: rows with integer weights, each row at most once.
  /// - Returns: `nil` when digit refinement does not apply to the system.
  /// - Throws: ``Interrupted``.
  /// - Complexity: O(n) memory; O(n B) word operations for a bound of `B` bits.
  package func combination(
    _ weights: [(row: Int, weight: Int)], components: ContiguousArray<Int32>? = nil,
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> Rational? {
    let bound = mMatrixDenominatorBits(matrix)
    guard weights.allSatisfy({ $0.weight.magnitude < 1 << 40 }),
      let dominance = MatrixDominance(
        matrix, components: components, expectedRounds: bound / 20),
      let refinement = DigitRefinement(
        self, dominance: dominance, components: components, expectedRounds: bound / 20)
    else { return nil }
    let total = weights.reduce(Integer.zero) { $0 + Integer($1.weight).magnitude }
    var stream = DigitSum()
    while true {
      do { try refinement.advance() } catch { return nil }
      var digit: Int128 = 0
      for (row, weight) in weights { digit += Int128(weight) * Int128(refinement.digits[row]) }
      stream.append(digit, bits: refinement.bitsPerRound)
      let bits = refinement.fractionalBits
      if refinement.rounds & 7 == 0 {
        try progress.checkpoint()
        progress.report(
          "streaming the digits of one value", fraction: Double(bits) / Double(2 * bound + 64))
      }
      guard bits > 2 * bound else { continue }
      let error = refinement.errorUnits * total + 1
      if bits < 2 * bound + error.bitLength + 2 { continue }
      return reconstructed(stream.value, bits: bits, error: error, bound: bound)
    }
  }

  /// The only fraction with a denominator of at most `bound` bits within the error.
  private func reconstructed(
    _ digits: Integer, bits: Int, error: Integer, bound: Int
  ) -> Rational? {
    guard
      let denominator = reconstructedDenominator(
        of: digits, bits: bits, error: error, maximumDenominatorBits: bound)
    else { return nil }
    let half = Integer.one << (bits - 1)
    let numerator = (digits * denominator + half) >> bits
    // The convergent has to lie within the error, or the bound would be wrong.
    let distance = ((numerator << bits) - digits * denominator).magnitude
    guard distance <= error * denominator else { return nil }
    return Rational(numerator, denominator * scale)
  }
}
