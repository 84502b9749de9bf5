import Certificates
import ExactArithmetic
import ExactJSON
import LinearPrograms

extension LinearProgramReport {
  /// Writes the answer as one JSON object of the format `rationale-lp-solution`; maps leave zeros
  /// out.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: !isLarge, sink: sink)
    json.beginObject()
    json.member("format", DocumentKind.linearProgramSolution.rawValue)
    json.key("version")
    json.integer(1)
    if !program.name.isEmpty { json.member("name", program.name) }
    json.member("status", solution.status.rawValue)
    json.member("direction", solution.direction.rawValue)
    // A feasible point beside a ray is no answer; the certificate has it.
    if case .optimal(let optimal) = solution.certificate { write(optimal, to: json) }
    if let sensitivity { write(sensitivity, to: json) }
    writeCertificate(to: json)
    writeStatistics(to: json)
    json.endObject()
    try json.finish()
  }

  private func write(_ optimal: LPOptimalCertificate, to json: JSONWriter) {
    json.member("objectiveValue", optimal.objectiveValue.description)
    if let digits = options.decimals {
      json.member("objectiveValueDecimal", decimalText(optimal.objectiveValue, digits: digits))
    }
    write("primal", program.columnNames, optimal.primal, to: json)
    write("dual", program.rowNames, optimal.dual, to: json)
  }

  private func write(
    _ key: String, _ names: [String], _ values: [Rational], to json: JSONWriter
  ) {
    json.key(key)
    json.write(names, values)
    guard let digits = options.decimals else { return }
    json.key("\(key)Decimal")
    json.beginObject()
    for (name, value) in zip(names, values) where !value.isZero {
      json.member(name, decimalText(value, digits: digits))
    }
    json.endObject()
  }

  private func write(_ sensitivity: Sensitivity, to json: JSONWriter) {
    json.key("reducedCosts")
    json.write(program.columnNames, sensitivity.reducedCosts)
    json.key("isUnique")
    json.bool(sensitivity.face.isUnique)
    json.key("optimalFace")
    json.beginObject()
    json.key("dimension")
    json.integer(sensitivity.face.dimension)
    for (key, points) in [
      ("vertices", sensitivity.face.vertices), ("rays", sensitivity.face.rays),
    ] {
      guard let points else { continue }
      json.key(key)
      json.beginArray()
      for point in points { json.write(program.columnNames, point.entries) }
      json.endArray()
    }
    json.endObject()
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    if let file = options.certificateFile {
      json.writeReference(toCertificate: solution.certificate.kind.rawValue, in: file)
      return
    }
    let isOptimal = solution.status == .optimal
    let omitted: Set<String> = isLarge && isOptimal ? ["primal", "dual", "objectiveValue"] : []
    solution.certificate.write(to: json, names: program, omitting: omitted)
  }

  private func writeStatistics(to json: JSONWriter) {
    let statistics = solution.statistics
    json.key("statistics")
    json.beginObject()
    json.key("seconds")
    json.double((options.seconds * 1e6).rounded() / 1e6)
    for (key, count) in [
      ("floatingIterations", statistics.floatingIterations),
      ("refinements", statistics.refinements), ("exactPivots", statistics.exactPivots),
      ("denominatorBits", statistics.denominatorBits),
    ] {
      json.key(key)
      json.integer(count)
    }
    json.endObject()
  }
}
