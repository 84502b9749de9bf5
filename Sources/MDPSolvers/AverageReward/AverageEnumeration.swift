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
