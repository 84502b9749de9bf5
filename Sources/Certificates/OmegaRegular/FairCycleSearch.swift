// What is here: cycles of a graph with marks, by the search of E. A. Emerson and C.-L. Lei, 1987.
// Proof: proofs-notes/automaton-check.md.

import ExactArithmetic
import MarkovDecisionProcesses

/// A graph with marks on its edges, in which cycles are sought whose marks meet a condition.
struct FairCycleSearch {
  private struct Label: Hashable {
    let marks: MarkSet
    let fairness: UInt128
  }

  private var starts: ContiguousArray<Int32> = [0]
  private var targets: ContiguousArray<Int32> = []
  /// For each edge the place of its label.
  private var edgeLabels: ContiguousArray<Int32> = []
  private var labels: [Label] = []
  private var labelPlaces: [Label: Int32] = [:]
  private let everyFairness: UInt128
  private let progress: ProgressHandler
  /// The place of each node among those searched, -1 for others; all -1 between searches.
  private var local: ContiguousArray<Int32> = []

  /// - Parameter everyFairness: the bits that a cycle has to show all, beside the condition.
  init(everyFairness: UInt128, _ progress: ProgressHandler) {
    self.everyFairness = everyFairness
    self.progress = progress
  }

  var edgeCount: Int { targets.count }

  /// Adds an edge that leaves the node described now.
  mutating func addEdge(to target: Int32, marks: MarkSet, fairness: UInt128) {
    let label = Label(marks: marks, fairness: fairness)
    let place = labelPlaces[label] ?? Int32(labels.count)
    if Int(place) == labels.count {
      labelPlaces[label] = place
      labels.append(label)
    }
    targets.append(target)
    edgeLabels.append(place)
  }

  /// The node has all its edges; the next one follows.
  mutating func endNode() { starts.append(Int32(targets.count)) }

  /// Whether some cycle meets the condition.
  mutating func hasCycle(_ condition: AcceptanceCondition) throws(Interrupted) -> Bool {
    local = ContiguousArray(repeating: -1, count: starts.count - 1)
    return try hasCycle(
      in: ContiguousArray(0..<Int32(starts.count - 1)), off: MarkSet(), condition)
  }

  /// Whether these nodes contain a cycle that meets the condition, by edges without the marks of
  /// `banned`.
  private mutating func hasCycle(
    in nodes: ContiguousArray<Int32>, off banned: MarkSet, _ condition: AcceptanceCondition
  ) throws(Interrupted) -> Bool {
    try progress.checkpoint()
    for component in components(of: nodes, off: banned) where component.fairness == everyFairness {
      var rest = condition
      // Either the whole component will do, or some mark has to be left out, or it may be shown.
      while !rest.holds(component.marks) {
        guard let mark = rest.excludedMark(among: component.marks) else { break }
        var more = banned
        more.insert(mark)
        if try hasCycle(in: component.nodes, off: more, rest) { return true }
        rest = rest.replacingFinite(mark)
      }
      if rest.holds(component.marks) { return true }
    }
    return false
  }

  private struct Component {
    var nodes: ContiguousArray<Int32> = []
    var marks = MarkSet()
    var fairness: UInt128 = 0
    var hasEdge = false
  }

  /// The strongly connected sets of several nodes, or of one with an edge to itself, and what
  /// their edges show.
  private mutating func components(
    of nodes: ContiguousArray<Int32>, off banned: MarkSet
  ) -> [Component] {
    for (place, node) in nodes.enumerated() { local[Int(node)] = Int32(place) }
    defer { for node in nodes { local[Int(node)] = -1 } }
    let isOpen = labels.map { $0.marks.isDisjoint(with: banned) }
    var (offsets, open): (ContiguousArray<Int32>, ContiguousArray<Int32>) = ([0], [])
    for node in nodes {
      for edge in edges(of: node) where isOpen[Int(edgeLabels[edge])] {
        let target = local[Int(targets[edge])]
        if target >= 0 { open.append(target) }
      }
      offsets.append(Int32(open.count))
    }
    let found = StronglyConnectedComponents(of: DirectedGraph(offsets: offsets, targets: open))
    var components = [Component](repeating: Component(), count: found.count)
    for (place, node) in nodes.enumerated() {
      let own = found.component[place]
      components[Int(own)].nodes.append(node)
      for edge in edges(of: node) where isOpen[Int(edgeLabels[edge])] {
        let target = local[Int(targets[edge])]
        guard target >= 0, found.component[Int(target)] == own else { continue }
        let label = labels[Int(edgeLabels[edge])]
        components[Int(own)].marks.formUnion(label.marks)
        components[Int(own)].fairness |= label.fairness
        components[Int(own)].hasEdge = true
      }
    }
    return components.filter(\.hasEdge)
  }

  private func edges(of node: Int32) -> Range<Int> {
    Int(starts[Int(node)])..<Int(starts[Int(node) + 1])
  }
}

extension AcceptanceCondition {
  /// A mark of `shown` that the condition may ask to recur never.
  fileprivate func excludedMark(among shown: MarkSet) -> Int? {
    switch self {
    case .constant, .infinitely: return nil
    case .finitely(let mark): return shown.contains(mark) ? mark : nil
    case .and(let parts), .or(let parts):
      for part in parts {
        if let mark = part.excludedMark(among: shown) { return mark }
      }
      return nil
    }
  }

  /// The condition when `mark` recurs in any case.
  fileprivate func replacingFinite(_ mark: Int) -> AcceptanceCondition {
    switch self {
    case .constant, .infinitely: self
    case .finitely(let other): other == mark ? .constant(false) : self
    case .and(let parts): .and(parts.map { $0.replacingFinite(mark) })
    case .or(let parts): .or(parts.map { $0.replacingFinite(mark) })
    }
  }
}
