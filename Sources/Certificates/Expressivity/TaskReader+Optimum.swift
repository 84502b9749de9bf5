import ExactJSON
import MarkovDecisionProcesses

extension TaskReader {
  static let optimumKeys = ["uniqueOptimum", "avoid"]

  /// What is asked of the optimal policies, `nil` for nothing.
  mutating func optimumRequest(
    _ kind: ExpressTask.Kind, _ discount: ExpressTask.Discount?
  ) throws(InputError) -> ExpressTask.OptimumRequest? {
    guard let key = Self.optimumKeys.first(where: { fields[$0] != nil }) else { return nil }
    guard kind == .policyOrder else {
      throw fields.error("a task of the kind '\(kind.rawValue)' has no such field", at: key)
    }
    if case .any? = discount {
      throw fields.error(
        "what is optimal is asked for one discount, not for \"discount\": \"any\"", at: key)
    }
    return ExpressTask.OptimumRequest(unique: try uniqueOptimum(), avoided: try avoided())
  }

  private mutating func uniqueOptimum() throws(InputError) -> Int? {
    guard let node = fields["uniqueOptimum"] else { return nil }
    do throws(Malformed) {
      return try object(node, inlineAllowed: true)
    } catch {
      let place = error.inside("uniqueOptimum")
      throw InputError(file: fields.file, place: place.place, problem: place.problem)
    }
  }

  private func avoided() throws(InputError) -> [State] {
    guard let node = fields["avoid"] else { return [] }
    guard case .array(let entries) = node.kind, !entries.isEmpty else {
      throw fields.error("a list of at least one state is expected", at: "avoid")
    }
    return try fields.optional("avoid") { (_: JSONNode) throws(Malformed) in
      var states: [State] = []
      for (index, entry) in entries.enumerated() {
        let state = try read.inside("[\(index)]", self.state, entry)
        guard !states.contains(state) else {
          throw Malformed(
            "the state \(excerpt(model.states[Int(state.index)])) appears twice", at: "[\(index)]")
        }
        states.append(state)
      }
      return states
    } ?? []
  }
}
