import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension RewardAnswer {
  /// Writes the answer as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - decimal: text of a number for a sibling field `…Decimal`, `nil` for none.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, decimal: ((Rational) -> String)? = nil
  ) {
    RewardAnswerWriter(
      answer: self, fields: FieldWriter(writer: writer, model: model, omitted: []),
      decimal: decimal
    ).write()
  }
}

private struct RewardAnswerWriter {
  let answer: RewardAnswer
  let fields: FieldWriter
  let decimal: ((Rational) -> String)?

  private var writer: JSONWriter { fields.writer }
  private var model: FiniteMDP { fields.model }

  func write() {
    writer.beginObject()
    fields.string("format", DocumentKind.rewardAnswer.rawValue)
    fields.field("version") { writer.integer(1) }
    fields.string("question", answer.question.name.rawValue)
    fields.string("discount", "\(answer.discount)")
    if answer.direction == .minimize { fields.string("direction", answer.direction.rawValue) }
    if let law = answer.initial { fields.field("initial") { fields.law(law) } }
    switch answer.question {
    case .hackable(let answer): write(answer)
    case .hackableOnSet(let answer): write(answer)
    case .simplification(let answer): write(answer)
    case .auxiliary(let answer): write(answer)
    case .blend(let answer): write(answer)
    case .design(let answer): write(answer)
    case .nearest(let answer): write(answer)
    }
    writer.endObject()
  }

  // MARK: - Policies

  private func write(_ answer: HackabilityAnswer) {
    fields.field("rewards") { writer.strings([answer.trueReward, answer.proxy]) }
    switch answer.outcome {
    case .hackable(let hacked, let honest, let loss, let gain):
      fields.field("hackable") { writer.bool(true) }
      number("loss", loss)
      number("gain", gain)
      fields.field("hacked") { object { write(hacked) } }
      fields.field("honest") { object { write(honest) } }
    case .sameOrdering(let scale, let potential):
      fields.field("hackable") { writer.bool(false) }
      fields.string("reason", "same-ordering")
      fields.string("scale", "\(scale)")
      fields.field("potential") { fields.vector(potential) }
    case .trivialProxy(let potential):
      fields.field("hackable") { writer.bool(false) }
      fields.string("reason", "trivial-proxy")
      fields.field("potential") { fields.vector(potential) }
    case .trivialTruth(let potential):
      fields.field("hackable") { writer.bool(false) }
      fields.string("reason", "trivial-truth")
      fields.field("potential") { fields.vector(potential) }
    }
  }

  private func write(_ traced: TracedPolicy) {
    fields.field("policy") { fields.policy(traced.policy) }
    if let occupancy = traced.occupancy {
      fields.field("occupancy") { occupancy.write(to: writer, names: model) }
    }
  }

  private func object(_ write: () -> Void) {
    writer.beginObject()
    write()
    writer.endObject()
  }

  private func list<Element>(_ key: String, _ elements: [Element], _ write: (Element) -> Void) {
    fields.field(key) {
      writer.beginArray()
      for element in elements { object { write(element) } }
      writer.endArray()
    }
  }

  private func write(_ answer: PolicySetAnswer) {
    fields.field("rewards") { writer.strings([answer.trueReward, answer.proxy]) }
    fields.field("hackable") { writer.bool(answer.witness != nil) }
    if let (hacked, honest) = answer.witness {
      fields.string("hacked", answer.policies[hacked].name)
      fields.string("honest", answer.policies[honest].name)
    }
    fields.field("simplification") { writer.bool(answer.isSimplification) }
    fields.field("nontrivial") { writer.bool(answer.isNontrivial) }
    list("policies", Array(answer.policies.enumerated())) { place, policy in
      fields.string("name", policy.name)
      fields.field("values") { writer.strings(answer.values.map { $0[place].description }) }
      write(policy.traced)
    }
  }

  private func write(_ answer: SimplificationAnswer) {
    fields.string("reward", answer.reward)
    fields.field("exists") { writer.bool(answer.simple != nil) }
    fields.field("dimensions") {
      writer.beginArray()
      writer.integer(answer.dimensions.all)
      writer.integer(answer.dimensions.ties)
      writer.endArray()
    }
    if let simple = answer.simple {
      fields.field("simplification") { simple.table.write(to: writer, names: model) }
    }
    list("policies", Array(answer.policies.enumerated())) { place, policy in
      fields.string("name", policy.name)
      number("value", answer.values[place])
      if let simple = answer.simple { number("simpleValue", simple.values[place]) }
      write(policy.traced)
    }
  }

