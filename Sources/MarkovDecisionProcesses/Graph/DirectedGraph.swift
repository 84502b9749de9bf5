/// A directed graph on the numbers `0..<vertexCount`, its edges in flat arrays.
///
/// The edges of vertex `v` are `targets[starts[v]..<ends[v]]`, so that the graph of a whole model
/// and that of a deterministic policy share the model's own array of successors.
public struct DirectedGraph: Sendable {
  let starts: ContiguousArray<Int32>
  let ends: ContiguousArray<Int32>
  let targets: ContiguousArray<Int32>

  init(
    starts: ContiguousArray<Int32>, ends: ContiguousArray<Int32>,
    targets: ContiguousArray<Int32>
  ) {
    self.starts = starts
    self.ends = ends
    self.targets = targets
  }

  /// The graph with these successors, one list a vertex.
  ///
  /// - Precondition: every successor is a vertex.
  public init(_ successors: [[Int]]) {
    var (starts, ends): (ContiguousArray<Int32>, ContiguousArray<Int32>) = ([], [])
    var targets: ContiguousArray<Int32> = []
    for list in successors {
      precondition(list.allSatisfy(successors.indices.contains), "edges end at vertices")
      starts.append(Int32(targets.count))
      targets.append(contentsOf: list.map(Int32.init))
      ends.append(Int32(targets.count))
    }
    self.init(starts: starts, ends: ends, targets: targets)
  }

  /// The graph whose vertex `v` has the successors `targets[offsets[v]..<offsets[v + 1]]`.
  package init(offsets: ContiguousArray<Int32>, targets: ContiguousArray<Int32>) {
    self.init(
      starts: ContiguousArray(offsets.dropLast()), ends: ContiguousArray(offsets.dropFirst()),
      targets: targets)
  }

  public var vertexCount: Int { starts.count }

  /// The vertices that an edge from `vertex` leads to; repeated where edges are parallel.
  public func successors(of vertex: Int) -> some RandomAccessCollection<Int> {
    edgeRange(of: vertex).lazy.map { Int(targets[$0]) }
  }

  @inline(__always)
  func edgeRange(of vertex: Int) -> Range<Int> {
    Int(starts[vertex])..<Int(ends[vertex])
  }

  /// Whether each vertex can be reached from one of `sources` (these are).
  ///
  /// - Complexity: O(vertices + edges).
  public func reachable(from sources: some Sequence<Int>) -> [Bool] {
    var isReached = [Bool](repeating: false, count: vertexCount)
    var pending: [Int] = []
    for source in sources where !isReached[source] {
      isReached[source] = true
      pending.append(source)
    }
    while let vertex = pending.popLast() {
      for edge in edgeRange(of: vertex) {
        let target = Int(targets[edge])
        if !isReached[target] {
          isReached[target] = true
          pending.append(target)
        }
      }
    }
    return isReached
  }
}

extension FiniteMDP {
  /// The graph of all actions: an edge for each transition.
  ///
  /// - Complexity: O(states); the edges are shared with the model.
  public var graph: DirectedGraph {
    let boundaries = choiceOffsets.map { transitionOffsets[Int($0)] }
    return DirectedGraph(
      starts: ContiguousArray(boundaries.dropLast()), ends: ContiguousArray(boundaries.dropFirst()),
      targets: successors)
  }

  /// The graph of a deterministic policy, given as the index of one choice a state; a state where
  /// -1 stands has no edges.
  ///
  /// - Complexity: O(states).
  package func graph(of policy: ContiguousArray<Int32>) -> DirectedGraph {
    DirectedGraph(
      starts: ContiguousArray(policy.map { $0 < 0 ? 0 : transitionOffsets[Int($0)] }),
      ends: ContiguousArray(policy.map { $0 < 0 ? 0 : transitionOffsets[Int($0) + 1] }),
      targets: successors)
  }

  /// The graph of a stationary policy: an edge for each transition that it may take.
  ///
  /// - Complexity: O(states) for a deterministic policy, O(transitions) else.
  public func graph(of policy: Policy) -> DirectedGraph {
    if case .deterministic(let choices) = policy.form {
      return graph(of: ContiguousArray(choices.map(\.index)))
    }
    var (starts, ends): (ContiguousArray<Int32>, ContiguousArray<Int32>) = ([], [])
    var targets: ContiguousArray<Int32> = []
    for state in 0..<stateCount {
      starts.append(Int32(targets.count))
      for weighted in policy.choices(at: State(state)) {
        targets.append(contentsOf: successors[transitionRange(of: Int(weighted.choice.index))])
      }
      ends.append(Int32(targets.count))
    }
    return DirectedGraph(starts: starts, ends: ends, targets: targets)
  }

  /// The states that can be reached from the support of the initial law, or `nil` when the model
  /// has no initial law.
  ///
  /// - Complexity: O(states + transitions).
  public func reachableStates() -> [State]? {
    guard let initial else { return nil }
    let sources = initial.filter { !$0.probability.isZero }.map { Int($0.state.index) }
    let isReached = graph.reachable(from: sources)
    return (0..<stateCount).filter { isReached[$0] }.map(State.init)
  }
}
