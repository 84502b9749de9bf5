import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ComparisonAnswer {
  /// Writes the answer as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - decimal: text of a number for a sibling field `…Decimal`, `nil` for none.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, decimal: ((Rational) -> String)? = nil
  ) {
    ComparisonWriter(
      answer: self, fields: FieldWriter(writer: writer, model: model, omitted: []),
      decimal: decimal
    ).write()
  }
}

struct ComparisonWriter {
  let answer: ComparisonAnswer
  let fields: FieldWriter
  let decimal: ((Rational) -> String)?

  var writer: JSONWriter { fields.writer }
  var model: FiniteMDP { fields.model }

  func write() {
    writer.beginObject()
    head(status: nil)
    list("pairs", answer.pairs, write)
    writer.endObject()
  }

  /// Everything but the pairs.
  func head(status: String?) {
    fields.string("format", DocumentKind.comparison.rawValue)
    fields.field("version") { writer.integer(1) }
    if let status { fields.string("status", status) }
    fields.string("discount", "\(answer.discount)")
    if answer.direction == .minimize { fields.string("direction", answer.direction.rawValue) }
    if let law = answer.initial { fields.field("initial") { fields.law(law) } }
    fields.string("canonicalization", answer.settings.canonicalization.rawValue)
    if answer.settings.canonicalization == .valueAdjustedLevelling {
      if let policy = answer.policy {
        fields.field("policy") { write(policy) }
      } else {
        fields.string("policy", "uniform")
      }
    }
    fields.string("normalization", answer.settings.normalization.rawValue)
    fields.string("metric", answer.settings.metric.rawValue)
    list("comparedStates", answer.comparedStates) { writer.string(name($0)) }
    fields.field("rewards") {
      writer.beginObject()
      for reward in answer.rewards { fields.field(reward.name) { write(reward) } }
      writer.endObject()
    }
  }

  private func write(_ reward: ComparisonAnswer.Reward) {
    writer.beginObject()
    fields.field("trivial") { writer.bool(reward.isTrivial) }
    number("minimum", reward.minimum)
    number("maximum", reward.maximum)
    number("span", reward.span)
    if let norm = reward.norm {
      number("norm", norm)
    } else {
      fields.field("norm") { writer.null() }
    }
    if let canonical = reward.canonical {
      fields.field("canonical") {
        write(canonical: canonical, onTriples: answer.settings.canonicalization.knowsTriples)
      }
    }
    let certificates: [(String, ComparisonAnswer.Optimum)] = [
      ("maximum", reward.maximumCertificate), ("minimum", reward.minimumCertificate),
    ].compactMap { key, optimum in optimum.map { (key, $0) } }
    if reward.policyValues != nil || !certificates.isEmpty || reward.normCertificate != nil {
      fields.field("certificate") {
        writer.beginObject()
        if let values = reward.policyValues {
          fields.field("policyValues") { fields.vector(values) }
        }
        for (key, optimum) in certificates { fields.field(key) { write(optimum) } }
        if let norm = reward.normCertificate { fields.field("norm") { write(norm) } }
        writer.endObject()
      }
    }
    writer.endObject()
  }

  private func write(_ certificate: ComparisonAnswer.NormCertificate) {
    writer.beginObject()
    switch certificate {
    case .span(let maximum, let minimum):
      fields.field("maximum") { write(maximum) }
      fields.field("minimum") { write(minimum) }
    case .quotient(let potential, let dual):
      fields.field("potential") { fields.vector(potential) }
      fields.field("dual") { write(canonical: dual, onTriples: false) }
    }
    writer.endObject()
  }

  func write(_ certificate: ComparisonAnswer.DistanceCertificate) {
    writer.beginObject()
    switch certificate {
    case .span(let points):
      list("points", points) { point in
        writer.beginObject()
        fields.string("multiplier", "\(point.multiplier)")
        fields.field("maximum") { write(point.maximum) }
        fields.field("minimum") { write(point.minimum) }
        writer.endObject()
      }
    case .quotient(let points, let dual):
      list("points", points) { multiplier, potential in
        writer.beginObject()
        fields.string("multiplier", "\(multiplier)")
        fields.field("potential") { fields.vector(potential) }
        writer.endObject()
      }
      fields.field("dual") { write(canonical: dual, onTriples: false) }
    }
    writer.endObject()
  }

  private func write(canonical values: RationalVector, onTriples: Bool) {
    writer.beginArray()
    if onTriples {
      let triples = TripleIndex(model)
      for place in 0..<triples.count {
        let (state, action, successor) = triples[place]
        strings([
          name(state), model.actions[Int(action.index)], name(successor), "\(values[place])",
        ])
      }
    } else {
      let choices = answer.comparedStates.flatMap { model.choiceRange(at: Int($0.index)) }
      for (place, choice) in choices.enumerated() {
        strings([
          model.states[Int(model.choiceStates[choice])],
          model.actions[Int(model.choiceActions[choice])], "\(values[place])",
        ])
      }
    }
    writer.endArray()
  }

  func write(_ optimum: ComparisonAnswer.Optimum) {
    writer.beginObject()
    fields.field("values") { fields.vector(optimum.values) }
    fields.field("policy") { fields.policy(optimum.policy) }
    writer.endObject()
  }

  func write(_ policy: Policy) { fields.policy(policy) }

  func number(_ key: String, _ value: ComparisonAnswer.Number) {
    switch value {
    case .exact(let value): number(key, value)
    case .enclosed(let lower, let upper, let squared):
      fields.field(key) {
        writer.beginObject()
        number("lower", lower)
        number("upper", upper)
        if let squared { number("squared", squared) }
        writer.endObject()
      }
    }
  }

  func number(_ key: String, _ value: Rational) {
    fields.string(key, "\(value)")
    if let decimal { fields.string(key + "Decimal", decimal(value)) }
  }

  func list<Element>(_ key: String, _ elements: [Element], _ write: (Element) -> Void) {
    fields.field(key) {
      writer.beginArray()
      elements.forEach(write)
      writer.endArray()
    }
  }

  func strings(_ texts: [String]) {
    writer.beginArray()
    texts.forEach(writer.string)
    writer.endArray()
  }

  func name(_ state: State) -> String { model.states[Int(state.index)] }
}

extension FieldWriter {
  /// An action where the choice is sure, else the probabilities by action.
  func policy(_ policy: Policy) {
    writer.beginObject()
    for state in 0..<model.stateCount {
      let choices = policy.choices(at: State(state))
      field(model.states[state]) {
        if choices.count == 1 { return writer.string(action(of: choices[0].choice)) }
        writer.beginObject()
        for weighted in choices {
          string(action(of: weighted.choice), "\(weighted.probability)")
        }
        writer.endObject()
      }
    }
    writer.endObject()
  }

  private func action(of choice: Choice) -> String {
    model.actions[Int(model.action(of: choice).index)]
  }
}
