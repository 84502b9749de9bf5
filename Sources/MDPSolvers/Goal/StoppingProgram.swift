import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

/// A stopping problem by linear programming: `x(c)` is the expected number of times that an allowed
/// choice is taken when every open state starts once.
///
/// The rows say that each open state is left as often as it is started in or entered. The
/// multipliers of the rows are the optimal values; a policy among the actions that attain them is
/// chosen by its way to the closed states, since not every one of them makes progress.
///
/// Source: L. C. M. Kallenberg, *Linear Programming and Finite Markovian Control Problems*, 1983,
/// chapter 4.
struct StoppingProgram {
  let problem: StoppingProblem
  let progress: ProgressHandler

  /// - Returns: `nil` when the program is unbounded: then the optimal values are infinite.
  func solve() throws -> StoppingResult? {
    let answer = try LinearProgramSolvers.solve(
      makeProgram(), options: LPOptions(progress: progress))
    guard answer.status != .unbounded else { return nil }
    guard let dual = answer.dual else {
      preconditionFailure("a proper policy exists, and its visits are a point of the program")
    }
    let values = problem.withClosedValues(dual)
    let signs = try problem.signs(of: values, progress)
    let policy = problem.progressingPolicy(signs)
    return StoppingResult(
      policy: policy, values: .exact(values), signs: signs,
      iterations: answer.statistics.floatingIterations + answer.statistics.exactPivots)
  }

  private func makeProgram() throws -> LinearProgram {
    let model = problem.model
    var builder = LinearProgramBuilder(direction: .maximize)
    var place = ContiguousArray<Int32>(repeating: -1, count: model.stateCount)
    for (index, state) in problem.open.enumerated() { place[Int(state)] = Int32(index) }
    var rows = [[(column: Int, coefficient: Rational)]](
      repeating: [], count: problem.open.count)
    for choice in 0..<model.choiceCount where problem.isAllowed[choice] {
      let column = builder.columnCount
      try builder.addColumn("x\(choice)", objective: problem.foldedReward[choice])
      let state = model.choiceStates[choice]
      var own = Rational.one
      for (successor, probability) in model.transitions(of: Choice(choice)) {
        if successor.index == state {
          own -= probability
        } else if place[Int(successor.index)] >= 0 {
          rows[Int(place[Int(successor.index)])].append((column, -probability))
        }
      }
      if !own.isZero { rows[Int(place[Int(state)])].append((column, own)) }
    }
    for (index, entries) in rows.enumerated() {
      try builder.addRow("visits\(problem.open[index])", lower: 1, upper: 1, entries: entries)
    }
    return builder.build()
  }
}

extension StoppingProblem {
  /// The policy that at every open state takes, among the choices of sign 0, one with a successor
  /// nearer to the closed states.
  ///
  /// For the signs of optimal values it is proper and attains them.
  func progressingPolicy(_ signs: ContiguousArray<Int8>) -> ContiguousArray<Int32> {
    let greedy = ContiguousArray(signs.indices.map { isAllowed[$0] && signs[$0] == 0 })
    return graph.attractor(of: closedValues.map { $0 != nil }, by: greedy).choice
  }
}
