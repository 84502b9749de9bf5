// What is here: small policies evaluated and small problems solved by plain elimination, for
// answers that leave evidence out. Larger models have to bring it.

import ExactArithmetic
import MarkovDecisionProcesses

/// Solves the linear systems of policies on small models.
struct ChainElimination {
  /// The most states.
  static let limit = 60

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
    let right = model.chainReward(of: policy, reward: reward)
    return RationalVector(try solved(matrix(of: policy), right.entries))
  }

  /// The masses `x(s,a) = d(s) π(a|s)` with `d = μ + γ P_πᵀ d`.
  func occupancy(of policy: Policy) throws(CheckFailure) -> OccupancyEntries {
    let rows = matrix(of: policy)
    let transposed = rows.indices.map { row in rows.map { $0[row] } }
    var start = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in law { start[state] += probability }
    let visits = try solved(transposed, start)
    return OccupancyEntries(
      visits.indices.flatMap { state in
        visits[state].isZero
          ? []
          : policy.choices(at: State(state)).map {
            (choice: $0.choice, mass: visits[state] * $0.probability)
          }
      })
  }

  private func matrix(of policy: Policy) -> [[Rational]] {
    (0..<model.stateCount).map { state in
      var row = [Rational](repeating: 0, count: model.stateCount)
      row[state] = 1
      for (successor, probability) in model.chainRow(of: policy, at: State(state)) {
        row[Int(successor.index)] -= discount * probability
      }
      return row
    }
  }

  private func solved(
    _ rows: [[Rational]], _ right: [Rational]
  ) throws(CheckFailure) -> [Rational] {
    var (rows, right) = (rows, right)
    for pivot in rows.indices {
      guard let place = rows.indices[pivot...].first(where: { !rows[$0][pivot].isZero }) else {
        throw .rejected("\(field): the equations of the policy have no single solution")
      }
      rows.swapAt(pivot, place)
      right.swapAt(pivot, place)
      for row in rows.indices where row != pivot && !rows[row][pivot].isZero {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot..<rows.count where !rows[pivot][column].isZero {
          rows[row][column] -= factor * rows[pivot][column]
        }
        right[row] -= factor * right[pivot]
      }
    }
    return rows.indices.map { right[$0] / rows[$0][$0] }
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
    let elimination = try ChainElimination(self, field)
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
