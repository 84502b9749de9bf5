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
    let writer = StateVectorWriter(json: json, model: model)
    json.key("values")
    switch values {
    case .exact(let vector): writer.exact(vector)
    case .enclosed(let lower, let upper): writer.enclosed(lower, upper)
    }
    guard let digits = options.decimals else { return }
    json.key("valuesDecimal")
    switch values {
    case .exact(let vector): writer.decimals(vector, digits: digits)
    case .enclosed(let lower, let upper): writer.decimals(lower, upper, digits: digits)
    }
  }

  private func writeInitialValue(to json: JSONWriter) {
    guard let value = solution.initialValue else { return }
    json.writeNumber("initialValue", value, decimals: options.decimals)
  }

  // MARK: - Policy

  private func writePolicies(to json: JSONWriter) {
    let writer = StateVectorWriter(json: json, model: model)
    json.key("policy")
    writeSteps(solution.policies, to: json, writer.policy)
    guard let optimal = solution.optimalActions else { return }
    json.key("optimalActions")
    writeSteps(optimal, to: json, writer.lists)
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
      json.writeReference(toCertificate: solution.certificate.kind.rawValue, in: file)
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
  /// The value that stands for a certificate in a file of its own.
  func writeReference(toCertificate kind: String, in file: String) {
    beginObject()
    member("kind", kind)
    member("file", file)
    endObject()
  }

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

  /// A member whose value is a certified number, with its decimal beside it where wanted.
  func writeNumber(_ key: String, _ value: CertifiedNumber, decimals digits: Int?) {
    self.key(key)
    switch value {
    case .exact(let value): string(value.description)
    case .enclosed(let lower, let upper): enclosure(lower.description, upper.description)
    }
    guard let digits else { return }
    self.key("\(key)Decimal")
    switch value {
    case .exact(let value): string(decimalText(value, digits: digits))
    case .enclosed(let lower, let upper):
      enclosure(
        decimalText(lower, digits: digits, rounding: .down),
        decimalText(upper, digits: digits, rounding: .up))
    }
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
