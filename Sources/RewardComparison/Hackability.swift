// What is here: whether a reward can be hacked over all stationary policies, with two policies that
// show it. Source: Skalse, Howe, Krasheninnikov, Krueger, *Defining and characterizing reward
// hacking*, 2022; `proofs-notes/reward-hacking.md`. Notation: f, g the differences of the true
// reward and the proxy over the pair of the worst-case regret, f > 0 ≥ g.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Two policies of which a proxy prefers the one that the true reward finds worse.
public struct HackingWitness: Sendable {
  /// The worse one, which the proxy prefers.
  public let hacked: Policy
  public let honest: Policy
  /// How much the true reward loses and the proxy gains; both are positive.
  public let loss: Rational
  public let gain: Rational
  /// The occupancies of ``hacked`` and ``honest``.
  public let occupancies: (hacked: OccupancyEntries, honest: OccupancyEntries)
}

/// Two stationary policies with `J_true(hacked) < J_true(honest)` and
/// `J_proxy(hacked) > J_proxy(honest)`; `nil` when there are none: the two rewards order all
/// policies alike, or one of them gives all the same value.
///
/// Loss and gain are evaluated again from the two policies.
///
/// - Parameters:
///   - trueReward: a place among the rewards of the problem.
///   - proxy: another.
/// - Complexity: that of the worst-case regret, two more solves and four linear systems.
/// - Throws: ``ComparisonError/rejected(_:)`` where that evaluation disagrees, ``Interrupted``.
public func hackingWitness(
  _ problem: ComparisonProblem, trueReward: Int = 0, proxy: Int = 1,
  progress: ProgressHandler = .none
) throws -> HackingWitness? {
  let solver = try RewardSolver(problem, progress)
  let own = try RewardRange(solver, reward: trueReward)
  let other = try RewardRange(solver, reward: proxy)
  guard !own.isTrivial, !other.isTrivial else { return nil }
  let search = RegretSearch(solver, trueReward: trueReward, proxy: proxy)
  let regret = try search.minimum(
    spanPair: search.pair(own.maximum.policy, own.minimum.policy),
    ratio: own.span / other.span, ratioPoint: nil)
  guard regret.loss.signum > 0 else { return nil }
  // A share of the pair at which the proxy gains the most makes its gain positive.
  let better = try solver.masses(of: regret.better)
  let worse = try solver.masses(of: regret.worse)
  let low = try solver.occupancy(of: other.minimum.policy).masses
  let high = try solver.occupancy(of: other.maximum.policy).masses
  let reward = solver.evaluator.reward(trueReward)
  let drift = low.indices.reduce(Rational.zero) { $0 + (low[$1] - high[$1]) * reward[$1] }
  let share = regret.loss / (2 * (regret.loss + drift.magnitude))
  let mixed = { (a: [Rational], b: [Rational]) in
    zip(a, b).map { $0 == $1 ? $0 : (1 - share) * $0 + share * $1 }
  }
  return try solver.witness(
    hacked: mixed(worse, high), honest: mixed(better, low), trueReward, proxy)
}

/// Whether a proxy can be hacked over all stationary policies, with what proves it.
///
/// - Parameters: as those of ``hackingWitness(_:trueReward:proxy:progress:)``.
/// - Throws: as ``hackingWitness(_:trueReward:proxy:progress:)``.
public func hackability(
  _ problem: ComparisonProblem, trueReward: Int = 0, proxy: Int = 1,
  progress: ProgressHandler = .none
) throws -> HackabilityAnswer.Outcome {
  if let witness = try hackingWitness(
    problem, trueReward: trueReward, proxy: proxy, progress: progress)
  {
    return .hackable(
      hacked: TracedPolicy(policy: witness.hacked, occupancy: witness.occupancies.hacked),
      honest: TracedPolicy(policy: witness.honest, occupancy: witness.occupancies.honest),
      loss: witness.loss, gain: witness.gain)
  }
  let solver = try RewardSolver(problem, progress)
  let other = try RewardRange(solver, reward: proxy)
  // A reward that gives all policies the same value is shaping by its values, negated.
  if other.isTrivial { return .trivialProxy(potential: -other.maximum.values) }
  let own = try RewardRange(solver, reward: trueReward)
  if own.isTrivial { return .trivialTruth(potential: -own.maximum.values) }
  // Both levelled by their optimal values are proportional.
  let scale = own.span / other.span
  return .sameOrdering(
    scale: scale,
    potential: .difference(
      other.maximum.values, times: scale, own.maximum.values, times: 1))
}

/// Whether the order of all policies by one reward refines that by another: it strictly prefers
/// the first of two policies whenever the other does.
///
/// That is so iff both order all policies alike, or `coarse` gives all the same value.
///
/// - Throws: ``Interrupted``.
public func refines(
  _ problem: ComparisonProblem, fine: Int = 0, coarse: Int = 1, progress: ProgressHandler = .none
) throws -> Bool {
  let solver = try RewardSolver(problem, progress)
  let other = try RewardRange(solver, reward: coarse)
  if other.isTrivial { return true }
  let own = try RewardRange(solver, reward: fine)
  if own.isTrivial { return false }
  return try solver.proportion(fine, coarse, policy: own.maximum.policy).map { $0.signum > 0 }
    ?? false
}

extension RewardSolver {
  fileprivate func masses(of mixed: MixedPolicy) throws -> [Rational] {
    let first = try occupancy(of: mixed.first).masses
    guard let other = mixed.second else { return first }
    return zip(first, try occupancy(of: other).masses).map { a, b in
      a == b ? a : mixed.weight * a + (1 - mixed.weight) * b
    }
  }

  fileprivate func witness(
    hacked: [Rational], honest: [Rational], _ trueReward: Int, _ proxy: Int
  ) throws -> HackingWitness {
    let policies = try [hacked, honest].map {
      try OccupancyMeasure(
        masses: $0, discount: problem.discount, initial: problem.initial, in: problem.model
      ).policy(in: problem.model)
    }
    let measures = try policies.map {
      try OccupancyMeasure(
        of: $0, in: problem.model, discount: problem.discount, initial: problem.initial,
        progress: progress)
    }
    let values = [trueReward, proxy].map { place in
      measures.map { $0.value(of: evaluator.reward(place)) }
    }
    let (loss, gain) = (values[0][1] - values[0][0], values[1][0] - values[1][1])
    guard loss.signum > 0, gain.signum > 0 else {
      throw ComparisonError.rejected("two policies are no witness of a hackable reward")
    }
    let occupancies = measures.map { measure in
      OccupancyEntries(
        measure.masses.enumerated().filter { !$0.element.isZero }.map {
          (Choice($0.offset), $0.element)
        })
    }
    return HackingWitness(
      hacked: policies[0], honest: policies[1], loss: loss, gain: gain,
      occupancies: (occupancies[0], occupancies[1]))
  }
}
