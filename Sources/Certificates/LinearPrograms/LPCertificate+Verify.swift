import ExactArithmetic
import ExactJSON
import LinearPrograms

extension LPCertificate {
  /// Checks every condition of the certificate on `program`, without solving anything.
  ///
  /// - Complexity: linear in the program and the certificate, times the length of the numbers.
  public func verify(on program: LinearProgram) -> Verdict {
    do throws(Interrupted) {
      return try verify(on: program, progress: .none)
    } catch {
      preconditionFailure("a handler that never stops has stopped the check: \(error)")
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    on program: LinearProgram, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try lpVerdict { () throws(CheckFailure) in try statement(on: program, progress) }
  }

  /// The sentence that the certificate proves.
  func statement(
    on program: LinearProgram, _ progress: ProgressHandler
  ) throws(CheckFailure) -> String {
    let judge = LPJudge(program, progress)
    switch self {
    case .optimal(let certificate): return try certificate.statement(judge)
    case .infeasible(let certificate): return try certificate.statement(judge)
    case .unbounded(let certificate): return try certificate.statement(judge)
    }
  }
}

/// A verdict without warnings.
func lpVerdict(_ check: () throws(CheckFailure) -> String) throws(Interrupted) -> Verdict {
  do throws(CheckFailure) {
    return .accepted(statement: try check(), warnings: [])
  } catch {
    switch error {
    case .rejected(let reason): return .rejected(reason: reason)
    case .interrupted(let interruption): throw interruption
    }
  }
}

extension LPOptimalCertificate {
  public func verify(on program: LinearProgram) -> Verdict {
    LPCertificate.optimal(self).verify(on: program)
  }

  /// `c·x − D(y;c) = Σ |y_i| · (distance of a_i·x from its side) + Σ |z_j| · (the same of x_j)`,
  /// and no term is negative: the objectives are equal exactly when every term is 0.
  fileprivate func statement(_ judge: LPJudge) throws(CheckFailure) -> String {
    let program = judge.program
    try requireLength(primal.count, program.columnCount, "primal", "columns")
    try requireLength(dual.count, program.rowCount, "dual", "rows")
    let point = ScaledEntries(primal)
    let activities = try judge.requireFeasible(point)
    // For `maximize` the theorem holds for −c and −y, hence for −z.
    let sign = program.direction == .minimize ? 1 : -1
    for (row, multiplier) in dual.enumerated() {
      try judge.requireTight(
        sign: sign * multiplier.signum, "the multiplier \(shown(multiplier))", activities[row],
        point.scale, program.rowBounds[row], .row(row))
    }
    let multipliers = ScaledEntries(dual)
    let combination = try judge.combination(multipliers)
    for (column, sum) in combination.enumerated() {
      let cost = program.objective[column]
      let scaledCost = cost.isZero ? Rational.zero : cost * multipliers.scale
      let comparison = scaledCost == sum ? 0 : scaledCost > sum ? 1 : -1
      try judge.requireTight(
        sign: sign * comparison,
        "the reduced cost \(shown(cost - sum / multipliers.scale))", point.values[column],
        point.scale, program.columnBounds[column], .column(column))
    }
    let value = judge.objective(primal) + program.objectiveConstant
    guard value == objectiveValue else {
      let (left, right) = shown(objectiveValue, versus: value)
      throw .rejected("objectiveValue: it is \(left), but the objective of the point is \(right)")
    }
    let word = program.direction == .minimize ? "minimum" : "maximum"
    return "the \(word) of the linear program is \(shown(value))"
  }
}

extension LPInfeasibleCertificate {
  public func verify(on program: LinearProgram) -> Verdict {
    LPCertificate.infeasible(self).verify(on: program)
  }

  fileprivate func statement(_ judge: LPJudge) throws(CheckFailure) -> String {
    let program = judge.program
    switch self {
    case .farkas(let multipliers):
      try requireLength(multipliers.count, program.rowCount, "farkas", "rows")
      try requireContradiction(multipliers, judge)
      return "the linear program has no feasible point"
    case .crossedRow(let row):
      try requireIndex(row, program.rowCount, "row")
      try requireCrossed(program.rowBounds[row], judge.name(.row(row)))
      return "the linear program has no feasible point: the sides of the "
        + "\(judge.name(.row(row))) are crossed"
    case .crossedColumn(let column):
      try requireIndex(column, program.columnCount, "column")
      try requireCrossed(program.columnBounds[column], judge.name(.column(column)))
      return "the linear program has no feasible point: the bounds of the "
        + "\(judge.name(.column(column))) are crossed"
    }
  }

