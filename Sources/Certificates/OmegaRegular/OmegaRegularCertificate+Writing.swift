import ExactJSON
import MarkovDecisionProcesses

extension OmegaRegularCertificate {
  /// Writes the certificate as one JSON object; states of the product have the names of
  /// ``AutomatonProduct``.
  ///
  /// - Parameter product: that of the model and ``automaton``.
  public func write(to writer: JSONWriter, names product: AutomatonProduct) {
    let fields = FieldWriter(writer: writer, model: product.product, omitted: [])
    writer.beginObject()
    fields.string("format", DocumentKind.certificate.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("kind", Self.kind)
    fields.string("objective", semantics.objective)
    fields.string("direction", direction.rawValue)
    if let formula { fields.string("formula", formula) }
    if let end = semantics.end { fields.string("end", end) }
    fields.string("automaton", automaton.hoa(name: formula))
    fields.list("components", components) { component in
      fields.pair(component.pair)
      fields.field("choices") { fields.choices(component.choices) }
    }
    fields.list("exclusions", exclusions) { exclusion in
      fields.pair(exclusion.pair)
      fields.field("round") { fields.naturalNumbers(exclusion.round) }
      fields.field("missing") {
        writer.beginArray()
        for mark in exclusion.missing {
          if let mark { writer.integer(mark) } else { writer.null() }
        }
        writer.endArray()
      }
    }
    fields.field("reachability") { reachability.write(to: writer, names: product.product) }
    writer.endObject()
  }
}

extension FieldWriter {
  fileprivate func list<Element>(
    _ key: String, _ elements: [Element], _ write: (Element) -> Void
  ) {
    field(key) {
      writer.beginArray()
      for element in elements {
        writer.beginObject()
        write(element)
        writer.endObject()
      }
      writer.endArray()
    }
  }

  fileprivate func pair(_ pair: AcceptancePair) {
    for (key, set) in [("finite", pair.finite), ("infinite", pair.infinite)] {
      field(key) {
        writer.beginArray()
        for mark in set.marks { writer.integer(mark) }
        writer.endArray()
      }
    }
  }

  /// Pairs `[state, action]`.
  fileprivate func choices(_ choices: [Choice]) {
    writer.beginArray()
    for choice in choices {
      writer.beginArray()
      writer.string(model.states[Int(model.state(of: choice).index)])
      writer.string(model.actions[Int(model.action(of: choice).index)])
      writer.endArray()
    }
    writer.endArray()
  }
}
