import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// One policy in two models: how far its values are apart, as an exact identity.
///
/// `V^π - V̂^π = Σ_{s,a} d^π(s,a) [r - r̂ + γ (P - P̂) V̂^π](s,a)`, where `d^π` is the discounted
/// occupancy in the true model. Since `P - P̂` sends constants to 0, the difference is at most
/// `(e_r + γ e_P span(V̂^π)/2)/(1 - γ)`.
///
/// Source: `proofs-notes/simulation-lemma.md`.
public struct SimulationIdentity: Sendable {
  /// `J^π` in the true model, from the initial law.
  public let trueValue: Rational
  /// `J^π` in the estimate.
  public let estimatedValue: Rational
  /// The right-hand side of the identity.
  public let accounted: Rational
  /// The largest error of an expected reward.
  public let rewardError: Rational
  /// The largest `‖P - P̂‖₁` of a row.
  public let transitionError: Rational
  /// The span of the policy's values in the estimate.
  public let span: Rational
  /// What the lemma bounds the difference by.
  public let bound: Rational

  /// The left-hand side.
  public var difference: Rational { trueValue - estimatedValue }

  /// - Parameters:
  ///   - truth: a model with the reward `name`.
  ///   - estimate: a model with the same choices and a reward of the same name.
  ///   - policy: a stationary policy of either.
  /// - Throws: ``BoundError/unfit(place:problem:)`` where the models have other choices or lack
  ///   the reward; ``Interrupted``.
  /// - Precondition: `0 <= discount < 1`.
  public init(
    of policy: Policy, truth: FiniteMDP, estimate: FiniteMDP, reward name: String,
    discount: Rational, initial: [(state: State, probability: Rational)],
    progress: ProgressHandler = .none
  ) throws {
    let (r, s) = try Self.rewards(truth, estimate, name)
    let values = try discountedValues(
      of: policy, in: truth, reward: r, discount: discount, progress: progress)
    let estimated = try discountedValues(
      of: policy, in: estimate, reward: s, discount: discount, progress: progress)
    let occupancy = try OccupancyMeasure(
      of: policy, in: truth, discount: discount, initial: initial, progress: progress)
    func mean(_ values: [Rational]) -> Rational {
      initial.reduce(Rational.zero) { $0 + $1.probability * values[Int($1.state.index)] }
    }
    trueValue = mean(values)
    estimatedValue = mean(estimated)
    var (accounted, rewardError, transitionError) = (Rational.zero, Rational.zero, Rational.zero)
    for choice in 0..<truth.choiceCount {
      let reward = r[choice] - s[choice]
      let drift =
        expectation(of: estimated, after: choice, in: truth)
        - expectation(of: estimated, after: choice, in: estimate)
      accounted += occupancy.masses[choice] * (reward + discount * drift)
      rewardError = max(rewardError, reward.magnitude)
      transitionError = max(transitionError, rowDistance(choice, truth, estimate))
    }
    (self.accounted, self.rewardError) = (accounted, rewardError)
    self.transitionError = transitionError
    span = RegretBounds.span(of: estimated)
    bound = (rewardError + discount * transitionError * span / 2) / (1 - discount)
  }

  private static func rewards(
    _ truth: FiniteMDP, _ estimate: FiniteMDP, _ name: String
  ) throws(BoundError) -> (PooledVector, PooledVector) {
    guard truth.choiceOffsets == estimate.choiceOffsets,
      truth.choiceActions == estimate.choiceActions
    else { throw .unfit(place: "estimate", problem: "it has other choices than the true model") }
    guard let first = truth.reward(named: name), let second = estimate.reward(named: name) else {
      throw .unfit(place: "rewards", problem: "there is no reward '\(name)' in both models")
    }
    return (first.expected(in: truth), second.expected(in: estimate))
  }
}

