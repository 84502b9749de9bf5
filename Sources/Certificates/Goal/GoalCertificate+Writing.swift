import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ReachabilityCertificate {
  public var kind: UndiscountedCertificateKind {
    switch values {
    case .exact: .reachabilityExact
    case .enclosed: .reachabilityEnclosed
    }
  }

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - omitted: the fields that the solution around the certificate holds under the same name
  ///     (for large models): of `values`, `policy`, `goal`, `direction`, `objective`.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    let fields = FieldWriter(writer: writer, model: model, omitted: omitted)
    writer.beginObject()
    fields.header(kind, objective.direction)
    fields.string("goal", objective.goal)
    fields.values(values, divergence: nil)
    fields.field("policy") { fields.policy(policy) }
    fields.field("distance") { fields.distances(distance) }
    writer.endObject()
  }
}

extension ReachabilityBoundedCertificate {
  public var kind: UndiscountedCertificateKind { .reachabilityBounded }

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - omitted: the fields that the solution around the certificate holds under the same name
  ///     (for large models): of `policy`, `goal`, `direction`, `objective`.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    let fields = FieldWriter(writer: writer, model: model, omitted: omitted)
    writer.beginObject()
    fields.header(kind, objective.direction)
    fields.string("goal", objective.goal)
    fields.field("steps") { writer.integer(steps) }
    fields.field("values") {
      writer.beginArray()
      for vector in values { fields.vector(vector) }
      writer.endArray()
    }
    fields.field("policy") {
      writer.beginArray()
      for step in policy { fields.policy(step) }
      writer.endArray()
    }
    writer.endObject()
  }
}

extension TotalCertificate {
  public var kind: UndiscountedCertificateKind {
    switch values {
    case .exact: .totalExact
    case .enclosed: .totalEnclosed
    }
  }

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - omitted: the fields that the solution around the certificate holds under the same name
  ///     (for large models): of `values`, `policy`, `reward`, `goal`, `direction`, `objective`.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    let fields = FieldWriter(writer: writer, model: model, omitted: omitted)
    writer.beginObject()
    fields.header(kind, objective.direction)
    fields.string("reward", objective.reward)
    fields.string("goal", objective.goal)
    fields.values(values, divergence: divergence)
    fields.field("policy") { fields.policy(policy) }
    fields.field("distance") { fields.naturalNumbers(distance) }
    fields.field("level") { fields.naturalNumbers(level) }
    if let ray { fields.field("ray") { fields.ray(ray) } }
    writer.endObject()
  }
}

extension FieldWriter {
  fileprivate func values(_ values: CertifiedValues, divergence: [Divergence]?) {
    let write = { (key: String, vector: RationalVector) in
      field(key) {
        if let divergence {
          self.vector(vector, divergence: divergence)
        } else {
          self.vector(vector)
        }
      }
    }
    switch values {
    case .exact(let values): write("values", values)
    case .enclosed(let lower, let upper):
      write("lower", lower)
      write("upper", upper)
    }
  }

  /// The entries where the ray's policy acts; elsewhere gain and bias are 0 or of no use.
  fileprivate func ray(_ ray: TotalCertificate.Ray) {
    writer.beginObject()
    field("policy") { policy(ray.policy) }
    for (key, vector) in [("gain", ray.gain), ("bias", ray.bias)] {
      field(key) {
        let entries = vector.indices.map { state in
          ray.policy[state] != nil || vector.sign(at: state) != 0 ? vector[state] : nil
        }
        partialVector(entries) { writer.string("\($0)") }
      }
    }
    writer.endObject()
  }
}
