import ExactArithmetic
import MarkovDecisionProcesses

/// Every deterministic policy of a small model, each evaluated exactly.
///
/// The best gain is taken state by state, then the best bias of the policies that attain it; some
/// policy has both everywhere. No optimality equation takes part in the search.
struct AverageEnumeration {
  private let model: FiniteMDP
  private let reward: PooledVector
  private let progress: ProgressHandler

  init(_ model: FiniteMDP, reward: PooledVector, progress: ProgressHandler) {
    self.model = model
    self.reward = reward
    self.progress = progress
  }

  struct Result {
    let policy: ContiguousArray<Int32>
    let gain: [Rational]
    let bias: [Rational]
    let visited: Int
  }

  /// - Throws: ``SolverError/tooManyPolicies(limit:)``, ``Interrupted``.
  func solve() throws -> Result {
    var best: Result?
    var visited = 0
    for policy in try DeterministicPolicies(of: model) {
      visited += 1
      if visited & 63 == 0 { try progress.checkpoint() }
      var series = LaurentSeries(of: policy, in: model, reward: reward, progress: progress)
      let gain = try series.gain().entries
      if let best, !zip(gain, best.gain).allSatisfy({ $0 >= $1 }) { continue }
      let bias = try series.bias().entries
      if let best, gain == best.gain, !zip(bias, best.bias).allSatisfy({ $0 >= $1 }) { continue }
      best = Result(policy: policy, gain: gain, bias: bias, visited: visited)
    }
    guard let best else { preconditionFailure("every state has an action") }
    return Result(policy: best.policy, gain: best.gain, bias: best.bias, visited: visited)
  }
}

/// The deterministic policies of a model, in the order of an odometer.
struct DeterministicPolicies: Sequence, IteratorProtocol {
  private let model: FiniteMDP
  private var following: ContiguousArray<Int32>?

  /// - Throws: ``SolverError/tooManyPolicies(limit:)`` above the limit of ``PolicyEnumeration``.
  init(of model: FiniteMDP) throws(SolverError) {
    let limit = PolicyEnumeration.limit
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
