/// The strongly connected components of a graph.
///
/// Components are numbered so that every edge leads to a component of the same or a smaller
/// number: the order `0..<count` solves what a component depends on before the component.
///
/// Source: R. Tarjan, *Depth-first search and linear graph algorithms*, SIAM J. Comput. 1 (1972),
/// with a stack of its own instead of recursion, so that depth costs memory and no call frames.
public struct StronglyConnectedComponents: Sendable {
  /// The component of each vertex.
  public let component: ContiguousArray<Int32>
  public let count: Int

  /// - Complexity: O(vertices + edges).
  public init(of graph: DirectedGraph) {
    var search = TarjanSearch(vertexCount: graph.vertexCount)
    for vertex in 0..<graph.vertexCount where search.isNew(vertex) {
      search.run(from: vertex, in: graph)
    }
    component = search.component
    count = Int(search.componentCount)
  }

  /// The vertices of each component, ascending.
  public func members() -> [[Int]] {
    var members = [[Int]](repeating: [], count: count)
    for (vertex, component) in component.enumerated() { members[Int(component)].append(vertex) }
    return members
  }

  /// For each component whether no edge of `graph` leaves it.
  public func isClosed(in graph: DirectedGraph) -> [Bool] {
    var isClosed = [Bool](repeating: true, count: count)
    for vertex in 0..<graph.vertexCount {
      let own = component[vertex]
      for edge in graph.edgeRange(of: vertex) where component[Int(graph.targets[edge])] != own {
        isClosed[Int(own)] = false
        break
      }
    }
    return isClosed
  }
}

/// The state of the depth-first search.
private struct TarjanSearch {
  private(set) var component: ContiguousArray<Int32>
  private(set) var componentCount: Int32 = 0

  /// The number in the order of discovery, or -1.
  private var order: ContiguousArray<Int32>
  /// The least order number known to be reached; a vertex that keeps its own is a root.
  private var low: ContiguousArray<Int32>
  private var discovered: Int32 = 0
  /// Vertices without a component yet, in the order of discovery.
  private var open: ContiguousArray<Int32> = []
  /// The path from the root of the search: a vertex with its next edge.
  private var path: ContiguousArray<(vertex: Int32, edge: Int32)> = []

  init(vertexCount: Int) {
    component = ContiguousArray(repeating: -1, count: vertexCount)
    order = component
    low = component
  }

  func isNew(_ vertex: Int) -> Bool { order[vertex] < 0 }

  mutating func run(from root: Int, in graph: DirectedGraph) {
    enter(root, graph)
    while let (vertex, edge) = path.last {
      let v = Int(vertex)
      guard edge < graph.ends[v] else {
        leave(v)
        continue
      }
      path[path.count - 1].edge += 1
      let target = Int(graph.targets[Int(edge)])
      if order[target] < 0 {
        enter(target, graph)
      } else if component[target] < 0 {
        low[v] = min(low[v], order[target])
      }
    }
  }

  private mutating func enter(_ vertex: Int, _ graph: DirectedGraph) {
    order[vertex] = discovered
    low[vertex] = discovered
    discovered += 1
    open.append(Int32(vertex))
    path.append((Int32(vertex), graph.starts[vertex]))
  }

  /// All edges of `vertex` are done: a root closes its component, others tell their parent.
  private mutating func leave(_ vertex: Int) {
    path.removeLast()
    if let parent = path.last {
      low[Int(parent.vertex)] = min(low[Int(parent.vertex)], low[vertex])
    }
    guard low[vertex] == order[vertex] else { return }
    while let member = open.popLast() {
      component[Int(member)] = componentCount
      if Int(member) == vertex { break }
    }
    componentCount += 1
  }
}
