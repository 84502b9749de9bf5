import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

/// Checks an answer from the definitions alone, with plain rational sums and none of our code.
struct AnswerChecks {
  let program: LinearProgram

  /// `nil` when the answer is proved, else what is wrong.
  func fault(_ solution: LPSolution) -> String? {
    switch solution.status {
    case .optimal:
      guard let x = solution.primal?.entries, let y = solution.dual?.entries,
        let value = solution.objectiveValue
      else { return "an optimal answer lacks a part" }
      let sign: Rational = program.direction == .maximize ? -1 : 1
      if let fault = infeasibility(x) { return fault }
      guard value == objective(x) else { return "the value is not that of the point" }
      let cost = program.objective.map { $0 * sign }
      guard let bound = dualBound(y.map { $0 * sign }, cost) else { return "no dual bound" }
      let least = (value - program.objectiveConstant) * sign
      return bound == least ? nil : "the dual bound \(bound) is not \(least)"
    case .infeasible:
      guard case .infeasible(let reason) = solution.certificate else { return "no reason" }
      switch reason {
      case .crossedRow(let row): return program.rowBounds[row].areCrossed ? nil : "not crossed"
      case .crossedColumn(let column):
        return program.columnBounds[column].areCrossed ? nil : "not crossed"
      case .farkas(let y):
        let zero = program.objective.map { _ in Rational.zero }
        guard let bound = dualBound(y, zero) else { return "no Farkas bound" }
        return bound > 0 ? nil : "the Farkas bound is \(bound)"
      }
    case .unbounded:
      guard let x = solution.primal?.entries, let d = solution.ray?.entries else {
        return "an unbounded answer lacks a part"
      }
      return infeasibility(x) ?? rayFault(d)
    }
  }

  private func activity(_ row: Int, _ x: [Rational]) -> Rational {
    program.entries(ofRow: row).reduce(Rational.zero) {
      $0 + program.coefficients[$1] * x[Int(program.columnIndices[$1])]
    }
  }

  private func objective(_ x: [Rational]) -> Rational {
    zip(program.objective, x).reduce(program.objectiveConstant) { $0 + $1.0 * $1.1 }
  }

  func infeasibility(_ x: [Rational]) -> String? {
    for (j, value) in x.enumerated() where !program.columnBounds[j].contains(value) {
      return "column \(j) is out of bounds at \(value)"
    }
    for i in 0..<program.rowCount where !program.rowBounds[i].contains(activity(i, x)) {
      return "row \(i) is out of bounds at \(activity(i, x))"
    }
    return nil
  }

  /// `D(y; c)` for minimisation, `nil` when an infinite side is needed.
  private func dualBound(_ y: [Rational], _ cost: [Rational]) -> Rational? {
    var reduced = cost
    var sum = Rational.zero
    func add(_ multiplier: Rational, _ bounds: LinearProgram.Bounds) -> Bool {
      if multiplier.isZero { return true }
      guard let side = multiplier > 0 ? bounds.lower : bounds.upper else { return false }
      sum += multiplier * side
      return true
    }
    for i in 0..<program.rowCount {
      for entry in program.entries(ofRow: i) {
        reduced[Int(program.columnIndices[entry])] -= y[i] * program.coefficients[entry]
      }
      guard add(y[i], program.rowBounds[i]) else { return nil }
    }
    for j in 0..<program.columnCount {
      guard add(reduced[j], program.columnBounds[j]) else { return nil }
    }
    return sum
  }

  private func rayFault(_ d: [Rational]) -> String? {
    func keeps(_ change: Rational, _ bounds: LinearProgram.Bounds) -> Bool {
      (bounds.lower == nil || change >= 0) && (bounds.upper == nil || change <= 0)
    }
    for (j, change) in d.enumerated() where !keeps(change, program.columnBounds[j]) {
      return "the ray leaves column \(j)"
    }
    for i in 0..<program.rowCount where !keeps(activity(i, d), program.rowBounds[i]) {
      return "the ray leaves row \(i)"
    }
    let gain = objective(d) - program.objectiveConstant
    let improves = program.direction == .maximize ? gain > 0 : gain < 0
    return improves ? nil : "the ray does not improve"
  }
}
