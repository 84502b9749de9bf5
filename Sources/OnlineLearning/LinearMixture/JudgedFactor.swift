import ExactArithmetic

/// A triangular factor of `(Σ/λ)^{-1}`, guessed in doubles and judged in integers.
///
/// `Z` is lower triangular with `Z (Σ/λ) Zᵀ = I + E`; then `(Σ/λ)^{-1} = Zᵀ (I + E)^{-1} Z`, so that
/// `‖x‖²_{(Σ/λ)^{-1}}` lies between `‖Zx‖²/(1 + ε)` and `‖Zx‖²/(1 - ε)` for `‖E‖ ≤ ε`, and
/// `det(Σ/λ) = det(I + E)/∏ Z_ii²`. As `Σ ≥ λI`, all entries of `Z` are at most about 1: `Z` is held in
/// multiples of `2^-61`, and `Σ/λ` in multiples of `2^-s` with `s` as large as words allow.
///
/// Source: ours, `proofs-notes/judged-factor.md`.
struct JudgedFactor: Sendable {
  static let factorBits = 61

  let dimension: Int
  /// `Z`, row by row, in units of `2^-61`.
  let rows: [Int64]
  /// `s`.
  let bits: Int
  /// A bound of `‖E‖`; at most `2^-10`.
  let error: Rational
  /// `∏ Z_ii`.
  let diagonal: Rational

  /// - Parameter scaled: `⌊2^s Σ/λ⌋`, row by row, at most `2^58`.
  /// - Returns: `nil` where doubles are too coarse, or the numbers too large.
  init?(_ scaled: [Int64], dimension: Int, bits: Int) {
    guard dimension <= 32, let guess = Self.guess(scaled, dimension, bits) else { return nil }
    rows = guess
    self.dimension = dimension
    self.bits = bits
    // What rounding hides from the largest row sum: Σ/λ is off by less than a unit an entry, and so
    // are the entries of both products; together that is at most 3d² units, and a little more.
    let hidden = Int64(4 * dimension * dimension + 4)
    guard let sum = Self.judged(guess, scaled, dimension, bits) else { return nil }
    error = Rational(Integer(sum + hidden), timesTwoToThe: -bits)
    guard error <= Rational(1, 1024) else { return nil }
    diagonal = (0..<dimension).reduce(Rational.one) {
      $0 * Rational(Integer(guess[$1 * dimension + $1]), timesTwoToThe: -Self.factorBits)
    }
    guard diagonal.signum > 0 else { return nil }
  }

  /// The inverse of the Cholesky factor, in doubles.
  private static func guess(_ scaled: [Int64], _ dimension: Int, _ bits: Int) -> [Int64]? {
    let unit = Double(sign: .plus, exponent: -bits, significand: 1)
    var factor = scaled.map { Double($0) * unit }
    var inverse = [Double](repeating: 0, count: factor.count)
    for row in 0..<dimension {
      for column in 0...row {
        var value = factor[row * dimension + column]
        for k in 0..<column {
          value -= factor[row * dimension + k] * factor[column * dimension + k]
        }
        if row == column {
          guard value > 0 else { return nil }
          factor[row * dimension + row] = value.squareRoot()
        } else {
          factor[row * dimension + column] = value / factor[column * dimension + column]
        }
      }
    }
    for column in 0..<dimension {
      for row in column..<dimension {
        var value = row == column ? 1.0 : 0.0
        for k in column..<row {
          value -= factor[row * dimension + k] * inverse[k * dimension + column]
        }
        inverse[row * dimension + column] = value / factor[row * dimension + row]
      }
    }
    let one = Double(sign: .plus, exponent: factorBits, significand: 1)
    guard inverse.allSatisfy({ $0.magnitude <= 1.5 }) else { return nil }
    return inverse.map { Int64(($0 * one).rounded()) }
  }

  /// The largest row sum of `|Z (Σ/λ) Zᵀ - I|`, as computed, in units of `2^-s`.
  private static func judged(
    _ rows: [Int64], _ scaled: [Int64], _ dimension: Int, _ bits: Int
  ) -> Int64? {
    // T = (Σ/λ) Zᵀ, in units of 2^-s, each entry rounded down.
    var products = [Int64](repeating: 0, count: rows.count)
    for i in 0..<dimension {
      for j in 0..<dimension {
        var sum = Int128.zero
        for k in 0...j {
          sum += Int128(scaled[i * dimension + k]) * Int128(rows[j * dimension + k])
        }
        guard let word = Int64(exactly: sum >> Int128(factorBits)), word.magnitude < 1 << 60
        else { return nil }
        products[i * dimension + j] = word
      }
    }
    var largest = Int64.zero
    for i in 0..<dimension {
      var total = Int64.zero
      for j in 0..<dimension {
        var sum = Int128.zero
        for k in 0...i {
          sum += Int128(rows[i * dimension + k]) * Int128(products[k * dimension + j])
        }
        guard let word = Int64(exactly: sum >> Int128(factorBits)) else { return nil }
        let entry = word - (i == j ? Int64(1) << Int64(bits) : 0)
        guard entry.magnitude < 1 << 55 else { return nil }
        total += Int64(entry.magnitude)
      }
      largest = max(largest, total)
    }
    return largest
  }

  /// `Zx`, rounded down in the units of `x`, written into `result`.
  ///
  /// - Precondition: entries of at most `2^58`.
  func apply(to vector: [Int64], into result: inout [Int64]) {
    for row in 0..<dimension {
      var sum = Int128.zero
      for k in 0...row { sum += Int128(rows[row * dimension + k]) * Int128(vector[k]) }
      result[row] = Int64(truncatingIfNeeded: sum >> Int128(Self.factorBits))
    }
  }

  /// `Zᵀu`, rounded down in the units of `u`.
  func applyTransposed(to vector: [Int64]) -> [Int64] {
    (0..<dimension).map { column in
      var sum = Int128.zero
      for k in column..<dimension {
        sum += Int128(rows[k * dimension + column]) * Int128(vector[k])
      }
      return Int64(truncatingIfNeeded: sum >> Int128(Self.factorBits))
    }
  }

  /// `⌊‖v‖⌋` of a vector of words.
  static func norm(_ vector: [Int64]) -> Int64 {
    var sum = UInt128.zero
    for entry in vector { sum += UInt128(entry.magnitude) * UInt128(entry.magnitude) }
    return Int64(FixedPoint.squareRoot(sum))
  }
}
