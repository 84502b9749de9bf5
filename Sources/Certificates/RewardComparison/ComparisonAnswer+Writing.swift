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

private struct ComparisonWriter {
  let answer: ComparisonAnswer
  let fields: FieldWriter
  let decimal: ((Rational) -> String)?

  private var writer: JSONWriter { fields.writer }
  private var model: FiniteMDP { fields.model }

  func write() {
    writer.beginObject()
    fields.string("format", DocumentKind.comparison.rawValue)
    fields.field("version") { writer.integer(1) }
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
    list("pairs", answer.pairs, write)
    writer.endObject()
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
    fields.field("canonical") {
      write(
        canonical: reward.canonical, onTriples: answer.settings.canonicalization.knowsTriples)
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

  private func write(_ certificate: ComparisonAnswer.DistanceCertificate) {
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

  private func write(_ pair: ComparisonAnswer.Pair) {
    let names = [answer.rewards[pair.first].name, answer.rewards[pair.second].name]
    let arrows = [names[0] + "->" + names[1], names[1] + "->" + names[0]]
    writer.beginObject()
    list("rewards", names, writer.string)
    number("distance", pair.distance)
    number("spanDistance", pair.spanDistance)
    fields.field("worstCaseRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.worstCaseRegret) { number(arrow, regret) }
      writer.endObject()
    }
    fields.field("proxyRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.proxyRegret) {
        fields.field(arrow) {
          writer.beginObject()
          number("worst", regret.worst)
          number("best", regret.best)
          writer.endObject()
        }
      }
      writer.endObject()
    }
    fields.field("sameOrdering") { writer.bool(pair.sameOrdering) }
    fields.field("reversedOrdering") { writer.bool(pair.reversedOrdering) }
    fields.field("sameOptimalPolicies") { writer.bool(pair.sameOptimalPolicies) }
    fields.field("orderingCertificate") { write(pair.orderingCertificate, names) }
    fields.field("boundConstants") { write(pair.boundConstants) }
    fields.field("regretPolicies") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.regretPolicies) {
        if let regret { fields.field(arrow) { write(regret) } }
      }
      writer.endObject()
    }
    fields.field("certificate") { write(certificatesOf: pair, arrows) }
    writer.endObject()
  }

  private func write(_ certificate: ComparisonAnswer.OrderingCertificate, _ names: [String]) {
    writer.beginObject()
    switch certificate {
    case .equivalent(let scale, let potential, let secondPotential):
      fields.string("kind", "equivalent")
      fields.string("scale", "\(scale)")
      fields.field("potential") { fields.vector(potential) }
      if let secondPotential {
        fields.field("secondPotential") { fields.vector(secondPotential) }
      }
    case .witness(let first, let second, let values):
      fields.string("kind", "witness")
      fields.field("first") { write(first) }
      fields.field("second") { write(second) }
      fields.field("values") {
        writer.beginObject()
        for (name, pair) in zip(names, values) {
          fields.field(name) { strings(pair.map(\.description)) }
        }
        writer.endObject()
      }
    }
    writer.endObject()
  }

  private func write(_ constants: (lower: Rational, upper: Rational)?) {
    guard let constants else { return writer.null() }
    writer.beginObject()
    number("lower", constants.lower)
    number("upper", constants.upper)
    writer.endObject()
  }

  private func write(_ regret: ComparisonAnswer.Regret) {
    writer.beginObject()
    fields.string("multiplier", "\(regret.multiplier)")
    fields.field("better") { write(regret.better) }
    fields.field("worse") { write(regret.worse) }
    fields.field("upperValues") { fields.vector(regret.upperValues) }
    fields.field("lowerValues") { fields.vector(regret.lowerValues) }
    if let occupancy = regret.betterOccupancy {
      fields.field("betterOccupancy") { occupancy.write(to: writer, names: model) }
    }
    if let occupancy = regret.worseOccupancy {
      fields.field("worseOccupancy") { occupancy.write(to: writer, names: model) }
    }
    writer.endObject()
  }

  private func write(certificatesOf pair: ComparisonAnswer.Pair, _ arrows: [String]) {
    writer.beginObject()
    if let (maximum, minimum) = pair.spanCertificates {
      fields.field("spanDistance") {
        writer.beginObject()
        fields.field("maximum") { write(maximum) }
        fields.field("minimum") { write(minimum) }
        writer.endObject()
      }
    }
    if let distance = pair.distanceCertificate {
      fields.field("distance") { write(distance) }
    }
    fields.field("proxyRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.proxyRegret) {
        guard let worst = regret.worstCertificate, let best = regret.bestCertificate else {
          continue
        }
        fields.field(arrow) {
          writer.beginObject()
          fields.field("worst") { write(worst) }
          fields.field("best") { write(best) }
          writer.endObject()
        }
      }
      writer.endObject()
    }
    writer.endObject()
  }

  private func write(_ optimum: ComparisonAnswer.Optimum) {
    writer.beginObject()
    fields.field("values") { fields.vector(optimum.values) }
    fields.field("policy") { fields.policy(optimum.policy) }
    writer.endObject()
  }

  /// An action where the choice is sure, else the probabilities by action.
  private func write(_ policy: Policy) {
    writer.beginObject()
    for state in 0..<model.stateCount {
      let choices = policy.choices(at: State(state))
      fields.field(model.states[state]) {
        if choices.count == 1 { return writer.string(action(of: choices[0].choice)) }
        writer.beginObject()
        for weighted in choices {
          fields.string(action(of: weighted.choice), "\(weighted.probability)")
        }
        writer.endObject()
      }
    }
    writer.endObject()
  }

  private func number(_ key: String, _ value: ComparisonAnswer.Number) {
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

  private func number(_ key: String, _ value: Rational) {
    fields.string(key, "\(value)")
    if let decimal { fields.string(key + "Decimal", decimal(value)) }
  }

  private func list<Element>(_ key: String, _ elements: [Element], _ write: (Element) -> Void) {
    fields.field(key) {
      writer.beginArray()
      elements.forEach(write)
      writer.endArray()
    }
  }

  private func strings(_ texts: [String]) {
    writer.beginArray()
    texts.forEach(writer.string)
    writer.endArray()
  }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }

  private func action(of choice: Choice) -> String {
    model.actions[Int(model.action(of: choice).index)]
  }
}
