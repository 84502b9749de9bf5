import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

extension SolutionReport {
  /// Writes the solution for people: a summary, then one line a state.
  ///
  /// A fraction that does not fit is shown as a decimal after `≈`, with a hint where to find all
  /// of it.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    if values != nil || !solution.policies.isEmpty {
      try text.line()
      let table = makeTable()
      try table.rows.write(to: &text)
      if table.hasCut {
        try text.line()
        try text.line(NumberText.remarkOnCuts)
      }
    }
    try text.flush()
  }

  // MARK: - Summary

  private var summary: Summary {
    var summary = Summary()
    summary.add("Objective", objectiveText)
    summary.add("Status", statusText)
    if let value = solution.initialValue {
      let label = options.initialState.map { "Value at '\(name($0))'" } ?? "Initial value"
      summary.add(label, text(of: value))
    }
    summary.add("Policy", policyText)
    summary.add("Method", methodText)
    summary.add(
      "Certificate",
      solution.certificate.kind.rawValue + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var objectiveText: String {
    let terms = solution.terms
    let horizon = horizon.map { " over \($0) steps" } ?? ""
    return "\(terms.direction.rawValue) '\(terms.reward)'\(horizon), discount \(terms.discount)"
      + " (\(model.stateCount) states, \(model.choiceCount) choices)"
  }

  private var statusText: String {
    switch solution.status {
    case .exact: "exact"
    case .enclosed:
      if case .exact = solution.initialValue {
        "the initial value exact, all others enclosed"
      } else {
        "enclosed: every value lies between the bounds"
      }
    }
  }

  private var policyText: String {
    if solution.policyIsOptimal { return "proved optimal" }
    let names = solution.undecided.prefix(5).map { "'\(name($0))'" }.joined(separator: ", ")
    let more = solution.undecided.count > 5 ? ", …" : ""
    return "not proved optimal; \(solution.undecided.count) undecided: \(names)\(more)"
  }

  /// What the answer was found by; a finite horizon knows only one way.
  var methodName: String {
    switch solution.objective {
    case .discounted: solution.method.rawValue
    case .finiteHorizon: "backward-induction"
    }
  }

  private var methodText: String { "\(methodName), \(solution.statistics.text)" }

  private func text(of value: CertifiedNumber) -> String { options.text(of: value) }

  private var numbers: NumberText { NumberText(options) }

  // MARK: - Table

  private func makeTable() -> (rows: TextTable, hasCut: Bool) {
    let hasTies = solution.optimalActions?.first?.contains { $0.count > 1 } ?? false
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [("state", .left)]
    if !solution.policies.isEmpty { columns.append(("action", .left)) }
    if hasTies { columns.append(("also optimal", .left)) }
    columns += numbers.columns(of: values)
    var table = TextTable(columns)
    var hasCut = false
    let room = numbers.room(in: model, hasTies: hasTies)
    for state in 0..<model.stateCount {
      var cells = [model.states[state]]
      if let policy = solution.policies.first { cells.append(name(policy[state])) }
      if hasTies { cells.append(otherOptimalActions(at: state)) }
      cells += numbers.cells(of: values, at: state, room: room, hasCut: &hasCut)
      table.add(cells)
    }
    return (table, hasCut)
  }

  private func otherOptimalActions(at state: Int) -> String {
    guard let optimal = solution.optimalActions?.first, let policy = solution.policies.first else {
      return ""
    }
    return optimal[state].lazy.filter { $0 != policy[state] }.map(name).joined(separator: " ")
  }
}

extension SolutionReport.Options {
  /// Decimals of a number that has to be shown as one, unless the reader says otherwise.
  private static let defaultDecimals = 12

  /// The most characters of a fraction in the summary of a terminal, where it wraps.
  private static let longestFraction = 2000

  /// Digits after the point where decimals are shown.
  var shownDigits: Int { decimals ?? Self.defaultDecimals }

  /// A number in a summary: a fraction, with its decimal where that is wanted.
  func text(of value: CertifiedNumber) -> String {
    switch value {
    case .exact(let value):
      let fraction = value.description
      if columns != nil, fraction.utf8.count > Self.longestFraction {
        return "≈ " + decimalText(value, digits: shownDigits)
      }
      let decimal = decimals.map { " ≈ \(decimalText(value, digits: $0))" } ?? ""
      return fraction + (value.isInteger ? "" : decimal)
    case .enclosed(let lower, let upper):
      return "between \(decimalText(lower, digits: shownDigits, rounding: .down)) and"
        + " \(decimalText(upper, digits: shownDigits, rounding: .up))"
    }
  }
}

extension Solution.Statistics {
  /// Rounds, time and length of the numbers for a summary.
  var text: String {
    let time = decimalText(Rational(exactly: seconds) ?? 0, digits: seconds < 1 ? 4 : 2)
    let bits = denominatorBits.map { ", denominators of up to \($0) bits" } ?? ""
    return (iterations == 1 ? "1 iteration" : "\(iterations) iterations") + ", \(time) s\(bits)"
  }
}

extension RationalVector {
  /// Entry `index` as a fraction of at most `room` characters, or `nil` when it is longer.
  ///
  /// An entry of a vector with a huge common denominator counts as long without a look at it,
  /// since a gcd an entry would take longer than everything else.
  func shortText(at index: Int, room: Int) -> String? {
    if case .common(let denominator, let numerators) = form {
      if numerators[index].isZero { return "0" }
      if denominator.bitLength > 8192 { return nil }
    }
    let value = self[index]
    // A digit takes 3.3 bits: no need to print what is far too long.
    guard (value.denominator.bitLength + value.numerator.bitLength) / 4 <= room else { return nil }
    let text = value.description
    return text.count <= room ? text : nil
  }

  /// Entry `index` with the inner digits left out, or `nil` where it would take long to reduce.
  func cutText(at index: Int) -> String? {
    if case .common(let denominator, _) = form, denominator.bitLength > 8192 { return nil }
    let value = self[index]
    let parts = [value.numerator, value.denominator].map { part in
      let digits = part.description
      return digits.utf8.count <= 13 ? digits : "\(digits.prefix(6))…\(digits.suffix(6))"
    }
    return parts.joined(separator: "/")
  }
}
