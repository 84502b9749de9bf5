// What is here: the long run as a linear program, multichain.
// Notation: x(s,a) long-run frequencies, y(s,a) transient visits, β weights of the starts:
//   Σ_a x(j,a) − Σ p(j|s,a) x(s,a) = 0,
//   Σ_a x(j,a) + Σ_a y(j,a) − Σ p(j|s,a) y(s,a) = β_j.
// Source: Kallenberg 1983; Puterman, section 9.3; proofs-notes/average-linear-program.md.

import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// The long-run frequencies of all policies from a weighted start, inside a linear program.
///
/// The multipliers of the start rows are a gain, those of the frequency rows a bias of the
/// optimality equations.
public struct FrequencyPolytope: Sendable {
  public let model: FiniteMDP
  /// The columns `x`, one a choice, and their rows `Σ_a x(j,a) − Σ p(j|s,a) x(s,a) = 0`.
  public let frequencies: OccupancyPolytope
  /// The column `y` of choice 0; the others follow in the model's order.
  public let firstTransientColumn: Int
  /// The start row of state 0; the others follow in the model's order.
  public let firstStartRow: Int

  /// Adds the columns and rows of the polytope to a program.
  ///
  /// - Parameters:
  ///   - weights: `β`, positive, one entry a state.
  ///   - prefix: starts the names: columns are `PREFIXx0`, …, `PREFIXy0`, … by choice, rows
  ///     `PREFIXflow0`, …, `PREFIXstart0`, … by state.
  /// - Throws: ``LinearProgramError`` when a name is taken or the program gets too large.
  /// - Complexity: O(transitions).
  public init(
    of model: FiniteMDP, weights: [Rational], prefix: String = "",
    addedTo builder: inout LinearProgramBuilder
  ) throws(LinearProgramError) {
    precondition(weights.count == model.stateCount, "one weight a state")
    self.model = model
    frequencies = try OccupancyPolytope(
      of: model, discount: 1, weights: Array(repeating: 0, count: model.stateCount),
      prefix: prefix, addedTo: &builder)
    firstTransientColumn = builder.columnCount
    for choice in 0..<model.choiceCount { try builder.addColumn("\(prefix)y\(choice)") }
    firstStartRow = builder.rowCount
    let flows = OccupancyPolytope.flows(of: model, 1, firstTransientColumn)
    for state in 0..<model.stateCount {
      let own = model.choiceRange(at: state).map {
        (column: frequencies.firstColumn + $0, coefficient: Rational.one)
      }
      try builder.addRow(
        "\(prefix)start\(state)", lower: weights[state], upper: weights[state],
        entries: own + flows[state])
    }
  }

  /// The policy of a basic point: at each state the action of positive `x`, else of positive `y`.
  ///
  /// - Parameter point: one entry a column of the program.
  /// - Returns: the index of one choice a state.
  package func policy(at point: RationalVector) -> ContiguousArray<Int32> {
    ContiguousArray(
      (0..<model.stateCount).map { state in
        let range = model.choiceRange(at: state)
        let isRecurrent = { point[frequencies.firstColumn + $0].signum > 0 }
        let isVisited = { point[firstTransientColumn + $0].signum > 0 }
        let choice = range.first(where: isRecurrent) ?? range.first(where: isVisited)
        return Int32(choice ?? range.lowerBound)
      })
  }

  /// What a dual point of the program gives to the start rows: the gain, one entry a state.
  ///
  /// - Parameter dual: one entry a row of the program.
  public func gain(at dual: RationalVector) -> RationalVector {
    RationalVector((0..<model.stateCount).map { dual[firstStartRow + $0] })
  }
}

/// An average-reward problem by linear programming.
struct AverageProgram {
  private let model: FiniteMDP
  private let reward: PooledVector
  private let progress: ProgressHandler

  init(_ model: FiniteMDP, reward: PooledVector, progress: ProgressHandler) {
    self.model = model
    self.reward = reward
    self.progress = progress
  }

  struct Result {
    /// The policy of the basic point that the solver ended at; nothing is proved of it here.
    let policy: ContiguousArray<Int32>
    /// The greatest gain.
    let gain: RationalVector
    let iterations: Int
  }

  func solve() throws -> Result {
    var builder = LinearProgramBuilder(direction: .maximize)
    let polytope = try FrequencyPolytope(
      of: model, weights: Array(repeating: 1, count: model.stateCount), addedTo: &builder)
    for (column, coefficient) in polytope.frequencies.entries(of: reward) {
      builder.setObjective(coefficient, ofColumn: column)
    }
    let answer = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    guard let dual = answer.dual, let primal = answer.primal else {
      preconditionFailure("every policy is a point, and frequencies are bounded by the weights")
    }
    return Result(
      policy: polytope.policy(at: primal), gain: polytope.gain(at: dual),
      iterations: answer.statistics.floatingIterations + answer.statistics.exactPivots)
  }
}
