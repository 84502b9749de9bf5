// What is here: the exact worst-case regret of one reward (a, true) against another (b, proxy).
// Notation: ‖r‖ = max J_r - min J_r; h(λ) = ‖a - λ b‖, convex and piecewise linear in λ. Each
// policy pair is a line f - λ g below h, with f the difference of a, g that of b. The regret is
// the least value of h over λ ≥ 0, divided by ‖a‖. Proof: `proofs-notes/regret-span-distance.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A pair of deterministic policies with the line that it makes.
struct PolicyPair {
  /// Maximises `a - λ b` for the λ at which the pair was found; the other minimises it.
  let upper: ContiguousArray<Int32>
  let lower: ContiguousArray<Int32>
  /// `J_a(upper) - J_a(lower)`.
  let f: Rational
  /// `J_b(upper) - J_b(lower)`.
  let g: Rational
}

/// Values of `a - λ b` at one multiplier.
struct PencilPoint {
  let multiplier: Rational
  let upper: CombinationOptimum
  let lower: CombinationOptimum

  /// `h(λ)`.
  var width: Rational { upper.mean - lower.mean }
}

/// The mixture of two deterministic policies that differ in one state, by occupancy measures.
struct MixedPolicy {
  let first: ContiguousArray<Int32>
  /// `nil` where the first is taken alone.
  let second: ContiguousArray<Int32>?
  /// The weight of the first.
  let weight: Rational
}

/// The answer of the line search.
struct RegretOptimum {
  /// `‖a - λ b‖` at the best λ: the largest loss, not divided.
  let loss: Rational
  let point: PencilPoint
  let better: MixedPolicy
  let worse: MixedPolicy
}

/// Minimises `h` for the rewards at two places.
struct RegretSearch {
  let solver: RewardSolver
  let trueReward: Int
  let proxy: Int

  init(_ solver: RewardSolver, trueReward: Int, proxy: Int) {
    self.solver = solver
    self.trueReward = trueReward
    self.proxy = proxy
  }

  /// `h` at `multiplier`.
  ///
  /// - Parameter near: a pair that may be the active one.
  func point(at multiplier: Rational, near: PolicyPair? = nil) throws -> PencilPoint {
    let combination = RewardCombination([(trueReward, 1), (proxy, -multiplier)])
    let upper = try solver.best(for: combination, from: near?.upper)
    let lower = try solver.best(for: -combination, from: near?.lower)
    return PencilPoint(
      multiplier: multiplier, upper: upper,
      lower: CombinationOptimum(
        policy: lower.policy, values: -lower.values, mean: -lower.mean, signs: lower.signs))
  }

  /// The line of a pair of policies.
  func pair(
    _ upper: ContiguousArray<Int32>, _ lower: ContiguousArray<Int32>
  ) throws -> PolicyPair {
    PolicyPair(
      upper: upper, lower: lower,
      f: try difference(upper, lower, trueReward), g: try difference(upper, lower, proxy))
  }

  private func difference(
    _ upper: ContiguousArray<Int32>, _ lower: ContiguousArray<Int32>, _ reward: Int
  ) throws -> Rational {
    try solver.mean(of: upper, reward: reward) - solver.mean(of: lower, reward: reward)
  }

  /// The least value of `h`.
  ///
  /// - Parameters:
  ///   - spanPair: the pair that attains `‖a‖`, not 0.
  ///   - ratio: `‖a‖/‖b‖`, `nil` where b is trivial.
  ///   - ratioPoint: `h` at the ratio, where it is known.
  func minimum(
    spanPair: PolicyPair, ratio: Rational?, ratioPoint: PencilPoint?
  ) throws -> RegretOptimum {
    var left = spanPair
    guard let ratio, left.g.signum > 0 else { return try alone(left, at: 0) }
    let middle = try ratioPoint ?? point(at: ratio)
    var right = try pair(middle.upper.policy, middle.lower.policy)
    if right.g.signum > 0 {
      left = right
      let far = try point(at: 2 * ratio)
      right = try pair(far.upper.policy, far.lower.policy)
    }
    while true {
      try solver.progress.checkpoint()
      // g > 0 on the left and ≤ 0 on the right.
      let multiplier = (left.f - right.f) / (left.g - right.g)
      let height = left.f - multiplier * left.g
      let here = try point(at: multiplier, near: left)
      if here.width == height { return try joined(here, left, right) }
      let next = try pair(here.upper.policy, here.lower.policy)
      if next.g.isZero { return try alone(next, at: multiplier) }
      if next.g.signum > 0 { left = next } else { right = next }
    }
  }

