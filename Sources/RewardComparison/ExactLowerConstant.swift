// What is here: the least ratio of the span of a levelled reward to its norm, by exact linear
// programs. Notation: x a levelled reward, zero on average over the policy at each state; ‖x‖ its
// span, the least of μV⁺ - μV⁻ over V⁺ ≥ x + γPV⁺, V⁻ ≤ x + γPV⁻.
// Proof: `proofs-notes/distance-constants.md`.

import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// Computes `min ‖x‖ / |x|_p` while that is little work.
struct ExactLowerConstant {
  /// The most programs, times choices, that a constant is worth.
  private static let effort = 600

  private let problem: ComparisonProblem
  private let policy: Policy
  private let progress: ProgressHandler
  private var model: FiniteMDP { problem.model }

  init(_ problem: ComparisonProblem, policy: Policy?, _ progress: ProgressHandler) {
    self.problem = problem
    self.policy = policy ?? .uniform(in: problem.model)
    self.progress = progress
  }

  /// The constant of `linf`, or of `l1`, which is a bound from below for `l2`; `nil` where it is too
  /// much work.
  func value(_ norm: RewardNorm) throws -> Rational? {
    let free = choicePlaces
    switch norm {
    case .linf:
      guard free.count * model.choiceCount <= Self.effort else { return nil }
      // ‖x‖ = ‖-x‖, so that the largest entry may be taken to be positive.
      return try least(over: free.map { [($0, Rational.one)] })
    case .l1, .l2:
      guard free.count < 10, model.choiceCount << (free.count - 1) <= Self.effort else {
        return nil
      }
      // One program for each vector of signs whose first is positive.
      return try least(
        over: (0..<1 << (free.count - 1)).map { signs in
          free.enumerated().map { place, choice in
            (choice, place > 0 && signs >> (place - 1) & 1 == 1 ? -1 : 1)
          }
        })
    case .span, .none: return nil
    }
  }

  /// The compared choices at states with two actions at least.
  private var choicePlaces: [Int] {
    problem.pairs.choices.map { Int($0.index) }.filter { choice in
      model.choiceRange(at: Int(model.choiceStates[choice])).count > 1
    }
  }

  /// `min ‖x‖` over the normalising equations `Σ coefficient · x(choice) = 1`, the least of all.
  private func least(over equations: [[(choice: Int, coefficient: Rational)]]) throws -> Rational? {
    var least: Rational?
    for equation in equations {
      try progress.checkpoint()
      let solution = try solve(program(equation), options: LPOptions(progress: progress))
      // Where the policy never deviates from a choice its entry is 0.
      guard let value = solution.objectiveValue else { continue }
      least = least.map { min($0, value) } ?? value
    }
    return least
  }

  private func program(
    _ equation: [(choice: Int, coefficient: Rational)]
  ) throws -> LinearProgram {
    var builder = LinearProgramBuilder(direction: .minimize)
    var weights = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in problem.initial { weights[Int(state.index)] += probability }
    var columns: [[Int]] = []
    for sign in [Rational.one, -1] {
      columns.append(
        try (0..<model.stateCount).map {
          try builder.addColumn(
            "v\(sign)_\($0)", lower: nil, upper: nil, objective: sign * weights[$0])
        })
    }
    var entries: [Int: Int] = [:]
    for choice in problem.pairs.choices.map({ Int($0.index) }) {
      entries[choice] = try builder.addColumn("x\(choice)", lower: nil, upper: nil)
    }
    for (choice, column) in entries.sorted(by: { $0.key < $1.key }) {
      for (place, values) in columns.enumerated() {
        var row: [Int: Rational] = [column: -1]
        row[values[Int(model.choiceStates[choice])], default: 0] += 1
        for (successor, probability) in model.transitions(of: Choice(choice)) {
          row[values[Int(successor.index)], default: 0] -= problem.discount * probability
        }
        try builder.addRow(
          lower: place == 0 ? 0 : nil, upper: place == 0 ? nil : 0,
          entries: row.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) })
      }
    }
    for state in problem.pairs.states {
      try builder.addRow(
        lower: 0, upper: 0,
        entries: policy.choices(at: state).compactMap { weighted in
          entries[Int(weighted.choice.index)].map { ($0, weighted.probability) }
        })
    }
    try builder.addRow(
      lower: 1, upper: 1,
      entries: equation.compactMap { choice, coefficient in
        entries[choice].map { ($0, coefficient) }
      })
    return builder.build()
  }
}
