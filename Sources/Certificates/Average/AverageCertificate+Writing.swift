import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The kinds of certificates about the average reward.
public enum AverageCertificateKind: String, Sendable, CaseIterable {
  case exact = "average-exact"
  case enclosed = "average-enclosed"

  /// The fields beside those of every kind.
  var ownKeys: [String] {
    switch self {
    case .exact: ["gain", "bias", "biasWitness", "policy"]
    case .enclosed: ["lower", "upper", "policy"]
    }
  }
}

extension AverageObjective {
  /// What the field `objective` says where it is present.
  static let name = "average"
}

extension AverageCertificate {
  public var kind: AverageCertificateKind {
    switch claim {
    case .exact: .exact
    case .enclosed: .enclosed
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
    fields.header(
      kind: kind.rawValue, objective: AverageObjective.name, objective.direction)
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
