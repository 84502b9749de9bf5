// What is here: the solution of an M-matrix system as a stream of exact binary digits.
// Notation: A x = b, integers; w > 0 with e = A w > 0; a digit has β bits and a sign.
//   start r = 0, X = 0;  a round: c = 2^β r + (next digit of b), δ ≈ A⁻¹ c in doubles, rounded to
//   integers, r = c - A δ (exact), X = 2^β X + δ.
// After J rounds (b has J digits) and K more, A (2^{βK} x - X) = r, so that by |A⁻¹ r| ≤ w max |r|/e
// the error of X / 2^{βK} is known whatever the doubles did. Residuals stay word-sized.
// Source: R4 of proofs-notes/refinement-convergence.md.

import ExactArithmetic

/// Produces the binary digits of the solution of an M-matrix system, one word a row and round.
///
/// One owner, not shared between threads.
package final class DigitRefinement {
  /// Why there is no (further) progress: another method has to take over.
  package struct Stalled: Error {}

  package let size: Int
  /// β, the bits that a round adds.
  package let bitsPerRound: Int
  /// J, the rounds that go into the integer part of the right side.
  package let leadingRounds: Int
  package private(set) var rounds = 0
  /// The digits δ of the last round.
  package let digits: UnsafeMutablePointer<Int64>

  private let matrix: SparseIntegerMatrix
  private let dominance: MatrixDominance
  private let solver: BlockSolver
  private let rightSide: RightSideDigits
  private let residual: UnsafeMutablePointer<Int64>
  private let nextResidual: UnsafeMutablePointer<Int64>
  private let target: UnsafeMutablePointer<Double>
  private let correction: UnsafeMutablePointer<Double>
  /// The residual that rounding alone leaves: the largest Σ|a| of a row.
  private let roundingResidual: Double

  /// - Parameters:
  ///   - dominance: of the system's matrix.
  ///   - components: for each row the number of its strongly connected component, dependencies
  ///     first; `nil` for a single block.
  ///   - expectedRounds: roughly how many rounds are to come: what may be spent on finding a
  ///     faster solver.
  /// - Returns: `nil` when the method does not apply: entries too long for words, a discount too
  ///   close to 1 for doubles, or no floating solver that is fast enough.
  package init?(
    _ system: SparseSystem, dominance: MatrixDominance,
    components: ContiguousArray<Int32>?, expectedRounds: Int
  ) {
    let matrix = system.matrix
    guard matrix.largestEntry < 1 << 44 else { return nil }
    var condition = 1.0
    var widest = 1.0
    let heaviest = Double(dominance.largestWeight)
    for row in 0..<matrix.size {
      let mass = 2 * Double(matrix.diagonal[row]) - Double(matrix.rowSum(row) ?? 0)
      condition = max(condition, mass * heaviest / Double(dominance.sums[row]))
      widest = max(widest, mass)
    }
    bitsPerRound = 49 - condition.exponent.asInt
    guard bitsPerRound >= 10 else { return nil }
    let tolerance = Double(sign: .plus, exponent: -bitsPerRound - 2, significand: 1)
    guard
      let solver = dominance.solver
        ?? BlockSolver(
          matrix, components: components, tolerance: tolerance, expectedRounds: expectedRounds)
    else { return nil }
    self.solver = solver
    self.matrix = matrix
    self.dominance = dominance
    size = matrix.size
    roundingResidual = widest
    rightSide = RightSideDigits(system.rightSide, bitsPerDigit: bitsPerRound)
    leadingRounds = rightSide.count
    digits = .allocate(capacity: max(1, size))
    residual = .allocate(capacity: max(1, size))
    nextResidual = .allocate(capacity: max(1, size))
    target = .allocate(capacity: max(1, size))
    correction = .allocate(capacity: max(1, size))
    residual.initialize(repeating: 0, count: size)
    digits.initialize(repeating: 0, count: size)
  }

  deinit {
    digits.deallocate()
    residual.deallocate()
    nextResidual.deallocate()
    target.deallocate()
    correction.deallocate()
  }

  /// The bits behind the binary point that the rounds so far have given.
  package var fractionalBits: Int { bitsPerRound * (rounds - leadingRounds) }

  /// A bound on the error of every entry, in units of the last digit: `max |r| / e`, rounded up,
  /// times the largest weight.
  package var errorUnits: Integer { relativeErrorUnits * Integer(Int(dominance.largestWeight)) }

  /// A bound on the error of every entry relative to its weight: `max |r| / e`, rounded up.
  package var relativeErrorUnits: Integer {
    var most: UInt64 = 0
    for i in 0..<size {
      let (quotient, rest) = residual[i].magnitude.quotientAndRemainder(
        dividingBy: UInt64(dominance.sums[i]))
      most = max(most, quotient + (rest == 0 ? 0 : 1))
    }
    return Integer(most)
  }

  /// Computes the next digit of every entry.
  ///
  /// - Throws: ``Stalled`` when doubles gain nothing any more.
  package func advance() throws(Stalled) {
    let shift = Double(sign: .plus, exponent: bitsPerRound, significand: 1)
    for i in 0..<size {
      target[i] = Double(residual[i]) * shift + Double(rightSide.digit(rounds, row: i))
    }
    solver.solve(target, into: correction)
    for i in 0..<size { digits[i] = rounded(correction[i]) }
    try settle(firstResidual: updateResidual())
    rounds += 1
  }

  /// Corrects the digits until the residual is about as small as rounding allows.
  private func settle(firstResidual: Double) throws(Stalled) {
    var now = firstResidual
    let wanted = 16 * roundingResidual
    var attempts = 0
    while now > wanted {
      attempts += 1
      guard attempts <= 6, now.isFinite, now < 0x1p62 else { throw Stalled() }
      if attempts == 1 { solver.work(harder: 1.15) }
      for i in 0..<size { target[i] = Double(nextResidual[i]) }
      solver.solve(target, into: correction)
      for i in 0..<size { digits[i] &+= rounded(correction[i]) }
      let next = updateResidual()
      guard next < now / 2 || next <= wanted else { throw Stalled() }
      now = next
    }
    for i in 0..<size { residual[i] = nextResidual[i] }
  }

  @inline(__always)
  private func rounded(_ x: Double) -> Int64 {
    abs(x) < 0x1p62 ? Int64(x.rounded(.toNearestOrEven)) : 0
  }

  /// Writes `c - A δ` to ``nextResidual``, exactly; returns its largest magnitude, infinite when a
  /// word does not hold it.
  private func updateResidual() -> Double {
    let next = nextResidual
    var largest: UInt64 = 0
    var isTooLong = false
    matrix.offsets.withUnsafeBufferPointer { offsets in
      matrix.columns.withUnsafeBufferPointer { columns in
        matrix.entries.withUnsafeBufferPointer { entries in
          for i in 0..<size {
            var sum = Int128(residual[i]) << Int128(bitsPerRound)
            sum += Int128(rightSide.digit(rounds, row: i))
            sum -= Int128(matrix.diagonal[i]) * Int128(digits[i])
            var k = Int(offsets[i])
            let end = Int(offsets[i + 1])
            while k < end {
              sum -= Int128(entries[k]) * Int128(digits[Int(columns[k])])
              k &+= 1
            }
            if let word = Int64(exactly: sum) {
              next[i] = word
              largest = max(largest, word.magnitude)
            } else {
              isTooLong = true
            }
          }
        }
      }
    }
    return isTooLong ? .infinity : Double(largest)
  }
}

