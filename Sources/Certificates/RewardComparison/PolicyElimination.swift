// What is here: small policies evaluated and small problems solved by plain elimination, for
// answers that leave evidence out. Larger models have to bring it.

import ExactArithmetic
import MarkovDecisionProcesses

/// Solves the linear systems of policies on small models.
struct PolicyElimination {
  /// The most states.
  static let limit = 200

  private let model: FiniteMDP
  private let discount: Rational
  private let law: [(state: Int, probability: Rational)]
  private let field: String

  /// - Throws: a rejection on larger models, which names `field`.
  init(_ conditions: some RewardConditions, _ field: String) throws(CheckFailure) {
    model = conditions.model
    discount = conditions.discount
    law = conditions.law
    self.field = field
    try require(
      model.stateCount <= Self.limit,
      "\(field): the evidence is missing, and the model has more than \(Self.limit) states")
  }

  /// The values `v = r_π + γ P_π v`.
  func values(of policy: Policy, _ reward: PooledVector) throws(CheckFailure) -> RationalVector {
    var chain = chain(of: policy)
    let right = model.chainReward(of: policy, reward: reward)
    guard let values = chain.values(right.entries) else { throw unsolvable }
    return RationalVector(values)
  }

  /// The masses `x(s,a) = d(s) π(a|s)` with `d = μ + γ P_πᵀ d`.
  func occupancy(of policy: Policy) throws(CheckFailure) -> OccupancyEntries {
    var chain = chain(of: policy)
    guard let visits = chain.visits() else { throw unsolvable }
    return OccupancyEntries(
      visits.indices.flatMap { state in
        visits[state].isZero
          ? []
          : policy.choices(at: State(state)).map {
            (choice: $0.choice, mass: visits[state] * $0.probability)
          }
      })
  }

  /// With a discount below 1 every run of the chain ends.
  private var unsolvable: CheckFailure {
    .rejected("\(field): the equations of the policy have no single solution")
  }

  private func chain(of policy: Policy) -> ChainElimination {
    var start = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in law { start[state] += probability }
    let rows = (0..<model.stateCount).map { state in
      model.chainRow(of: policy, at: State(state)).map {
        (target: Int($0.successor.index), weight: discount * $0.probability)
      }.filter { !$0.weight.isZero }
    }
    return ChainElimination(rows: rows, start: start)
  }
}

extension RewardConditions {
  /// The optimal mean of a sum of rewards by policy iteration, for answers without evidence.
  func solved(
    _ combination: Combination, _ direction: Direction, _ field: String, allowed: [Bool]?
  ) throws(CheckFailure) -> Rational {
    mean(try solvedValues(combination, direction, field, allowed: allowed))
  }

  /// The optimal values of a sum of rewards by policy iteration.
  func solvedValues(
    _ combination: Combination, _ direction: Direction, _ field: String, allowed: [Bool]? = nil
  ) throws(CheckFailure) -> RationalVector {
    let elimination = try PolicyElimination(self, field)
    let reward = reward(of: combination)
    var policy: [Action] = []
    for state in 0..<model.stateCount {
      let first = model.choiceRange(at: state).first { allowed?[$0] != false }
      guard let first else { throw .rejected("\(field): a state has no allowed action") }
      policy.append(model.action(of: Choice(first)))
    }
    while true {
      let stationary = try model.stationary(policy, field)
      let values = try elimination.values(of: stationary, reward)
      let signs = try slackSigns(values, reward)
      var isImproved = false
      for state in 0..<model.stateCount {
        let better = model.choiceRange(at: state).first {
          signs[$0] * direction.sign > 0 && allowed?[$0] != false
        }
        if let better {
          policy[state] = model.action(of: Choice(better))
          isImproved = true
        }
      }
      if !isImproved { return values }
    }
  }
}

extension FiniteMDP {
  /// A deterministic policy of available actions.
  fileprivate func stationary(
    _ actions: [Action], _ field: String
  ) throws(CheckFailure) -> Policy {
    do throws(PolicyError) {
      return try Policy(actions, in: self)
    } catch {
      throw .rejected("\(field): \(error)")
    }
  }
}
