// What is here: the two programs that GLPK sees, the program itself and its refinement.
// Source of the refinement: Gleixner, Steffy and Wolter, *Iterative Refinement for Linear
// Programming*, 2016. With x the exact point of a basis and z its exact reduced costs, the program
//   minimise Δ_D z·x'  where  A x' - s' = 0,  Δ_P (l - x) ≤ x', s' ≤ Δ_P (u - x)
// has the same bases, and shows in doubles what tolerances hid: Δ_P makes the largest violation of
// a bound about 1, Δ_D the largest of a reduced cost.

import ExactArithmetic

/// The floating-point views of a slack form.
struct GuideProblems {
  let form: SlackForm
  private let scaling: PowerScaling
  private let matrix: FloatingProgram
  /// Beyond this a bound is none to a guide.
  private let farAway = 0x1p80

  init(_ form: SlackForm) {
    self.form = form
    scaling = PowerScaling(form)
    var matrix = FloatingProgram()
    let rows = form.rows
    for i in 0..<rows.count {
      let denominatorBits = rows.denominators[i].bitLength
      for entry in rows.range(of: i) {
        let column = Int(rows.indices[entry])
        matrix.columns.append(Int32(column))
        let exponent = scaling.rows[i] + scaling.columns[column]
        let isShort = denominatorBits < 62 && rows.numerators[entry].word != nil
        matrix.coefficients.append(
          isShort
            ? Rational.approximate(rows.numerators[entry], rows.denominators[i], exponent)
            : rows.value(entry, ofLine: i).double(timesTwoToThe: exponent))
      }
      matrix.offsets.append(Int32(matrix.columns.count))
    }
    self.matrix = matrix
  }

  /// The program itself, scaled.
  func first(
    method: LPOptions.FloatingMethod, progress: ProgressHandler
  ) throws(Interrupted) -> (basis: Basis, answer: FloatingAnswer)? {
    var program = matrix
    for v in 0..<form.variableCount {
      let exponent = scaling.exponent(v, form)
      let lower = side(form.lower[v], -exponent, -Double.infinity)
      let upper = side(form.upper[v], -exponent, Double.infinity)
      if form.row(of: v) != nil {
        program.rowLower.append(lower)
        program.rowUpper.append(upper)
      } else {
        program.columnLower.append(lower)
        program.columnUpper.append(upper)
      }
    }
    let costs = (0..<form.columnCount).map { form.cost[$0] }
    let largest =
      costs.enumerated().lazy.filter { !$0.element.isZero }
      .map { $0.element.binaryExponent + scaling.columns[$0.offset] }.max() ?? 0
    program.cost = costs.enumerated().map {
      $0.element.double(timesTwoToThe: scaling.columns[$0.offset] - largest)
    }
    uncross(&program)
    guard
      let answer = try solveInDoubles(program, method: method, start: nil, progress: progress)
    else { return nil }
    let statuses = (answer.columnStatus + answer.rowStatus).map(Basis.Status.init(glpkStatus:))
    guard let basis = Basis(statuses, of: form) else { return nil }
    return (basis, answer)
  }

  private func side(_ bound: Rational?, _ exponent: Int, _ infinite: Double) -> Double {
    guard let bound else { return infinite }
    let value = bound.double(timesTwoToThe: exponent)
    return abs(value) > farAway ? infinite : value
  }

  /// A basis that is better than `state` as far as doubles can see after shifting and scaling.
  ///
  /// - Returns: `nil` when GLPK has nothing to offer.
  func refined(
    _ state: SimplexState, method: LPOptions.FloatingMethod, progress: ProgressHandler
  ) throws(Interrupted) -> Basis? {
    let point = (0..<form.variableCount).map { state.point[$0] }
    // The cost of phase 2, even where the point is not feasible.
    let multipliers =
      state.isFeasible
      ? state.multipliers : try state.kernel.multipliers(form.cost, progress)
    var program = withSlackColumns()
    setBounds(&program, point, state)
    setCost(&program, multipliers, state.basis)
    uncross(&program)
    let start = (
      rows: [Int32](repeating: Basis.Status.atLower.glpkStatus, count: form.rowCount),
      columns: state.basis.status.map(\.glpkStatus)
    )
    guard
      let answer = try solveInDoubles(program, method: method, start: start, progress: progress)
    else { return nil }
    return Basis(answer.columnStatus.map(Basis.Status.init(glpkStatus:)), of: form)
  }

