// What is here: the measure of a stationary policy, from one exact linear system.
// Notation: P = transitions under the policy, μ = law of the first state, d = discounted time at
//   each state: (I − γP)ᵀ d = μ and x(s,a) = d(s) π(a|s).

import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

extension OccupancyMeasure {
  /// The exact measure of a stationary policy.
  ///
  /// - Parameters:
  ///   - discount: in `[0, 1)`.
  ///   - initial: the law of the first state.
  /// - Precondition: the policy is stationary and belongs to `model`.
  /// - Throws: ``Interrupted`` when the handler says so.
  /// - Complexity: one sparse factorisation and one p-adic lifting.
  public init(
    of policy: Policy, in model: FiniteMDP, discount: Rational,
    initial: [(state: State, probability: Rational)], progress: ProgressHandler = .none
  ) throws(Interrupted) {
    precondition(discount.signum >= 0 && discount < 1, "a discount is in [0, 1)")
    let rows = (0..<model.stateCount).map { state in
      Self.row(of: policy, at: state, in: model, discount: discount)
    }
    // Strictly diagonally dominant, hence regular.
    let outcome = try FactoredMatrix.factor(
      rows: rows, isKnownRegular: true, progress: progress)
    guard case .regular(let matrix) = outcome else {
      preconditionFailure("the matrix of a discounted chain is regular")
    }
    var law = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in initial { law[Int(state.index)] += probability }
    let visits = try matrix.solveTransposed(law, progress: progress)
    var masses = [Rational](repeating: 0, count: model.choiceCount)
    for state in 0..<model.stateCount {
      let visit = visits[state]
      for weighted in policy.choices(at: State(state)) {
        masses[Int(weighted.choice.index)] = visit * weighted.probability
      }
    }
    self.init(knownMasses: masses, discount: discount, initial: initial)
  }

  /// Row `s` of `I − γP`.
  private static func row(
    of policy: Policy, at state: Int, in model: FiniteMDP, discount: Rational
  ) -> [(column: Int, value: Rational)] {
    var row = model.chainRow(of: policy, at: State(state)).map {
      (column: Int($0.successor.index), value: -discount * $0.probability)
    }
    if let diagonal = row.firstIndex(where: { $0.column == state }) {
      row[diagonal].value += 1
    } else {
      row.append((state, 1))
    }
    return row.filter { !$0.value.isZero }
  }
}
