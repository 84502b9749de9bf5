import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Exact optimal values of a maximisation with a policy that attains them.
struct ExactDiscountedResult {
  let policy: ContiguousArray<Int32>
  let values: RationalVector
  /// The judge's sign of each choice: none positive, 0 where the choice is optimal.
  let slackSigns: ContiguousArray<Int8>
  let iterations: Int
}

/// Turns what was proved into solutions of the problem as it was asked.
struct DiscountedAnswers {
  let problem: MaximizationProblem
  private let start = ContinuousClock.now

  init(problem: MaximizationProblem) {
    self.problem = problem
  }

  private var model: FiniteMDP { problem.model }

  func exact(
    _ result: ExactDiscountedResult, method: SolverMethod, scope: ValueScope
  ) throws -> Solution {
    let values = problem.restored(result.values)
    let actions = problem.actions(of: result.policy)
    let optimal = (0..<model.stateCount).map { state in
      model.choiceRange(at: state).filter { result.slackSigns[$0] == 0 }
        .map { Action(Int(model.choiceActions[$0])) }
    }
    let certificate = DiscountedExactCertificate(
      objective: problem.objective, values: values, policy: actions)
    return Solution(
      objective: .discounted, terms: problem.objective, status: .exact, method: method,
      values: .exact(values),
      initialValue: problem.original.initial.map { .exact(mean(of: values, under: $0)) },
      policies: [actions], optimalActions: [optimal], policyIsOptimal: true, undecided: [],
      certificate: .discountedExact(certificate),
      statistics: statistics(result.iterations, bits: values.denominatorBits))
  }

  func enclosed(
    _ bounds: ProvedBounds, method: SolverMethod, warnings: [String] = []
  ) throws -> Solution {
    let (lower, upper) = restoredBounds(bounds)
    let initial = problem.original.initial.map {
      CertifiedNumber.enclosed(lower: mean(of: lower, under: $0), upper: mean(of: upper, under: $0))
    }
    return solution(
      bounds, method, values: .enclosed(lower: lower, upper: upper), initial: initial,
      warnings: warnings)
  }

  /// The exact initial value beside the bounds of a policy.
  func initial(
    _ value: Rational, _ bounds: ProvedBounds, warnings: [String] = []
  ) throws -> Solution {
    solution(bounds, .policyIteration, values: nil, initial: .exact(value), warnings: warnings)
  }

  private func restoredBounds(
    _ bounds: ProvedBounds
  ) -> (lower: RationalVector, upper: RationalVector) {
    problem.isNegated ? (-bounds.upper, -bounds.lower) : (bounds.lower, bounds.upper)
  }

  private func solution(
    _ bounds: ProvedBounds, _ method: SolverMethod, values: CertifiedVector?,
    initial: CertifiedNumber?, warnings: [String]
  ) -> Solution {
    let (lower, upper) = restoredBounds(bounds)
    let actions = problem.actions(of: bounds.policy)
    let certificate = DiscountedEnclosedCertificate(
      objective: problem.objective, lower: lower, upper: upper, policy: actions,
      policyIsOptimal: bounds.undecided.isEmpty, undecided: bounds.undecided,
      partition: bounds.partition)
    var bits: Int?
    if case .exact(let value) = initial { bits = value.denominator.bitLength }
    return Solution(
      objective: .discounted, terms: problem.objective, status: .enclosed, method: method,
      values: values, initialValue: initial, policies: [actions], optimalActions: nil,
      policyIsOptimal: bounds.undecided.isEmpty, undecided: bounds.undecided,
      certificate: .discountedEnclosed(certificate),
      statistics: statistics(bounds.iterations, bits: bits), warnings: warnings)
  }

  private func statistics(_ iterations: Int, bits: Int?) -> Solution.Statistics {
    Solution.Statistics(since: start, iterations: iterations, denominatorBits: bits)
  }
}
