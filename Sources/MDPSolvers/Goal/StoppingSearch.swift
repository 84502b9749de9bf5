// What is here: a good proper policy, found with doubles. Nothing here decides anything but what is
// checked on the graph (a policy is proper) or exactly (a class has a positive mean reward).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// What doubles find.
enum StoppingCandidate {
  case policy(ContiguousArray<Int32>, rounds: Int)
  /// As in ``StoppingOutcome``.
  case unbounded(policy: ContiguousArray<Int32>, trapped: [Int], proper: ContiguousArray<Int32>)
}

/// Improves a proper policy of a quotient in doubles.
struct StoppingSearch {
  let problem: StoppingProblem
  let progress: ProgressHandler

  /// The most policies that are evaluated: what doubles do not settle by then, digits do.
  private static let limit = 12
  /// The improving sweeps after each evaluation: a sweep costs a small part of one and carries an
  /// improvement on to the states that it concerns.
  private static let sweeps = 6

  func run(from start: ContiguousArray<Int32>) throws -> StoppingCandidate {
    var guide = DiscountedGuide(
      model: problem.model, reward: problem.reward, discount: 1, progress: progress)
    guide.adopt(withAnyClosedChoice(start))
    try guide.run(improvements: 60)
    var proper = start
    if let unbounded = try settle(&guide, &proper) { return unbounded }
    for round in 1...Self.limit {
      progress.report("improving the policy, round \(round)")
      let system = problem.builder.policySystem(of: proper, on: problem.open)
      let source = try ApproximationSource(system, progress)
      guard let solution = source.doubles else { return .policy(proper, rounds: round) }
      var values = ContiguousArray<Double>(repeating: 0, count: problem.model.stateCount)
      for (place, state) in problem.open.enumerated() { values[Int(state)] = solution[place] }
      guard values.allSatisfy(\.isFinite), guide.improve(from: values, isRelative: true) > 0
      else {
        return .policy(proper, rounds: round)
      }
      try guide.run(improvements: Self.sweeps, evaluations: 0)
      let last = proper
      if let unbounded = try settle(&guide, &proper) { return unbounded }
      if proper == last { return .policy(proper, rounds: round) }
    }
    return .policy(proper, rounds: Self.limit)
  }

  /// Takes the guide's policy if it is proper, else as much of it as is.
  ///
  /// Where it never ends, exact means tell whether that pays. If not, these states keep their
  /// choices of the last proper policy: from them it comes to a closed state or to a state from
  /// which the new one does.
  private func settle(
    _ guide: inout DiscountedGuide, _ proper: inout ContiguousArray<Int32>
  ) throws -> StoppingCandidate? {
    var policy = guide.policy
    for state in policy.indices where !problem.isOpen(state) { policy[state] = -1 }
    let trapped = problem.trapped(by: policy)
    if !trapped.isEmpty {
      let classes = try ClassMeans(problem, progress).classes(of: policy, in: trapped)
      if classes.contains(where: \.isProfitable) {
        return .unbounded(policy: policy, trapped: trapped, proper: proper)
      }
      for state in trapped { policy[state] = proper[state] }
      guide.adopt(withAnyClosedChoice(policy))
    }
    proper = policy
    return nil
  }

  private func withAnyClosedChoice(
    _ policy: ContiguousArray<Int32>
  ) -> ContiguousArray<Int32> {
    ContiguousArray(
      policy.indices.map { policy[$0] < 0 ? problem.model.choiceOffsets[$0] : policy[$0] })
  }
}
