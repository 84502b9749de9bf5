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

  private var numbers: NumberText { NumberText(options) }

  // MARK: - Summary

  private var summary: Summary {
    var summary = Summary()
    summary.add("Objective", objectiveText)
    summary.add("Status", statusText)
    if let value = solution.initialValue {
      let label = options.initialState.map { "Value at '\(name($0))'" } ?? "Initial value"
      summary.add(label, numbers.text(of: value))
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
