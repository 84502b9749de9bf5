// What is here: a candidate policy for the long run, in doubles. Nothing here decides anything.
// Notation: L v = max_a (r + P_a v); under the aperiodicity transform, v ← (v + L v) / 2.

import ExactArithmetic
import MarkovDecisionProcesses

/// Value iteration in doubles with the aperiodicity transform.
///
/// After `n` rounds from 0 the values are about `n g / 2 + h`, so that a greedy policy prefers gain
/// and then bias, in models of any chain structure.
struct AverageGuide {
  private let model: FiniteMDP
  private let probabilities: ContiguousArray<Double>
  private let rewards: ContiguousArray<Double>
  let largestReward: Double
  private let progress: ProgressHandler
  private(set) var values: ContiguousArray<Double>
  /// The index of one choice a state.
  private(set) var policy: ContiguousArray<Int32>
  /// `L v - v` at the last round, for the ``values`` after a call of ``run(limit:untilSpan:)``.
  private(set) var growth: ContiguousArray<Double>
  /// The number of rounds so far.
  private(set) var rounds = 0

  init(_ model: FiniteMDP, reward: PooledVector, progress: ProgressHandler) {
    self.model = model
    self.progress = progress
    probabilities = ContiguousArray(model.probabilityPool.doubles)
    rewards = ContiguousArray((0..<reward.count).map { reward.double(at: $0) })
    largestReward = rewards.lazy.map(abs).max() ?? 0
    values = ContiguousArray(repeating: 0, count: model.stateCount)
    growth = values
    policy = ContiguousArray(model.choiceOffsets.dropLast())
  }

  /// Whether doubles can hold the rewards and have done so until now.
  var isFinite: Bool {
    values.allSatisfy(\.isFinite) && rewards.allSatisfy(\.isFinite)
  }

  /// Rounds until the growth hardly changes, the policy has stayed the same for long, or `limit`
  /// rounds are done.
  mutating func run(limit: Int) throws(Interrupted) {
    var last = growth
    var lastChange = 0
    for round in 0..<limit {
      if round & 15 == 0 {
        try progress.checkpoint()
        progress.report("looking for a policy", fraction: Double(round) / Double(limit))
      }
      if sweep() { lastChange = round }
      if round > 3 * lastChange + 300 { return }
      guard round & 31 == 31 else { continue }
      let size = growth.lazy.map(abs).max() ?? 0
      let noise = 0x1p-50 * (values.lazy.map(abs).max() ?? 0)
      let change = zip(growth, last).lazy.map { abs($0 - $1) }.max() ?? 0
      if !size.isFinite || change <= 1e-13 * size + noise { return }
      last = growth
    }
  }

  /// Rounds until the growth is the same everywhere but for `tolerance` of its size, or `limit`
  /// rounds; then `policy` is greedy for the values and `growth` belongs to them.
  mutating func run(limit: Int, untilSpan tolerance: Double) throws(Interrupted) {
    for round in 0..<limit {
      if round & 15 == 0 {
        try progress.checkpoint()
        progress.report("value iteration", fraction: Double(round) / Double(limit))
      }
      let before = values
      _ = sweep()
      guard let least = growth.min(), let greatest = growth.max() else { return }
      let size = max(abs(least), abs(greatest), largestReward)
      let noise = 0x1p-51 * (values.lazy.map(abs).max() ?? 0)
      let isDone = greatest - least <= tolerance * size + noise
      if isDone || !(greatest - least).isFinite || round == limit - 1 {
        values = before
        return
      }
      // Kept near 0, where doubles are densest.
      let shift = values[0]
      for state in values.indices { values[state] -= shift }
    }
  }

  /// One round; returns whether the policy changed.
  private mutating func sweep() -> Bool {
    var next = values
    var hasChanged = false
    rounds += 1
    for state in 0..<model.stateCount {
      let current = policy[state]
      var best = lookahead(Int(current))
      // A near tie keeps the policy, so that rounding does not make it swing.
      var bar = best + 1e-12 * abs(best)
      for candidate in model.choiceRange(at: state) where candidate != Int(current) {
        let value = lookahead(candidate)
        if value > bar {
          (best, bar) = (value, value)
          policy[state] = Int32(candidate)
          hasChanged = true
        }
      }
      growth[state] = best - values[state]
      next[state] = (values[state] + best) / 2
    }
    values = next
    return hasChanged
  }

  @inline(__always)
  private func lookahead(_ choice: Int) -> Double {
    var sum = rewards[choice]
    for transition in model.transitionRange(of: choice) {
      sum +=
        probabilities[Int(model.probabilities[transition])]
        * values[Int(model.successors[transition])]
    }
    return sum
  }
}
