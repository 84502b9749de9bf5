import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension AverageCertificate {
  public var kind: UndiscountedCertificateKind {
    switch claim {
    case .exact: .averageExact
    case .enclosed: .averageEnclosed
    }
  }

  /// Writes the certificate as one JSON object.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - omitted: the fields that the solution around the certificate holds under the same name
  ///     (for large models): of `gain`, `bias`, `policy`, `reward`, `direction`, `objective`.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, omitting omitted: Set<String> = []
  ) {
    let fields = FieldWriter(writer: writer, model: model, omitted: omitted)
    writer.beginObject()
    fields.header(kind, objective.direction)
    fields.string("reward", objective.reward)
    switch claim {
    case .exact(let pair, let witness):
      fields.pair(pair)
      if let witness { fields.field("biasWitness") { fields.vector(witness) } }
    case .enclosed(let lower, let upper):
      for (key, pair) in [("lower", lower), ("upper", upper)] {
        fields.field(key) {
          writer.beginObject()
          fields.pair(pair)
          writer.endObject()
        }
      }
    }
    fields.field("policy") { fields.policy(policy) }
    writer.endObject()
  }
}

extension FieldWriter {
  fileprivate func pair(_ pair: GainBias) {
    field("gain") { vector(pair.gain) }
    field("bias") { vector(pair.bias) }
  }
}
