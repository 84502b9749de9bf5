// What is here: the three exact solves of the simplex method.
// Notation: K the square part of A in the rows that are not basic and the columns that are; all
// else follows from it without solving. Source: proofs-notes/exact-basis.md.

import ExactArithmetic
import ExactLinearAlgebra

/// A value for every variable of a slack form, the rows' following from the columns'.
struct VariableValues: Sendable {
  /// Over `denominator`, one a column.
  let columns: [Integer]
  let denominator: Integer
  /// Over `denominator` times the row's own, one a row.
  let rows: [Integer]
  private let rowDenominators: [Integer]

  init(columns vector: RationalVector, form: SlackForm) {
    guard case .common(let denominator, let columns) = vector.form else {
      preconditionFailure("the solvers of this module keep a common denominator")
    }
    self.columns = columns
    self.denominator = denominator
    var sum = Accumulator()
    rows = (0..<form.rowCount).map { form.rows.product($0, columns, &sum) }
    rowDenominators = form.rows.denominators
  }

  subscript(variable: Int) -> Rational {
    variable < columns.count
      ? Rational(columns[variable], denominator)
      : Rational(
        rows[variable - columns.count], denominator * rowDenominators[variable - columns.count])
  }

  func signum(_ variable: Int) -> Int {
    variable < columns.count ? columns[variable].signum : rows[variable - columns.count].signum
  }

  /// -1, 0 or 1 as the variable is below, at or above `bound`.
  func compare(_ variable: Int, to bound: Rational) -> Int {
    if bound.isZero { return signum(variable) }
    let (numerator, scale) =
      variable < columns.count
      ? (columns[variable], denominator)
      : (rows[variable - columns.count], denominator * rowDenominators[variable - columns.count])
    let left = numerator * bound.denominator
    let right = bound.numerator * scale
    return left == right ? 0 : (left < right ? -1 : 1)
  }

  var columnVector: RationalVector { RationalVector(numerators: columns, denominator: denominator) }
}

/// Multipliers of the rows, and the reduced costs that follow from them.
struct Multipliers: Sendable {
  /// Over `denominator`, one a row.
  let rows: [Integer]
  let denominator: Integer

  /// `c_j - A_j·w`, or `c_i + w_i` for the variable of a row.
  func reducedCost(_ variable: Int, _ form: SlackForm, _ cost: [Rational]) -> Rational {
    if let row = form.row(of: variable) {
      return cost[variable] + Rational(rows[row], denominator)
    }
    var sum = Accumulator()
    let product = form.columns.product(variable, rows, &sum)
    return cost[variable] - Rational(product, denominator * form.columns.denominators[variable])
  }

  /// The sign of the reduced cost.
  func reducedCostSign(
    _ variable: Int, _ form: SlackForm, _ cost: [Rational], _ sum: inout Accumulator
  ) -> Int {
    let c = cost[variable]
    let (numerator, scale): (Integer, Integer)
    if let row = form.row(of: variable) {
      (numerator, scale) = (-rows[row], denominator)
    } else {
      numerator = form.columns.product(variable, rows, &sum)
      scale = denominator * form.columns.denominators[variable]
    }
    if c.isZero { return -numerator.signum }
    let left = c.numerator * scale
    let right = numerator * c.denominator
    return left == right ? 0 : (left < right ? -1 : 1)
  }

  var vector: RationalVector { RationalVector(numerators: rows, denominator: denominator) }
}

/// The factors that belong to a basis.
struct BasisKernel: Sendable {
  let form: SlackForm
  let basis: Basis
  /// Rows that are not basic, columns that are: as many.
  private let rows: [Int]
  private let columns: [Int]
  private let place: [Int32]
  private let factors: FactoredMatrix

  /// Factors the kernel of `basis`; if that is singular, of a basis with fewer columns in it, which
  /// is written back.
  static func factor(
    _ form: SlackForm, _ basis: inout Basis, isKnownRegular: Bool, _ progress: ProgressHandler
  ) throws(Interrupted) -> BasisKernel {
    while true {
      let rows = (0..<form.rowCount).filter { !basis.isBasic(form.columnCount + $0) }
      let columns = (0..<form.columnCount).filter { basis.isBasic($0) }
      precondition(rows.count == columns.count, "a basis has as many variables as rows")
      var place = [Int32](repeating: -1, count: form.columnCount)
      for (k, column) in columns.enumerated() { place[column] = Int32(k) }
      let entries = rows.map { row in
        form.rows.range(of: row).compactMap { entry -> (column: Int, value: Rational)? in
          let k = place[Int(form.rows.indices[entry])]
          return k < 0 ? nil : (Int(k), form.rows.value(entry, ofLine: row))
        }
      }
      let outcome = try FactoredMatrix.factor(
        rows: entries, isKnownRegular: isKnownRegular, progress: progress)
      switch outcome {
      case .regular(let factors):
        return BasisKernel(
          form: form, basis: basis, rows: rows, columns: columns, place: place, factors: factors)
      case .singular(let pivotRows, let pivotColumns):
        for k in Set(rows.indices).subtracting(pivotRows) {
          basis.status[form.columnCount + rows[k]] = .basic
        }
        for k in Set(columns.indices).subtracting(pivotColumns) {
          basis.status[columns[k]] = Basis.resting(columns[k], .atLower, form)
        }
      }
    }
  }

