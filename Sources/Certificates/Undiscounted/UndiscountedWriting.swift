import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// The fields that certificates without discount share.

extension FieldWriter {
  /// The fields that stand first in every kind.
  func header(kind: String, objective: String, _ direction: Direction) {
    string("format", DocumentKind.certificate.rawValue)
    field("version") { writer.integer(1) }
    string("kind", kind)
    string("objective", objective)
    string("direction", direction.rawValue)
  }

  /// The states with an entry, as an object; for a large model an array with `null` elsewhere.
  func partialVector(where isPresent: (Int) -> Bool, _ entry: (Int) -> Void) {
    if isLarge {
      writer.beginArray()
      for state in 0..<model.stateCount {
        if isPresent(state) { entry(state) } else { writer.null() }
      }
      writer.endArray()
    } else {
      writer.beginObject()
      for state in 0..<model.stateCount where isPresent(state) {
        writer.key(model.states[state])
        entry(state)
      }
      writer.endObject()
    }
  }

  /// A policy that may say nothing at some states.
  func policy(_ policy: [Action?]) {
    partialVector(where: { policy[$0] != nil }) { state in
      if let action = policy[state] { writer.string(model.actions[Int(action.index)]) }
    }
  }

  func naturalNumbers(_ numbers: [Int?]) {
    partialVector(where: { numbers[$0] != nil }) { state in
      if let number = numbers[state] { writer.integer(number) }
    }
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
