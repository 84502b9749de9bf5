import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Every deterministic policy of a small stopping problem, each proper one valued exactly.
struct StoppingEnumeration {
  let problem: StoppingProblem
  let progress: ProgressHandler

  /// - Parameter start: a proper policy.
  /// - Throws: ``SolverError/tooManyPolicies(limit:)``.
  func solve(from start: ContiguousArray<Int32>) throws -> StoppingOutcome {
    let means = ClassMeans(problem, progress)
    var odometer = try PolicyOdometer(problem)
    var best: [Rational]?
    var visited = 0
    repeat {
      visited += 1
      if visited & 63 == 0 { try progress.checkpoint() }
      let trapped = problem.trapped(by: odometer.policy)
      guard trapped.isEmpty else {
        if try means.classes(of: odometer.policy, in: trapped).contains(where: \.isProfitable) {
          return .unbounded(policy: odometer.policy, trapped: trapped, proper: start)
        }
        continue
      }
      let values = try problem.values(of: odometer.policy, progress).entries
      best = best.map { known in zip(known, values).map { max($0, $1) } } ?? values
    } while odometer.advance()
    guard let best else { preconditionFailure("a proper policy exists") }
    let values = RationalVector(best)
    let signs = try problem.signs(of: values, progress)
    // Some policy is the best at every state at once; it is among the greedy ones.
    return .solved(
      StoppingResult(
        policy: problem.progressingPolicy(signs), values: .exact(values), signs: signs,
        iterations: visited))
  }
}

/// The deterministic policies of a stopping problem, one after the other.
struct PolicyOdometer {
  /// One allowed choice at each open state, -1 elsewhere.
  private(set) var policy: ContiguousArray<Int32>
  private let choices: [[Int32]]
  private let open: [Int32]
  private var digits: [Int]

  /// - Throws: ``SolverError/tooManyPolicies(limit:)``.
  init(_ problem: StoppingProblem) throws(SolverError) {
    open = problem.open
    choices = open.map { problem.choices(at: Int($0)).map(Int32.init) }
    var count = 1
    for list in choices {
      count = count.multipliedReportingOverflow(by: list.count).partialValue
      guard count <= DeterministicPolicies.limit else {
        throw .tooManyPolicies(limit: DeterministicPolicies.limit)
      }
    }
    digits = Array(repeating: 0, count: open.count)
    policy = ContiguousArray(repeating: -1, count: problem.model.stateCount)
    for (place, state) in open.enumerated() { policy[Int(state)] = choices[place][0] }
  }

  /// Goes to the next policy; false after the last.
  mutating func advance() -> Bool {
    for place in open.indices {
      digits[place] += 1
      let isOver = digits[place] == choices[place].count
      if isOver { digits[place] = 0 }
      policy[Int(open[place])] = choices[place][digits[place]]
      if !isOver { return true }
    }
    return false
  }
}
