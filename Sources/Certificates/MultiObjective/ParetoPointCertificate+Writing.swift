import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ParetoPointCertificate {
  /// Writes the certificate as one JSON object; `model` names the states and the actions.
  public func write(to writer: JSONWriter, names model: FiniteMDP) {
    let fields = FieldWriter(writer: writer, model: model, omitted: [])
    writer.beginObject()
    fields.string("format", DocumentKind.certificate.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("kind", Self.kind)
    fields.string("objective", "discounted")
    fields.string("direction", direction.rawValue)
    fields.field("rewards") { writer.strings(rewards) }
    fields.string("discount", "\(discount)")
    if let initial { fields.field("initial") { writer.law(initial, names: model) } }
    fields.field("point") { writer.strings(point.map(\.description)) }
    fields.field("weight") { writer.strings(weight.map(\.description)) }
    fields.field("occupancy") { occupancy.write(to: writer, names: model) }
    fields.field("values") { fields.vector(values) }
    writer.endObject()
  }
}

extension OccupancyEntries {
  /// Writes the list of `[state, action, number]`.
  func write(to writer: JSONWriter, names model: FiniteMDP) {
    writer.beginArray()
    for (choice, mass) in entries {
      writer.strings([
        model.states[Int(model.state(of: choice).index)],
        model.actions[Int(model.action(of: choice).index)], mass.description,
      ])
    }
    writer.endArray()
  }
}

extension JSONWriter {
  func strings(_ texts: [String]) {
    beginArray()
    texts.forEach(string)
    endArray()
  }

  fileprivate func law(
    _ law: [(state: State, probability: Rational)], names model: FiniteMDP
  ) {
    beginArray()
    for (state, probability) in law {
      strings([model.states[Int(state.index)], probability.description])
    }
    endArray()
  }
}
