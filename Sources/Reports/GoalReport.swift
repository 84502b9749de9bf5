import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// An answer about reaching a goal made readable: by people as text, by programs as JSON.
public struct GoalReport: Report {
  let solution: GoalSolution
  let model: FiniteMDP
  let options: SolutionReport.Options

  /// - Parameter model: the model that was solved, for the names.
  public init(
    _ solution: GoalSolution, of model: FiniteMDP,
    options: SolutionReport.Options = SolutionReport.Options()
  ) {
    self.solution = solution
    self.model = model
    self.options = options
  }

  private var isLarge: Bool { model.stateCount >= SolutionReport.largeStateCount }

  /// The values to show, if any.
  var values: CertifiedVector? { options.omitsValues ? nil : solution.values }

  var horizon: Int? {
    if case .reachability(let horizon) = solution.objective { horizon } else { nil }
  }

  var methodName: String {
    horizon == nil ? solution.method.rawValue : "backward-induction"
  }

  func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}

// MARK: - JSON

extension GoalReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    writeTerms(to: json)
    if let values {
      let isFinite = solution.divergence.allSatisfy { $0 == .finite }
      states(json).members(
        "values", values, decimals: options.decimals,
        infinity: isFinite ? nil : { solution.divergence[$0].text })
    }
    writeInitialValue(to: json)
    writePolicies(to: json)
    writeUndecided(to: json)
    writeCertificate(to: json)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func states(_ json: JSONWriter) -> StateVectorWriter {
    StateVectorWriter(json: json, model: model)
  }

  private func writeTerms(to json: JSONWriter) {
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    switch solution.objective {
    case .reachability(let horizon):
      json.member("objective", "reachability")
      if let horizon {
        json.key("horizon")
        json.integer(horizon)
      }
      json.member("direction", solution.direction.rawValue)
    case .total(let reward):
      json.member("objective", "total")
      json.member("direction", solution.direction.rawValue)
      json.member("reward", reward)
    }
    json.member("goal", solution.goal)
    if let state = options.initialState { json.member("initial", model.states[Int(state.index)]) }
    json.member("status", solution.status.rawValue)
    json.member("method", methodName)
  }

  private func writeInitialValue(to json: JSONWriter) {
    switch solution.initialValue {
    case .finite(let value): json.writeNumber("initialValue", value, decimals: options.decimals)
    case .positiveInfinity: json.member("initialValue", "inf")
    case .negativeInfinity: json.member("initialValue", "-inf")
    case nil: break
    }
  }

  private func writePolicies(to json: JSONWriter) {
    json.key("policy")
    writeSteps(solution.policies, to: json) { policy in
      states(json).entries(where: { policy[$0] != nil }) { state in
        if let action = policy[state] { json.string(name(action)) }
      }
    }
    guard let optimal = solution.optimalActions else { return }
    json.key("optimalActions")
    writeSteps(optimal, to: json) { actions in
      json.beginObject()
      for state in 0..<model.stateCount where !actions[state].isEmpty {
        json.key(model.states[state])
        json.beginArray()
        for action in actions[state] { json.string(name(action)) }
        json.endArray()
      }
      json.endObject()
    }
  }

  /// An array of one value a step where there are steps, else the only value.
  private func writeSteps<Step>(_ steps: [Step], to json: JSONWriter, _ write: (Step) -> Void) {
    if horizon != nil { json.beginArray() }
    steps.forEach(write)
    if horizon != nil { json.endArray() }
  }

  /// What keeps the proof of optimality open, where there are bounds only.
  private func writeUndecided(to json: JSONWriter) {
    if case .exact = solution.certificateValues, solution.status == .exact { return }
    let undecided = solution.undecided(in: model)
    json.key("policyIsOptimal")
    json.bool(undecided.isEmpty)
    json.key("undecided")
    json.beginArray()
    for state in undecided { json.string(model.states[Int(state.index)]) }
    json.endArray()
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    guard let file = options.certificateFile else {
      return solution.certificate.write(to: json, names: model, omitting: fieldsOfSolution)
    }
    json.writeReference(toCertificate: solution.certificate.kind.rawValue, in: file)
  }

  /// The fields of the certificate that a reader finds in the solution around it.
  private var fieldsOfSolution: Set<String> {
    guard isLarge else { return [] }
    // The values of bounded reachability are those of every step, the solution's of the first.
    if horizon == nil, solution.status == .exact, values != nil { return ["values", "policy"] }
    return ["policy"]
  }
}

// MARK: - Certificate

extension GoalCertificate {
  /// Writes the certificate as one JSON object.
  ///
  /// - Parameter omitted: the fields that the solution around it holds under the same name.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    switch self {
    case .reachability(let certificate):
      certificate.write(to: writer, names: model, omitting: omitted)
    case .reachabilityBounded(let certificate):
      certificate.write(to: writer, names: model, omitting: omitted)
    case .total(let certificate): certificate.write(to: writer, names: model, omitting: omitted)
    }
  }
}
