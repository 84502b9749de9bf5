import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The exact discounted values of a stationary policy: `(I - γ P_π) v = r_π`.
///
/// - Parameter reward: the expected reward of each choice.
/// - Throws: ``Interrupted``.
/// - Precondition: `0 <= discount < 1`, the policy is stationary and belongs to `model`.
package func discountedValues(
  of policy: Policy, in model: FiniteMDP, reward: PooledVector, discount: Rational,
  progress: ProgressHandler = .none
) throws(Interrupted) -> [Rational] {
  let rows = (0..<model.stateCount).map { state in
    var row: [(column: Int, value: Rational)] = []
    var diagonal = Rational.one
    for (successor, probability) in model.chainRow(of: policy, at: State(state)) {
      if Int(successor.index) == state {
        diagonal -= discount * probability
      } else if !discount.isZero {
        row.append((Int(successor.index), -discount * probability))
      }
    }
    return row + [(state, diagonal)]
  }
  let right = model.chainReward(of: policy, reward: reward).entries
  // Strictly diagonally dominant, hence regular.
  let outcome = try FactoredMatrix.factor(rows: rows, isKnownRegular: true, progress: progress)
  guard case .regular(let matrix) = outcome else {
    preconditionFailure("the matrix of a discounted chain is regular")
  }
  return try matrix.solve(right, progress: progress).entries
}

/// `P_c v` for the choice with this index.
func expectation(of values: [Rational], after choice: Int, in model: FiniteMDP) -> Rational {
  var sum = RationalAccumulator()
  for transition in model.transitionRange(of: choice) {
    sum.add(
      model.probabilityPool[model.probabilities[transition]],
      times: values[Int(model.successors[transition])])
  }
  return sum.value
}

/// The largest entry less the smallest; 0 of nothing.
func span(of values: [Rational]) -> Rational {
  guard let least = values.min(), let largest = values.max() else { return 0 }
  return largest - least
}

/// `Σ_t |p(t) - q(t)|` for the rows of one choice in two models on the same states.
func rowDistance(_ choice: Int, _ first: FiniteMDP, _ second: FiniteMDP) -> Rational {
  var differences: [Int32: Rational] = [:]
  for (model, sign) in [(first, Rational.one), (second, -1)] {
    for transition in model.transitionRange(of: choice) {
      differences[model.successors[transition], default: 0] +=
        sign * model.probabilityPool[model.probabilities[transition]]
    }
  }
  return differences.values.reduce(Rational.zero) { $0 + $1.magnitude }
}
