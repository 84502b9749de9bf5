// What is here: best policies, their values and their occupancy measures in doubles, on models of
// any size. Nothing here decides anything: the margins that make bounds of it are the judge's.
// Notation: y one mass a state, y = μ + γ P_σᵀ y.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// A policy that is nearly the best for one reward, with its values.
package struct FloatingOptimum: Sendable {
  /// One choice a state.
  package let policy: ContiguousArray<Int32>
  package let values: ContiguousArray<Double>
  /// About the distance of the values from the optimal ones.
  package let error: Double
}

/// Solves rewards of one model in doubles.
package struct FloatingSolver: Sendable {
  private let model: FiniteMDP
  private let discount: Rational
  private let gamma: Double
  private let initial: [(state: Int, probability: Double)]
  private let discounted: ContiguousArray<Double>
  private let progress: ProgressHandler

  /// Rounds of value iteration before the values of the policy are solved for.
  private static let roundLimit = 400
  /// Sweeps over occupancies; with γ = 999/1000 they reach the precision of doubles.
  private static let sweepLimit = 60_000

  package init(
    model: FiniteMDP, discount: Rational, initial: [(state: Int, probability: Rational)],
    progress: ProgressHandler
  ) {
    self.model = model
    self.discount = discount
    self.progress = progress
    let gamma = Double(discount)
    self.gamma = gamma
    self.initial = initial.map { ($0.state, Double($0.probability)) }
    discounted = ContiguousArray(model.probabilityPool.doubles.map { $0 * gamma })
  }

  /// A best policy for a reward, or nearly, from one that may be good.
  ///
  /// - Complexity: O(transitions) a sweep; the number of sweeps depends on how fast the chains of
  ///   policies forget their start.
  package func best(for reward: PooledVector, from start: FloatingOptimum?) throws
    -> FloatingOptimum
  {
    var guide = DiscountedGuide(
      model: model, reward: reward, discount: discount, progress: progress)
    if let start {
      // Values above those of every policy belong to a larger reward: they would fade slowly, and
      // leave their rounding behind.
      let isPlausible = Self.norm(start.values) <= 2 * Self.norm(reward) / (1 - gamma)
      guide.start(from: start.policy, values: isPlausible ? start.values : guide.values)
    }
    var error = Double.infinity
    var best = Double.infinity
    var roundsSinceBest = 0
    for _ in 0..<Self.roundLimit {
      try progress.checkpoint()
      error = guide.centredRound(evaluations: 4, gamma: gamma)
      roundsSinceBest = error < 0.9 * best ? 0 : roundsSinceBest + 1
      best = min(best, error)
      let enough = tolerance(guide.values)
      // Rounding may keep a little above what is wanted for good.
      if error <= enough || (roundsSinceBest > 10 && error <= 100 * enough) {
        return FloatingOptimum(policy: guide.policy, values: guide.values, error: error)
      }
    }
    return try solved(&guide, reward, error)
  }

  /// What doubles can tell of values of this size.
  private func tolerance(_ values: ContiguousArray<Double>) -> Double {
    Self.norm(values) * max(2e-14, 0x1p-49 / (1 - gamma))
  }

  private static func norm(_ values: ContiguousArray<Double>) -> Double {
    values.lazy.map(abs).max() ?? 0
  }

  private static func norm(_ reward: PooledVector) -> Double {
    Double(reward.pool.values.reduce(Rational.zero) { max($0, $1.magnitude) })
  }

  /// Where sweeps are slow: policies improved by values from linear systems.
  private func solved(
    _ guide: inout DiscountedGuide, _ reward: PooledVector, _ error: Double
  ) throws -> FloatingOptimum {
    let builder = PolicySystemBuilder(model: model, reward: reward, discount: discount)
    for _ in 0..<60 {
      let source = try ApproximationSource(builder.policySystem(of: guide.policy), progress)
      guard let values = source.doubles else { break }
      if guide.improve(from: values) == 0 { break }
    }
    let last = guide.centredRound(evaluations: 0, gamma: gamma)
    return FloatingOptimum(policy: guide.policy, values: guide.values, error: min(error, last))
  }

  /// The occupancy measure of a policy: one mass a state, about `1/(1-γ)` in all.
  ///
  /// - Parameter start: masses of a policy that may be near.
  package func occupancy(
    of policy: ContiguousArray<Int32>, from start: ContiguousArray<Double>? = nil
  ) throws -> ContiguousArray<Double> {
    let count = model.stateCount
    var masses = start ?? ContiguousArray(repeating: 1 / (1 - gamma) / Double(count), count: count)
    var best = Double.infinity
    var sinceBest = 0
    for sweep in 0..<Self.sweepLimit {
      if sweep & 15 == 0 { try progress.checkpoint() }
      var next = ContiguousArray(repeating: 0.0, count: count)
      for (state, probability) in initial { next[state] += probability }
      for state in 0..<count where masses[state] != 0 {
        let mass = masses[state]
        for transition in model.transitionRange(of: Int(policy[state])) {
          next[Int(model.successors[transition])] +=
            mass * discounted[Int(model.probabilities[transition])]
        }
      }
      var change = 0.0
      for state in 0..<count { change += abs(next[state] - masses[state]) }
      masses = next
      if change < 0.99 * best {
        best = change
        sinceBest = 0
      } else {
        sinceBest += 1
      }
      if change == 0 || sinceBest > 200 || (change < 4e-16 / (1 - gamma)) { break }
    }
    return masses
  }
}

