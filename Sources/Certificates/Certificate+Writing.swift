import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension Certificate {
  /// From this many states on vectors are written as arrays, with a common denominator where
  /// they have one.
  public static let arrayThreshold = 10_000

  public var kind: CertificateKind {
    switch self {
    case .discountedExact: .discountedExact
    case .discountedEnclosed: .discountedEnclosed
    case .finiteHorizon: .finiteHorizon
    }
  }

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - omitted: the fields that the solution around the certificate holds under the same name
  ///     (for large models): of `values`, `policy`, `policyIsOptimal`, `undecided`, `reward`,
  ///     `discount`, `direction`, `objective`.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    let fields = FieldWriter(writer: writer, model: model, omitted: omitted)
    writer.beginObject()
    writer.key("format")
    writer.string(DocumentKind.certificate.rawValue)
    writer.key("version")
    writer.integer(1)
    writer.key("kind")
    writer.string(kind.rawValue)
    fields.string("objective", kind.objective)
    fields.string("direction", objective.direction.rawValue)
    fields.string("reward", objective.reward)
    fields.string("discount", "\(objective.discount)")
    switch self {
    case .discountedExact(let certificate): certificate.writeBody(fields)
    case .discountedEnclosed(let certificate): certificate.writeBody(fields)
    case .finiteHorizon(let certificate): certificate.writeBody(fields)
    }
    writer.endObject()
  }
}

extension DiscountedExactCertificate {
  fileprivate func writeBody(_ fields: FieldWriter) {
    fields.field("values") { fields.vector(values) }
    fields.field("policy") { fields.policy(policy) }
  }
}

extension DiscountedEnclosedCertificate {
  fileprivate func writeBody(_ fields: FieldWriter) {
    fields.field("lower") { fields.vector(lower) }
    fields.field("upper") { fields.vector(upper) }
    fields.field("policy") { fields.policy(policy) }
    fields.field("policyIsOptimal") { fields.writer.bool(policyIsOptimal) }
    fields.field("undecided") {
      fields.writer.beginArray()
      for state in undecided { fields.writer.string(fields.model.states[Int(state.index)]) }
      fields.writer.endArray()
    }
    if let partition {
      fields.field("partition") {
        fields.stateVector { fields.writer.integer(partition[$0]) }
      }
    }
  }
}

extension FiniteHorizonCertificate {
  fileprivate func writeBody(_ fields: FieldWriter) {
    fields.field("horizon") { fields.writer.integer(horizon) }
    if let terminal { fields.field("terminal") { fields.vector(terminal) } }
    fields.field("values") {
      fields.writer.beginArray()
      for vector in values { fields.vector(vector) }
      fields.writer.endArray()
    }
    fields.field("policy") {
      fields.writer.beginArray()
      for step in policy { fields.policy(step) }
      fields.writer.endArray()
    }
  }
}

/// Writes the fields of a certificate in the forms that its size calls for.
struct FieldWriter {
  let writer: JSONWriter
  let model: FiniteMDP
  let omitted: Set<String>
  /// Whether short files matter more than those that people read: vectors over common
  /// denominators, and lists instead of names.
  var isCompact = false

  func field(_ key: String, _ write: () -> Void) {
    if omitted.contains(key) { return }
    writer.key(key)
    write()
  }

  func string(_ key: String, _ value: String) {
    field(key) { writer.string(value) }
  }

  func policy(_ policy: [Action]) {
    stateVector { writer.string(model.actions[Int(policy[$0].index)]) }
  }

  func vector(_ vector: RationalVector) {
    guard case .common(let denominator, let numerators) = vector.form,
      isLarge || isTooLongToReduce(vector)
    else { return stateVector { writer.string("\(vector[$0])") } }
    writer.beginObject()
    writer.key("denominator")
    writer.string("\(denominator)")
    writer.key("numerators")
    writer.beginArray()
    for numerator in numerators { writer.string("\(numerator)") }
    writer.endArray()
    writer.endObject()
  }

  /// One entry a state, as an object or, for a large model, an array.
  func stateVector(_ entry: (Int) -> Void) {
    if isLarge {
      writer.beginArray()
      for state in 0..<model.stateCount { entry(state) }
      writer.endArray()
    } else {
      writer.beginObject()
      for state in 0..<model.stateCount {
        writer.key(model.states[state])
        entry(state)
      }
      writer.endObject()
    }
  }

  var isLarge: Bool { isCompact || model.stateCount >= Certificate.arrayThreshold }

  /// Whether a gcd per entry would take longer than the solver did: from about a second on.
  private func isTooLongToReduce(_ vector: RationalVector) -> Bool {
    vector.denominatorBits * vector.count > 1 << 25
  }
}
