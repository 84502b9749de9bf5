import Certificates
import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The digest of the stored tables: of the lines `name=value`, one a state in model order.
func digest(of values: RationalVector, in model: FiniteMDP) -> String {
  var text = ""
  for state in 0..<model.stateCount { text += "\(model.states[state])=\(values[state])\n" }
  return SHA256.hex(of: Array(text.utf8))
}

extension Solution {
  /// The exact values, if they are exact.
  var exactValues: RationalVector? {
    if case .exact(let values)? = values { values } else { nil }
  }

  /// The bounds, if the values are enclosed.
  var bounds: (lower: RationalVector, upper: RationalVector)? {
    if case .enclosed(let lower, let upper)? = values { (lower, upper) } else { nil }
  }
}

/// Solves the model's own discounted problem.
func solved(
  _ model: FiniteMDP, reward: String? = nil, direction: Direction = .maximize,
  discount: Rational? = nil, method: SolverMethod = .auto,
  scope: ValueScope = .all(isRequired: true)
) throws -> Solution {
  var options = SolverOptions()
  options.method = method
  options.scope = scope
  let problem = try DiscountedProblem(
    model: model, reward: reward ?? model.rewards[0].name,
    discount: discount ?? #require(model.discount), direction: direction)
  return try solve(problem, options: options)
}

/// Fails unless the checker accepts the solution's certificate on the model.
func expectAccepted(_ solution: Solution, in model: FiniteMDP, _ comment: Comment? = nil) {
  let verdict = solution.certificate.verify(in: model)
  #expect(verdict.isAccepted, comment)
}
