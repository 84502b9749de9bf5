import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Tasks in the formalisms that may order finitely many different lotteries (or policies, or
/// trajectories) at will: only a cycle of relations is in the way.
///
/// Source: ours; `proofs-notes/reward-design.md`.
struct OrderDesign {
  private let task: ExpressTask
  private let options: ExpressOptions

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    let objects = try TaskObjects(
      of: task, usesFringe: false, maximumPolicies: options.maximumPolicies,
      progress: options.progress)
    var graph = RelationGraph(count: objects.entries.count)
    for constraint in objects.constraints { graph.add(constraint) }
    for (first, second, relation) in Identities(of: objects, in: task).pairs {
      graph.add(first, relation, second)
      graph.add(second, relation, first)
    }
    if let cycle = graph.strictCycle() {
      let steps = cycle.map { edge in
        ExpressAnswer.CycleStep(
          objects.entries[edge.left].reference, edge.relation,
          objects.entries[edge.right].reference)
      }
      return make(.cycle(steps))
    }
    return make(.ranks(Array(graph.ranks().prefix(task.objects.count))))
  }

  private func make(_ outcome: ExpressAnswer.Outcome) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil, rewardSupport: nil,
      outcome: outcome)
  }
}

/// Which objects a formalism cannot tell apart.
struct Identities {
  /// Neighbouring members of each class of identical objects.
  let pairs: [(Int, Int, ExpressAnswer.CycleStep.Relation)]

  init(of objects: TaskObjects, in task: ExpressTask) {
    let relation: ExpressAnswer.CycleStep.Relation =
      switch (task.kind, task.formalism) {
      case (.trajectoryOrder, _): .sameTrajectory
      case (_, .policyFunction), (_, .policyOrder): .samePolicy
      default: .sameLottery
      }
    var last: [Key: Int] = [:]
    var pairs: [(Int, Int, ExpressAnswer.CycleStep.Relation)] = []
    for (place, entry) in objects.entries.enumerated() {
      let key = Key(entry.behaviour, relation, task)
      if let earlier = last[key] { pairs.append((earlier, place, relation)) }
      last[key] = place
    }
    self.pairs = pairs
  }

  /// What identical objects have in common.
  private enum Key: Hashable {
    case trajectory(Trajectory)
    /// For each state its law, `nil` where it does not matter.
    case laws([ActionLaw?])

    init(
      _ behaviour: ExpressTask.Object.Behaviour,
      _ relation: ExpressAnswer.CycleStep.Relation, _ task: ExpressTask
    ) {
      switch behaviour {
      case .trajectory(let trajectory): self = .trajectory(trajectory.normalForm)
      case .policy(let policy):
        let model = task.model
        var matters = [Bool](repeating: true, count: model.stateCount)
        if relation == .sameLottery {
          let start = (task.initial ?? []).filter { !$0.probability.isZero }
          matters = model.graph(of: policy).reachable(from: start.map { Int($0.state.index) })
        }
        self = .laws(
          (0..<model.stateCount).map { state in
            matters[state] ? ActionLaw(policy.choices(at: State(state)), in: model) : nil
          })
      }
    }
  }
}

/// Relations between objects as edges from the better to the worse.
struct RelationGraph {
  struct Edge {
    let left: Int
    let relation: ExpressAnswer.CycleStep.Relation
    let right: Int
  }

  private var edges: [[Edge]]

  init(count: Int) {
    edges = Array(repeating: [], count: count)
  }

  mutating func add(_ constraint: ExpressTask.Constraint) {
    switch constraint.relation {
    case .greater: add(constraint.left, .greater, constraint.right)
    case .atLeast: add(constraint.left, .atLeast, constraint.right)
    case .equal:
      add(constraint.left, .equal, constraint.right)
      add(constraint.right, .equal, constraint.left)
    }
  }

  mutating func add(_ left: Int, _ relation: ExpressAnswer.CycleStep.Relation, _ right: Int) {
    edges[left].append(Edge(left: left, relation: relation, right: right))
  }

  /// The strongly connected components; the worse ones have the smaller numbers.
  private var components: StronglyConnectedComponents {
    StronglyConnectedComponents(of: DirectedGraph(edges.map { $0.map(\.right) }))
  }

