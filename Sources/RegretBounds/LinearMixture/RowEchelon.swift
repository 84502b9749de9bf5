import ExactArithmetic

/// Linear equations `row · x = right` over the rationals, reduced as they arrive.
///
/// Every reduced row remembers of which given rows it is a combination, so that answers can be
/// checked against the given ones: a contradiction is a combination `y` with `yᵀB = 0`, `yᵀp = 1`.
///
/// - Complexity: O(r d) operations a row of width `d`, where `r` is the rank.
struct RowEchelon {
  /// A reduced row: it starts with a 1 at `pivot`, where all other reduced rows are 0.
  struct Row {
    var entries: [Rational]
    var right: Rational
    let pivot: Int
    /// The given rows in it, by their numbers.
    var combination: [Int: Rational]
  }

  let width: Int
  private(set) var rows: [Row] = []
  /// The first combination of given rows that is `0 = 1`.
  private(set) var contradiction: [Int: Rational]?

  init(width: Int) { self.width = width }

  var rank: Int { rows.count }

  /// Adds the equation with this number.
  mutating func add(_ entries: [Rational], right: Rational, number: Int) {
    var row = Row(entries: entries, right: right, pivot: 0, combination: [number: 1])
    for reduced in rows where !row.entries[reduced.pivot].isZero {
      row.subtract(reduced, times: row.entries[reduced.pivot])
    }
    guard let pivot = row.entries.firstIndex(where: { !$0.isZero }) else {
      if !row.right.isZero, contradiction == nil {
        contradiction = row.combination.mapValues { $0 / row.right }
      }
      return
    }
    var new = Row(
      entries: row.entries, right: row.right, pivot: pivot, combination: row.combination)
    new.divide(by: new.entries[pivot])
    for place in rows.indices where !rows[place].entries[pivot].isZero {
      rows[place].subtract(new, times: rows[place].entries[pivot])
    }
    rows.append(new)
  }

  /// The solution with zeros for what is free.
  ///
  /// - Precondition: there is no contradiction.
  var solution: [Rational] {
    var solution = [Rational](repeating: 0, count: width)
    for row in rows { solution[row.pivot] = row.right }
    return solution
  }

  /// A combination of the given rows that is the unit row of `column`.
  ///
  /// - Precondition: the rank is the width.
  func unitCombination(_ column: Int) -> [Int: Rational] {
    rows.first { $0.pivot == column }?.combination ?? [:]
  }
}

extension RowEchelon.Row {
  fileprivate mutating func subtract(_ other: RowEchelon.Row, times factor: Rational) {
    for column in entries.indices where !other.entries[column].isZero {
      entries[column] -= factor * other.entries[column]
    }
    right -= factor * other.right
    for (number, weight) in other.combination {
      let sum = (combination[number] ?? 0) - factor * weight
      combination[number] = sum.isZero ? nil : sum
    }
  }

  fileprivate mutating func divide(by divisor: Rational) {
    entries = entries.map { $0 / divisor }
    right /= divisor
    combination = combination.mapValues { $0 / divisor }
  }
}

/// The rank of a list of rational rows of one width.
func rank(of rows: some Sequence<[Rational]>, width: Int) -> Int {
  var echelon = RowEchelon(width: width)
  for row in rows { echelon.add(row, right: 0, number: 0) }
  return echelon.rank
}

/// `a · b`.
func dot(_ a: [Rational], _ b: [Rational]) -> Rational {
  var sum = Rational.zero
  for place in a.indices where !a[place].isZero && !b[place].isZero { sum += a[place] * b[place] }
  return sum
}
