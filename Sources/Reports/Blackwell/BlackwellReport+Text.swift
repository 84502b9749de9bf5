import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

extension BlackwellReport {
  /// Writes the solution for people: a summary, one line a state, one line a piece.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    try text.line()
    let (table, hasCut) = makeTable()
    try table.write(to: &text)
    if solution.hasAllPieces {
      try text.line()
      try pieceTable.write(to: &text)
    }
    if hasCut {
      try text.line()
      try text.line(longFractionsRemark)
    }
    try text.flush()
  }

  // MARK: - Summary

  private var summary: Summary {
    var summary = Summary()
    summary.add(
      "Objective",
      "\(solution.objective.direction.rawValue) '\(solution.objective.reward)', "
        + (solution.order.map { "\($0)-discount optimal" } ?? "Blackwell optimal")
        + " (\(model.stateCount) states, \(model.choiceCount) choices)")
    summary.add("Status", "exact")
    if let gain = solution.initialGain {
      let label = options.initialState.map { "Gain from '\(model.states[Int($0.index)])'" }
      summary.add(label ?? "Initial gain", options.text(of: .exact(gain)))
    }
    if showsStates, let gain = commonGain {
      summary.add("Gain", options.text(of: .exact(gain)) + " from every state")
    }
    summary.add("Blackwell start", startText)
    if solution.start.isExact == false {
      summary.add("Optimal from", textRoundedUp(solution.start.upper) + " on, proved")
    }
    summary.add("A priori bound", boundText)
    if solution.hasAllPieces {
      summary.add("Pieces on [0, 1)", "\(solution.pieces.count)")
    }
    summary.add("Policy", "proved optimal for every discount from the Blackwell start to 1")
    summary.add(
      "Method", "\(SolverMethod.policyIteration.rawValue), \(solution.statistics.text)")
    summary.add(
      "Certificate",
      BlackwellCertificate.kind + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var commonGain: Rational? {
    let first = solution.gain[0]
    return solution.gain.indices.allSatisfy { solution.gain[$0] == first } ? first : nil
  }

  private var startText: String {
    let start = solution.start
    if start.isExact { return options.text(of: .exact(start.lower)) }
    let polynomial = start.polynomial.description
    let isShort = polynomial.count <= 100
    return "≈ \(place(of: start)), a root of "
      + (isShort ? polynomial : "a polynomial of degree \(start.polynomial.degree)")
  }

  private var boundText: String {
    let size = solution.aPrioriBound.denominator
    if size == 1 { return "0" }
    if size.bitLength <= 200 { return "1 - 1/\(size)" }
    return "1 - 1/N, where N has \(size.bitLength) bits"
  }

  /// A discount, rounded up but never to 1.
  private func textRoundedUp(_ value: Rational) -> String {
    if value.description.count <= 30 { return value.description }
    let shown = decimalText(value, digits: options.shownDigits, rounding: .up)
    guard let rounded = Rational(shown), rounded >= 1, value < 1 else { return shown }
    let rest = 1 / (1 - value)
    return "1 - 1/\(rest.numerator.floorDivided(by: rest.denominator) + 1)"
  }

  /// A breakpoint in few characters.
  private func place(of number: AlgebraicNumber) -> String {
    if number.isExact { return number.lower.description }
    return decimalText(number.enclosure.midpoint, digits: min(options.shownDigits, 18))
  }

  // MARK: - Tables

  private func makeTable() -> (table: TextTable, hasCut: Bool) {
    let hasTies = showsStates && solution.optimalActions.contains { $0.count > 1 }
    let hasGains = showsStates && commonGain == nil
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [
      ("state", .left), ("action", .left),
    ]
    if hasTies { columns.append(("also optimal", .left)) }
    if hasGains { columns.append(("gain", .left)) }
    if showsStates { columns.append(("bias", .left)) }
    var table = TextTable(columns)
    var hasCut = false
    for state in 0..<model.stateCount {
      var cells = [model.states[state], name(solution.policy[state])]
      if hasTies {
        cells.append(
          solution.optimalActions[state].filter { $0 != solution.policy[state] }.map(name)
            .joined(separator: " "))
      }
      if hasGains { cells.append(cell(solution.gain, state, &hasCut)) }
      if showsStates { cells.append(cell(solution.bias, state, &hasCut)) }
      table.add(cells)
    }
    return (table, hasCut)
  }

  private func cell(_ vector: RationalVector, _ state: Int, _ hasCut: inout Bool) -> String {
    if let text = vector.shortText(at: state, room: options.columns == nil ? 1000 : 28) {
      return text
    }
    hasCut = true
    return "≈ " + vector.decimalText(at: state, digits: options.shownDigits)
  }

  private var pieceTable: TextTable {
    let shown = shownState
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [
      ("from", .left), ("to", .left), ("policy", .left),
    ]
    if let shown {
      columns.insert(("value at '\(model.states[shown])', d = discount", .left), at: 2)
    }
    var table = TextTable(columns)
    for (index, piece) in solution.pieces.enumerated() {
      var cells = [
        place(of: piece.from), place(of: piece.to),
        policyText(piece.policy, after: index > 0 ? solution.pieces[index - 1].policy : nil),
      ]
      if let shown { cells.insert(quotientText(piece, at: shown), at: 2) }
      table.add(cells)
    }
    return table
  }

  /// The only initial state, whose value is shown as a function.
  private var shownState: Int? {
    if let state = options.initialState { return Int(state.index) }
    let support = (model.initial ?? []).filter { !$0.probability.isZero }
    return support.count == 1 ? support.first.map { Int($0.state.index) } : nil
  }

  private func quotientText(_ piece: BlackwellSolution.Piece, at state: Int) -> String {
    var (above, below) = (piece.numerators[state], piece.denominator)
    let common = Polynomial.gcd(above, below)
    if let top = above.exactQuotient(by: common), let bottom = below.exactQuotient(by: common) {
      (above, below) = (top, bottom)
    }
    if above.isZero { return "0" }
    var factor = Integer.gcd(above.content, below.content)
    if below.coefficients[0].isNegative { factor = -factor }
    let parts = [above, below].map { part in
      Polynomial(part.coefficients.map { $0.exactlyDivided(by: factor) }).text(variable: "d")
    }
    if parts[1] == "1" { return parts[0] }
    let text = (above.degree == 0 ? parts[0] : "(\(parts[0]))") + "/(\(parts[1]))"
    return text.count <= 80
      ? text : "a quotient of polynomials of degrees \(above.degree) and \(below.degree)"
  }

  /// What a piece does otherwise than the one before.
  private func policyText(_ policy: [Action], after previous: [Action]?) -> String {
    let changed = policy.indices.filter { state in
      previous.map { $0[state] != policy[state] } ?? (model.choices(at: State(state)).count > 1)
    }
    let text = changed.prefix(8).map { "\(model.states[$0]): \(name(policy[$0]))" }
      .joined(separator: ", ")
    return text + (changed.count > 8 ? ", …" : "")
  }
}
