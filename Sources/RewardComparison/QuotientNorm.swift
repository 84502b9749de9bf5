// What is here: the least norm of the rewards that are equivalent to a canonical one, by an exact
// linear program. Notation: C = γP - E on compared choices and states. Primal: min_Φ |x + C Φ|_p.
// Dual, which is solved: max <u, x> over |u|_q ≤ 1 with Cᵀ u = 0; Φ are its multipliers, negated.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A quotient norm with its proof.
struct QuotientNormValue {
  let value: Rational
  /// `Φ`, one entry a state.
  let potential: RationalVector
  /// `u`, one entry a compared choice.
  let dual: RationalVector
}

/// Solves quotient norms on the compared choices of one problem.
struct QuotientNorm {
  let problem: ComparisonProblem
  /// `l1` or `linf`.
  let norm: RewardNorm
  let progress: ProgressHandler

  /// The least norm of `vector + C Φ`.
  func value(of vector: RationalVector) throws -> QuotientNormValue {
    let count = problem.pairs.choices.count
    var builder = LinearProgramBuilder(direction: .maximize)
    switch norm {
    case .l1:
      for place in 0..<count {
        try builder.addColumn("u\(place)", lower: -1, upper: 1, objective: vector[place])
      }
    case .linf, .l2, .span, .none:
      for place in 0..<count { try builder.addColumn("p\(place)", objective: vector[place]) }
      for place in 0..<count { try builder.addColumn("n\(place)", objective: -vector[place]) }
      try builder.addRow(
        "ball", lower: nil, upper: 1, entries: (0..<2 * count).map { ($0, Rational.one) })
    }
    let firstRow = builder.rowCount
    for (place, row) in ShapingRows(problem).columns.enumerated() {
      let own = row.map { (column: $0.choice, coefficient: $0.value) }
      let negated =
        norm == .l1 ? [] : row.map { (column: count + $0.choice, coefficient: -$0.value) }
      try builder.addRow("flow\(place)", lower: 0, upper: 0, entries: own + negated)
    }
    let solution = try solve(builder.build(), options: LPOptions(progress: progress))
    guard let value = solution.objectiveValue, let primal = solution.primal,
      let dual = solution.dual
    else { throw ComparisonError.rejected("a quotient norm is a bounded program") }
    let u = (0..<count).map { norm == .l1 ? primal[$0] : primal[$0] - primal[count + $0] }
    var potential = [Rational](repeating: 0, count: problem.model.stateCount)
    for (place, state) in problem.pairs.states.enumerated() {
      potential[Int(state.index)] = -dual[firstRow + place]
    }
    return QuotientNormValue(
      value: value, potential: RationalVector(potential), dual: RationalVector(u))
  }
}

/// The matrix `C = γP - E` on compared choices and states.
struct ShapingRows {
  /// For each compared choice its entries by the places of compared states.
  let rows: [[Int: Rational]]
  private let stateCount: Int

  init(_ problem: ComparisonProblem) {
    var places: [Int32: Int] = [:]
    for (place, state) in problem.pairs.states.enumerated() { places[state.index] = place }
    stateCount = places.count
    rows = problem.pairs.choices.map { choice in
      var row: [Int: Rational] = [:]
      if let own = places[problem.model.state(of: choice).index] { row[own, default: 0] -= 1 }
      for (successor, probability) in problem.model.transitions(of: choice) {
        // With discount 0 successors need not be compared, nor do they count.
        guard let place = places[successor.index] else { continue }
        row[place, default: 0] += problem.discount * probability
      }
      return row.filter { !$0.value.isZero }
    }
  }

  /// For each compared state its entries by the places of compared choices.
  var columns: [[(choice: Int, value: Rational)]] {
    var columns = [[(choice: Int, value: Rational)]](repeating: [], count: stateCount)
    for (choice, row) in rows.enumerated() {
      for (state, value) in row { columns[state].append((choice, value)) }
    }
    return columns
  }
}
