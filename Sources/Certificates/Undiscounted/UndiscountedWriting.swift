import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// The fields that certificates without discount share.

extension FieldWriter {
  /// The fields that stand first in every kind.
  func header(_ kind: UndiscountedCertificateKind, _ direction: Direction) {
    string("format", DocumentKind.certificate.rawValue)
    field("version") { writer.integer(1) }
    string("kind", kind.rawValue)
    string("objective", kind.objective)
    string("direction", direction.rawValue)
  }

  /// The entries that there are, as an object; for a large model an array with `null` elsewhere.
  func partialVector<Entry>(_ entries: [Entry?], _ write: (Entry) -> Void) {
    if isLarge {
      writer.beginArray()
      for entry in entries {
        if let entry { write(entry) } else { writer.null() }
      }
      writer.endArray()
    } else {
      writer.beginObject()
      for (state, entry) in entries.enumerated() {
        guard let entry else { continue }
        writer.key(model.states[state])
        write(entry)
      }
      writer.endObject()
    }
  }

  /// A policy that may say nothing at some states.
  func policy(_ policy: [Action?]) {
    partialVector(policy) { writer.string(model.actions[Int($0.index)]) }
  }

  func naturalNumbers(_ numbers: [Int?]) {
    partialVector(numbers) { writer.integer($0) }
  }

  /// Distances, `inf` where there is none.
  func distances(_ distances: [Int?]) {
    stateVector { state in
      if let distance = distances[state] { writer.integer(distance) } else { writer.string("inf") }
    }
  }

  /// A vector of numbers some of which may be infinite.
  func vector(_ vector: RationalVector, divergence: [Divergence]) {
    guard divergence.contains(where: { $0 != .finite }) else { return self.vector(vector) }
    stateVector { writer.string(divergence[$0].text ?? "\(vector[$0])") }
  }
}
