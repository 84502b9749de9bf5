import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// A Blackwell optimal policy made readable: by people as text, by programs as JSON.
public struct BlackwellReport: Report {
  let solution: BlackwellSolution
  let model: FiniteMDP
  let options: SolutionReport.Options

  /// - Parameter model: the model that was solved, for the names.
  public init(
    _ solution: BlackwellSolution, of model: FiniteMDP,
    options: SolutionReport.Options = SolutionReport.Options()
  ) {
    self.solution = solution
    self.model = model
    self.options = options
  }

  /// Whether what belongs to states is shown.
  var showsStates: Bool { !options.omitsValues }

  func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}

// MARK: - JSON

extension BlackwellReport {
  /// Writes the solution as one JSON object of the format `rationale-solution`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    writeTerms(to: json)
    if showsStates { writeLevels(to: json) }
    writeStart(to: json)
    if let gain = solution.initialGain {
      json.writeNumber(
        "initialValue",
        options.wantsBounds ? .enclosed(lower: gain, upper: gain) : .exact(gain),
        decimals: options.decimals)
    }
    let states = StateVectorWriter(json: json, model: model)
    json.key("policy")
    states.policy(solution.policy)
    if showsStates {
      json.key("optimalActions")
      states.lists(solution.optimalActions)
    }
    if options.wantsBounds {
      json.key("policyIsOptimal")
      json.bool(true)
      json.key("undecided")
      json.beginArray()
      json.endArray()
    }
    if solution.hasAllPieces { writePieces(to: json) }
    writeCertificate(to: json)
    json.writeStatistics(solution.statistics)
    json.endObject()
    try json.finish()
  }

  private func writeTerms(to json: JSONWriter) {
    json.member("format", "rationale-solution")
    json.key("version")
    json.integer(1)
    json.member("objective", "blackwell")
    json.member("direction", solution.objective.direction.rawValue)
    json.member("reward", solution.objective.reward)
    if let order = solution.order {
      json.key("order")
      json.integer(order)
    }
    if let state = options.initialState { json.member("initial", model.states[Int(state.index)]) }
    json.member("status", options.wantsBounds ? "enclosed" : "exact")
    json.member("method", SolverMethod.policyIteration.rawValue)
  }

  private func writeLevels(to json: JSONWriter) {
    let states = StateVectorWriter(json: json, model: model)
    for (key, vector) in [("gain", solution.gain), ("bias", solution.bias)] {
      json.key(key)
      states.exact(vector)
      guard let digits = options.decimals else { continue }
      json.key("\(key)Decimal")
      states.decimals(vector, digits: digits)
    }
    guard solution.order != nil else { return }
    json.key("laurentCoefficients")
    json.beginArray()
    for vector in solution.laurentCoefficients { states.exact(vector) }
    json.endArray()
  }

  private func writeStart(to json: JSONWriter) {
    let start = solution.start
    json.key("blackwellStart")
    json.algebraicNumber(start)
    if let digits = options.decimals {
      json.key("blackwellStartDecimal")
      if start.isExact {
        json.string(decimalText(start.lower, digits: digits))
      } else {
        json.enclosure(
          decimalText(start.lower, digits: digits, rounding: .down),
          decimalText(start.upper, digits: digits, rounding: .up))
      }
    }
    json.member("optimalFrom", "\(start.upper)")
    json.member("aPrioriBound", "\(solution.aPrioriBound)")
  }

  private func writePieces(to json: JSONWriter) {
    let states = StateVectorWriter(json: json, model: model)
    json.key("pieces")
    json.beginArray()
    for piece in solution.pieces {
      json.beginObject()
      json.key("from")
      json.algebraicNumber(piece.from)
      json.key("to")
      json.algebraicNumber(piece.to)
      json.key("policy")
      states.policy(piece.policy)
      json.key("denominator")
      json.polynomial(piece.denominator)
      json.key("numerators")
      states.entries { json.polynomial(piece.numerators[$0]) }
      json.endObject()
    }
    json.endArray()
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    guard let file = options.certificateFile else {
      return solution.certificate.write(to: json, names: model)
    }
    json.writeReference(toCertificate: BlackwellCertificate.kind, in: file)
  }
}
