// What is here: exact solutions of square sparse systems with rational entries and any pattern,
// for the matrix and for its transpose from the same factors.
// Notation: M = the matrix, R and C positive diagonal matrices such that A = R M C is integral with
//   short entries; M x = b is A x' = R b with x = C x', and Mᵀ y = c is Aᵀ y' = C c with y = R y'.

import ExactArithmetic

/// A square sparse rational matrix, factored modulo a prime that does not divide its determinant.
package struct FactoredMatrix: Sendable {
  package let size: Int
  private let rowScale: [Rational]
  private let columnScale: [Rational]
  private let rows: IntegerRows
  private let columns: IntegerRows
  private let factors: MarkowitzLU
  private let field: PrimeField

  /// What became of a factorisation.
  package enum Outcome: Sendable {
    case regular(FactoredMatrix)
    /// Singular modulo several primes. The pivots' rows and columns are a regular part.
    case singular(pivotRows: [Int], pivotColumns: [Int])
  }

  /// Factors the matrix whose row `i` has the entries `rows[i]`, a column at most once a row.
  ///
  /// - Parameter isKnownRegular: go on with further primes until one does not divide the
  ///   determinant, which only finitely many do.
  /// - Throws: ``Interrupted``.
  package static func factor(
    rows: [[(column: Int, value: Rational)]], isKnownRegular: Bool = false,
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> Outcome {
    let scaled = ScaledRows(rows)
    var tries = 0
    for prime in PrimeField.primes() {
      try progress.checkpoint()
      let field = PrimeField(prime)
      let factors = MarkowitzLU(rows: scaled.rows.residues(field), field: field)
      if factors.isComplete {
        return .regular(FactoredMatrix(scaled, factors, field))
      }
      tries += 1
      if tries >= 3, !isKnownRegular {
        return .singular(
          pivotRows: factors.pivotRows.map { Int($0) },
          pivotColumns: factors.pivotColumns.map { Int($0) })
      }
    }
    preconditionFailure("the primes below a word do not end in practice")
  }

  private init(_ scaled: ScaledRows, _ factors: MarkowitzLU, _ field: PrimeField) {
    size = scaled.rows.count
    rowScale = scaled.rowScale
    columnScale = scaled.columnScale
    rows = scaled.rows
    columns = scaled.rows.transposed()
    self.factors = factors
    self.field = field
  }

  /// The solution of `M x = b`, one entry a column.
  package func solve(
    _ b: [Rational], progress: ProgressHandler = .none
  ) throws(Interrupted) -> RationalVector {
    try solve(b, rows, rowScale, columnScale, isTransposed: false, progress)
  }

  /// The solution of `Mᵀ y = c`, one entry a row.
  package func solveTransposed(
    _ c: [Rational], progress: ProgressHandler = .none
  ) throws(Interrupted) -> RationalVector {
    try solve(c, columns, columnScale, rowScale, isTransposed: true, progress)
  }

  private func solve(
    _ right: [Rational], _ matrix: IntegerRows, _ rightScale: [Rational],
    _ solutionScale: [Rational], isTransposed: Bool, _ progress: ProgressHandler
  ) throws(Interrupted) -> RationalVector {
    precondition(right.count == size, "one right side a row")
    if right.allSatisfy(\.isZero) {
      return RationalVector(numerators: Array(repeating: 0, count: size), denominator: 1)
    }
    let scaledRight = zip(right, rightScale).map { $0 * $1 }
    let scale = commonDenominator(scaledRight)
    let integral = scaledRight.map {
      $0.isZero ? Integer.zero : $0.numerator * scale.exactlyDivided(by: $0.denominator)
    }
    let bound = matrix.hadamardBits + (integral.lazy.map(\.bitLength).max() ?? 0) + 64
    let residual = IntegerResidual(
      matrix: matrix, rightSide: integral, scale: scale, factors: factors, field: field,
      isTransposed: isTransposed)
    var lifting = PadicLifting(residual, field)
    let lifted = try lifting.run(boundBits: bound, progress)
    // There are enough digits then; if every choice of a denominator had bad luck, eliminate.
    return rescaled(lifted ?? matrix.eliminated(integral, scale), by: solutionScale)
  }

  private func rescaled(_ vector: RationalVector, by scale: [Rational]) -> RationalVector {
    guard case .common(let denominator, let numerators) = vector.form else { return vector }
    let common = commonDenominator(scale)
    let factors = scale.map { $0.numerator * common.exactlyDivided(by: $0.denominator) }
    return RationalVector(
      numerators: zip(numerators, factors).map { $0 * $1 }, denominator: denominator * common)
  }
}

/// The least common multiple of the denominators.
package func commonDenominator(_ values: some Sequence<Rational>) -> Integer {
  var common = Integer.one
  var last = Integer.one
  for value in values {
    let denominator = value.denominator
    if denominator == last || denominator == 1 { continue }
    last = denominator
    if !denominator.divides(common) { common = Integer.lcm(common, denominator) }
  }
  return common
}

/// Rows with integer entries, in words where they all fit and as long numbers otherwise.
private struct IntegerRows: Sendable {
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
private struct IntegerResidual: PadicResidual {
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

/// A rational matrix brought to short integers by positive factors of its rows and columns.
private struct ScaledRows {
  let rows: IntegerRows
  let rowScale: [Rational]
  let columnScale: [Rational]

  init(_ matrix: [[(column: Int, value: Rational)]]) {
    var rowScale: [Rational] = []
    var integers: [[(column: Int, value: Integer)]] = []
    for row in matrix {
      let common = commonDenominator(row.lazy.map(\.value))
      let entries = row.filter { !$0.value.isZero }.map {
        ($0.column, $0.value.numerator * common.exactlyDivided(by: $0.value.denominator))
      }
      rowScale.append(Rational(common))
      integers.append(entries)
    }
    // What all entries of a column, then of a row, have in common goes into the scale.
    var columnGCD = [Integer](repeating: 0, count: matrix.count)
    for row in integers {
      for (column, value) in row where columnGCD[column] != 1 {
        columnGCD[column] = Integer.gcd(columnGCD[column], value)
      }
    }
    for i in integers.indices {
      var common = Integer.zero
      for k in integers[i].indices {
        let divisor = columnGCD[integers[i][k].column]
        if divisor != 1 { integers[i][k].value = integers[i][k].value.exactlyDivided(by: divisor) }
        if common != 1 { common = Integer.gcd(common, integers[i][k].value) }
      }
      guard common.signum > 0, common != 1 else { continue }
      rowScale[i] /= Rational(common)
      for k in integers[i].indices {
        integers[i][k].value = integers[i][k].value.exactlyDivided(by: common)
      }
    }
    rows = IntegerRows(integers)
    self.rowScale = rowScale
    columnScale = columnGCD.map { $0.isZero ? 1 : Rational(1, $0) }
  }
}
