// What is here: exact values of policies under several rewards of one model, and policies that are
// good for weighted sums of them. Notation: v_i solves v = r_i + γ P_σ v for a policy σ.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Evaluates policies of one model under all of its rewards.
package struct PolicyEvaluator: Sendable {
  package let model: FiniteMDP
  package let discount: Rational
  private let problems: [MaximizationProblem]
  private let builders: [PolicySystemBuilder]

  /// - Throws: ``SolverError/discountOutOfRange(_:)``.
  package init(model: FiniteMDP, discount: Rational) throws(SolverError) {
    self.model = model
    self.discount = discount
    var problems: [MaximizationProblem] = []
    for (name, _) in model.rewards {
      problems.append(
        MaximizationProblem(
          try DiscountedProblem(model: model, reward: name, discount: discount)))
    }
    self.problems = problems
    builders = problems.map { PolicySystemBuilder($0) }
  }

  /// The expected reward of each choice, by the place of the reward.
  package func reward(_ place: Int) -> PooledVector { problems[place].reward }

  /// The exact values of a deterministic policy, given as one choice a state, under a reward.
  package func values(
    of policy: ContiguousArray<Int32>, reward: Int, progress: ProgressHandler
  ) throws -> RationalVector {
    try builders[reward].policySystem(of: policy).solved(progress)
  }

  /// The exact values of a stationary policy under every reward, from one factorisation.
  package func values(of policy: Policy, progress: ProgressHandler) throws -> [RationalVector] {
    if case .deterministic(let choices) = policy.form {
      let plain = ContiguousArray(choices.map(\.index))
      return try builders.map { try $0.policySystem(of: plain).solved(progress) }
    }
    let rows = (0..<model.stateCount).map { state in
      OccupancyMeasure.row(of: policy, at: state, in: model, discount: discount)
    }
    // I - γP is regular for every γ < 1.
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { throw SolverError.methodDoesNotApply("the system of a policy is singular") }
    return try problems.map { problem in
      let right = model.chainReward(of: policy, reward: problem.reward)
      return try matrix.solve(right.entries, progress: progress).reduced()
    }
  }

  /// A policy that is the best, or nearly, for `Σ w_i r_i`: only a start for what is exact.
  ///
  /// - Parameter weights: the places of rewards with numbers of few digits.
  package func guidePolicy(
    for weights: [(reward: Int, weight: Rational)], progress: ProgressHandler
  ) throws -> ContiguousArray<Int32> {
    let sum = weights.reduce(RewardFunction.zero) {
      $0 + $1.weight * model.rewards[$1.reward].function
    }
    let weighted = try model.replacingRewards([("weighted", sum)])
    let problem = MaximizationProblem(
      try DiscountedProblem(model: weighted, reward: "weighted", discount: discount))
    var guide = DiscountedGuide(problem, progress: progress)
    try guide.run(improvements: 150)
    var prover = BoundsProver(problem, PolicySystemBuilder(problem), progress)
    return try prover.prove(&guide, settlesTies: false).policy
  }
}
