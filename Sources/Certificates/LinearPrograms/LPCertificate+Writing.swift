import ExactArithmetic
import ExactJSON
import LinearPrograms

extension LPCertificate {
  /// Writes the certificate as one JSON object: maps from names to numbers, without zeros.
  ///
  /// - Parameters:
  ///   - program: names the rows and columns, and the direction.
  ///   - omitted: the fields that the solution around the certificate holds under the same name,
  ///     of `direction`, `primal`, `dual`, `objectiveValue`.
  public func write(
    to writer: JSONWriter, names program: LinearProgram, omitting omitted: Set<String> = []
  ) {
    writer.beginObject()
    writer.key("format")
    writer.string(DocumentKind.certificate.rawValue)
    writer.key("version")
    writer.integer(1)
    writer.key("kind")
    writer.string(kind.rawValue)
    if !omitted.contains("direction") {
      writer.key("direction")
      writer.string(program.direction.rawValue)
    }
    writeBody(to: writer, program, omitted)
    writer.endObject()
  }

  private func writeBody(
    to writer: JSONWriter, _ program: LinearProgram, _ omitted: Set<String>
  ) {
    func map(_ key: String, _ names: [String], _ values: [Rational]) {
      if omitted.contains(key) { return }
      writer.key(key)
      writer.write(names, values)
    }
    switch self {
    case .optimal(let certificate):
      map("primal", program.columnNames, certificate.primal)
      map("dual", program.rowNames, certificate.dual)
      if !omitted.contains("objectiveValue") {
        writer.key("objectiveValue")
        writer.string("\(certificate.objectiveValue)")
      }
    case .infeasible(.farkas(let multipliers)): map("farkas", program.rowNames, multipliers)
    case .infeasible(.crossedRow(let row)):
      writer.writeCrossed("row", program.rowNames[row])
    case .infeasible(.crossedColumn(let column)):
      writer.writeCrossed("column", program.columnNames[column])
    case .unbounded(let certificate):
      map("primal", program.columnNames, certificate.primal)
      map("ray", program.columnNames, certificate.ray)
    }
  }
}

extension JSONWriter {
  /// Writes a map from names to numbers, without zeros.
  package func write(_ names: [String], _ values: [Rational]) {
    beginObject()
    for (name, value) in zip(names, values) where !value.isZero {
      key(name)
      string("\(value)")
    }
    endObject()
  }

  fileprivate func writeCrossed(_ kind: String, _ name: String) {
    key("crossed")
    beginObject()
    key(kind)
    string(name)
    endObject()
  }
}
