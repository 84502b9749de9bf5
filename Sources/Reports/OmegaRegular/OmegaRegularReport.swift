import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// The probability of a temporal property made readable: by people as text, by programs as JSON.
public struct OmegaRegularReport: Report {
  private let solution: OmegaRegularSolution
  private let options: SolutionReport.Options

  public init(
    _ solution: OmegaRegularSolution, options: SolutionReport.Options = SolutionReport.Options()
  ) {
    self.solution = solution
    self.options = options
  }

  private var model: FiniteMDP { solution.problem.model }
  private var product: AutomatonProduct { solution.product }
  private var values: CertifiedVector? { options.omitsValues ? nil : solution.values }

  private var startName: String {
    AutomatonProduct.name(of: product.memories[product.memory[product.starts[0]]])
  }

  /// The states of the product by memory.
  private var byMemory: [[Int]] {
    var places = [[Int]](repeating: [], count: product.memories.count)
    for (place, memory) in product.memory.enumerated() { places[memory].append(place) }
    return places.map { $0.sorted { product.states[$0] < product.states[$1] } }
  }
}

// MARK: - JSON

extension OmegaRegularReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let isLarge = model.stateCount >= SolutionReport.largeStateCount
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    json.member("objective", solution.problem.semantics.objective)
    json.member("direction", solution.problem.direction.rawValue)
    if let formula = solution.problem.formula { json.member("formula", formula) }
    if let end = solution.problem.semantics.end { json.member("end", end) }
    if let state = options.initialState { json.member("initial", model.states[Int(state.index)]) }
    json.member("status", solution.status.rawValue)
    json.member("method", solution.method.rawValue)
    if let values {
      StateVectorWriter(json: json, model: model).members(
        "values", values, decimals: options.decimals)
    }
    if let value = solution.initialValue {
      json.writeNumber("initialValue", value, decimals: options.decimals)
    }
    if solution.status == .enclosed {
      json.key("policyIsOptimal")
      json.bool(solution.undecided.isEmpty)
      json.key("undecided")
      json.beginArray()
      for state in solution.undecided { json.string(model.states[Int(state.index)]) }
      json.endArray()
    }
    json.member("automaton", solution.problem.automaton.hoa(name: solution.problem.formula))
    json.key("memory")
    json.beginObject()
    json.member("initial", startName)
    json.endObject()
    writePolicy(to: json)
    writeCertificate(to: json)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func writePolicy(to json: JSONWriter) {
    json.key("policy")
    json.beginObject()
    for (memory, places) in byMemory.enumerated() {
      json.key(AutomatonProduct.name(of: product.memories[memory]))
      json.beginObject()
      for place in places {
        json.key(model.states[Int(product.states[place].index)])
        write(solution.policy[place], to: json)
      }
      json.endObject()
    }
    json.endObject()
  }

  private func write(_ law: OmegaRegularSolution.Law, to json: JSONWriter) {
    if law.count == 1 { return json.string(name(law[0].action)) }
    json.beginObject()
    for (action, probability) in law { json.member(name(action), probability.description) }
    json.endObject()
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    guard let file = options.certificateFile else {
      return solution.certificate.write(to: json, names: product)
    }
    json.writeReference(toCertificate: OmegaRegularCertificate.kind, in: file)
  }

  private func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}

// MARK: - Text

extension OmegaRegularReport {
  /// Writes the solution for people: a summary, the values, then one line a memory and state.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try summary.write(to: &text)
    try text.line()
    let numbers = NumberText(options)
    var hasCut = false
    if let values {
      var table = TextTable([("state", .left)] + numbers.columns(of: values))
      let room = numbers.room(in: model, hasTies: false)
      for state in 0..<model.stateCount {
        table.add(
          [model.states[state]]
            + numbers.cells(of: values, at: state, room: room, hasCut: &hasCut))
      }
      try table.write(to: &text)
      try text.line()
    }
    try policyTable.write(to: &text)
    if hasCut {
      try text.line()
      try text.line(NumberText.remarkOnCuts)
    }
    try text.flush()
  }

  private var summary: Summary {
    var summary = Summary()
    let size = " (\(model.stateCount) states, \(model.choiceCount) choices)"
    let property = solution.problem.formula.map { "of \($0)" } ?? "that the automaton accepts"
    let traces =
      switch solution.problem.semantics {
      case .infinite: ""
      case .somePrefix: " on some prefix"
      case .ending(let label): " on the trace up to '\(label)'"
      }
    summary.add(
      "Objective",
      "\(solution.problem.direction.rawValue) the probability \(property)" + traces + size)
    summary.add("Status", solution.status.rawValue)
    if let value = solution.initialValue {
      let label = options.initialState.map { "Value at '\(model.states[Int($0.index)])'" }
      summary.add(label ?? "Initial value", options.text(of: value))
    }
    summary.add(
      "Automaton",
      "\(solution.problem.automaton.stateCount) states, acceptance "
        + "\(solution.problem.automaton.acceptance)")
    summary.add(
      "Policy",
      "with \(product.memories.count) memories, at first \(startName); proved "
        + (solution.undecided.isEmpty ? "optimal" : "to guarantee a bound"))
    summary.add("Method", "\(solution.method.rawValue), \(solution.statistics.text)")
    summary.add(
      "Certificate",
      OmegaRegularCertificate.kind + (options.certificateFile.map { ", in \($0)" } ?? ""))
    return summary
  }

  private var policyTable: TextTable {
    var table = TextTable([("memory", .left), ("state", .left), ("action", .left)])
    for (memory, places) in byMemory.enumerated() {
      for place in places {
        let law = solution.policy[place]
        let action =
          law.count == 1
          ? name(law[0].action)
          : law.map { "\(name($0.action)): \($0.probability)" }.joined(separator: ", ")
        table.add([
          AutomatonProduct.name(of: product.memories[memory]),
          model.states[Int(product.states[place].index)], action,
        ])
      }
    }
    return table
  }
}
