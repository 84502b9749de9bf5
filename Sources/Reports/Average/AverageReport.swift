import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// The answer to an average-reward problem made readable: by people as text, by programs as JSON.
public struct AverageReport: Report {
  let solution: AverageSolution
  let model: FiniteMDP
  let options: SolutionReport.Options

  /// - Parameter model: the model that was solved, for the names.
  public init(
    _ solution: AverageSolution, of model: FiniteMDP,
    options: SolutionReport.Options = SolutionReport.Options()
  ) {
    self.solution = solution
    self.model = model
    self.options = options
  }

  /// Whether gains and biases of the states are shown; not when only the initial value was wanted.
  private var showsStates: Bool {
    if case .exact? = solution.initialValue, solution.status == .enclosed { return false }
    return !options.omitsValues
  }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }
  private func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}

// MARK: - JSON

extension AverageReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let isLarge = model.stateCount >= SolutionReport.largeStateCount
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    writeTerms(to: json)
    if showsStates { writeValues(to: json) }
    if let value = solution.initialValue {
      json.writeNumber("initialValue", value, decimals: options.decimals)
    }
    writePolicy(to: json)
    writeCertificate(to: json, isLarge: isLarge)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func writeTerms(to json: JSONWriter) {
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    json.member("objective", "average")
    json.member("direction", solution.terms.direction.rawValue)
    json.member("reward", solution.terms.reward)
    if let state = options.initialState { json.member("initial", name(state)) }
    json.member("status", solution.status.rawValue)
    json.member("method", solution.method.rawValue)
  }

  private func writeValues(to json: JSONWriter) {
    let writer = StateVectorWriter(json: json, model: model)
    switch solution.values {
    case .exact(let pair):
      for (key, vector) in [("gain", pair.gain), ("bias", pair.bias)] {
        json.key(key)
        writer.exact(vector)
        guard let digits = options.decimals else { continue }
        json.key("\(key)Decimal")
        writer.decimals(vector, digits: digits)
      }
      if let span = solution.span {
        json.writeNumber("span", .exact(span), decimals: options.decimals)
      }
      json.key("biasOptimal")
      json.bool(solution.isBiasOptimal)
    case .enclosed(let lower, let upper):
      json.key("gain")
      writer.enclosed(lower.gain, upper.gain)
      guard let digits = options.decimals else { return }
      json.key("gainDecimal")
      writer.decimals(lower.gain, upper.gain, digits: digits)
    }
  }

  private func writePolicy(to json: JSONWriter) {
    let writer = StateVectorWriter(json: json, model: model)
    json.key("policy")
    writer.policy(solution.policy)
    if let optimal = solution.optimalActions {
      json.key("optimalActions")
      writer.lists(optimal)
    }
    guard solution.status == .enclosed else { return }
    json.key("policyIsOptimal")
    json.bool(solution.policyIsOptimal)
    json.key("undecided")
    json.beginArray()
    for state in solution.undecided { json.string(name(state)) }
    json.endArray()
  }

  private func writeCertificate(to json: JSONWriter, isLarge: Bool) {
    json.key("certificate")
    guard let file = options.certificateFile else {
      let omitted: Set<String> =
        switch solution.certificate.claim {
        case _ where !isLarge: []
        case .exact: ["gain", "bias", "policy"]
        case .enclosed: ["policy"]
        }
      return solution.certificate.write(to: json, names: model, omitting: omitted)
    }
    json.writeReference(toCertificate: solution.certificate.kind.rawValue, in: file)
  }
}

// MARK: - Text

