import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Howard's policy iteration with exact values in every round, from the first action everywhere.
///
/// The plain method that the fast one is tested against: no floating point chooses a policy.
///
/// Source: Howard 1960; Puterman, *Markov Decision Processes*, theorem 6.4.2.
struct HowardIteration {
  private let problem: MaximizationProblem
  private let builder: PolicySystemBuilder
  private let progress: ProgressHandler

  init(
    _ problem: MaximizationProblem, _ builder: PolicySystemBuilder, _ progress: ProgressHandler
  ) {
    self.problem = problem
    self.builder = builder
    self.progress = progress
  }

  func solve() throws -> ExactDiscountedResult {
    let model = problem.model
    var policy = ContiguousArray(model.choiceOffsets.dropLast())
    var iterations = 0
    while true {
      try progress.checkpoint()
      iterations += 1
      progress.report("policy iteration, round \(iterations)")
      let values = try builder.policySystem(of: policy).solved(progress)
      let signs = try problem.judge.slackSigns(of: values, progress: progress)
      guard signs.contains(where: { $0 > 0 }) else {
        return ExactDiscountedResult(
          policy: policy, values: values, slackSigns: signs, iterations: iterations)
      }
      for state in 0..<model.stateCount {
        if let better = best(at: state, signs, values) { policy[state] = Int32(better) }
      }
    }
  }

  /// The improving choice of largest exact lookahead, the first of equals; `nil` without one.
  private func best(
    at state: Int, _ signs: ContiguousArray<Int8>, _ values: RationalVector
  ) -> Int? {
    let improving = problem.model.choiceRange(at: state).filter { signs[$0] > 0 }
    guard improving.count > 1 else { return improving.first }
    var best: (choice: Int, value: Rational)?
    for choice in improving {
      let value = lookahead(choice, values)
      if best.map({ value > $0.value }) ?? true { best = (choice, value) }
    }
    return best?.choice
  }

  private func lookahead(_ choice: Int, _ values: RationalVector) -> Rational {
    let model = problem.model
    let expected = model.transitionRange(of: choice).reduce(Rational.zero) {
      $0 + model.probabilityPool[model.probabilities[$1]]
        * values[Int(model.successors[$1])]
    }
    return problem.reward[choice] + problem.discount * expected
  }
}
