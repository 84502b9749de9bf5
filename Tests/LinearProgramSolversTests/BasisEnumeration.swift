import ExactArithmetic
import LinearPrograms

/// The outcome of a tiny program by looking at every basis: the slow method that the solver is
/// held against. It shares no code with it.
///
/// Every feasible program has a feasible basic point (free variables that are not basic at 0), and
/// one with an optimum has a basis that is primal and dual feasible.
enum EnumeratedOutcome: Equatable {
  case optimal(Rational)
  case infeasible, unbounded
}

func enumeratedOutcome(_ program: LinearProgram) -> EnumeratedOutcome {
  let sign: Rational = program.direction == .maximize ? -1 : 1
  let cost =
    program.objective.map { $0 * sign }
    + Array(repeating: Rational.zero, count: program.rowCount)
  let bounds = program.columnBounds + program.rowBounds
  if bounds.contains(where: \.areCrossed) { return .infeasible }
  let matrix = slackMatrix(program)
  var isFeasible = false
  var optimum: Rational?
  forEachFeasibleBasis(program) { basic, x in
    isFeasible = true
    if isOptimal(matrix, basic, x, bounds, cost) {
      optimum = zip(cost, x).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
  if let optimum { return .optimal(optimum * sign + program.objectiveConstant) }
  return isFeasible ? .unbounded : .infeasible
}

/// Calls `body` with the columns' values at every feasible basis.
func forEachBasicFeasiblePoint(_ program: LinearProgram, _ body: ([Rational]) -> Void) {
  forEachFeasibleBasis(program) { _, x in body(Array(x.prefix(program.columnCount))) }
}

/// The rows of [A | -I].
private func slackMatrix(_ program: LinearProgram) -> [[Rational]] {
  let n = program.columnCount
  return (0..<program.rowCount).map { i in
    var row = [Rational](repeating: 0, count: n + program.rowCount)
    for entry in program.entries(ofRow: i) {
      row[Int(program.columnIndices[entry])] = program.coefficients[entry]
    }
    row[n + i] = -1
    return row
  }
}

private func forEachFeasibleBasis(_ program: LinearProgram, _ body: ([Int], [Rational]) -> Void) {
  let count = program.columnCount + program.rowCount
  let bounds = program.columnBounds + program.rowBounds
  let matrix = slackMatrix(program)
  forEachSubset(of: count, size: program.rowCount) { basic in
    let others = (0..<count).filter { !basic.contains($0) }
    forEachRest(others, bounds) { values in
      guard let x = basicPoint(matrix, basic, values, count: count),
        zip(x, bounds).allSatisfy({ $1.contains($0) })
      else { return }
      body(basic, x)
    }
  }
}

private func forEachSubset(of count: Int, size: Int, _ body: ([Int]) -> Void) {
  func extend(_ chosen: [Int], _ next: Int) {
    if chosen.count == size { return body(chosen) }
    if next == count { return }
    extend(chosen + [next], next + 1)
    extend(chosen, next + 1)
  }
  extend([], 0)
}

private func forEachRest(
  _ others: [Int], _ bounds: [LinearProgram.Bounds], _ body: ([Int: Rational]) -> Void
) {
  func extend(_ values: [Int: Rational], _ k: Int) {
    if k == others.count { return body(values) }
    let own = bounds[others[k]]
    var sides = Set([own.lower, own.upper].compactMap { $0 })
    if sides.isEmpty { sides = [0] }
    for side in sides {
      var next = values
      next[others[k]] = side
      extend(next, k + 1)
    }
  }
  extend([:], 0)
}

private func basicPoint(
  _ matrix: [[Rational]], _ basic: [Int], _ rest: [Int: Rational], count: Int
) -> [Rational]? {
  let square = matrix.map { row in basic.map { row[$0] } }
  let right = matrix.map { row in -rest.reduce(Rational.zero) { $0 + row[$1.key] * $1.value } }
  guard let solved = gauss(square, right) else { return nil }
  var x = [Rational](repeating: 0, count: count)
  for (variable, value) in rest { x[variable] = value }
  for (k, variable) in basic.enumerated() { x[variable] = solved[k] }
  return x
}

private func isOptimal(
  _ matrix: [[Rational]], _ basic: [Int], _ x: [Rational], _ bounds: [LinearProgram.Bounds],
  _ cost: [Rational]
) -> Bool {
  let transposed = basic.map { variable in matrix.map { $0[variable] } }
  guard let y = gauss(transposed, basic.map { cost[$0] }) else { return false }
  return x.indices.allSatisfy { j in
    if basic.contains(j) { return true }
    let reduced = cost[j] - zip(matrix, y).reduce(0) { $0 + $1.0[j] * $1.1 }
    if bounds[j].areEqual { return true }
    if reduced > 0 { return x[j] == bounds[j].lower }
    if reduced < 0 { return x[j] == bounds[j].upper }
    return true
  }
}

private func gauss(_ matrix: [[Rational]], _ right: [Rational]) -> [Rational]? {
  var rows = zip(matrix, right).map { $0 + [$1] }
  for k in rows.indices {
    guard let p = (k..<rows.count).first(where: { !rows[$0][k].isZero }) else { return nil }
    rows.swapAt(k, p)
    let inverse = 1 / rows[k][k]
    rows[k] = rows[k].map { $0 * inverse }
    for i in rows.indices where i != k && !rows[i][k].isZero {
      let factor = rows[i][k]
      for j in k...rows.count { rows[i][j] -= factor * rows[k][j] }
    }
  }
  return rows.map { $0[rows.count] }
}
