// What is here: the least mean time to a target, exactly or from above.
// Notation: d(s) = min over policies of E_s τ_t with d(t) = 0; off t it is the only solution of
//   d = 1 + min_a P_a d. Upper: a policy with d ≥ 1 + P_π d. Lower: d ≤ 1 + P_a d for all a.
// Source: Bertsekas and Tsitsiklis 1991; proofs-notes/diameter.md.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Finds the least mean times to targets of one model.
struct ArrivalTimes {
  private let model: FiniteMDP
  private let progress: ProgressHandler
  /// Signs of `d - 1 - P_a d`, as slacks of the values `-d` under rewards of -1.
  private let judge: BellmanJudge
  private let probabilities: ContiguousArray<Double>
  private let predecessors: Predecessors

  init(_ model: FiniteMDP, progress: ProgressHandler) {
    self.model = model
    self.progress = progress
    judge = BellmanJudge(model: model, reward: .constant(-1, model.choiceCount), discount: 1)
    probabilities = ContiguousArray(model.probabilityPool.doubles)
    predecessors = Predecessors(model)
  }

  /// Times in doubles, with a policy that they are those of, nearly.
  struct Estimate {
    let target: Int
    let times: ContiguousArray<Double>
    let policy: ContiguousArray<Int32>
    /// No state takes longer than this, which is proved; `nil` where doubles did not suffice.
    let ceiling: Rational?

    var longest: Double { times.max() ?? 0 }
  }

  /// The estimate for a target that every state can reach surely.
  func estimate(to target: Int) throws(Interrupted) -> Estimate {
    var policy = layeredPolicy(to: target)
    // Sweeps are quick on random graphs, factors on chains and grids.
    var (times, isSettled) = try sweptTimes(target, &policy, limit: 200)
    if !isSettled {
      policy = layeredPolicy(to: target)
      if let improved = try iteratedTimes(target, &policy) {
        times = improved
      } else {
        (times, _) = try sweptTimes(target, &policy, limit: 20_000)
      }
    }
    let ceiling = try ceiling(target, times, policy)
    return Estimate(target: target, times: times, policy: policy, ceiling: ceiling)
  }

  /// Policy iteration in doubles; `nil` where the factors would be too large.
  private func iteratedTimes(
    _ target: Int, _ policy: inout ContiguousArray<Int32>
  ) throws(Interrupted) -> ContiguousArray<Double>? {
    for _ in 0..<500 {
      try progress.checkpoint()
      guard let times = evaluated(policy, target) else { return nil }
      var hasChanged = false
      for state in 0..<model.stateCount where state != target {
        var best = times[state] * (1 - 1e-11)
        for choice in model.choiceRange(at: state) {
          let time = lookahead(choice, state, times)
          if time < best {
            best = time
            policy[state] = Int32(choice)
            hasChanged = true
          }
        }
      }
      if !hasChanged { return times }
    }
    return nil
  }

  /// The times of a policy, nearly.
  private func evaluated(
    _ policy: ContiguousArray<Int32>, _ target: Int
  ) -> ContiguousArray<Double>? {
    let others = policy.indices.filter { $0 != target }
    guard let system = TransientSystem(of: policy, on: others, in: model) else { return nil }
    var times = system.solution { _ in 1 }
    times.insert(0, at: target)
    return times.allSatisfy { $0.isFinite && $0 >= 0 } ? times : nil
  }

  /// Value iteration in doubles, in place, until it settles or for `limit` sweeps.
  private func sweptTimes(
    _ target: Int, _ policy: inout ContiguousArray<Int32>, limit: Int
  ) throws(Interrupted) -> (times: ContiguousArray<Double>, isSettled: Bool) {
    var times = ContiguousArray<Double>(repeating: 0, count: model.stateCount)
    for round in 0..<limit {
      if round & 63 == 0 { try progress.checkpoint() }
      let change = sweep(target, &times, &policy, isForwards: round & 1 == 0)
      if change < 1e-13 { return (times, true) }
    }
    return (times, false)
  }

