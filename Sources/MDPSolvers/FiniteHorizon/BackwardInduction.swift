import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Backward induction over the rationals.
///
/// Each step's values are kept over one common denominator `D_t`; a step multiplies it by the
/// common denominator of the rows, so that a row is an integer dot product.
///
/// Source: Puterman, *Markov Decision Processes*, section 4.5.
struct BackwardInduction {
  private let problem: FiniteHorizonProblem
  private let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: FiniteHorizonProblem, _ options: SolverOptions) {
    self.problem = problem
    self.options = options
  }

  private var progress: ProgressHandler { options.progress }

  private var model: FiniteMDP { problem.model }

  func solve() throws -> Solution {
    let rows = HorizonRows(
      model: model, reward: problem.reward, discount: problem.discount,
      direction: problem.direction)
    try rows.refuseIfTooLarge(
      steps: problem.horizon, memoryLimit: options.memoryLimit, progress)
    var steps = [
      CommonVector(
        denominator: 1, numerators: [Integer](repeating: 0, count: model.stateCount))
    ]
    var policies: [[Action]] = []
    var optimal: [[[Action]]] = []
    for step in 0..<problem.horizon {
      try progress.checkpoint()
      progress.report(
        "backward induction", fraction: Double(step) / Double(max(1, problem.horizon)))
      let (next, attaining) = try rows.backup(steps[step], progress)
      steps.append(next)
      optimal.append(attaining)
      policies.append(attaining.map { $0[0] })
    }
    return solution(
      steps.reversed().map(\.vector), policies.reversed(), optimal.reversed())
  }

  private func solution(
    _ values: [RationalVector], _ policies: [[Action]], _ optimal: [[[Action]]]
  ) -> Solution {
    let terms = DiscountedObjective(
      direction: problem.direction, reward: problem.rewardName, discount: problem.discount)
    let certificate = FiniteHorizonCertificate(
      objective: terms, horizon: problem.horizon, terminal: nil, values: values,
      policy: policies)
    let scope = options.scope
    return Solution(
      objective: .finiteHorizon(problem.horizon), terms: terms,
      status: scope == .none ? .enclosed : .exact, method: .auto,
      values: CertifiedVector.exact(values[0]).limited(to: scope),
      stepValues: scope.wantsAll ? values : nil,
      initialValue: problem.initial.map {
        CertifiedNumber.exact(mean(of: values[0], under: $0)).limited(to: scope)
      },
      policies: policies, optimalActions: scope.wantsAll ? optimal : nil,
      policyIsOptimal: true, undecided: [],
      certificate: .finiteHorizon(certificate),
      statistics: .init(
        since: start, iterations: problem.horizon,
        denominatorBits: values[0].denominatorBits))
  }
}
