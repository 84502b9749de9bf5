import ExactArithmetic
import ExactJSON
import LinearPrograms

/// A vector multiplied by a common denominator, so that a dot product takes no gcd a term.
struct ScaledEntries {
  let values: [Rational]
  /// Positive; `values` divided by it is the vector.
  let scale: Rational

  init(_ entries: [Rational]) {
    var common = CommonDenominator()
    common.include(RationalVector(entries))
    guard let denominator = common.value, denominator != 1 else {
      // Entries with long denominators that have nothing in common stay as they are.
      (values, scale) = (entries, .one)
      return
    }
    values = RationalVector(entries).numerators(over: denominator).map { Rational($0) }
    scale = Rational(denominator)
  }
}

/// The inequalities that certificates of linear programs consist of, each checked exactly.
///
/// - Complexity: every function takes one pass over the matrix or less.
struct LPJudge {
  let program: LinearProgram
  let matrix: ColumnMajorEntries
  let progress: ProgressHandler

  init(_ program: LinearProgram, _ progress: ProgressHandler) {
    self.program = program
    matrix = program.columnMajorEntries
    self.progress = progress
  }

  /// The bounds that a sign asks for.
  enum Side {
    case lower, upper

    func of(_ bounds: LinearProgram.Bounds) -> Rational? {
      self == .lower ? bounds.lower : bounds.upper
    }

    var word: String { self == .lower ? "lower" : "upper" }
  }

  /// What is compared: a row's value or a column.
  enum Place {
    case row(Int)
    case column(Int)
  }

  func name(_ place: Place) -> String {
    switch place {
    case .row(let row): "row \(excerpt(program.rowNames[row]))"
    case .column(let column): "column \(excerpt(program.columnNames[column]))"
    }
  }

  private func stop() throws(CheckFailure) {
    do throws(Interrupted) { try progress.checkpoint() } catch { throw .interrupted(error) }
  }

  /// `a_i·x` for every row, times the scale of `x`.
  func activities(_ x: ScaledEntries) throws(CheckFailure) -> [Rational] {
    var activities: [Rational] = []
    activities.reserveCapacity(program.rowCount)
    for row in 0..<program.rowCount {
      if row & 1023 == 0 { try stop() }
      activities.append(
        dot(program.entries(ofRow: row), program.columnIndices, program.coefficients, x.values))
    }
    return activities
  }

  /// `Aᵀy` for every column, times the scale of `y`.
  func combination(_ y: ScaledEntries) throws(CheckFailure) -> [Rational] {
    var sums: [Rational] = []
    sums.reserveCapacity(program.columnCount)
    for column in 0..<program.columnCount {
      if column & 1023 == 0 { try stop() }
      sums.append(
        dot(matrix.entries(ofColumn: column), matrix.rowIndices, matrix.coefficients, y.values))
    }
    return sums
  }

  private func dot(
    _ entries: Range<Int>, _ indices: [Int32], _ coefficients: [Rational], _ vector: [Rational]
  ) -> Rational {
    var sum = RationalAccumulator()
    for entry in entries {
      let value = vector[Int(indices[entry])]
      if !value.isZero { sum.add(value, times: coefficients[entry]) }
    }
    return sum.value
  }

  /// `c·x`.
  func objective(_ x: [Rational]) -> Rational {
    let scaled = ScaledEntries(x)
    var sum = RationalAccumulator()
    for (value, cost) in zip(scaled.values, program.objective) where !value.isZero {
      if !cost.isZero { sum.add(value, times: cost) }
    }
    return sum.value / scaled.scale
  }

  /// Rejects a point outside of its rows or bounds.
  ///
  /// - Returns: the values of the rows, times the scale.
  func requireFeasible(
    _ x: ScaledEntries, _ field: String = "primal"
  ) throws(CheckFailure) -> [Rational] {
    for (column, bounds) in program.columnBounds.enumerated() {
      try require(x.values[column], within: bounds, x.scale, .column(column), field)
    }
    let activities = try activities(x)
    for (row, bounds) in program.rowBounds.enumerated() {
      try require(activities[row], within: bounds, x.scale, .row(row), field)
    }
    return activities
  }

  private func require(
    _ value: Rational, within bounds: LinearProgram.Bounds, _ scale: Rational, _ place: Place,
    _ field: String
  ) throws(CheckFailure) {
    if let lower = bounds.lower, value < scaled(lower, scale) {
      let (left, right) = shown(value / scale, versus: lower)
      throw .rejected(
        "\(field): \(name(place)): the value \(left) has to be at least the lower bound \(right)")
    }
    if let upper = bounds.upper, value > scaled(upper, scale) {
      let (left, right) = shown(value / scale, versus: upper)
      throw .rejected(
        "\(field): \(name(place)): the value \(left) has to be at most the upper bound \(right)")
    }
  }

  /// `bound · scale`, quickly for the bounds that most rows and columns have.
  private func scaled(_ bound: Rational, _ scale: Rational) -> Rational {
    bound.isZero ? .zero : bound * scale
  }

  /// Rejects a multiplier whose sign asks for a side where the value is not.
  ///
  /// - Parameters:
  ///   - sign: of the multiplier, so that a positive one asks for the lower side.
  ///   - what: the multiplier, for a message.
  func requireTight(
    sign: Int, _ what: @autoclosure () -> String, _ value: Rational, _ scale: Rational,
    _ bounds: LinearProgram.Bounds, _ place: Place
  ) throws(CheckFailure) {
    guard sign != 0 else { return }
    let side: Side = sign > 0 ? .lower : .upper
    guard let bound = side.of(bounds) else {
      throw .rejected(
        "dual: \(name(place)): \(what()) asks for a finite \(side.word) bound, but there is none")
    }
    guard value == scaled(bound, scale) else {
      let (left, right) = shown(value / scale, versus: bound)
      throw .rejected(
        "dual: \(name(place)): \(what()) asks for the value \(left) to be at the \(side.word) "
          + "bound \(right), so that the objectives of primal and dual differ")
    }
  }
}