  /// Replaces every time by the best lookahead, in place; returns the largest relative change.
  private func sweep(
    _ target: Int, _ times: inout ContiguousArray<Double>,
    _ policy: inout ContiguousArray<Int32>, isForwards: Bool
  ) -> Double {
    var change = 0.0
    for index in 0..<model.stateCount {
      let state = isForwards ? index : model.stateCount - 1 - index
      guard state != target else { continue }
      var best = Double.infinity
      for choice in model.choiceRange(at: state) {
        let time = lookahead(choice, state, times)
        if time < best {
          best = time
          policy[state] = Int32(choice)
        }
      }
      change = max(change, abs(best - times[state]) / best)
      times[state] = best
    }
    return change
  }

  /// The time of a choice, its loop at the state resolved.
  @inline(__always)
  private func lookahead(_ choice: Int, _ state: Int, _ times: ContiguousArray<Double>) -> Double {
    var (sum, stay) = (1.0, 0.0)
    for transition in model.transitionRange(of: choice) {
      let successor = Int(model.successors[transition])
      let probability = probabilities[Int(model.probabilities[transition])]
      if successor == state { stay += probability } else { sum += probability * times[successor] }
    }
    return stay < 1 ? sum / (1 - stay) : .infinity
  }

  /// An upper bound on the times of the policy: they are scaled up until the judge agrees.
  private func ceiling(
    _ target: Int, _ times: ContiguousArray<Double>, _ policy: ContiguousArray<Int32>
  ) throws(Interrupted) -> Rational? {
    guard let longest = times.max(), longest >= 1, longest < 0x1p60 else { return nil }
    let bits = 60 - Int(longest.exponent) - 1
    let one = Integer.one << max(0, bits)
    var margin = 0x1p-40
    while margin < 0.01 {
      let numerators = times.map { time -> Integer in
        Rational(exactly: time * (1 + margin)).map { ($0 * Rational(one)).floor } ?? 0
      }
      let values = RationalVector(numerators: numerators.map { -$0 }, denominator: one)
      let signs = try judge.slackSigns(of: values, progress: progress)
      if policy.indices.allSatisfy({ $0 == target || signs[Int(policy[$0])] >= 0 }) {
        return numerators.max().map { Rational($0, one) }
      }
      margin *= 16
    }
    return nil
  }

  /// The exact times, by policy iteration from the policy of an estimate where that is proper and
  /// from the layered one else.
  func exact(from estimate: Estimate) throws(Interrupted) -> [Rational] {
    let target = estimate.target
    var policy = estimate.policy
    if !HittingTimes(of: policy, in: model, target: target).isProper {
      policy = layeredPolicy(to: target)
    }
    while true {
      try progress.checkpoint()
      let solved = try HittingTimes(of: policy, in: model, target: target).solve(progress)
      let times = solved.map { time -> Rational in
        guard let time else { preconditionFailure("an improved proper policy is proper") }
        return time
      }
      let values = -RationalVector(times)
      let signs = try judge.slackSigns(of: values, progress: progress)
      var improved = policy
      for choice in 0..<model.choiceCount where signs[choice] > 0 {
        let state = Int(model.choiceStates[choice])
        if state != target, signs[Int(improved[state])] <= 0 { improved[state] = Int32(choice) }
      }
      if improved == policy { return times }
      policy = improved
    }
  }

  /// A choice a state that may come closer to the target, by breadth-first search from there: a
  /// proper policy where every state can reach the target.
  private func layeredPolicy(to target: Int) -> ContiguousArray<Int32> {
    var policy = ContiguousArray(model.choiceOffsets.dropLast())
    var isReached = [Bool](repeating: false, count: model.stateCount)
    isReached[target] = true
    var queue = [Int32(target)]
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      for before in predecessors.states(before: Int(state)) where !isReached[Int(before)] {
        let closer = model.choiceRange(at: Int(before)).first { choice in
          model.transitionRange(of: choice).contains { model.successors[$0] == state }
        }
        guard let closer else { continue }
        isReached[Int(before)] = true
        policy[Int(before)] = Int32(closer)
        queue.append(before)
      }
    }
    return policy
  }
}

extension PooledVector {
  /// A vector of equal entries.
  static func constant(_ value: Rational, _ count: Int) -> PooledVector {
    var pool = RationalPool()
    let place = pool.insert(value)
    return PooledVector(places: ContiguousArray(repeating: place, count: count), pool: pool)
  }
}