extension AverageReport {
  /// Writes the solution for people: a summary, then one line a state.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    try text.line()
    let (table, hasCut) = makeTable()
    try table.write(to: &text)
    if hasCut {
      try text.line()
      try text.line(longFractionsRemark)
    }
    try text.flush()
  }

  private var summary: Summary {
    var summary = Summary()
    summary.add(
      "Objective",
      "\(solution.terms.direction.rawValue) the long-run average of '\(solution.terms.reward)'"
        + " (\(model.stateCount) states, \(model.choiceCount) choices)")
    summary.add("Status", statusText)
    if let value = solution.initialValue {
      let label = options.initialState.map { "Gain from '\(name($0))'" } ?? "Initial value"
      summary.add(label, options.text(of: value))
    }
    if showsStates {
      if let gain = commonGain { summary.add("Gain", options.text(of: gain) + " from every state") }
      if let span = solution.span {
        summary.add("Span of the bias", options.text(of: .exact(span)))
      }
    }
    summary.add("Policy", policyText)
    summary.add("Method", "\(solution.method.rawValue), \(solution.statistics.text)")
    summary.add(
      "Certificate",
      solution.certificate.kind.rawValue + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var statusText: String {
    if solution.status == .exact { return "exact" }
    if case .exact = solution.initialValue { return "the initial value exact, gains enclosed" }
    return "enclosed: every gain lies between the bounds"
  }

  private var policyText: String {
    guard solution.status == .exact else {
      if solution.policyIsOptimal { return "proved optimal" }
      return solution.terms.direction == .maximize
        ? "proved to have a gain of at least the lower bound"
        : "proved to have a gain of at most the upper bound"
    }
    return "proved optimal" + (solution.isBiasOptimal ? ", also in its bias" : "")
  }

  /// The gain, or its bounds, where it is the same from every state.
  private var commonGain: CertifiedNumber? {
    switch solution.values {
    case .exact(let pair): constant(pair.gain).map { .exact($0) }
    case .enclosed(let lower, let upper):
      constant(lower.gain).flatMap { low in
        constant(upper.gain).map { .enclosed(lower: low, upper: $0) }
      }
    }
  }

  private func constant(_ vector: RationalVector) -> Rational? {
    let first = vector[0]
    return vector.indices.allSatisfy { vector[$0] == first } ? first : nil
  }

  private func makeTable() -> (table: TextTable, hasCut: Bool) {
    let hasTies = solution.optimalActions?.contains { $0.count > 1 } ?? false
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [
      ("state", .left), ("action", .left),
    ]
    if hasTies { columns.append(("also optimal", .left)) }
    let gains = showsStates && commonGain == nil
    if gains {
      columns +=
        solution.status == .exact
        ? [("gain", .left)] : [("lower bound", .right), ("upper bound", .right)]
    }
    if showsStates, solution.status == .exact { columns.append(("bias", .left)) }
    var table = TextTable(columns)
    var hasCut = false
    for state in 0..<model.stateCount {
      var cells = [model.states[state], name(solution.policy[state])]
      if hasTies { cells.append(otherActions(at: state)) }
      cells += valueCells(at: state, withGain: gains, hasCut: &hasCut)
      table.add(cells)
    }
    return (table, hasCut)
  }

  private func otherActions(at state: Int) -> String {
    let others = solution.optimalActions?[state].filter { $0 != solution.policy[state] } ?? []
    return others.map(name).joined(separator: " ")
  }

  private func valueCells(at state: Int, withGain: Bool, hasCut: inout Bool) -> [String] {
    guard showsStates else { return [] }
    switch solution.values {
    case .exact(let pair):
      return ((withGain ? [pair.gain] : []) + [pair.bias]).map { vector in
        if let text = vector.shortText(at: state, room: options.columns == nil ? 1000 : 28) {
          return text
        }
        hasCut = true
        return "≈ " + vector.decimalText(at: state, digits: options.shownDigits)
      }
    case .enclosed(let lower, let upper):
      guard withGain else { return [] }
      return [
        lower.gain.decimalText(at: state, digits: options.shownDigits, rounding: .down),
        upper.gain.decimalText(at: state, digits: options.shownDigits, rounding: .up),
      ]
    }
  }
}
