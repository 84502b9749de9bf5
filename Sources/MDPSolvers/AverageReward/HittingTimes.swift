import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The mean number of steps of a policy until it is at a target.
struct HittingTimes {
  private let model: FiniteMDP
  private let policy: ContiguousArray<Int32>
  private let target: Int
  /// The states other than the target from which it is reached surely, ascending.
  private let surelyReaching: [Int]
  /// The place of a state among these, or -1.
  private let place: [Int]

  /// - Complexity: O(states + transitions of the policy).
  init(of policy: ContiguousArray<Int32>, in model: FiniteMDP, target: Int) {
    self.model = model
    self.policy = policy
    self.target = target
    var place = [Int](repeating: -1, count: policy.count)
    surelyReaching = Self.surelyReaching(policy, model, target)
    for (index, state) in surelyReaching.enumerated() { place[state] = index }
    self.place = place
  }

  /// Whether every state reaches the target surely.
  var isProper: Bool { surelyReaching.count + 1 == policy.count }

  /// One entry a state, `nil` where the time is infinite.
  func solve(_ progress: ProgressHandler) throws(Interrupted) -> [Rational?] {
    let rows = surelyReaching.map(row)
    // The target is reached surely, so that the rest of the chain is transient.
    guard
      case .regular(let matrix) = try FactoredMatrix.factor(
        rows: rows, isKnownRegular: true, progress: progress)
    else { preconditionFailure("the system of a transient set is regular") }
    let solution = try matrix.solve(
      Array(repeating: 1, count: rows.count), progress: progress)
    var times = [Rational?](repeating: nil, count: policy.count)
    times[target] = 0
    for (index, state) in surelyReaching.enumerated() { times[state] = solution[index] }
    return times
  }

  /// Row `s` of `I - P` without the target.
  private func row(_ state: Int) -> [(column: Int, value: Rational)] {
    var diagonal = Rational.one
    var row: [(column: Int, value: Rational)] = []
    for transition in model.transitionRange(of: Int(policy[state])) {
      let successor = Int(model.successors[transition])
      let probability = model.probabilityPool[model.probabilities[transition]]
      if successor == state {
        diagonal -= probability
      } else if successor != target {
        row.append((place[successor], -probability))
      }
    }
    return row + [(place[state], diagonal)]
  }

  /// The states that lead, before the target, only to states from which it can be reached.
  private static func surelyReaching(
    _ policy: ContiguousArray<Int32>, _ model: FiniteMDP, _ target: Int
  ) -> [Int] {
    let graph = model.graph(of: policy)
    var predecessors = [[Int]](repeating: [], count: graph.vertexCount)
    for state in 0..<graph.vertexCount where state != target {
      for successor in graph.successors(of: state) { predecessors[successor].append(state) }
    }
    let backwards = DirectedGraph(predecessors)
    let canReach = backwards.reachable(from: CollectionOfOne(target))
    let fails = backwards.reachable(from: canReach.indices.lazy.filter { !canReach[$0] })
    return fails.indices.filter { !fails[$0] && $0 != target }
  }
}
