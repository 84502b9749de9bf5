import MarkovDecisionProcesses

/// The deterministic policies of a model, one choice a state, the first state turning fastest.
package struct DeterministicPolicies: Sequence, IteratorProtocol {
  /// The most policies that are visited unless another limit is given.
  package static let limit = 200_000

  private let model: FiniteMDP
  private var following: ContiguousArray<Int32>?

  /// - Throws: ``SolverError/tooManyPolicies(limit:)`` above `limit`.
  package init(of model: FiniteMDP, limit: Int = Self.limit) throws(SolverError) {
    var count = 1
    for state in 0..<model.stateCount {
      let (product, overflow) = count.multipliedReportingOverflow(
        by: model.choiceRange(at: state).count)
      count = product
      guard !overflow, count <= limit else { throw .tooManyPolicies(limit: limit) }
    }
    self.model = model
    following = ContiguousArray(model.choiceOffsets.dropLast())
  }

  package mutating func next() -> ContiguousArray<Int32>? {
    guard let current = following else { return nil }
    following = nil
    var policy = current
    for state in policy.indices {
      policy[state] += 1
      if policy[state] < model.choiceOffsets[state + 1] {
        following = policy
        break
      }
      policy[state] = model.choiceOffsets[state]
    }
    return current
  }
}
