// What is here: questions about the named rewards of a model, each answered with its proof, which the
// checker has accepted.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Answers questions about rewards of one model.
public struct RewardInquiry: Sendable {
  public let model: FiniteMDP
  public let discount: Rational
  /// `minimize` negates every reward first.
  public let direction: Direction
  /// The law of the first state; the model's when `nil`.
  public let initial: [(state: State, probability: Rational)]?
  public let progress: ProgressHandler

  public init(
    _ model: FiniteMDP, discount: Rational, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]? = nil, progress: ProgressHandler = .none
  ) {
    self.model = model
    self.discount = discount
    self.direction = direction
    self.initial = initial
    self.progress = progress
  }

  /// The answer, if the checker accepts it.
  private func checked(_ question: RewardQuestion) throws -> RewardAnswer {
    let answer = RewardAnswer(
      discount: discount, direction: direction, initial: initial, question: question)
    progress.report("checking the answer")
    if case .rejected(let reason) = try answer.verify(in: model, progress: progress) {
      throw ComparisonError.rejected(reason)
    }
    return answer
  }

  private func problem(_ rewards: [String]) throws -> ComparisonProblem {
    try ComparisonProblem(
      model: model, rewards: rewards, discount: discount, direction: direction, initial: initial)
  }

  private func environment() throws -> ComparisonProblem {
    try .environment(model, discount: discount, initial: initial)
  }

  private func function(_ name: String) throws -> RewardFunction {
    guard let function = model.reward(named: name) else {
      throw ComparisonError.noReward(name, names: model.rewards.map(\.name))
    }
    return direction == .maximize ? function : -function
  }

  /// Whether some change of policy gains in the proxy and loses in the true reward.
  ///
  /// - Throws: ``ComparisonError``, ``Interrupted``; so do the others.
  public func hackability(of proxy: String, for trueReward: String) throws -> RewardAnswer {
    let outcome = try RewardComparison.hackability(
      problem([trueReward, proxy]), progress: progress)
    return try checked(
      .hackable(HackabilityAnswer(trueReward: trueReward, proxy: proxy, outcome: outcome)))
  }

  /// The same among finitely many policies, and whether the proxy simplifies the true reward there.
  public func hackability(
    of proxy: String, for trueReward: String, among policies: [(name: String, policy: Policy)]
  ) throws -> RewardAnswer {
    let order = try PolicySetOrder(
      problem([trueReward, proxy]), policies: policies.map(\.policy), progress: progress)
    let witness = order.hackingWitness(trueReward: 0, proxy: 1)
    return try checked(
      .hackableOnSet(
        PolicySetAnswer(
          trueReward: trueReward, proxy: proxy, policies: named(policies, order),
          values: (0...1).map(order.values),
          witness: witness.map { ($0.first, $0.second) },
          isSimplification: order.isSimplification(1, of: 0),
          isNontrivial: order.isNontrivialSimplification(1, of: 0))))
  }

  private func named(
    _ policies: [(name: String, policy: Policy)], _ order: PolicySetOrder
  ) -> [NamedPolicy] {
    policies.enumerated().map { place, policy in
      NamedPolicy(
        name: policy.name,
        traced: TracedPolicy(policy: policy.policy, occupancy: order.occupancy(of: place)))
    }
  }

  /// A reward that makes ties of some, but not all, strict differences and inverts none.
  public func simplification(
    of reward: String, among policies: [(name: String, policy: Policy)]
  ) throws -> RewardAnswer {
    let problem = try environment().replacingRewards([("reward", function(reward))])
    let order = try PolicySetOrder(problem, policies: policies.map(\.policy), progress: progress)
    let table = try order.nontrivialSimplification(of: 0, progress: progress)
    let simple = table.map { table in
      (
        OccupancyEntries(
          table.enumerated().filter { !$0.element.isZero }.map { (Choice($0.offset), $0.element) }
        ), order.values(of: table)
      )
    }
    return try checked(
      .simplification(
        SimplificationAnswer(
          reward: reward, policies: named(policies, order), values: order.values(ofReward: 0),
          simple: simple, dimensions: order.dimensions(of: 0))))
  }

  /// What adding `auxiliary` to `reward` changes of the optimum.
  public func effect(ofAdding auxiliary: String, to reward: String) throws -> RewardAnswer {
    let effect = try RewardComparison.effect(
      ofAdding: function(auxiliary), to: function(reward), in: environment(), progress: progress)
    return try checked(
      .auxiliary(AuxiliaryAnswer(reward: reward, auxiliary: auxiliary, effect: effect)))
  }

  /// What a planner that optimises `reward + w · auxiliary` attains of `reward`, for all `w ≥ 0`.
  public func blend(
    of reward: String, with auxiliary: String, planner: BlendPlanner
  ) throws -> RewardAnswer {
    let stretches = try blendedPlans(
      of: function(reward), with: function(auxiliary), planner: planner, in: environment(),
      progress: progress)
    return try checked(
      .blend(
        BlendAnswer(
          reward: reward, auxiliary: auxiliary, planner: planner, stretches: stretches)))
  }

  /// The nearest reward under which `policy` is optimal at every state, each other action worse by
  /// `margin`.
  ///
  /// - Parameters:
  ///   - margin: not negative.
  ///   - kept: choices whose reward is not changed.
  public func design(
    from reward: String, making policy: [Action], optimalWithMargin margin: Rational,
    norm: RewardNorm, keeping kept: Set<Choice> = []
  ) throws -> RewardAnswer {
    let expected = try function(reward).expected(in: model)
    let found = try nearestReward(
      making: policy, optimalWithMargin: margin, in: model, discount: discount,
      reference: (0..<model.choiceCount).map { expected[$0] }, norm: norm, fixed: kept,
      progress: progress)
    return try checked(
      .design(
        DesignAnswer(
          reward: reward, norm: norm, margin: margin, policy: policy,
          kept: kept.sorted { $0.index < $1.index }, outcome: found.outcome,
          multipliers: found.multipliers)))
  }

  /// The nearest reward of a family, between forms levelled by the uniform policy.
  public func nearest(
    to reward: String, in family: RewardFamily, norm: RewardNorm
  ) throws -> RewardAnswer {
    let environment = try environment()
    let target = try function(reward)
    let nearest: NearestReward
    switch family {
    case .stateOnly:
      nearest = try nearestStateOnlyReward(
        to: target, of: environment, norm: norm, progress: progress
      ).nearest
    case .support(let choices):
      nearest = try nearestReward(
        to: target, supportedOn: Set(choices), of: environment, norm: norm, progress: progress
      ).nearest
    case .rewards(let names):
      nearest = try nearestReward(
        to: target, in: names.map(function), of: environment, norm: norm, progress: progress)
    }
    return try checked(
      .nearest(
        NearestAnswer(
          reward: reward, family: family, norm: norm, coefficients: nearest.coefficients,
          distance: nearest.distance, differenceValues: nearest.differenceValues,
          dual: nearest.dual, adjoint: nearest.adjoint)))
  }
}
