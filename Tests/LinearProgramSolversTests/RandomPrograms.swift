import ExactArithmetic
import LinearPrograms

/// Tiny programs that lean towards trouble: ties, empty lines, copies of rows, all kinds of bounds.
func randomProgram(_ random: inout SplitMix64, columns: Int, rows: Int) throws -> LinearProgram {
  func small(_ random: inout SplitMix64) -> Rational {
    Rational(Int(random.below(7)) - 3, random.below(5) == 0 ? 2 : 1)
  }
  func bounds(_ random: inout SplitMix64) -> LinearProgram.Bounds {
    let a = small(&random)
    let b = a + Rational(Int(random.below(4)))
    switch random.below(8) {
    case 0: return .free
    case 1: return .equal(to: a)
    case 2: return LinearProgram.Bounds(lower: a, upper: b)
    case 3, 4: return LinearProgram.Bounds(lower: nil, upper: a)
    default: return LinearProgram.Bounds(lower: random.below(2) == 0 ? 0 : a, upper: nil)
    }
  }
  var builder = LinearProgramBuilder(
    name: "", direction: random.below(2) == 0 ? .minimize : .maximize)
  builder.setObjectiveConstant(small(&random))
  for j in 0..<columns {
    let own = bounds(&random)
    try builder.addColumn(
      "x\(j)", lower: own.lower, upper: own.upper, objective: small(&random))
  }
  var last: [(column: Int, coefficient: Rational)] = []
  for _ in 0..<rows {
    let own = bounds(&random)
    if random.below(6) > 0 {
      last = (0..<columns).compactMap { j in
        random.below(3) == 0 ? nil : (j, small(&random))
      }
    }
    try builder.addRow(lower: own.lower, upper: own.upper, entries: last)
  }
  return builder.build()
}
