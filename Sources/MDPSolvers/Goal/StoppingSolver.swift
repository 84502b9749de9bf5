import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves a stopping problem exactly by the method that the options name.
struct StoppingSolver {
  let problem: StoppingProblem
  let options: SolverOptions

  /// - Parameter start: a proper policy.
  func solve(from start: ContiguousArray<Int32>) throws -> StoppingOutcome {
    switch options.method {
    case .auto, .policyIteration, .valueIteration:
      return try StoppingIteration(problem: problem, progress: options.progress)
        .solve(from: start)
    case .linearProgram:
      if let result = try StoppingProgram(problem: problem, progress: options.progress).solve() {
        return .solved(result)
      }
      // The program has a ray; policy iteration finds the policy behind it.
      return try StoppingIteration(problem: problem, progress: options.progress)
        .solve(from: start)
    case .enumeration:
      return try StoppingEnumeration(problem: problem, progress: options.progress)
        .solve(from: start)
    }
  }
}

extension SolverMethod {
  /// The method that an answer names.
  var answering: SolverMethod { self == .auto ? .policyIteration : self }
}

extension FiniteMDP {
  /// The action of each choice of a policy; `nil` where it has none.
  func actions(of policy: ContiguousArray<Int32>) -> [Action?] {
    policy.map { $0 < 0 ? nil : Action(Int(choiceActions[Int($0)])) }
  }
}
