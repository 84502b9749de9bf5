// What is here: the flow equations of occupancy measures as a part of a linear program.
// Notation: x(s,a) one column a choice, Σ_a x(s,a) − γ Σ_{t,a} p(s|t,a) x(t,a) = μ(s) one row a
//   state. Source: d'Epenoux 1963; `proofs-notes/occupancy-polytope.md`.

import ExactArithmetic
import LinearPrograms
import MarkovDecisionProcesses

/// The occupancy measures of a model inside a linear program: non-negative columns, one a choice,
/// and flow rows, one a state.
///
/// Others add to the same program: rows over ``entries(of:)`` bound the value of a reward, further
/// copies of the polytope (under another prefix) stand for further policies.
public struct OccupancyPolytope: Sendable {
  public let model: FiniteMDP
  public let discount: Rational
  /// The column of choice 0; the others follow in the model's order.
  public let firstColumn: Int
  /// The flow row of state 0; the others follow in the model's order.
  public let firstRow: Int

  /// Adds the columns and rows of the polytope to a program.
  ///
  /// - Parameters:
  ///   - weights: `μ`, one entry a state; any non-negative numbers, of which the total mass is
  ///     `1/(1−γ)` times the sum.
  ///   - prefix: starts the names: columns are `PREFIXx0`, `PREFIXx1`, … by choice, rows
  ///     `PREFIXflow0`, … by state.
  /// - Throws: ``LinearProgramError`` when a name is taken or the program gets too large.
  /// - Complexity: O(transitions).
  public init(
    of model: FiniteMDP, discount: Rational, weights: [Rational], prefix: String = "",
    addedTo builder: inout LinearProgramBuilder
  ) throws(LinearProgramError) {
    precondition(weights.count == model.stateCount, "one weight a state")
    self.model = model
    self.discount = discount
    firstColumn = builder.columnCount
    firstRow = builder.rowCount
    for choice in 0..<model.choiceCount { try builder.addColumn("\(prefix)x\(choice)") }
    for (state, entries) in Self.flows(of: model, discount, firstColumn).enumerated() {
      try builder.addRow(
        "\(prefix)flow\(state)", lower: weights[state], upper: weights[state], entries: entries)
    }
  }

  /// The coefficients of `r·x`, for an objective or a row.
  ///
  /// - Parameter reward: the expected reward of each choice.
  public func entries(of reward: PooledVector) -> [(column: Int, coefficient: Rational)] {
    precondition(reward.count == model.choiceCount, "one reward a choice")
    return (0..<reward.count).map { (firstColumn + $0, reward[$0]) }
  }

  /// The masses of the choices at a point of the program.
  ///
  /// - Parameter point: one entry a column of the program.
  public func masses(at point: RationalVector) -> [Rational] {
    (0..<model.choiceCount).map { point[firstColumn + $0] }
  }

  /// What a dual point of the program gives to the flow rows, one entry a state.
  ///
  /// - Parameter dual: one entry a row of the program.
  public func potentials(at dual: RationalVector) -> RationalVector {
    RationalVector((0..<model.stateCount).map { dual[firstRow + $0] })
  }

  /// The entries of each state's row.
  static func flows(
    of model: FiniteMDP, _ discount: Rational, _ firstColumn: Int
  ) -> [[(column: Int, coefficient: Rational)]] {
    var rows = [[(column: Int, coefficient: Rational)]](repeating: [], count: model.stateCount)
    let discounted = model.probabilityPool.values.map { -discount * $0 }
    for choice in 0..<model.choiceCount {
      let state = Int(model.choiceStates[choice])
      var own = Rational.one
      for transition in model.transitionRange(of: choice) {
        let weight = discounted[Int(model.probabilities[transition])]
        let successor = Int(model.successors[transition])
        if successor == state {
          own += weight
        } else {
          rows[successor].append((firstColumn + choice, weight))
        }
      }
      rows[state].append((firstColumn + choice, own))
    }
    return rows
  }
}

/// The superharmonic vectors of a reward inside a linear program: free columns, one a state, and
/// rows `v(s) − γ Σ_t p(t|s,a) v(t) ≥ r(s,a)` (`≤` for `minimize`), one a choice.
///
/// The optimal values are the least such vector (the greatest for `minimize`).
public struct ValueProgram: Sendable {
  public let model: FiniteMDP
  /// The column of state 0; the others follow in the model's order.
  public let firstColumn: Int
  /// The row of choice 0; the others follow in the model's order.
  public let firstRow: Int

  /// Adds the columns and rows to a program.
  ///
  /// - Parameters:
  ///   - weights: the objective's coefficient of each state's column.
  ///   - prefix: starts the names: columns are `PREFIXv0`, … by state, rows `PREFIXstep0`, … by
  ///     choice.
  /// - Throws: ``LinearProgramError`` when a name is taken or the program gets too large.
  /// - Complexity: O(transitions).
  public init(
    of model: FiniteMDP, reward: PooledVector, discount: Rational,
    direction: Direction = .maximize, weights: [Rational], prefix: String = "",
    addedTo builder: inout LinearProgramBuilder
  ) throws(LinearProgramError) {
    precondition(weights.count == model.stateCount, "one weight a state")
    precondition(reward.count == model.choiceCount, "one reward a choice")
    self.model = model
    firstColumn = builder.columnCount
    firstRow = builder.rowCount
    for state in 0..<model.stateCount {
      try builder.addColumn(
        "\(prefix)v\(state)", lower: nil, upper: nil, objective: weights[state])
    }
    for choice in 0..<model.choiceCount {
      let isMaximum = direction == .maximize
      try builder.addRow(
        "\(prefix)step\(choice)", lower: isMaximum ? reward[choice] : nil,
        upper: isMaximum ? nil : reward[choice],
        entries: Self.row(of: choice, model, discount, firstColumn))
    }
  }

  /// The values of the states at a point of the program.
  ///
  /// - Parameter point: one entry a column of the program.
  public func values(at point: RationalVector) -> RationalVector {
    RationalVector((0..<model.stateCount).map { point[firstColumn + $0] })
  }

  private static func row(
    of choice: Int, _ model: FiniteMDP, _ discount: Rational, _ firstColumn: Int
  ) -> [(column: Int, coefficient: Rational)] {
    let state = Int(model.choiceStates[choice])
    var own = Rational.one
    var row: [(column: Int, coefficient: Rational)] = []
    for (successor, probability) in model.transitions(of: Choice(choice)) {
      if Int(successor.index) == state {
        own -= discount * probability
      } else {
        row.append((firstColumn + Int(successor.index), -discount * probability))
      }
    }
    return row + [(firstColumn + state, own)]
  }
}