/// Two policies in one model: `J(π') - J(π) = Σ d^{π'}(s,a) A^π(s,a)`, exactly.
///
/// Source: Kakade, Langford 2002; `proofs-notes/simulation-lemma.md`.
public struct PerformanceDifference: Sendable {
  /// `V^π`, one entry a state.
  public let baseValues: [Rational]
  /// `V^{π'}`, one entry a state.
  public let otherValues: [Rational]
  /// `A^π(s,a) = r + γ P V^π - V^π`, one entry a choice.
  public let advantages: [Rational]
  /// `d^{π'}`, one entry a choice.
  public let occupancy: [Rational]
  /// `J(π') - J(π)`.
  public let difference: Rational
  /// `Σ d^{π'} A^π`.
  public let accounted: Rational

  /// - Parameters:
  ///   - base: `π`, stationary.
  ///   - other: `π'`, stationary.
  ///   - reward: the expected reward of each choice.
  /// - Throws: ``Interrupted``.
  public init(
    from base: Policy, to other: Policy, in model: FiniteMDP, reward: PooledVector,
    discount: Rational, initial: [(state: State, probability: Rational)],
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    let baseValues = try discountedValues(
      of: base, in: model, reward: reward, discount: discount, progress: progress)
    let otherValues = try discountedValues(
      of: other, in: model, reward: reward, discount: discount, progress: progress)
    let occupancy = try OccupancyMeasure(
      of: other, in: model, discount: discount, initial: initial, progress: progress
    ).masses
    let advantages = (0..<model.choiceCount).map { choice in
      reward[choice] + discount * expectation(of: baseValues, after: choice, in: model)
        - baseValues[Int(model.choiceStates[choice])]
    }
    difference = initial.reduce(Rational.zero) { sum, entry in
      let state = Int(entry.state.index)
      return sum + entry.probability * (otherValues[state] - baseValues[state])
    }
    accounted = dot(occupancy, advantages)
    (self.baseValues, self.otherValues) = (baseValues, otherValues)
    (self.advantages, self.occupancy) = (advantages, occupancy)
  }
}

/// Regret against a gain: `E[T g - Σ r_t] = E Σ δ(s_t,a_t) + E h(s_T) - h(s_0)` for
/// `δ(s,a) = g + h(s) - r - P_a h`, whatever `g` and `h` are.
///
/// Source: ours, by telescoping; `proofs-notes/regret-accounting.md`.
public struct RegretAccount: Sendable {
  /// `E[T g - Σ r_t]`.
  public let regret: Rational
  /// `E Σ δ(s_t, a_t)`.
  public let gaps: Rational
  /// `E h(s_T) - h(s_0)`.
  public let drift: Rational

  /// The account of a policy from a state over some steps.
  ///
  /// - Parameters:
  ///   - policy: stationary, or with at least as many steps.
  ///   - reward: the expected reward of each choice.
  ///   - bias: one entry a state.
  /// - Complexity: O(steps × transitions) on numbers that grow with the steps.
  public init(
    of policy: Policy, in model: FiniteMDP, reward: PooledVector, gain: Rational, bias: [Rational],
    from start: State, steps: Int, progress: ProgressHandler = .none
  ) throws(Interrupted) {
    var law: [State: Rational] = [start: 1]
    var (earned, gaps) = (Rational.zero, Rational.zero)
    for step in 0..<steps {
      try progress.checkpoint()
      var next: [State: Rational] = [:]
      for (state, mass) in law {
        for weighted in policy.atStep(step).choices(at: state) {
          let choice = Int(weighted.choice.index)
          let weight = mass * weighted.probability
          earned += weight * reward[choice]
          let ahead = expectation(of: bias, after: choice, in: model)
          gaps += weight * (gain + bias[Int(state.index)] - reward[choice] - ahead)
          for (successor, probability) in model.transitions(of: weighted.choice) {
            next[successor, default: 0] += weight * probability
          }
        }
      }
      law = next
    }
    regret = Rational(steps) * gain - earned
    self.gaps = gaps
    let last = law.reduce(Rational.zero) { $0 + $1.value * bias[Int($1.key.index)] }
    drift = last - bias[Int(start.index)]
  }
}
