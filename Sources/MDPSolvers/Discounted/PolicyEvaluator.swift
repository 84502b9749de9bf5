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

  /// The values of a deterministic policy under a reward, to any number of digits.
  package func digits(
    of policy: ContiguousArray<Int32>, reward: Int, progress: ProgressHandler
  ) throws -> PolicyDigits {
    PolicyDigits(
      try ApproximationSource(builders[reward].policySystem(of: policy), progress),
      stateCount: model.stateCount)
  }

  /// The exact values of a stationary policy under every reward.
  package func values(of policy: Policy, progress: ProgressHandler) throws -> [RationalVector] {
    if case .deterministic(let choices) = policy.form {
      let plain = ContiguousArray(choices.map(\.index))
      return try problems.indices.map { try values(of: plain, reward: $0, progress: progress) }
    }
    // The chain of the policy is a model with one action, which the solvers of policies take.
    let chain = try PolicyEvaluator(model: try chain(of: policy), discount: discount)
    let only = ContiguousArray(0..<Int32(model.stateCount))
    return try problems.indices.map {
      try chain.values(of: only, reward: $0, progress: progress)
    }
  }

  private func chain(of policy: Policy) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: model.stateCount), actions: NameTable(count: 1))
    for state in (0..<model.stateCount).map(State.init) {
      for (successor, probability) in model.chainRow(of: policy, at: state) {
        try builder.addTransition(
          from: state, under: Action(0), to: successor, probability: probability)
      }
    }
    for (place, problem) in problems.enumerated() {
      try builder.startReward(named: "\(place)")
      let reward = model.chainReward(of: policy, reward: problem.reward)
      for state in 0..<model.stateCount {
        builder.addReward(
          state: State(state), action: Action(0), successor: nil, value: reward[state])
      }
    }
    return try builder.build()
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
