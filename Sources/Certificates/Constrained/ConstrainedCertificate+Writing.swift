import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ConstrainedCertificate {
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
    fields.string("direction", terms.direction.rawValue)
    if let reward = terms.reward { fields.string("reward", reward) }
    fields.string("discount", "\(terms.discount)")
    if let initial = terms.initial { fields.initialLaw(initial) }
    fields.constraints(terms.constraints)
    switch self {
    case .optimal(let certificate):
      fields.occupancy(certificate.occupancy)
      fields.numbers("multipliers", certificate.multipliers)
      fields.field("values") { fields.vector(certificate.values) }
      fields.string("objectiveValue", "\(certificate.objectiveValue)")
    case .infeasible(let certificate):
      fields.numbers("multipliers", certificate.multipliers)
      fields.field("values") { fields.vector(certificate.values) }
    }
    writer.endObject()
  }
}

extension FieldWriter {
  fileprivate func numbers(_ key: String, _ numbers: [Rational]) {
    field(key) {
      writer.beginArray()
      for number in numbers { writer.string("\(number)") }
      writer.endArray()
    }
  }

  fileprivate func constraints(_ constraints: [RewardConstraint]) {
    field("constraints") {
      writer.beginArray()
      for constraint in constraints {
        writer.beginObject()
        string("reward", constraint.reward)
        string("relation", constraint.relation.rawValue)
        string("bound", "\(constraint.bound)")
        writer.endObject()
      }
      writer.endArray()
    }
  }

  fileprivate func occupancy(_ occupancy: [(choice: Choice, mass: Rational)]) {
    field("occupancy") {
      writer.beginArray()
      for (choice, mass) in occupancy {
        writer.beginArray()
        writer.string(model.states[Int(model.state(of: choice).index)])
        writer.string(model.actions[Int(model.action(of: choice).index)])
        writer.string("\(mass)")
        writer.endArray()
      }
      writer.endArray()
    }
  }

  /// One state by its name, or the list of states with their probabilities.
  fileprivate func initialLaw(_ law: [(state: State, probability: Rational)]) {
    field("initial") {
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
}