  /// The answer where one pair of policies attains it.
  private func alone(_ pair: PolicyPair, at multiplier: Rational) throws -> RegretOptimum {
    let point = try point(at: multiplier, near: pair)
    return RegretOptimum(
      loss: pair.f - multiplier * pair.g, point: point,
      better: MixedPolicy(first: pair.upper, second: nil, weight: 1),
      worse: MixedPolicy(first: pair.lower, second: nil, weight: 1))
  }

  /// The answer where two pairs are active: a mixture of neighbours on a path between them, all
  /// of whose policies are optimal at the multiplier, that the proxy is indifferent about.
  private func joined(
    _ point: PencilPoint, _ left: PolicyPair, _ right: PolicyPair
  ) throws -> RegretOptimum {
    // At λ = 0 the proxy need not be indifferent.
    if point.multiplier.isZero {
      return RegretOptimum(
        loss: point.width, point: point,
        better: MixedPolicy(first: right.upper, second: nil, weight: 1),
        worse: MixedPolicy(first: right.lower, second: nil, weight: 1))
    }
    // Where the left pair never goes it need not be optimal.
    let start = PolicyPair(
      upper: common(point.upper, point.upper.policy, left.upper),
      lower: common(point.lower, point.lower.policy, left.lower), f: left.f, g: left.g)
    let path = PolicyPath(
      from: start, upperTarget: common(point.upper, start.upper, right.upper),
      lowerTarget: common(point.lower, start.lower, right.lower))
    // The gain of the proxy is positive at the start, zero or negative at the end.
    var (low, high) = (0, path.length)
    var lowGain = left.g
    var highGain = try gain(path[high])
    while high - low > 1 {
      let middle = (low + high) / 2
      let gain = try gain(path[middle])
      if gain.signum > 0 {
        (low, lowGain) = (middle, gain)
      } else {
        (high, highGain) = (middle, gain)
      }
    }
    let weight = -highGain / (lowGain - highGain)
    let (first, second) = (path[low], path[high])
    return RegretOptimum(
      loss: point.width, point: point, better: mixed(first.upper, second.upper, weight),
      worse: mixed(first.lower, second.lower, weight))
  }

  private func gain(
    _ policies: (upper: ContiguousArray<Int32>, lower: ContiguousArray<Int32>)
  ) throws -> Rational {
    try difference(policies.upper, policies.lower, proxy)
  }

  private func mixed(
    _ first: ContiguousArray<Int32>, _ second: ContiguousArray<Int32>, _ weight: Rational
  ) -> MixedPolicy {
    if first == second || weight == 1 {
      return MixedPolicy(first: first, second: nil, weight: 1)
    }
    if weight.isZero { return MixedPolicy(first: second, second: nil, weight: 1) }
    return MixedPolicy(first: first, second: second, weight: weight)
  }

  /// `target` where its choices are optimal, which they are wherever it goes; `start` elsewhere.
  private func common(
    _ optimum: CombinationOptimum, _ start: ContiguousArray<Int32>,
    _ target: ContiguousArray<Int32>
  ) -> ContiguousArray<Int32> {
    ContiguousArray(
      target.indices.map { state in
        optimum.signs[Int(target[state])] == 0 ? target[state] : start[state]
      })
  }
}

/// Pairs of policies from one to another that change one choice at a time.
private struct PolicyPath {
  private let start: PolicyPair
  private let steps: [(isUpper: Bool, state: Int, choice: Int32)]

  init(
    from start: PolicyPair, upperTarget: ContiguousArray<Int32>,
    lowerTarget: ContiguousArray<Int32>
  ) {
    self.start = start
    var steps: [(isUpper: Bool, state: Int, choice: Int32)] = []
    for (isUpper, source, target) in [
      (true, start.upper, upperTarget), (false, start.lower, lowerTarget),
    ] {
      for state in source.indices where source[state] != target[state] {
        steps.append((isUpper, state, target[state]))
      }
    }
    self.steps = steps
  }

  var length: Int { steps.count }

  subscript(count: Int) -> (upper: ContiguousArray<Int32>, lower: ContiguousArray<Int32>) {
    var (upper, lower) = (start.upper, start.lower)
    for step in steps.prefix(count) {
      if step.isUpper { upper[step.state] = step.choice } else { lower[step.state] = step.choice }
    }
    return (upper, lower)
  }
}