extension Double.Exponent {
  fileprivate var asInt: Int { Int(self) }
}

/// The right side cut into signed digits, the most significant first, zeros after the last.
private struct RightSideDigits {
  /// The number of digits of the longest entry.
  let count: Int
  private let rows: Int
  /// Digit `j` of row `i` is `digits[j * rows + i]`.
  private let digits: ContiguousArray<Int64>

  init(_ rightSide: [Integer], bitsPerDigit: Int) {
    rows = rightSide.count
    let longest = rightSide.lazy.map(\.bitLength).max() ?? 0
    count = max(1, (longest + bitsPerDigit - 1) / bitsPerDigit)
    var digits = ContiguousArray<Int64>(repeating: 0, count: rows * count)
    for (row, value) in rightSide.enumerated() {
      for j in 0..<count {
        let above = value >> (bitsPerDigit * (count - 1 - j))
        // The top digit carries the sign; the others are floors modulo 2^β.
        let digit = j == 0 ? above : above.modulo(powerOfTwo: bitsPerDigit)
        digits[j * rows + row] = Int64(digit.word ?? 0)
      }
    }
    self.digits = digits
  }

  @inline(__always)
  func digit(_ index: Int, row: Int) -> Int64 {
    index < count ? digits[index * rows + row] : 0
  }
}
