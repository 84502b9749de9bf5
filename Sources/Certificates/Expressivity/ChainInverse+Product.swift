// What is here: D (I − γP)⁻¹ b for long whole numbers b, digit by digit from the top.
// Notation: A = diag(q)(I − γP); y = D (I − γP)⁻¹ b, which is whole and solves A y = h with
// h = D diag(q) b; B = 2⁴⁰; h_k = the digits of h B^e in base B; C ≈ A⁻¹ in doubles. With the residual
// ρ = Σ_{j≤k} h_j B^{k−j} − A Σ_{j≤k} x_j B^{k−j} in whole numbers, x_k = round(C (B ρ + h_k)) keeps ρ short.
// Doubles only choose the x_k: at the end |A⁻¹ ρ| ≤ max |ρ_s|/q_s / (1 − γ) < B^e / 2 is checked.

import ExactArithmetic

extension ChainInverse {
  /// `denominator · (I − γP)⁻¹ right`, or `nil` where doubles do not keep the residual short.
  ///
  /// - Parameter right: one whole number a state.
  /// - Complexity: linear in the length of the numbers, a dense product with doubles every 40 bits.
  func product(
    with right: [Integer], discount: Rational, checkpoint: () throws(CheckFailure) -> Void
  ) throws(CheckFailure) -> [Integer]? {
    // |ρ_s| ≤ 4 q_s is asked of every round, so this is what A⁻¹ ρ stays below.
    let bound = 4 / (1 - discount)
    let extra = (bound.floor(timesTwoToThe: 0).bitLength + 2) / SignedDigits.bits + 1
    guard let inverse = doubles() else { return nil }
    var refinement = DigitRounds(
      scales: scales.map { $0.word ?? 0 }, rows: rows, inverse: inverse,
      right: zip(right, scales).map { SignedDigits(denominator * $1 * $0) }, extra: extra)
    // What the digits take stays below a gigabyte.
    guard refinement.count <= 1 << 27 / max(1, right.count) else { return nil }
    for round in 0..<refinement.count {
      if round & 63 == 0 { try checkpoint() }
      guard refinement.advance(round) else { return nil }
    }
    return right.indices.map { refinement.solution($0) }
  }

  /// `A⁻¹` by columns, each padded to whole vectors.
  private func doubles() -> [SIMD8<Double>]? {
    let longest = columns.lazy.flatMap { $0 }.map(\.bitLength).max() ?? 0
    let shift = max(0, longest - 62)
    guard let whole = (denominator >> shift).word, whole > 0 else { return nil }
    let width = (scales.count + 7) / 8
    var doubles = [SIMD8<Double>](repeating: .zero, count: width * scales.count)
    for (state, column) in columns.enumerated() {
      let unit = 1 / (Double(whole) * Double(scales[state].word ?? 1))
      for (place, entry) in column.enumerated() {
        doubles[state * width + (place >> 3)][place & 7] = Double((entry >> shift).word ?? 0) * unit
      }
    }
    return doubles
  }
}

/// The rounds of one lifting.
private struct DigitRounds {
  let count: Int
  private let size: Int
  private let scales: [Int]
  private let rows: [[(column: Int, value: Int)]]
  /// `C` by columns, padded to whole vectors.
  private let inverse: [SIMD8<Double>]
  private let width: Int
  private let right: [SignedDigits]
  private let length: Int
  private let extra: Int
  private var residual: [Int128]
  /// All `x_k`, round by round.
  private var digits: [Int] = []
  private var sums: [SIMD8<Double>]

  init(
    scales: [Int], rows: [[(column: Int, value: Int)]], inverse: [SIMD8<Double>],
    right: [SignedDigits], extra: Int
  ) {
    size = scales.count
    self.scales = scales
    self.rows = rows
    self.inverse = inverse
    self.right = right
    self.extra = extra
    width = (size + 7) / 8
    length = right.lazy.map(\.count).max() ?? 0
    count = length + extra
    residual = Array(repeating: 0, count: size)
    sums = Array(repeating: .zero, count: width)
  }

  /// - Returns: `false` when the residual is too long.
  mutating func advance(_ round: Int) -> Bool {
    for state in 0..<size {
      // Digits are counted from the top, and the last ones are those of B^e.
      let digit = right[state].digit(length - 1 - round)
      residual[state] = residual[state] << SignedDigits.bits + Int128(digit)
    }
    multiply()
    let start = digits.count
    for state in 0..<size {
      let value = sums[state >> 3][state & 7].rounded()
      guard value.magnitude < 0x1p62 else { return false }
      digits.append(Int(value))
    }
    for (state, row) in rows.enumerated() {
      var rest = residual[state]
      for entry in row { rest -= Int128(entry.value) * Int128(digits[start + entry.column]) }
      guard rest.magnitude <= 4 * UInt128(scales[state]) else { return false }
      residual[state] = rest
    }
    return true
  }

  /// `C` times the residual.
  private mutating func multiply() {
    for place in 0..<width { sums[place] = .zero }
    inverse.withUnsafeBufferPointer { inverse in
      sums.withUnsafeMutableBufferPointer { sums in
        for state in 0..<size {
          let factor = SIMD8<Double>(repeating: Double(residual[state]))
          let column = state * width
          for place in 0..<width { sums[place] += inverse[column + place] * factor }
        }
      }
    }
  }

  /// `Σ x_k B^{count−1−k} / B^e`, rounded.
  func solution(_ state: Int) -> Integer {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(5 * count)
    var carry = Int128(0)
    for round in (0..<count).reversed() {
      carry += Int128(digits[round * size + state])
      let low = Int(truncatingIfNeeded: carry)
      for shift in 0..<5 { bytes.append(UInt8(truncatingIfNeeded: low >> (8 * shift))) }
      carry >>= SignedDigits.bits
    }
    let whole = Integer(carry) << (SignedDigits.bits * count) + Integer(magnitudeBytes: bytes)
    let dropped = SignedDigits.bits * extra
    return (whole + Integer.one << (dropped - 1)) >> dropped
  }
}

/// A whole number by digits of 40 bits that have its sign.
private struct SignedDigits {
  static let bits = 40

  private let bytes: [UInt8]
  private let isNegative: Bool
  var count: Int { (bytes.count + 4) / 5 }

  init(_ value: Integer) {
    bytes = value.magnitudeBytes
    isNegative = value.isNegative
  }

  /// The digit that counts `2^(40 place)`; 0 beyond the ends.
  func digit(_ place: Int) -> Int {
    guard place >= 0, 5 * place < bytes.count else { return 0 }
    var value = 0
    for byte in bytes[(5 * place)..<min(5 * place + 5, bytes.count)].reversed() {
      value = value << 8 | Int(byte)
    }
    return isNegative ? -value : value
  }
}
