import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A discounted problem by linear programming over occupancy measures.
///
/// With the weight 1 at every state each state is visited, so that the multipliers of the flow
/// rows are the optimal values at every state. They still meet the judge, like the values of every
/// other method.
///
/// Source: d'Epenoux 1963; Puterman, theorem 6.9.4; `proofs-notes/occupancy-polytope.md`.
struct DiscountedProgram {
  private let problem: MaximizationProblem
  private let progress: ProgressHandler

  init(_ problem: MaximizationProblem, _ progress: ProgressHandler) {
    self.problem = problem
    self.progress = progress
  }

  func solve() throws -> ExactDiscountedResult {
    let model = problem.model
    var builder = LinearProgramBuilder(direction: .maximize)
    let polytope = try OccupancyPolytope(
      of: model, discount: problem.discount,
      weights: Array(repeating: 1, count: model.stateCount), addedTo: &builder)
    for (column, coefficient) in polytope.entries(of: problem.reward) {
      builder.setObjective(coefficient, ofColumn: column)
    }
    let answer = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    guard let dual = answer.dual else {
      preconditionFailure("occupancy measures exist and have a bounded mass")
    }
    let values = polytope.potentials(at: dual)
    progress.report("checking every action")
    let signs = try problem.judge.slackSigns(of: values, progress: progress)
    let policy = ContiguousArray(
      (0..<model.stateCount).map { state in
        let range = model.choiceRange(at: state)
        guard let choice = range.first(where: { signs[$0] == 0 }) else {
          preconditionFailure("the multipliers of a visited state are attained")
        }
        return Int32(choice)
      })
    return ExactDiscountedResult(
      policy: policy, values: values, slackSigns: signs,
      iterations: answer.statistics.floatingIterations + answer.statistics.exactPivots)
  }
}