  // MARK: - Sums of rewards

  private func write(_ answer: AuxiliaryAnswer) {
    fields.string("reward", answer.reward)
    fields.string("auxiliary", answer.auxiliary)
    let optima = { (optima: AuxiliaryOptima) in
      fields.field("values") { fields.vector(optima.values) }
      fields.field("sumValues") { fields.vector(optima.sumValues) }
    }
    switch answer.effect {
    case .shaping(let potential):
      fields.string("effect", "shaping")
      fields.field("potential") { fields.vector(potential) }
    case .sameOptimalPolicies(let values):
      fields.string("effect", "same-optimal-policies")
      optima(values)
    case .changesOptimum(let values, let worst, let loss):
      fields.string("effect", "changes-optimum")
      number("loss", loss)
      fields.field("worst") { write(worst) }
      optima(values)
    }
  }

  private func write(_ optimum: ComparisonAnswer.Optimum) {
    object {
      fields.field("values") { fields.vector(optimum.values) }
      fields.field("policy") { fields.policy(optimum.policy) }
    }
  }

  private func write(_ answer: BlendAnswer) {
    fields.string("reward", answer.reward)
    fields.string("auxiliary", answer.auxiliary)
    fields.field("planner") {
      object {
        switch answer.planner {
        case .optimal(let discount):
          fields.string("kind", "optimal")
          fields.string("discount", "\(discount)")
        case .lookahead(let steps, let discount):
          fields.string("kind", "lookahead")
          fields.field("steps") { writer.integer(steps) }
          fields.string("discount", "\(discount)")
        }
      }
    }
    list("stretches", answer.stretches) { stretch in
      number("from", stretch.from)
      if let to = stretch.to { number("to", to) }
      number("worst", stretch.worst)
      number("best", stretch.best)
      if let lines = stretch.lines {
        fields.field("values") {
          object {
            fields.field("constant") { fields.vector(lines.constant) }
            fields.field("slope") { fields.vector(lines.slope) }
          }
        }
      }
      fields.field("worstCertificate") { write(stretch.worstOptimum) }
      fields.field("bestCertificate") { write(stretch.bestOptimum) }
    }
  }

  // MARK: - Nearest rewards

  private func write(_ answer: DesignAnswer) {
    fields.string("reward", answer.reward)
    fields.string("norm", answer.norm.rawValue)
    number("margin", answer.margin)
    fields.field("policy") { fields.policy(answer.policy) }
    if !answer.kept.isEmpty { write("kept", answer.kept) }
    switch answer.outcome {
    case .impossible: fields.field("possible") { writer.bool(false) }
    case .found(let table, let values, let distance):
      fields.field("possible") { writer.bool(true) }
      number("distance", distance)
      fields.field("nearest") {
        OccupancyEntries(table.enumerated().map { (Choice($0.offset), $0.element) })
          .write(to: writer, names: model)
      }
      fields.field("values") { fields.vector(values) }
    }
    fields.field("multipliers") { answer.multipliers.write(to: writer, names: model) }
  }

  private func write(_ key: String, _ choices: [Choice]) {
    fields.field(key) {
      writer.beginArray()
      for choice in choices {
        writer.strings([
          model.states[Int(model.state(of: choice).index)],
          model.actions[Int(model.action(of: choice).index)],
        ])
      }
      writer.endArray()
    }
  }

  private func write(_ answer: NearestAnswer) {
    fields.string("reward", answer.reward)
    fields.string("family", answer.family.name)
    fields.string("norm", answer.norm.rawValue)
    number("distance", answer.distance)
    switch answer.family {
    case .stateOnly:
      fields.field("nearest") { fields.vector(RationalVector(answer.coefficients)) }
    case .support(let choices):
      fields.field("nearest") {
        OccupancyEntries(zip(choices, answer.coefficients).map { ($0, $1) })
          .write(to: writer, names: model)
      }
    case .rewards(let names):
      fields.field("nearest") {
        object {
          for (name, value) in zip(names, answer.coefficients) { fields.string(name, "\(value)") }
        }
      }
    }
    fields.field("differenceValues") { fields.vector(answer.differenceValues) }
    fields.field("dual") { answer.dual.write(to: writer, names: model) }
    fields.field("adjoint") { fields.vector(answer.adjoint) }
  }

  private func number(_ key: String, _ value: Rational) {
    fields.string(key, "\(value)")
    if let decimal { fields.string(key + "Decimal", decimal(value)) }
  }
}