extension FloatingSolver {
  /// Values that no action improves, above those given by as little as the judge accepts; where
  /// that fails, or is worse, the largest reward for ever.
  package func upperBound(
    _ optimum: FloatingOptimum, for reward: PooledVector
  ) throws -> RationalVector {
    let largest = (0..<model.choiceCount).reduce(into: Int32(0)) { best, choice in
      let place = reward.places[choice]
      if choice == 0 || reward.pool.values[Int(place)] > reward.pool.values[Int(best)] {
        best = place
      }
    }
    let constant = reward.pool.values[Int(largest)] / (1 - discount)
    let norm = Self.norm(optimum.values)
    // Values may be far smaller than the rewards that they are differences of.
    for size in [norm, max(norm, Self.norm(reward))] {
      guard let bound = try upperBound(optimum, for: reward, size: size) else { continue }
      if initial.contains(where: { bound[$0.state] < constant }) { return bound }
    }
    return RationalVector(
      numerators: Array(repeating: constant.numerator, count: model.stateCount),
      denominator: constant.denominator)
  }

  /// - Parameter size: what 52 bits are to hold, at least the largest value.
  /// - Returns: `nil` where doubles do not hold the values.
  private func upperBound(
    _ optimum: FloatingOptimum, for reward: PooledVector, size: Double
  ) throws -> RationalVector? {
    guard optimum.values.allSatisfy(\.isFinite),
      size == 0 || (size.isNormal && size < 0x1p1000 && size > 0x1p-900)
    else { return nil }
    // 52-bit integers over a power of two, or times one.
    let bits = size > 0 ? 51 - Int(size.exponent) : 0
    let unit = bits >= 0 ? Integer.one : Integer.one << -bits
    let denominator = bits >= 0 ? Integer.one << bits : Integer.one
    let scale = size > 0 ? 0x1p51 / size.binade : 1
    let scaled = optimum.values.map { Int(($0 * scale).rounded()) }
    let judge = BellmanJudge(model: model, reward: reward, discount: discount)
    let known = optimum.error * scale
    guard known < 0x1p51 else { return nil }
    // Rounding changes a lookahead by a unit at most.
    var margin = size == 0 ? 0 : Int(known + 1.5 / (1 - gamma))
    while true {
      try progress.checkpoint()
      let bound = RationalVector(
        numerators: scaled.map { Integer($0 + margin) * unit }, denominator: denominator)
      let signs = try judge.slackSigns(of: bound, progress: progress)
      if signs.allSatisfy({ $0 <= 0 }) { return bound }
      margin = max(1, margin * 2)
      if margin > 1 << 58 { return nil }
    }
  }
}
