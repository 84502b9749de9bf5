// What is here: whether adding a reward changes what is optimal. Kernel: potential shaping, after
// Ng, Harada, Russell, 1999; `proofs-notes/reward-order.md`.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// What adding an auxiliary reward does to a reward.
public enum AuxiliaryEffect: Sendable {
  /// It is `γΦ(s') - Φ(s)` in expectation: every policy's value changes by the same number.
  case shaping(potential: RationalVector)
  /// It is no shaping, but the optimal policies stay the same.
  case sameOptimalPolicies
  /// A policy that is optimal with the auxiliary reward and loses so much of the reward itself, the
  /// worst such policy; or none that loses, where only optimal policies were lost.
  case changesOptimum(policy: [Action], loss: Rational)
}

/// Whether `auxiliary`, added to `reward`, changes which policies are optimal.
///
/// - Parameter environment: a problem whose rewards are not looked at.
/// - Throws: ``Interrupted``.
public func effect(
  ofAdding auxiliary: RewardFunction, to reward: RewardFunction, in environment: ComparisonProblem,
  progress: ProgressHandler = .none
) throws -> AuxiliaryEffect {
  let problem = try environment.replacingRewards([
    ("reward", reward), ("sum", reward + auxiliary), ("auxiliary", auxiliary),
  ])
  let solver = try RewardSolver(problem, progress)
  let range = try RewardRange(solver, reward: 2)
  if range.isTrivial { return .shaping(potential: -range.maximum.values) }
  let own = try solver.best(for: RewardCombination([(0, 1)]))
  let sum = try solver.best(for: RewardCombination([(1, 1)]))
  if OptimalSet(own, in: problem) == OptimalSet(sum, in: problem) { return .sameOptimalPolicies }
  let optima = try ProxyOptima(solver, trueReward: 0, proxy: sum)
  return .changesOptimum(
    policy: solver.actions(of: optima.worst.policy), loss: own.mean - optima.worst.mean)
}
