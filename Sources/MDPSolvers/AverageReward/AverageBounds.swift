// What is here: bounds on the gain that doubles propose and exact signs prove.
// Notation: L v = max_a (r + P_a v). One vector v bounds every gain: those of all policies by
//   max (L v - v) from above, that of the greedy policy by min (L v - v) from below.
// Source: Odoni 1969; Puterman, theorem 8.5.5; proofs-notes/average-bounds.md.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A policy, a pair that bounds its gain from below, and one that bounds all gains from above.
struct AverageBounds {
  let policy: ContiguousArray<Int32>
  let lower: GainBias
  let upper: GainBias
  let rounds: Int

  /// Whether some gain is known to less than nine digits of the largest one.
  ///
  /// - Complexity: O(states).
  var areWide: Bool {
    let gains = lower.gain.entries
    let scale = gains.lazy.map(\.magnitude).max() ?? 0
    let bar = scale / 1_000_000_000
    return zip(gains, upper.gain.entries).contains { $1 - $0 > bar }
  }
}

/// Finds bounds for the greatest long-run average.
struct AverageBoundsSearch {
  private let model: FiniteMDP
  private let reward: PooledVector
  private let progress: ProgressHandler
  private let judge: BellmanJudge
  private let movement: BellmanJudge

  init(_ model: FiniteMDP, reward: PooledVector, progress: ProgressHandler) {
    self.model = model
    self.reward = reward
    self.progress = progress
    judge = BellmanJudge(model: model, reward: reward, discount: 1)
    movement = BellmanJudge(model: model, reward: .zeros(model.choiceCount), discount: 1)
  }

  /// Bounds by components, or by one constant where doubles do not suffice for these.
  func solve() throws -> AverageBounds {
    let components = model.maximalEndComponents()
    return try byComponents(components) ?? oneVector()
  }

  // MARK: - One vector

  /// Bounds by one constant; the vector 0 serves where doubles do not.
  private func oneVector() throws -> AverageBounds {
    var guide = AverageGuide(model, reward: reward, progress: progress)
    try guide.run(limit: roundLimit(model.transitionCount), untilSpan: 1e-12)
    let first = guide.values.first ?? 0
    let shifted = ContiguousArray(guide.values.map { $0 - first })
    if let least = guide.growth.min(), let greatest = guide.growth.max(),
      let scale = FixedPoint(for: [shifted, guide.growth])
    {
      let bias = scale.vector(shifted)
      var margin = max(abs(least), abs(greatest), guide.largestReward) * 0x1p-44
      for _ in 0..<12 where margin.isFinite {
        let lower = pair(scale, constant: least - margin, bias)
        let upper = pair(scale, constant: greatest + margin, bias)
        if try isUpper(upper), try isLower(lower, guide.policy) {
          return AverageBounds(
            policy: guide.policy, lower: lower, upper: upper, rounds: guide.rounds)
        }
        margin *= 16
      }
    }
    return trivial()
  }

  private func pair(_ scale: FixedPoint, constant: Double, _ bias: RationalVector) -> GainBias {
    let value = scale.numerator(constant)
    return GainBias(
      gain: RationalVector(
        numerators: Array(repeating: value, count: model.stateCount),
        denominator: scale.denominator),
      bias: bias)
  }

  /// The least and the greatest reward.
  private func trivial() -> AverageBounds {
    let rewards = (0..<reward.count).map { reward[$0] }
    let zeros = RationalVector(Array(repeating: 0, count: model.stateCount))
    let policy = ContiguousArray(model.choiceOffsets.dropLast())
    let gain = { (value: Rational?) in
      RationalVector(Array(repeating: value ?? 0, count: model.stateCount))
    }
    return AverageBounds(
      policy: policy, lower: GainBias(gain: gain(rewards.min()), bias: zeros),
      upper: GainBias(gain: gain(rewards.max()), bias: zeros), rounds: 0)
  }

  private func roundLimit(_ transitions: Int) -> Int {
    max(200, min(20_000, 1_000_000_000 / (transitions + 1)))
  }

  // MARK: - End components

  /// Bounds that are constant on each maximal end component.
  ///
  /// - Returns: `nil` where doubles do not suffice.
  private func byComponents(_ components: [EndComponent]) throws -> AverageBounds? {
    var inner = ComponentIteration(model, reward: reward, components, progress)
    try inner.run { roundLimit($0) }
    guard let plan = try ComponentPlan(model, inner, components, progress) else { return nil }
    let norm = max(plan.upperGain.lazy.map(abs).max() ?? 0, plan.lowerGain.lazy.map(abs).max() ?? 0)
    var step = max(norm, inner.largestReward) * 0x1p-46
    for _ in 0..<5 {
      let above = plan.upper(step)
      let below = plan.lower(step)
      guard let scale = FixedPoint(for: [above, below, inner.values]) else { return nil }
      let bias = scale.vector(inner.values)
      let upper = GainBias(gain: scale.vector(above), bias: bias)
      let lower = GainBias(gain: scale.vector(below), bias: bias)
      if try isUpper(upper), try isLower(lower, plan.policy) {
        return AverageBounds(
          policy: plan.policy, lower: lower, upper: upper, rounds: inner.rounds)
      }
      step *= 64
    }
    return nil
  }

  // MARK: - Judging

  /// Whether no action passes the pair.
  private func isUpper(_ pair: GainBias) throws(Interrupted) -> Bool {
    let (gain, bias) = try signs(pair)
    return gain.indices.allSatisfy { gain[$0] < 0 || (gain[$0] == 0 && bias[$0] <= 0) }
  }

  /// Whether the policy reaches the pair.
  private func isLower(
    _ pair: GainBias, _ policy: ContiguousArray<Int32>
  ) throws(Interrupted) -> Bool {
    let (gain, bias) = try signs(pair)
    return policy.allSatisfy {
      gain[Int($0)] > 0 || (gain[Int($0)] == 0 && bias[Int($0)] >= 0)
    }
  }

  private func signs(
    _ pair: GainBias
  ) throws(Interrupted) -> (gain: ContiguousArray<Int8>, bias: ContiguousArray<Int8>) {
    (
      try movement.slackSigns(of: pair.gain, progress: progress),
      try judge.slackSigns(
        of: pair.gain.sum(with: pair.bias), next: pair.bias, progress: progress)
    )
  }
}

/// Doubles as integers over one power of two.
struct FixedPoint {
  let denominator: Integer
  private let bits: Int

  /// - Returns: `nil` where an entry is not finite or too large.
  init?(for vectors: [ContiguousArray<Double>]) {
    var norm = 0x1p-800
    for vector in vectors {
      for entry in vector {
        guard entry.isFinite else { return nil }
        norm = max(norm, abs(entry))
      }
    }
    guard norm < 0x1p50 else { return nil }
    bits = 58 - Int(norm.exponent)
    denominator = Integer.one << bits
  }

  /// - Precondition: the value is finite; it may be larger than what the scale was made for.
  func numerator(_ value: Double) -> Integer {
    let scaled = (value * Double(sign: .plus, exponent: bits, significand: 1)).rounded(.down)
    if abs(scaled) < 0x1p62 { return Integer(Int(scaled)) }
    // Margins that grow may leave the words behind.
    guard let exact = Rational(exactly: value) else {
      preconditionFailure("the entries of a vector are finite")
    }
    return (exact * Rational(denominator)).numerator
  }

  func vector(_ values: ContiguousArray<Double>) -> RationalVector {
    RationalVector(numerators: values.map(numerator), denominator: denominator)
  }
}
