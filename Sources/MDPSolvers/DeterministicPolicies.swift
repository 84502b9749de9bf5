import MarkovDecisionProcesses

/// The deterministic policies of a model, in the order of an odometer.
struct DeterministicPolicies: Sequence, IteratorProtocol {
  /// The most policies that are visited.
  static let limit = 200_000

  private let model: FiniteMDP
  private var following: ContiguousArray<Int32>?

  /// - Throws: ``SolverError/tooManyPolicies(limit:)`` above ``limit``.
  init(of model: FiniteMDP) throws(SolverError) {
    let limit = Self.limit
    var count = 1
    for state in 0..<model.stateCount {
      count = count.multipliedReportingOverflow(by: model.choiceRange(at: state).count).partialValue
      guard count <= limit else { throw .tooManyPolicies(limit: limit) }
    }
    self.model = model
    following = ContiguousArray(model.choiceOffsets.dropLast())
  }

  mutating func next() -> ContiguousArray<Int32>? {
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
