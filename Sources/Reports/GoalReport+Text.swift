import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

extension GoalReport {
  /// Writes the solution for people: a summary, then one line a state.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    try text.line()
    let table = makeTable()
    try table.rows.write(to: &text)
    if table.hasCut {
      try text.line()
      try text.line(NumberText.remarkOnCuts)
    }
    try text.flush()
  }

  private var numbers: NumberText { NumberText(options) }

  private var summary: Summary {
    var summary = Summary()
    summary.add("Objective", objectiveText)
    summary.add("Status", statusText)
    if let value = solution.initialValue {
      let label = options.initialState.map { "Value at '\(model.states[Int($0.index)])'" }
      summary.add(label ?? "Initial value", text(of: value))
    }
    summary.add("Policy", policyText)
    summary.add("Method", "\(methodName), \(solution.statistics.text)")
    summary.add(
      "Certificate",
      solution.certificate.kind.rawValue + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var objectiveText: String {
    let size = " (\(model.stateCount) states, \(model.choiceCount) choices)"
    let direction = solution.direction.rawValue
    switch solution.objective {
    case .reachability(let horizon):
      let steps = horizon.map { " within \($0) steps" } ?? ""
      return "\(direction) the probability of reaching '\(solution.goal)'\(steps)" + size
    case .total(let reward):
      return "\(direction) the total of '\(reward)' until '\(solution.goal)'" + size
    }
  }

  private var statusText: String {
    switch solution.status {
    case .exact: "exact"
    case .enclosed:
      if case .finite(.exact) = solution.initialValue {
        "the initial value exact, all others enclosed"
      } else {
        "enclosed: every value lies between the bounds"
      }
    }
  }

  private var policyText: String {
    if solution.status == .exact || solution.undecided(in: model).isEmpty {
      "proved optimal"
    } else {
      "proved to guarantee the \(solution.direction == .maximize ? "lower" : "upper") bound"
    }
  }

  private func text(of value: GoalNumber) -> String {
    switch value {
    case .finite(let value): options.text(of: value)
    case .positiveInfinity: "inf"
    case .negativeInfinity: "-inf"
    }
  }

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
      if let policy = solution.policies.first { cells.append(policy[state].map(name) ?? "") }
      if hasTies { cells.append(otherOptimalActions(at: state)) }
      if let infinity = solution.divergence[state].text {
        cells += numbers.cells(of: values, infinite: infinity)
      } else {
        cells += numbers.cells(of: values, at: state, room: room, hasCut: &hasCut)
      }
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
