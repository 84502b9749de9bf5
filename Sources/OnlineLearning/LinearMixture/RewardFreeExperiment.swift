import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds

/// UCRL-RFE on an exact episodic model whose kernel is a mixture of known kernels: exploration
/// without rewards, and then a plan for each reward of the model.
///
/// In episode `k` the uncertainty `u_k(s,a) = max_{f ∈ {0,M}^S} ‖φ_f(s,a)‖_{Σ_k^{-1}}` makes a reward
/// `c_k = min{M, 2βu_k}` at steps before the last; the learner plays the optimistic policy for it and
/// regresses `f_k(s')` on `φ_{f_k}`. The radius `β` is fixed.
///
/// Source: after Zhang, Zhou and Gu 2021; this form ours, `proofs-notes/reward-free-mixture.md`.
public struct RewardFreeExperiment: Sendable {
  /// The mixture, with the cap `M` of all rewards of the model.
  public let mixture: MixtureExperiment
  /// The rewards that are planned for, by name, with the exact optimal value of the start.
  public let rewards: [(name: String, optimalValue: Rational)]
  private let lookaheads: [BellmanOperator]

  /// - Throws: ``LearningError``; ``BoundError``; ``Interrupted``.
  public init(
    _ model: FiniteMDP, basis: [FiniteMDP], horizon: Int, start: State,
    options: MixtureExperiment.Options = MixtureExperiment.Options(),
    progress: ProgressHandler = .none
  ) throws {
    guard let first = model.rewards.first else {
      throw LearningError.unfit(
        place: "rewards", problem: "there is no reward to plan for after the exploration")
    }
    let operators = model.rewards.map {
      BellmanOperator(model: model, reward: $0.function, discount: 1)
    }
    var best: [[[Rational]]] = []
    for lookahead in operators {
      try MixtureExperiment.requireGains(lookahead)
      best.append(try lookahead.bestValues(horizon: horizon, progress: progress))
    }
    var chosen = options
    let largest = best.joined().joined().max() ?? 0
    if let cap = options.valueCap, cap < largest {
      throw LearningError.option(
        name: "value-cap", value: cap, rule: "at least the largest optimal value, \(largest)")
    }
    if chosen.valueCap == nil, !largest.isZero { chosen.valueCap = largest }
    mixture = try MixtureExperiment(
      model, reward: first.name, basis: basis, horizon: horizon, start: start, options: chosen,
      progress: progress)
    lookaheads = operators
    rewards = zip(model.rewards, best).map { ($0.name, $1[0][Int(start.index)]) }
    for choice in 0..<model.choiceCount {
      let count = mixture.features.successors(of: choice).count
      guard count <= UncertainValue.mostSuccessors else {
        throw LearningError.unfit(
          place: "transitions",
          problem: "a choice has \(count) successors, but the most uncertain value function is"
            + " looked for among subsets of \(UncertainValue.mostSuccessors) at most")
      }
    }
  }

  // MARK: - Bounds

  /// What the theorem says of the suboptimality after `episodes` episodes, for all rewards at once.
  ///
  /// - Throws: ``BoundError``.
  public func bound(episodes: Int) throws -> CertifiedValue {
    var parameters = mixture.boundParameters(episodes: episodes)
    if mixture.hasNothingToLearn {
      parameters["H"] = 1
      parameters["K"] = Rational(episodes)
      parameters["grid"] = mixture.options.grid * Rational(mixture.horizon)
    }
    return try BoundCatalogue.certified(named: "ucrl-rfe-explicit")(parameters)
  }

  /// `β = (M/2)√(d log(1 + n L2 M²/(dλ)) + 2 log(2/δ)) + √(λ B2)`, `n = K(H - 1)`.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func radius(episodes: Int) throws -> Enclosure {
    let dimension = Rational(max(1, mixture.dimension))
    let vectors = Rational(episodes) * Rational(mixture.horizon - 1)
    let cap = mixture.valueCap
    let growth =
      1 + vectors * mixture.squaredFeatureNorm * cap * cap / (dimension * mixture.lambda)
    return try mixture.radius(logarithmOf: growth, times: dimension)
  }

  // MARK: - Runs

  /// A checksum of the names and the numbers of the rewards.
  var rewardDigest: String {
    var digest = Digest()
    for (lookahead, reward) in zip(lookaheads, rewards) {
      digest.add(reward.name)
      for choice in 0..<mixture.model.choiceCount { digest.add(lookahead.reward[choice]) }
    }
    return digest.hexadecimal
  }

  /// The values of the policies planned for each reward, exactly.
  func suboptimalities(_ estimate: MixtureEstimate, radius: Enclosure) -> [Rational] {
    zip(lookaheads, rewards).map { lookahead, reward in
      let plan = MixturePlan(mixture, estimate, radius: radius) { lookahead.reward[$1] }
      let values = lookahead.values(of: plan.policy)
      return reward.optimalValue - values[0][Int(mixture.start.index)]
    }
  }
}

extension RewardFreeExperiment {
  /// The optimistic plan for the rewards `c_k`.
  func explorationPlan(
    _ estimate: MixtureEstimate, _ radius: Enclosure, _ uncertain: [UncertainValue]
  ) -> MixturePlan {
    let precision = mixture.precision
    let ends = (
      lower: radius.lower.floor(timesTwoToThe: precision),
      upper: -(-radius.upper).floor(timesTwoToThe: precision)
    )
    let bonuses = uncertain.indices.map { choice -> Rational in
      let feature = mixture.features.image(of: uncertain[choice].values, after: choice).feature
      let bonus = estimate.bonus(feature, radius: ends).upper << 1
      return min(mixture.valueCap, Rational(bonus, timesTwoToThe: -precision))
    }
    return MixturePlan(mixture, estimate, radius: radius) { step, choice in
      step < mixture.horizon - 1 ? bonuses[choice] : 0
    }
  }
}
