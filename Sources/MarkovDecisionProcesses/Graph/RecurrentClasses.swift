/// The chain of a policy, as a graph: its recurrent classes and their periods.
///
/// Source: J. R. Norris, *Markov Chains*, 1997, sections 1.2 and 1.8.
public struct RecurrentClasses: Sendable {
  /// The states of each class ascending; the classes in the order of their first states.
  public let classes: [[State]]
  /// The period of each class.
  public let periods: [Int]
  /// The class of each state, or -1 for a transient state.
  public let classOfState: [Int]

  /// The classes of a stationary policy.
  ///
  /// - Complexity: O(states + transitions of the policy).
  public init(of policy: Policy, in model: FiniteMDP) {
    self.init(of: model.graph(of: policy))
  }

  /// The closed components of the graph of a chain.
  package init(of graph: DirectedGraph) {
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    let members = components.members().enumerated().filter { isClosed[$0.offset] }
      .map(\.element).sorted { $0[0] < $1[0] }
    var classOfState = [Int](repeating: -1, count: graph.vertexCount)
    for (number, states) in members.enumerated() {
      for state in states { classOfState[state] = number }
    }
    self.classOfState = classOfState
    classes = members.map { $0.map(State.init) }
    var levels = ContiguousArray<Int>(repeating: -1, count: graph.vertexCount)
    periods = members.map { graph.period(of: $0[0], &levels) }
  }

  /// Whether there is one class, so that the gain does not depend on the start.
  public var isUnichain: Bool { classes.count == 1 }
}

extension DirectedGraph {
  /// The period of a closed strongly connected component, given one of its vertices: the greatest
  /// common divisor of `level(v) + 1 - level(w)` over its edges `v → w`, with the levels of a
  /// breadth-first search.
  fileprivate func period(of root: Int, _ levels: inout ContiguousArray<Int>) -> Int {
    var period = 0
    var queue = [root]
    var next = 0
    levels[root] = 0
    while next < queue.count {
      let vertex = queue[next]
      next += 1
      for edge in edgeRange(of: vertex) {
        let target = Int(targets[edge])
        if levels[target] < 0 {
          levels[target] = levels[vertex] + 1
          queue.append(target)
        } else {
          period = Self.gcd(period, abs(levels[vertex] + 1 - levels[target]))
        }
      }
    }
    return period
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