  /// The point at which every variable that is not basic rests at its bound.
  func point(_ progress: ProgressHandler) throws(Interrupted) -> VariableValues {
    var resting = [Rational](repeating: 0, count: form.columnCount)
    for j in 0..<form.columnCount where !basis.isBasic(j) {
      resting[j] = basis.restingValue(j, form)
    }
    let right = rows.map { row in
      var sum = RationalAccumulator()
      sum.add(basis.restingValue(form.columnCount + row, form))
      for entry in form.rows.range(of: row) {
        let value = resting[Int(form.rows.indices[entry])]
        if !value.isZero { sum.add(-value, times: form.rows.value(entry, ofLine: row)) }
      }
      return sum.value
    }
    let solution = try factors.solve(right, progress: progress)
    return VariableValues(columns: spread(solution, others: resting), form: form)
  }

  /// How the variables change when one that is not basic grows by 1.
  func direction(
    _ entering: Int, _ progress: ProgressHandler
  ) throws(Interrupted) -> VariableValues {
    var others = [Rational](repeating: 0, count: form.columnCount)
    var right = [Rational](repeating: 0, count: rows.count)
    if let row = form.row(of: entering) {
      for (k, other) in rows.enumerated() where other == row { right[k] = 1 }
    } else {
      others[entering] = 1
      var column: [Int: Rational] = [:]
      for entry in form.columns.range(of: entering) {
        column[Int(form.columns.indices[entry])] = form.columns.value(entry, ofLine: entering)
      }
      for (k, row) in rows.enumerated() { if let value = column[row] { right[k] = -value } }
    }
    let solution = try factors.solve(right, progress: progress)
    return VariableValues(columns: spread(solution, others: others), form: form)
  }

  /// Multipliers at which the reduced cost of every basic variable is 0.
  func multipliers(
    _ cost: [Rational], _ progress: ProgressHandler
  ) throws(Interrupted) -> Multipliers {
    var right = columns.map { cost[$0] }
    for row in 0..<form.rowCount {
      let own = cost[form.columnCount + row]
      guard !own.isZero, basis.isBasic(form.columnCount + row) else { continue }
      for entry in form.rows.range(of: row) {
        let k = Int(place[Int(form.rows.indices[entry])])
        if k >= 0 { right[k] += own * form.rows.value(entry, ofLine: row) }
      }
    }
    let solution = try factors.solveTransposed(right, progress: progress)
    let others = (0..<form.rowCount).map { row in
      basis.isBasic(form.columnCount + row) ? -cost[form.columnCount + row] : Rational.zero
    }
    let (numerators, denominator) = merged(solution, at: rows, others)
    return Multipliers(rows: numerators, denominator: denominator)
  }

  private func spread(_ solution: RationalVector, others: [Rational]) -> RationalVector {
    let (numerators, denominator) = merged(solution, at: columns, others)
    return RationalVector(numerators: numerators, denominator: denominator)
  }

  /// `others` with the entries of `solution` at the given places, over one denominator.
  private func merged(
    _ solution: RationalVector, at places: [Int], _ others: [Rational]
  ) -> ([Integer], Integer) {
    guard case .common(let own, let numerators) = solution.form else {
      preconditionFailure("the exact solver keeps a common denominator")
    }
    let otherDenominator = commonDenominator(others)
    let denominator = Integer.lcm(own, otherDenominator)
    var merged = others.map {
      $0.isZero ? Integer.zero : $0.numerator * denominator.exactlyDivided(by: $0.denominator)
    }
    let factor = denominator.exactlyDivided(by: own)
    for (k, place) in places.enumerated() {
      merged[place] = factor == 1 ? numerators[k] : numerators[k] * factor
    }
    return (merged, denominator)
  }
}
