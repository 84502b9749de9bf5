// What is here: whether adding a reward changes what is optimal. Kernel: potential shaping, after
// Ng, Harada, Russell, 1999; `proofs-notes/auxiliary-rewards.md`.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Whether `auxiliary`, added to `reward`, changes which policies are optimal.
///
/// - Parameter environment: a problem whose rewards are not looked at.
/// - Returns: what ``RewardAnswer/verify(in:progress:)`` accepts.
/// - Throws: ``Interrupted``.
public func effect(
  ofAdding auxiliary: RewardFunction, to reward: RewardFunction, in environment: ComparisonProblem,
  progress: ProgressHandler = .none
) throws -> AuxiliaryAnswer.Effect {
  let problem = try environment.replacingRewards([
    ("reward", reward), ("sum", reward + auxiliary), ("auxiliary", auxiliary),
  ])
  let solver = try RewardSolver(problem, progress)
  let range = try RewardRange(solver, reward: 2)
  if range.isTrivial { return .shaping(potential: -range.maximum.values) }
  let own = try solver.best(for: RewardCombination([(0, 1)]))
  let sum = try solver.best(for: RewardCombination([(1, 1)]))
  let proof = AuxiliaryOptima(values: own.values, sumValues: sum.values)
  if OptimalSet(own, in: problem) == OptimalSet(sum, in: problem) {
    return .sameOptimalPolicies(proof)
  }
  let worst = try ProxyOptima(solver, trueReward: 0, proxy: sum).worst
  return .changesOptimum(
    proof, worst: solver.certificate(worst), loss: own.mean - worst.mean)
}
