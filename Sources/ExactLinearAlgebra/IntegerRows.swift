// What is here: integer matrices in rows, and the residuals of p-adic liftings with them.

import ExactArithmetic

/// Rows with integer entries, in words where they all fit and as long numbers otherwise.
struct IntegerRows: Sendable {
  var offsets: [Int] = [0]
  var columns: [Int32] = []
  var words: [Int64] = []
  /// Empty unless some entry is longer than 44 bits, or a row's sum than 60.
  var wide: [Integer] = []

  var count: Int { offsets.count - 1 }
  var isWide: Bool { !wide.isEmpty }

  init(_ rows: [[(column: Int, value: Integer)]]) {
    var all: [Integer] = []
    var isWordSized = true
    for row in rows {
      if row.count > 1 << 15 { isWordSized = false }
      for (column, value) in row {
        columns.append(Int32(column))
        all.append(value)
        if value.bitLength > 44 { isWordSized = false }
      }
      offsets.append(columns.count)
    }
    if isWordSized {
      words = all.map { Int64($0.word ?? 0) }
    } else {
      wide = all
    }
  }

  func entry(_ k: Int) -> Integer { isWide ? wide[k] : Integer(Int(words[k])) }

  func residues(_ field: PrimeField) -> [[(column: Int32, value: UInt64)]] {
    let prime = Integer(Int(field.prime))
    return (0..<count).map { i in
      (offsets[i]..<offsets[i + 1]).compactMap { k in
        let word = isWide ? Int64((wide[k] % prime).word ?? 0) : words[k]
        let value = field.encode(word)
        return value == 0 ? nil : (columns[k], value)
      }
    }
  }

  func transposed() -> IntegerRows {
    var rows = [[(column: Int, value: Integer)]](repeating: [], count: count)
    for i in 0..<count {
      for k in offsets[i]..<offsets[i + 1] { rows[Int(columns[k])].append((i, entry(k))) }
    }
    return IntegerRows(rows)
  }

  /// The solution by elimination over the rationals, for a regular matrix.
  func eliminated(_ rightSide: [Integer], _ scale: Integer) -> RationalVector {
    let dense = (0..<count).map { i in
      var row = [Rational](repeating: 0, count: count)
      for k in offsets[i]..<offsets[i + 1] { row[Int(columns[k])] = Rational(entry(k)) }
      return row
    }
    let right = rightSide.map { Rational($0, scale) }
    guard let solution = solvedByElimination(rows: dense, rightSide: right) else {
      preconditionFailure("a matrix that is regular modulo a prime is regular")
    }
    let common = commonDenominator(solution)
    return RationalVector(
      numerators: solution.map {
        $0.numerator * common.exactlyDivided(by: $0.denominator)
      }, denominator: common)
  }

  /// Bits that no minor passes: the sum of those of the rows' Euclidean lengths.
  var hadamardBits: Int {
    var bits = 0
    for i in 0..<count {
      var square = Integer.zero
      for k in offsets[i]..<offsets[i + 1] { square += entry(k) * entry(k) }
      bits += square.bitLength / 2 + 1
    }
    return bits
  }
}

/// The residual of a lifting, in words or in long numbers.
struct IntegerResidual: PadicResidual {
  let matrix: IntegerRows
  let rightSide: [Integer]
  let scale: Integer
  private let factors: MarkowitzLU
  private let field: PrimeField
  private let isTransposed: Bool
  private let rightDigits: [ContiguousArray<Int64>]
  private var round = 0
  private var words: ContiguousArray<Int64> = []
  private var wide: [Integer] = []
  private var scratch: ContiguousArray<UInt64>

  init(
    matrix: IntegerRows, rightSide: [Integer], scale: Integer, factors: MarkowitzLU,
    field: PrimeField, isTransposed: Bool
  ) {
    self.matrix = matrix
    self.rightSide = rightSide
    self.scale = scale
    self.factors = factors
    self.field = field
    self.isTransposed = isTransposed
    scratch = ContiguousArray(repeating: 0, count: rightSide.count)
    rightDigits = baseDigits(rightSide, prime: Integer(Int(field.prime)))
    if matrix.isWide {
      wide = rightDigits[0].map { Integer(Int($0)) }
    } else {
      words = rightDigits[0]
    }
  }

  var size: Int { rightSide.count }

  mutating func nextDigits(_ digits: inout ContiguousArray<UInt64>) {
    let prime = Integer(Int(field.prime))
    for i in 0..<size {
      let word = matrix.isWide ? Int64((wide[i] % prime).word ?? 0) : words[i]
      digits[i] = field.encode(word)
    }
    if isTransposed {
      factors.solveTransposed(&digits, &scratch)
    } else {
      factors.solve(&digits, &scratch)
    }
    for i in 0..<size { digits[i] = field.decode(digits[i]) }
    round += 1
    if matrix.isWide { updateWide(digits, prime) } else { updateWords(digits) }
  }

  private func fed(_ row: Int) -> Int64 {
    round < rightDigits.count ? rightDigits[round][row] : 0
  }

  private mutating func updateWords(_ digits: ContiguousArray<UInt64>) {
    let prime = Int128(field.prime)
    matrix.columns.withUnsafeBufferPointer { columns in
      matrix.words.withUnsafeBufferPointer { entries in
        for i in 0..<size {
          var sum = Int128(words[i])
          for k in matrix.offsets[i]..<matrix.offsets[i + 1] {
            sum -= Int128(entries[k]) * Int128(digits[Int(columns[k])])
          }
          // At most 2^59 after the division: rows have at most 2^15 entries of 44 bits.
          words[i] = Int64(sum / prime) + fed(i)
        }
      }
    }
  }

  private mutating func updateWide(_ digits: ContiguousArray<UInt64>, _ prime: Integer) {
    var sum = Accumulator()
    for i in 0..<size {
      sum.reset()
      sum.add(wide[i])
      for k in matrix.offsets[i]..<matrix.offsets[i + 1] {
        sum.add(matrix.wide[k], times: -Int(digits[Int(matrix.columns[k])]))
      }
      wide[i] = sum.value.exactlyDivided(by: prime) + Integer(Int(fed(i)))
    }
  }

  func isSolved(by vector: RationalVector) -> Bool {
    // The vector is over its denominator with the scale in it: A N = b D / scale.
    guard case .common(let denominator, let numerators) = vector.form else { return false }
    var left = Accumulator()
    for i in 0..<size {
      left.reset()
      for k in matrix.offsets[i]..<matrix.offsets[i + 1] {
        let numerator = numerators[Int(matrix.columns[k])]
        if matrix.isWide {
          left.add(numerator, times: matrix.wide[k])
        } else {
          left.add(numerator, times: Int(matrix.words[k]))
        }
      }
      left.multiply(by: scale)
      left.subtract(denominator, times: rightSide[i])
      if !left.isZero { return false }
    }
    return true
  }
}
