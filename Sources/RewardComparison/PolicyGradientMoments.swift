// What is here: mean and covariance of the score-function estimator of a policy's gradient, by
// enumeration of trajectories. Notation: π softmax in one logit a choice, so that the score of a
// step is [s_t = s] ([a_t = a] - π(a|s)); H steps; g = Σ_t γ^t score_t G_t with the return-to-go
// G_t = Σ_{k ≥ t} γ^{k-t} r_k. Proof that potentials are baselines: `proofs-notes/auxiliary-rewards.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// The first two moments of an estimate of the gradient of the expected discounted sum.
public struct PolicyGradientMoments: Sendable {
  /// One entry a choice: the gradient itself, with respect to the logits of the policy.
  public let mean: [Rational]
  /// Row and column by choice.
  public let covariance: [[Rational]]

  /// The trace of ``covariance``.
  public var totalVariance: Rational {
    covariance.indices.reduce(Rational.zero) { $0 + covariance[$1][$1] }
  }

  /// The moments for a policy that is followed for a number of steps.
  ///
  /// - Parameters:
  ///   - policy: stationary.
  ///   - horizon: the number of steps, at least 0.
  ///   - discount: of any size, also 1.
  ///   - initial: the law of the first state.
  /// - Complexity: O((choices taken)²) sums for every trajectory of positive probability, of which
  ///   there are exponentially many in the horizon.
  /// - Throws: ``Interrupted``.
  public init(
    of policy: Policy, in model: FiniteMDP, reward: RewardFunction, discount: Rational,
    horizon: Int, initial: [(state: State, probability: Rational)],
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    precondition(horizon >= 0, "a number of steps")
    var sums = GradientSums(policy, model, reward, discount, progress)
    for (state, probability) in initial where !probability.isZero {
      try sums.visit(state, probability, stepsLeft: horizon)
    }
    let mean = sums.mean
    self.mean = mean
    covariance = mean.indices.map { row in
      mean.indices.map { sums.second[row][$0] - mean[row] * mean[$0] }
    }
  }
}

/// Sums over all trajectories, in depth first order.
private struct GradientSums {
  private typealias Step = (choice: Choice, reward: Rational)

  private let policy: Policy
  private let model: FiniteMDP
  private let reward: RewardFunction
  private let discount: Rational
  private let progress: ProgressHandler
  private var path: [Step] = []
  private(set) var mean: [Rational]
  private(set) var second: [[Rational]]

  init(
    _ policy: Policy, _ model: FiniteMDP, _ reward: RewardFunction, _ discount: Rational,
    _ progress: ProgressHandler
  ) {
    self.policy = policy
    self.model = model
    self.reward = reward
    self.discount = discount
    self.progress = progress
    mean = Array(repeating: 0, count: model.choiceCount)
    second = Array(repeating: mean, count: model.choiceCount)
  }

  mutating func visit(
    _ state: State, _ probability: Rational, stepsLeft: Int
  ) throws(Interrupted) {
    guard stepsLeft > 0 else {
      try progress.checkpoint()
      add(estimate(), probability)
      return
    }
    for weighted in policy.choices(at: state) where !weighted.probability.isZero {
      for (successor, chance) in model.transitions(of: weighted.choice) where !chance.isZero {
        let value = reward.value(
          state: state, action: model.action(of: weighted.choice), successor: successor)
        path.append((weighted.choice, value))
        try visit(
          successor, probability * weighted.probability * chance, stepsLeft: stepsLeft - 1)
        path.removeLast()
      }
    }
  }

  /// `g` on the path, where it is not 0.
  private func estimate() -> [Int: Rational] {
    var gradient: [Int: Rational] = [:]
    var returnToGo = Rational.zero
    for (time, step) in path.enumerated().reversed() {
      returnToGo = step.reward + discount * returnToGo
      let weight = discount.power(time) * returnToGo
      for weighted in policy.choices(at: model.state(of: step.choice)) {
        let score = (weighted.choice == step.choice ? 1 : 0) - weighted.probability
        gradient[Int(weighted.choice.index), default: 0] += weight * score
      }
    }
    return gradient
  }

  private mutating func add(_ gradient: [Int: Rational], _ probability: Rational) {
    for (row, value) in gradient {
      mean[row] += probability * value
      for (column, other) in gradient { second[row][column] += probability * value * other }
    }
  }
}
