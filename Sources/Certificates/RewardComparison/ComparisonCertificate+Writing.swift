import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ComparisonCertificate {
  /// Writes the certificate as one JSON object.
  ///
  /// - Parameter model: names the states and the actions.
  public func write(to writer: JSONWriter, names model: FiniteMDP) {
    let fields = FieldWriter(writer: writer, model: model, omitted: [])
    writer.beginObject()
    fields.string("format", DocumentKind.certificate.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("kind", kind.rawValue)
    fields.string("objective", "discounted")
    fields.string("direction", Direction.maximize.rawValue)
    fields.string("discount", "\(terms.discount)")
    if let law = terms.initial { fields.field("initial") { fields.law(law) } }
    writeBody(fields)
    writer.endObject()
  }

  private func writeBody(_ fields: FieldWriter) {
    switch self {
    case .orderEqual(let certificate):
      fields.rewards(certificate.terms)
      fields.string("scale", "\(certificate.scale)")
      fields.field("potential") { fields.vector(certificate.potential) }
      if let second = certificate.secondPotential {
        fields.field("secondPotential") { fields.vector(second) }
      }
    case .orderDifferent(let certificate):
      fields.rewards(certificate.terms)
      fields.occupancy("first", certificate.first)
      fields.occupancy("second", certificate.second)
    case .worstCaseRegret(let certificate):
      fields.string("evaluated", certificate.terms.first)
      fields.string("proxy", certificate.terms.second)
      fields.occupancy("better", certificate.better)
      fields.occupancy("worse", certificate.worse)
      fields.string("multiplier", "\(certificate.multiplier)")
      fields.field("upperValues") { fields.vector(certificate.upperValues) }
      fields.field("lowerValues") { fields.vector(certificate.lowerValues) }
      fields.string("regret", "\(certificate.regret)")
    case .proxyRegret(let certificate):
      fields.string("evaluated", certificate.terms.first)
      fields.string("optimised", certificate.terms.second)
      fields.field("evaluatedValues") { fields.vector(certificate.evaluatedValues) }
      fields.field("optimisedValues") { fields.vector(certificate.optimisedValues) }
      fields.occupancy("best", certificate.best)
      fields.occupancy("worst", certificate.worst)
      fields.string("multiplier", "\(certificate.multiplier)")
      fields.field("dual") { fields.vector(certificate.dual) }
      fields.string("regret", "\(certificate.regret)")
    }
  }
}

extension FieldWriter {
  fileprivate func rewards(_ terms: RewardPairTerms) {
    field("rewards") {
      writer.beginArray()
      writer.string(terms.first)
      writer.string(terms.second)
      writer.endArray()
    }
  }

  fileprivate func occupancy(_ key: String, _ occupancy: OccupancyEntries) {
    field(key) { occupancy.write(to: writer, names: model) }
  }

  /// One state by its name, or the list of states with their probabilities.
  func law(_ law: [(state: State, probability: Rational)]) {
    if law.count == 1, law[0].probability == 1 {
      return writer.string(model.states[Int(law[0].state.index)])
    }
    writer.beginArray()
    for (state, probability) in law {
      writer.beginArray()
      writer.string(model.states[Int(state.index)])
      writer.string("\(probability)")
      writer.endArray()
    }
    writer.endArray()
  }
}
