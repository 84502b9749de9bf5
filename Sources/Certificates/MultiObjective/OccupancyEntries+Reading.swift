import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// One entry `[state, action, number]` of an occupancy, before it meets a model.
struct WrittenOccupancyEntry: Sendable {
  let state: Reference
  let action: Reference
  let mass: Rational
}

extension EntryReader {
  /// A list of `[state, action, number]`.
  func occupancy(_ node: JSONNode) throws(Malformed) -> [WrittenOccupancyEntry] {
    try list(node, of: occupancyEntry)
  }

  private func occupancyEntry(_ node: JSONNode) throws(Malformed) -> WrittenOccupancyEntry {
    guard case .array(let parts) = node.kind, parts.count == 3 else {
      throw node.expected("[state, action, number]")
    }
    return WrittenOccupancyEntry(
      state: try inside("[0]", reference, parts[0]),
      action: try inside("[1]", reference, parts[1]),
      mass: try inside("[2]", number, parts[2]))
  }
}

extension OccupancyEntries {
  /// Fits the written entries to `model`; rejects what it lacks and a pair that is listed twice.
  init(
    _ written: [WrittenOccupancyEntry], in model: FiniteMDP, _ field: String
  ) throws(CheckFailure) {
    var seen: Set<Choice> = []
    var entries: [(choice: Choice, mass: Rational)] = []
    entries.reserveCapacity(written.count)
    for entry in written {
      let state = try model.state(entry.state, in: field)
      let choice = try model.choice(entry.action, at: state, in: field)
      try require(
        seen.insert(choice).inserted,
        "\(field): the pair of state \(model.name(state)) and action "
          + "\(model.name(model.action(of: choice))) is listed twice")
      entries.append((choice, entry.mass))
    }
    self.init(entries)
  }
}