  /// A shortest cycle with a strict edge, or `nil` when there is none.
  ///
  /// - Complexity: one search in breadth for each end of a strict edge on a cycle, no further than
  ///   the shortest cycle so far.
  func strictCycle() -> [Edge]? {
    let component = components.component
    let strict = edges.joined().filter {
      $0.relation == .greater && component[$0.left] == component[$0.right]
    }
    var ends: [Int] = []
    var closing: [Int: [Int]] = [:]
    for (place, edge) in strict.enumerated() {
      if closing[edge.right] == nil { ends.append(edge.right) }
      closing[edge.right, default: []].append(place)
    }
    var best: (length: Int, place: Int)?
    var depths = [Int](repeating: -1, count: edges.count)
    for end in ends {
      let reached = explore(from: end, through: best.map { $0.length - 1 } ?? .max, &depths)
      for place in closing[end] ?? [] where depths[strict[place].left] >= 0 {
        let found = (length: depths[strict[place].left] + 1, place: place)
        if best.map({ found < $0 }) ?? true { best = found }
      }
      for place in reached { depths[place] = -1 }
    }
    guard let best, let way = path(from: strict[best.place].right, to: strict[best.place].left)
    else { return nil }
    return [strict[best.place]] + way
  }

  /// Writes how many edges away each object is, and returns those that are reached.
  private func explore(from start: Int, through limit: Int, _ depths: inout [Int]) -> [Int] {
    var queue = [start]
    depths[start] = 0
    var next = 0
    while next < queue.count, depths[queue[next]] < limit {
      let depth = depths[queue[next]] + 1
      for edge in edges[queue[next]] where depths[edge.right] < 0 {
        depths[edge.right] = depth
        queue.append(edge.right)
      }
      next += 1
    }
    return queue
  }

  /// A shortest way, by breadth-first search; empty when both ends are the same.
  private func path(from start: Int, to end: Int) -> [Edge]? {
    var arrival: [Int: Edge] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count, arrival[end] == nil, start != end {
      for edge in edges[queue[next]] where edge.right != start && arrival[edge.right] == nil {
        arrival[edge.right] = edge
        queue.append(edge.right)
      }
      next += 1
    }
    var way: [Edge] = []
    var place = end
    while place != start {
      guard let edge = arrival[place] else { return nil }
      way.append(edge)
      place = edge.left
    }
    return way.reversed()
  }

  /// A way along which the ranks fall from that of `top` to 0, by edges that account for them.
  ///
  /// - Precondition: there is no strict cycle, and these are the ranks.
  func descent(from top: Int, _ ranks: [Int]) -> [Edge] {
    var way: [Edge] = []
    var place = top
    while ranks[place] > 0 {
      guard let (path, end) = stepDown(from: place, ranks) else { break }
      way += path
      place = end
    }
    return way
  }

  /// A way to the next lower rank: through equals, then one strict edge.
  private func stepDown(from start: Int, _ ranks: [Int]) -> (path: [Edge], end: Int)? {
    var arrival: [Int: Edge] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let place = queue[next]
      next += 1
      for edge in edges[place] where ranks[edge.right] <= ranks[start] {
        if edge.relation == .greater, ranks[edge.right] == ranks[start] - 1 {
          var way = [edge]
          var current = place
          while current != start, let before = arrival[current] {
            way.append(before)
            current = before.left
          }
          return (way.reversed(), edge.right)
        }
        if ranks[edge.right] == ranks[start], edge.right != start, arrival[edge.right] == nil {
          arrival[edge.right] = edge
          queue.append(edge.right)
        }
      }
    }
    return nil
  }

  /// The longest chain of strict edges below each object: larger is better.
  ///
  /// - Precondition: there is no strict cycle.
  func ranks() -> [Int] {
    let components = components
    var ranks = [Int](repeating: 0, count: components.count)
    // Everything that a component is better than has a smaller number.
    for (number, members) in components.members().enumerated() {
      for edge in members.lazy.flatMap({ edges[$0] }) {
        let below = Int(components.component[edge.right])
        guard below != number else { continue }
        let step = edge.relation == .greater ? 1 : 0
        ranks[number] = max(ranks[number], ranks[below] + step)
      }
    }
    return edges.indices.map { ranks[Int(components.component[$0])] }
  }
}
