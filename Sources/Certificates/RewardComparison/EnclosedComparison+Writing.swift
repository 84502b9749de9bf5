import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension EnclosedComparison {
  /// The value of the field `status`.
  static let status = "enclosed"

  /// Writes the answer with its proof as one JSON object.
  ///
  /// - Parameter model: names the states.
  public func write(to writer: JSONWriter, names model: FiniteMDP) {
    let fields = FieldWriter(writer: writer, model: model, omitted: [])
    writer.beginObject()
    fields.string("format", DocumentKind.comparison.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("status", Self.status)
    fields.string("discount", "\(discount)")
    if let law = initial { fields.field("initial") { fields.law(law) } }
    fields.string("canonicalization", Canonicalization.valueAdjustedLevelling.rawValue)
    fields.string("policy", "uniform")
    fields.string("normalization", RewardNorm.span.rawValue)
    fields.string("metric", RewardNorm.span.rawValue)
    fields.field("rewards") {
      writer.beginObject()
      for reward in rewards { fields.field(reward.name) { write(reward, fields) } }
      writer.endObject()
    }
    fields.field("pairs") {
      writer.beginArray()
      for pair in pairs { write(pair, fields) }
      writer.endArray()
    }
    writer.endObject()
  }

  private func write(_ reward: Reward, _ fields: FieldWriter) {
    fields.writer.beginObject()
    fields.enclosure("minimum", reward.minimum)
    fields.enclosure("maximum", reward.maximum)
    fields.enclosure("span", reward.span)
    fields.enclosure("norm", reward.span)
    fields.field("certificate") { fields.evidence(reward.evidence, hasMultiplier: false) }
    fields.writer.endObject()
  }

  private func write(_ pair: Pair, _ fields: FieldWriter) {
    let writer = fields.writer
    let names = [rewards[pair.first].name, rewards[pair.second].name]
    let arrows = ["\(names[0])->\(names[1])", "\(names[1])->\(names[0])"]
    writer.beginObject()
    fields.field("rewards") {
      writer.beginArray()
      for name in names { writer.string(name) }
      writer.endArray()
    }
    fields.enclosure("distance", pair.spanDistance)
    fields.enclosure("spanDistance", pair.spanDistance)
    fields.field("worstCaseRegret") {
      writer.beginObject()
      for direction in 0...1 {
        fields.enclosure(arrows[direction], pair.worstCaseRegret[direction])
      }
      writer.endObject()
    }
    fields.field("sameOrdering") {
      if pair.isOrderProvedDifferent { writer.bool(false) } else { writer.null() }
    }
    fields.field("spanCertificate") { fields.evidence(pair.spanEvidence, hasMultiplier: true) }
    fields.field("regretCertificates") {
      writer.beginObject()
      for direction in 0...1 {
        fields.field(arrows[direction]) {
          fields.evidence(pair.regretEvidence[direction], hasMultiplier: true)
        }
      }
      writer.endObject()
    }
    writer.endObject()
  }
}

extension FieldWriter {
  fileprivate func enclosure(_ key: String, _ enclosure: Enclosure) {
    field(key) {
      writer.beginObject()
      string("lower", "\(enclosure.lower)")
      string("upper", "\(enclosure.upper)")
      writer.endObject()
    }
  }

  fileprivate func evidence(_ evidence: EnclosedComparison.Evidence, hasMultiplier: Bool) {
    writer.beginObject()
    if hasMultiplier { string("multiplier", "\(evidence.multiplier)") }
    field("upperValues") { vector(evidence.upperValues) }
    field("lowerValues") { vector(evidence.lowerValues) }
    field("better") { masses(evidence.better) }
    field("worse") { masses(evidence.worse) }
    writer.endObject()
  }

  /// One mass a choice, in the order of the model: states ascending, their actions ascending.
  private func masses(_ masses: RationalVector) {
    guard case .common(let denominator, let numerators) = masses.form else {
      writer.beginArray()
      for place in masses.indices { writer.string("\(masses[place])") }
      return writer.endArray()
    }
    writer.beginObject()
    string("denominator", "\(denominator)")
    field("numerators") {
      writer.beginArray()
      for numerator in numerators { writer.string("\(numerator)") }
      writer.endArray()
    }
    writer.endObject()
  }
}