  private func requireIndex(
    _ index: Int, _ count: Int, _ what: String
  ) throws(CheckFailure) {
    try require(
      (0..<count).contains(index), "crossed: there is no \(what) of the number \(index)")
  }

  private func requireCrossed(
    _ bounds: LinearProgram.Bounds, _ name: String
  ) throws(CheckFailure) {
    try require(
      bounds.areCrossed,
      "crossed: \(name): the lower bound \(bounds.lower.map(shown) ?? "-inf") has to be above the "
        + "upper bound \(bounds.upper.map(shown) ?? "inf")")
  }

  /// Checks `D(y;0) > 0`, everything multiplied by the positive scale of `y`.
  private func requireContradiction(
    _ multipliers: [Rational], _ judge: LPJudge
  ) throws(CheckFailure) {
    let program = judge.program
    let y = ScaledEntries(multipliers)
    var sum = RationalAccumulator()
    func add(
      _ weight: Rational, _ bounds: LinearProgram.Bounds, _ place: LPJudge.Place
    ) throws(CheckFailure) {
      if weight.isZero { return }
      let side: LPJudge.Side = weight.signum > 0 ? .lower : .upper
      guard let bound = side.of(bounds) else {
        throw .rejected(
          "farkas: \(judge.name(place)): the multiplier \(shown(weight / y.scale)) asks for a "
            + "finite \(side.word) bound, but there is none")
      }
      if !bound.isZero { sum.add(weight, times: bound) }
    }
    for (row, weight) in y.values.enumerated() {
      try add(weight, program.rowBounds[row], .row(row))
    }
    for (column, weight) in try judge.combination(y).enumerated() {
      try add(-weight, program.columnBounds[column], .column(column))
    }
    let total = sum.value / y.scale
    try require(
      total.signum > 0,
      "farkas: the multiplied sides add up to \(shown(total)), but it has to be more than 0")
  }
}

extension LPUnboundedCertificate {
  public func verify(on program: LinearProgram) -> Verdict {
    LPCertificate.unbounded(self).verify(on: program)
  }

  fileprivate func statement(_ judge: LPJudge) throws(CheckFailure) -> String {
    let program = judge.program
    try requireLength(primal.count, program.columnCount, "primal", "columns")
    try requireLength(ray.count, program.columnCount, "ray", "columns")
    _ = try judge.requireFeasible(ScaledEntries(primal))
    let direction = ScaledEntries(ray)
    for (column, value) in direction.values.enumerated() {
      try requireRecession(
        value, direction.scale, program.columnBounds[column], judge.name(.column(column)))
    }
    for (row, value) in try judge.activities(direction).enumerated() {
      try requireRecession(value, direction.scale, program.rowBounds[row], judge.name(.row(row)))
    }
    let slope = judge.objective(ray)
    let isMinimum = program.direction == .minimize
    try require(
      slope.signum == (isMinimum ? -1 : 1),
      "ray: the objective changes by \(shown(slope)) along the ray, but it has to be "
        + (isMinimum ? "less than 0" : "more than 0"))
    return "the objective of the linear program has no "
      + (isMinimum ? "lower" : "upper") + " bound"
  }

  private func requireRecession(
    _ value: Rational, _ scale: Rational, _ bounds: LinearProgram.Bounds, _ name: String
  ) throws(CheckFailure) {
    try require(
      bounds.lower == nil || value.signum >= 0,
      "ray: \(name): the change \(shown(value / scale)) has to be at least 0, because there is a "
        + "lower bound")
    try require(
      bounds.upper == nil || value.signum <= 0,
      "ray: \(name): the change \(shown(value / scale)) has to be at most 0, because there is an "
        + "upper bound")
  }
}

private func requireLength(
  _ count: Int, _ expected: Int, _ field: String, _ things: String
) throws(CheckFailure) {
  try require(
    count == expected,
    "\(field): there are \(count) entries, but the program has \(expected) \(things)")
}
