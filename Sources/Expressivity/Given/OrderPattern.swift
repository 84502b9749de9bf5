// What is here: which total preorders of a few objects some values induce, when the values may be any
// vector of a subspace V of Q^n that holds the constants.
// Notation: μ = a vector with Σ μ_i v_i = 0 for all v in V (so Σ μ_i = 0); tiers from best to worst;
// c_j = Σ μ_i over the first j tiers. With gaps g_j > 0 between the values of neighbouring tiers,
// Σ μ_i v_i = Σ_j c_j g_j: an order is attained iff some g > 0 solves this for a basis of the μ.

import ExactArithmetic

/// The total preorders of a few objects.
enum OrderPattern {
  /// Every preorder of `count` objects as ranks from 0 for the worst.
  static func all(of count: Int) -> [[Int]] {
    var found: [[Int]] = [[]]
    for _ in 0..<count { found = found.flatMap { ranks in (0..<count).map { ranks + [$0] } } }
    return found.filter { Set($0) == Set(0...($0.max() ?? 0)) }
  }

  /// The ranks of values.
  static func ranks(of values: [Rational]) -> [Int] {
    let levels = Set(values).sorted()
    return values.map { value in levels.firstIndex(of: value) ?? 0 }
  }

  /// Whether values orthogonal to all `relations` can have these ranks.
  ///
  /// - Precondition: there are at most four ranks.
  static func isAttained(_ ranks: [Int], relations: [[Rational]]) -> Bool {
    let gaps = ranks.max() ?? 0
    var rows = EchelonForm()
    var independent: [[Rational]] = []
    for relation in relations {
      // The best tier is the largest rank: sums over all objects above each gap.
      let sums = (0..<gaps).map { gap in
        zip(ranks, relation).reduce(Rational.zero) { $1.0 > gap ? $0 + $1.1 : $0 }
      }
      if rows.insert(sums) { independent.append(sums) }
    }
    return hasPositiveSolution(independent, count: gaps)
  }

  /// Whether some positive vector is orthogonal to independent rows of at most three entries.
  private static func hasPositiveSolution(_ rows: [[Rational]], count: Int) -> Bool {
    precondition(count <= 3, "at most three gaps")
    switch (rows.count, count) {
    case (0, _): return true
    case (1, _):
      // Entries of both signs can be balanced, others not.
      return rows[0].contains { $0.signum > 0 } && rows[0].contains { $0.signum < 0 }
    case (2, 3):
      // The only direction is the cross product.
      let (a, b) = (rows[0], rows[1])
      let direction = [
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
      ]
      return direction.allSatisfy { $0.signum > 0 } || direction.allSatisfy { $0.signum < 0 }
    default: return false
    }
  }

  /// A basis of the `μ` with `Σ μ_i v_i = 0` for every row `v`.
  static func relations(of rows: [[Rational]], on places: [Int]) -> [[Rational]] {
    // Reduce the columns, one an object, and keep what made a column vanish.
    var pivots: [(row: Int, column: [Rational], combination: [Rational])] = []
    var relations: [[Rational]] = []
    for (index, place) in places.enumerated() {
      var column = rows.map { $0[place] }
      var combination = [Rational](repeating: 0, count: places.count)
      combination[index] = 1
      for pivot in pivots where !column[pivot.row].isZero {
        let factor = column[pivot.row] / pivot.column[pivot.row]
        for row in column.indices { column[row] -= factor * pivot.column[row] }
        for other in combination.indices {
          combination[other] -= factor * pivot.combination[other]
        }
      }
      if let row = column.firstIndex(where: { !$0.isZero }) {
        pivots.append((row, column, combination))
      } else {
        relations.append(combination)
      }
    }
    return relations
  }
}
