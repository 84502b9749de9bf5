// What is here: bounds on the value of a policy, and on the optimal value, from approximations
// with a proved error.
// Notation: x an approximation of V^σ with |V^σ - x| ≤ η in units of 1/denominator. With
// ε ≥ η (1+γ)/(1-γ), L = x - ε and U = x + ε satisfy L ≤ r_σ + γ P_σ L, and U ≥ r_a + γ P_a U for
// every action a that does not improve on σ (proofs-notes/discounted-enclosed-certificate.md).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Bounds that the judge has yet to confirm.
struct PolicyBounds {
  let lower: RationalVector
  let upper: RationalVector
  /// Whether every entry is known to a relative width of 1e-12, or is exactly 0.
  let isNarrow: Bool
}

/// Approximations over one denominator with one proved error for all of them.
struct Approximation {
  var numerators: [Integer]
  let denominator: Integer
  let error: Integer

  /// The bounds around the approximation that leave room for one step of lookahead.
  ///
  /// - Parameter zeros: states known to be worth exactly 0 whatever is done.
  func bounds(discount: Rational, zeros: [Bool]?) -> PolicyBounds {
    let margin = (Rational(error) * (1 + discount) / (1 - discount)).ceiling
    var lower = numerators
    var upper = numerators
    var isNarrow = true
    // 2 ε ≤ 1e-12 (|x| - ε)
    let enough = margin * Integer(2_000_000_000_001)
    for state in numerators.indices {
      if let zeros, zeros[state] {
        lower[state] = 0
        upper[state] = 0
        continue
      }
      lower[state] = numerators[state] - margin
      upper[state] = numerators[state] + margin
      if isNarrow, numerators[state].magnitude < enough { isNarrow = false }
    }
    return PolicyBounds(
      lower: RationalVector(numerators: lower, denominator: denominator),
      upper: RationalVector(numerators: upper, denominator: denominator), isNarrow: isNarrow)
  }
}

/// The states from which no choice ever meets a reward that is not 0.
///
/// - Complexity: O(transitions).
func statesWithoutReward(_ problem: MaximizationProblem) -> [Bool] {
  let model = problem.model
  var isWorthless = [Bool](repeating: true, count: model.stateCount)
  var stack: [Int32] = []
  for choice in 0..<model.choiceCount where !problem.reward[choice].isZero {
    let state = model.choiceStates[choice]
    if isWorthless[Int(state)] {
      isWorthless[Int(state)] = false
      stack.append(state)
    }
  }
  let predecessors = Predecessors(model)
  while let state = stack.popLast() {
    for before in predecessors.states(before: Int(state)) where isWorthless[Int(before)] {
      isWorthless[Int(before)] = false
      stack.append(before)
    }
  }
  return isWorthless
}

/// For each state the states with a transition to it; repeated when there are several.
struct Predecessors {
  private let offsets: ContiguousArray<Int32>
  private let list: ContiguousArray<Int32>

  /// - Complexity: O(transitions).
  init(_ model: FiniteMDP) {
    var offsets = ContiguousArray<Int32>(repeating: 0, count: model.stateCount + 1)
    for successor in model.successors { offsets[Int(successor) + 1] += 1 }
    for state in 0..<model.stateCount { offsets[state + 1] += offsets[state] }
    var list = ContiguousArray<Int32>(repeating: 0, count: model.transitionCount)
    var cursor = offsets
    for choice in 0..<model.choiceCount {
      for transition in model.transitionRange(of: choice) {
        let successor = Int(model.successors[transition])
        list[Int(cursor[successor])] = model.choiceStates[choice]
        cursor[successor] += 1
      }
    }
    self.offsets = offsets
    self.list = list
  }

  func states(before state: Int) -> ArraySlice<Int32> {
    ArraySlice(list[Int(offsets[state])..<Int(offsets[state + 1])])
  }
}
