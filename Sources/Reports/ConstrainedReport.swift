import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// The answer to a constrained problem made readable: by people as text, by programs as JSON.
public struct ConstrainedReport: Report {
  let solution: ConstrainedSolution
  let model: FiniteMDP
  let options: SolutionReport.Options

  /// - Parameter model: the model that was solved, for the names.
  public init(
    _ solution: ConstrainedSolution, of model: FiniteMDP,
    options: SolutionReport.Options = SolutionReport.Options()
  ) {
    self.solution = solution
    self.model = model
    self.options = options
  }

  private var terms: ConstrainedTerms { solution.terms }

  private func name(_ choice: Choice) -> String {
    model.actions[Int(model.action(of: choice).index)]
  }
}

// MARK: - JSON

extension ConstrainedReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    writeTerms(to: json)
    if let optimum = solution.optimum { write(optimum, to: json) }
    writeConstraints(to: json)
    writeCertificate(to: json)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func writeTerms(to json: JSONWriter) {
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    json.member("objective", "discounted")
    json.member("direction", terms.direction.rawValue)
    if let reward = terms.reward { json.member("reward", reward) }
    json.member("discount", terms.discount.description)
    if let state = options.initialState { json.member("initial", model.states[Int(state.index)]) }
    json.member("status", solution.optimum == nil ? "infeasible" : "exact")
    json.member("method", SolverMethod.linearProgram.rawValue)
  }

  private func write(_ optimum: ConstrainedSolution.Optimum, to json: JSONWriter) {
    json.member("initialValue", optimum.value.description)
    if let digits = options.decimals {
      json.member("initialValueDecimal", decimalText(optimum.value, digits: digits))
    }
    json.key("policy")
    if isLarge { json.beginArray() } else { json.beginObject() }
    for state in 0..<model.stateCount {
      if !isLarge { json.key(model.states[state]) }
      write(optimum.policy.choices(at: State(state)), to: json)
    }
    if isLarge { json.endArray() } else { json.endObject() }
  }

  /// Whether state vectors are arrays, without names.
  private var isLarge: Bool { model.stateCount >= Certificate.arrayThreshold }

  /// An action, or an object of actions with their probabilities.
  private func write(_ law: [Policy.WeightedChoice], to json: JSONWriter) {
    if law.count == 1 { return json.string(name(law[0].choice)) }
    json.beginObject()
    for weighted in law { json.member(name(weighted.choice), weighted.probability.description) }
    json.endObject()
  }

  private func writeConstraints(to json: JSONWriter) {
    json.key("constraints")
    json.beginArray()
    for (k, constraint) in terms.constraints.enumerated() {
      json.beginObject()
      json.member("reward", constraint.reward)
      json.member("relation", constraint.relation.rawValue)
      json.member("bound", constraint.bound.description)
      if let optimum = solution.optimum {
        json.member("value", optimum.constraintValues[k].description)
        json.member("multiplier", optimum.multipliers[k].description)
      }
      json.endObject()
    }
    json.endArray()
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    guard let file = options.certificateFile else {
      return solution.certificate.write(to: json, names: model)
    }
    json.writeReference(toCertificate: solution.certificate.kind.rawValue, in: file)
  }
}

// MARK: - Text

extension ConstrainedReport {
  /// Writes the solution for people: a summary, the constraints, then one line a state.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    try text.line()
    try constraintTable.write(to: &text)
    if let optimum = solution.optimum {
      try text.line()
      try policyTable(optimum).write(to: &text)
    }
    try text.flush()
  }

  private var summary: Summary {
    var summary = Summary()
    summary.add(
      "Objective",
      "\(terms.direction.rawValue) '\(terms.reward ?? "")', discount \(terms.discount)"
        + " (\(model.stateCount) states, \(model.choiceCount) choices)")
    guard let optimum = solution.optimum else {
      summary.add("Status", "infeasible: no policy keeps the constraints")
      return finished(summary)
    }
    summary.add("Status", "exact")
    let label = options.initialState.map { "Value at '\(model.states[Int($0.index)])'" }
    summary.add(label ?? "Initial value", text(of: optimum.value))
    let count = optimum.occupancy.randomizedChoiceCount(in: model)
    summary.add(
      "Policy", "proved optimal, " + (count == 0 ? "deterministic" : "\(count) randomized"))
    return finished(summary)
  }

  private func finished(_ start: Summary) -> Summary {
    var summary = start
    summary.add("Method", SolverMethod.linearProgram.rawValue)
    summary.add(
      "Certificate",
      solution.certificate.kind.rawValue + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private func text(of value: Rational) -> String {
    let isDecimalShown = options.decimals != nil && !value.isInteger
    return value.description
      + (isDecimalShown ? " ≈ \(decimalText(value, digits: options.decimals ?? 0))" : "")
  }

  private var constraintTable: TextTable {
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [("constraint", .left)]
    if solution.optimum != nil { columns += [("value", .left), ("multiplier", .left)] }
    var table = TextTable(columns)
    for (k, constraint) in terms.constraints.enumerated() {
      var cells = [constraint.description]
      if let optimum = solution.optimum {
        cells += [text(of: optimum.constraintValues[k]), text(of: optimum.multipliers[k])]
      }
      table.add(cells)
    }
    return table
  }

  private func policyTable(_ optimum: ConstrainedSolution.Optimum) -> TextTable {
    var table = TextTable([("state", .left), ("action", .left)])
    for state in 0..<model.stateCount {
      let law = optimum.policy.choices(at: State(state))
      let action =
        law.count == 1
        ? name(law[0].choice)
        : law.map { "\(name($0.choice)): \($0.probability)" }.joined(separator: ", ")
      table.add([model.states[state], action])
    }
    return table
  }
}