  private func withSlackColumns() -> FloatingProgram {
    var program = FloatingProgram()
    for i in 0..<form.rowCount {
      for k in Int(matrix.offsets[i])..<Int(matrix.offsets[i + 1]) {
        program.columns.append(matrix.columns[k])
        program.coefficients.append(matrix.coefficients[k])
      }
      program.columns.append(Int32(form.columnCount + i))
      program.coefficients.append(-1)
      program.offsets.append(Int32(program.columns.count))
    }
    program.rowLower = Array(repeating: 0, count: form.rowCount)
    program.rowUpper = program.rowLower
    return program
  }

  private func setBounds(
    _ program: inout FloatingProgram, _ point: [Rational], _ state: SimplexState
  ) {
    func distance(_ bound: Rational?, _ v: Int) -> Rational? { bound.map { $0 - point[v] } }
    let violated = state.violation.indices.filter { state.violation[$0] != 0 }
    let largest = violated.lazy.compactMap { v in
      distance(state.violation[v] < 0 ? form.lower[v] : form.upper[v], v)
        .map { $0.binaryExponent - scaling.exponent(v, form) }
    }.max()
    let zoom = -(largest ?? 0)
    for v in 0..<form.variableCount {
      let exponent = zoom - scaling.exponent(v, form)
      program.columnLower.append(side(distance(form.lower[v], v), exponent, -.infinity))
      program.columnUpper.append(side(distance(form.upper[v], v), exponent, .infinity))
    }
  }

  private func setCost(
    _ program: inout FloatingProgram, _ multipliers: Multipliers, _ basis: Basis
  ) {
    let reduced = (0..<form.variableCount).map { v in
      basis.isBasic(v) ? Rational.zero : multipliers.reducedCost(v, form, form.cost)
    }
    var largest: Int?
    for v in reduced.indices where !reduced[v].isZero && !form.isFixed(v) {
      let isWrong =
        switch basis.status[v] {
        case .atLower: reduced[v].signum < 0
        case .atUpper: reduced[v].signum > 0
        case .free: true
        case .basic: false
        }
      guard isWrong else { continue }
      largest = max(largest ?? .min, reduced[v].binaryExponent + scaling.exponent(v, form))
    }
    program.cost = reduced.enumerated().map { v, value in
      let cost = value.double(timesTwoToThe: scaling.exponent(v, form) - (largest ?? 0))
      // GLPK measures its tolerance by the largest cost: one that is huge would hide the rest.
      return min(max(cost, -0x1p12), 0x1p12)
    }
  }

  /// Rounding may cross bounds that are close to each other.
  private func uncross(_ program: inout FloatingProgram) {
    for i in program.rowLower.indices where program.rowLower[i] > program.rowUpper[i] {
      program.rowUpper[i] = program.rowLower[i]
    }
    for j in program.columnLower.indices where program.columnLower[j] > program.columnUpper[j] {
      program.columnUpper[j] = program.columnLower[j]
    }
  }
}

extension Rational {
  /// `numerator / denominator · 2^exponent` for words, without lowest terms.
  fileprivate static func approximate(
    _ numerator: Integer, _ denominator: Integer, _ exponent: Int
  ) -> Double {
    let quotient = Double(numerator.word ?? 0) / Double(denominator.word ?? 1)
    return quotient * Double(sign: .plus, exponent: min(max(exponent, -1000), 1000), significand: 1)
  }
}
