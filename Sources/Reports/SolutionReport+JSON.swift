import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

extension SolutionReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    writeTerms(to: json)
    writeValues(to: json)
    writeInitialValue(to: json)
    writePolicies(to: json)
    writeProof(to: json)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func writeTerms(to json: JSONWriter) {
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    json.member("objective", solution.objective.name)
    if let horizon {
      json.key("horizon")
      json.integer(horizon)
    }
    json.member("direction", solution.terms.direction.rawValue)
    json.member("reward", solution.terms.reward)
    json.member("discount", solution.terms.discount.description)
    if let state = options.initialState { json.member("initial", name(state)) }
    json.member("status", solution.status.rawValue)
    json.member("method", methodName)
  }

  // MARK: - Values

  private func writeValues(to json: JSONWriter) {
    guard let values else { return }
    states(json).members("values", values, decimals: options.decimals)
  }

  private func writeInitialValue(to json: JSONWriter) {
    guard let value = solution.initialValue else { return }
    json.members("initialValue", value, decimals: options.decimals)
  }

  private func states(_ json: JSONWriter) -> StateVectorWriter {
    StateVectorWriter(json: json, model: model)
  }

  // MARK: - Policy

  private func writePolicies(to json: JSONWriter) {
    json.key("policy")
    writeSteps(solution.policies, to: json) { policy in
      states(json).write { json.string(name(policy[$0])) }
    }
    guard let optimal = solution.optimalActions else { return }
    json.key("optimalActions")
    writeSteps(optimal, to: json) { actions in
      json.beginObject()
      for state in 0..<model.stateCount {
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

  // MARK: - Proof

  private func writeProof(to json: JSONWriter) {
    if solution.status == .enclosed || hasEnclosingCertificate {
      json.key("policyIsOptimal")
      json.bool(solution.policyIsOptimal)
      json.key("undecided")
      json.beginArray()
      for state in solution.undecided { json.string(name(state)) }
      json.endArray()
    }
    json.key("certificate")
    if let file = options.certificateFile {
      json.beginObject()
      json.member("kind", solution.certificate.kind.rawValue)
      json.member("file", file)
      json.endObject()
    } else {
      solution.certificate.write(to: json, names: model, omitting: fieldsOfSolution)
    }
  }

  /// The fields of the certificate that a reader finds in the solution around it.
  private var fieldsOfSolution: Set<String> {
    guard isLarge else { return [] }
    return switch solution.certificate {
    case .discountedExact: ["values", "policy"]
    // The values of a finite horizon are those of every step, the solution's of the first one.
    case .discountedEnclosed, .finiteHorizon: ["policy"]
    }
  }
}

extension JSONWriter {
  /// The member `statistics` of a solution.
  func writeStatistics(_ statistics: Solution.Statistics) {
    key("statistics")
    beginObject()
    key("seconds")
    // Microseconds are as fine as a clock of wall time gets.
    double((statistics.seconds * 1e6).rounded() / 1e6)
    key("iterations")
    integer(statistics.iterations)
    if let bits = statistics.denominatorBits {
      key("denominatorBits")
      integer(bits)
    }
    endObject()
  }

  /// A member whose value is a string.
  func member(_ key: String, _ value: String) {
    self.key(key)
    string(value)
  }

  /// Two ends of an interval.
  func enclosure(_ lower: String, _ upper: String) {
    beginObject()
    member("lower", lower)
    member("upper", upper)
    endObject()
  }
}
