// What is here: exact solutions of square sparse systems with rational entries and any pattern,
// for the matrix and for its transpose from the same factors.
// Notation: M = the matrix, R and C positive diagonal matrices such that A = R M C is integral with
//   short entries; M x = b is A x' = R b with x = C x', and Mᵀ y = c is Aᵀ y' = C c with y = R y'.

import ExactArithmetic

/// A square sparse rational matrix, factored modulo a prime that does not divide its determinant.
package struct FactoredMatrix: Sendable {
  package let size: Int
  let rowScale: [Rational]
  let columnScale: [Rational]
  let rows: IntegerRows
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
    let vector = try lifted(
      right, matrix, rightScale, isTransposed: isTransposed, likely: nil, progress)
    return rescaled(vector, by: solutionScale)
  }

  /// The solution of the integral system.
  ///
  /// - Parameter likely: a denominator to try first.
  func lifted(
    _ right: [Rational], _ matrix: IntegerRows, _ rightScale: [Rational], isTransposed: Bool,
    likely: Integer?, _ progress: ProgressHandler
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
    let lifted = try lifting.run(boundBits: bound, likely: likely, progress)
    // There are enough digits then; if every choice of a denominator had bad luck, eliminate.
    return lifted ?? matrix.eliminated(integral, scale)
  }

  func rescaled(_ vector: RationalVector, by scale: [Rational]) -> RationalVector {
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
