// What is here: whether adding a reward changes what is optimal. Kernel: potential shaping, after
// Ng, Harada, Russell, 1999; `proofs-notes/auxiliary-rewards.md`.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// What adding an auxiliary reward does to a reward.
public enum AuxiliaryEffect: Sendable {
  /// It is `γΦ(s') - Φ(s)` in expectation: every policy's value changes by the same number.
  case shaping(potential: RationalVector)
  /// It is no shaping, but the optimal policies stay the same.
  case sameOptimalPolicies(AuxiliaryOptima)
  /// A policy that is optimal with the auxiliary reward and loses so much of the reward itself, the
  /// worst such policy; or none that loses, where only optimal policies were lost.
  case changesOptimum(policy: [Action], loss: Rational, AuxiliaryOptima)
}

/// Optimal values, which tell the optimal choices: those that attain them.
public struct AuxiliaryOptima: Sendable {
  /// Of the reward alone.
  public let values: RationalVector
  /// With the auxiliary reward added.
  public let sumValues: RationalVector
}

/// Whether `auxiliary`, added to `reward`, changes which policies are optimal.
///
/// - Parameter environment: a problem whose rewards are not looked at.
/// - Returns: what ``AuxiliaryEffect/isProved(ofAdding:to:in:progress:)`` accepts.
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
  let proof = AuxiliaryOptima(values: own.values, sumValues: sum.values)
  if OptimalSet(own, in: problem) == OptimalSet(sum, in: problem) {
    return .sameOptimalPolicies(proof)
  }
  let optima = try ProxyOptima(solver, trueReward: 0, proxy: sum)
  return .changesOptimum(
    policy: solver.actions(of: optima.worst.policy), loss: own.mean - optima.worst.mean, proof)
}

extension AuxiliaryEffect {
  /// Whether the answer proves itself: the potential shapes, or the values are optimal and the
  /// choices that attain them are the same, or not, wherever optimal policies go; and the policy is
  /// optimal for the sum and loses what is said.
  ///
  /// That no such policy loses more is not looked at:
  /// ``proxyRegretCertificate(_:evaluated:optimised:progress:)`` proves it.
  ///
  /// - Complexity: no solve; passes over the transitions, and one linear system for the loss.
  /// - Throws: ``Interrupted``.
  public func isProved(
    ofAdding auxiliary: RewardFunction, to reward: RewardFunction,
    in environment: ComparisonProblem, progress: ProgressHandler = .none
  ) throws -> Bool {
    let problem = try environment.replacingRewards([
      ("reward", reward), ("sum", reward + auxiliary),
    ])
    let check = AuxiliaryCheck(problem: problem, progress: progress)
    switch self {
    case .shaping(let potential):
      return potential.count == problem.model.stateCount
        && CanonicalReward.levelled(
          auxiliary.expected(in: problem.model), by: -potential, on: problem.pairs,
          in: problem.model, discount: problem.discount
        ).largestMagnitude.isZero
    case .sameOptimalPolicies(let optima):
      guard let signs = try check.signs(of: optima) else { return false }
      return OptimalSet(signs.own, in: problem) == OptimalSet(signs.sum, in: problem)
    case .changesOptimum(let policy, let loss, let optima):
      guard let signs = try check.signs(of: optima),
        OptimalSet(signs.own, in: problem) != OptimalSet(signs.sum, in: problem)
      else { return false }
      return try check.loses(policy, loss, optima, signs.sum)
    }
  }
}

/// The judge of an answer.
private struct AuxiliaryCheck {
  let problem: ComparisonProblem
  let progress: ProgressHandler

  /// The signs of the advantages; `nil` where values are not optimal.
  func signs(
    of optima: AuxiliaryOptima
  ) throws -> (own: ContiguousArray<Int8>, sum: ContiguousArray<Int8>)? {
    guard let own = try signs(optima.values, reward: 0),
      let sum = try signs(optima.sumValues, reward: 1)
    else { return nil }
    return (own, sum)
  }

  private func signs(_ values: RationalVector, reward: Int) throws -> ContiguousArray<Int8>? {
    let model = problem.model
    guard values.count == model.stateCount else { return nil }
    let judge = BellmanJudge(
      model: model, reward: model.rewards[reward].function.expected(in: model),
      discount: problem.discount)
    let signs = try judge.slackSigns(of: values, progress: progress)
    let isOptimal = (0..<model.stateCount).allSatisfy { state in
      model.choiceRange(at: state).contains { signs[$0] == 0 }
    }
    return isOptimal && signs.allSatisfy { $0 <= 0 } ? signs : nil
  }

  func loses(
    _ actions: [Action], _ loss: Rational, _ optima: AuxiliaryOptima,
    _ signs: ContiguousArray<Int8>
  ) throws -> Bool {
    let model = problem.model
    guard let policy = try? Policy(actions, in: model) else { return false }
    let measure = try OccupancyMeasure(
      of: policy, in: model, discount: problem.discount, initial: problem.initial,
      progress: progress)
    let isOptimal = measure.masses.indices.allSatisfy {
      measure.masses[$0].isZero || signs[$0] == 0
    }
    let value = measure.value(of: model.rewards[0].function.expected(in: model))
    return isOptimal && problem.mean(optima.values) - value == loss
  }
}
