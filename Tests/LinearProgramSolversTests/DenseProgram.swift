import ExactArithmetic
import LinearPrograms

/// A program written as a table, for tests.
func denseProgram(
  _ direction: LinearProgram.Direction, _ cost: [Rational],
  columns: [LinearProgram.Bounds]? = nil,
  rows: [(coefficients: [Rational], bounds: LinearProgram.Bounds)]
) throws -> LinearProgram {
  var builder = LinearProgramBuilder(name: "", direction: direction)
  for (j, c) in cost.enumerated() {
    let own = columns?[j] ?? .nonNegative
    try builder.addColumn("x\(j + 1)", lower: own.lower, upper: own.upper, objective: c)
  }
  for row in rows {
    let entries = row.coefficients.enumerated().map { (column: $0.offset, coefficient: $0.element) }
    try builder.addRow(lower: row.bounds.lower, upper: row.bounds.upper, entries: entries)
  }
  return builder.build()
}

func atMost(_ value: Rational) -> LinearProgram.Bounds {
  LinearProgram.Bounds(lower: nil, upper: value)
}

func atLeast(_ value: Rational) -> LinearProgram.Bounds {
  LinearProgram.Bounds(lower: value, upper: nil)
}

func exactly(_ value: Rational) -> LinearProgram.Bounds { .equal(to: value) }

func between(_ lower: Rational, _ upper: Rational) -> LinearProgram.Bounds {
  LinearProgram.Bounds(lower: lower, upper: upper)
}
