import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension BlackwellCertificate {
  /// What the field `objective` says where it is present.
  static let objectiveName = "blackwell"

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameter model: names the states and the actions.
  public func write(to writer: JSONWriter, names model: FiniteMDP) {
    let fields = FieldWriter(writer: writer, model: model, omitted: [])
    writer.beginObject()
    fields.string("format", DocumentKind.certificate.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("kind", Self.kind)
    fields.string("objective", Self.objectiveName)
    fields.string("direction", objective.direction.rawValue)
    fields.string("reward", objective.reward)
    fields.field("pieces") {
      writer.beginArray()
      for piece in pieces {
        writer.beginObject()
        fields.field("from") { writer.algebraicNumber(piece.from) }
        fields.field("policy") { fields.policy(piece.policy) }
        fields.field("denominator") { writer.polynomial(piece.denominator) }
        writer.endObject()
      }
      writer.endArray()
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// The coefficients as strings, that of the constant first.
  package func polynomial(_ polynomial: Polynomial) {
    beginArray()
    for coefficient in polynomial.coefficients { string("\(coefficient)") }
    endArray()
  }

  /// A fraction, or an object with bounds and the polynomial whose only root lies between them.
  package func algebraicNumber(_ number: AlgebraicNumber) {
    if number.isExact { return string("\(number.lower)") }
    beginObject()
    key("lower")
    string("\(number.lower)")
    key("upper")
    string("\(number.upper)")
    key("polynomial")
    polynomial(number.polynomial)
    endObject()
  }
}
