import ExactArithmetic
import LinearPrograms

/// A program in the form that the simplex method works on: minimise `c·x` where the rows are
/// variables too.
///
/// Variable `j < columnCount` is column `j`; variable `columnCount + i` is `r_i = a_i·x`. So every
/// program has full row rank, and the rows' variables are a basis.
struct SlackForm: Sendable {
  let columnCount: Int
  let rowCount: Int
  /// One entry a variable; `nil` is infinite.
  var lower: [Rational?]
  var upper: [Rational?]
  /// One entry a variable; 0 for rows unless a part of this module sets it.
  var cost: [Rational]
  let rows: IntegerLines
  let columns: IntegerLines

  init(_ program: LinearProgram) {
    columnCount = program.columnCount
    rowCount = program.rowCount
    let bounds = program.columnBounds + program.rowBounds
    lower = bounds.map(\.lower)
    upper = bounds.map(\.upper)
    let sign: Rational = program.direction == .maximize ? -1 : 1
    cost =
      program.objective.map { $0 * sign } + Array(repeating: Rational.zero, count: rowCount)
    var byRow: [[(index: Int, value: Rational)]] = []
    var byColumn = [[(index: Int, value: Rational)]](repeating: [], count: columnCount)
    for i in 0..<rowCount {
      byRow.append(
        program.entries(ofRow: i).map {
          (Int(program.columnIndices[$0]), program.coefficients[$0])
        })
      for (column, value) in byRow[i] { byColumn[column].append((i, value)) }
    }
    rows = IntegerLines(byRow)
    columns = IntegerLines(byColumn)
  }

  var variableCount: Int { columnCount + rowCount }

  func row(of variable: Int) -> Int? {
    variable < columnCount ? nil : variable - columnCount
  }

  func isFixed(_ variable: Int) -> Bool {
    lower[variable] != nil && lower[variable] == upper[variable]
  }

  func isFree(_ variable: Int) -> Bool { lower[variable] == nil && upper[variable] == nil }
}

/// Sparse rational rows (or columns), each as integers over one positive denominator.
struct IntegerLines: Sendable {
  private(set) var offsets: [Int] = [0]
  private(set) var indices: [Int32] = []
  private(set) var numerators: [Integer] = []
  private(set) var denominators: [Integer] = []

  init(_ lines: [[(index: Int, value: Rational)]]) {
    for line in lines {
      var common = Integer.one
      for (_, value) in line where !value.denominator.divides(common) {
        common = Integer.lcm(common, value.denominator)
      }
      for (index, value) in line {
        indices.append(Int32(index))
        numerators.append(value.numerator * common.exactlyDivided(by: value.denominator))
      }
      denominators.append(common)
      offsets.append(indices.count)
    }
  }

  var count: Int { denominators.count }

  func range(of line: Int) -> Range<Int> { offsets[line]..<offsets[line + 1] }

  func value(_ entry: Int, ofLine line: Int) -> Rational {
    Rational(numerators[entry], denominators[line])
  }

  /// The line times a vector of numerators, over the line's denominator times the vector's.
  func product(_ line: Int, _ vector: [Integer], _ sum: inout Accumulator) -> Integer {
    sum.reset()
    for entry in range(of: line) {
      let factor = vector[Int(indices[entry])]
      if factor.isZero { continue }
      if let word = numerators[entry].word {
        sum.add(factor, times: word)
      } else {
        sum.add(factor, times: numerators[entry])
      }
    }
    return sum.value
  }
}
