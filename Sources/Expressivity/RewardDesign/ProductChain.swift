// What is here: the chain of a stationary policy on the reachable pairs (machine state, state), and
// the time it spends at each pair, discounted or in the long run.
// Notation: P = its transitions, μ = its start; d = (I − γP)⁻ᵀ μ.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// A policy's chain on a model, or on the product with a reward machine.
struct ProductChain {
  struct Node: Hashable {
    let machine: Int
    let state: State
  }

  private(set) var nodes: [Node] = []
  /// The place of each node.
  private(set) var places: [Node: Int] = [:]
  private var rows: [[(column: Int, value: Rational)]] = []
  private let start: [Rational]

  /// - Parameter initial: the law of the first state.
  init(
    of policy: Policy, in model: FiniteMDP, machine: RewardMachine?, letters: TransitionLetters,
    initial: [(state: State, probability: Rational)]
  ) {
    self.init(of: policy, in: model, from: machine?.initial ?? 0, initial: initial) {
      place, state, action, successor in
      machine?.step(from: place, state, action, to: successor, letters: letters) ?? 0
    }
  }

  /// - Parameters:
  ///   - first: the machine's first state.
  ///   - step: the machine's state after a step; `nil` where the run leaves the chain.
  init(
    of policy: Policy, in model: FiniteMDP, from first: Int,
    initial: [(state: State, probability: Rational)],
    step: (_ place: Int, State, Action, _ successor: State) -> Int?
  ) {
    var start: [Int: Rational] = [:]
    var builder = (nodes: [Node](), places: [Node: Int]())
    func place(_ node: Node) -> Int {
      if let known = builder.places[node] { return known }
      builder.places[node] = builder.nodes.count
      builder.nodes.append(node)
      return builder.nodes.count - 1
    }
    for (state, probability) in initial where !probability.isZero {
      start[place(Node(machine: first, state: state)), default: 0] += probability
    }
    var rows: [[(column: Int, value: Rational)]] = []
    while rows.count < builder.nodes.count {
      let node = builder.nodes[rows.count]
      var row: [Int: Rational] = [:]
      for weighted in policy.choices(at: node.state) {
        let action = model.action(of: weighted.choice)
        for (successor, probability) in model.transitions(of: weighted.choice) {
          guard let next = step(node.machine, node.state, action, successor) else { continue }
          row[place(Node(machine: next, state: successor)), default: 0] +=
            weighted.probability * probability
        }
      }
      rows.append(row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
    self.rows = rows
    nodes = builder.nodes
    places = builder.places
    self.start = builder.nodes.indices.map { start[$0] ?? 0 }
  }

  /// `E Σ γ^t [at this node at step t]`, one entry a node.
  func discountedMasses(
    _ discount: Rational, progress: ProgressHandler
  ) throws(Interrupted) -> [Rational] {
    if discount.isZero { return start }
    return try visits(
      Array(nodes.indices), from: start, factor: discount, progress: progress)
  }

  /// The long-run share of the time at each node, one entry a node.
  func limitingMasses(progress: ProgressHandler) throws(Interrupted) -> [Rational] {
    let graph = DirectedGraph(rows.map { $0.map(\.column) })
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    let transient = nodes.indices.filter { !isClosed[Int(components.component[$0])] }
    let visits = try visits(transient, from: start, factor: 1, progress: progress)
    var entry = start
    for place in transient {
      entry[place] = 0
      for (target, probability) in rows[place] { entry[target] += visits[place] * probability }
    }
    var masses = [Rational](repeating: 0, count: nodes.count)
    for (number, members) in components.members().enumerated() where isClosed[number] {
      let arriving = members.reduce(Rational.zero) { $0 + entry[$1] }
      guard !arriving.isZero else { continue }
      for (place, share) in zip(members, try stationaryLaw(of: members, progress)) {
        masses[place] = arriving * share
      }
    }
    return masses
  }

  /// The solution of `x = start + factor · x P` on some of the nodes; 0 at the others.
  private func visits(
    _ places: [Int], from start: [Rational], factor: Rational, progress: ProgressHandler
  ) throws(Interrupted) -> [Rational] {
    var masses = [Rational](repeating: 0, count: nodes.count)
    if places.isEmpty { return masses }
    let solution = try factored(places, factor: factor, progress)
      .solveTransposed(places.map { start[$0] }, progress: progress)
    for (place, mass) in zip(places, solution.entries) { masses[place] = mass }
    return masses
  }

  /// The stationary law of a closed class: its first node is visited once a round.
  private func stationaryLaw(
    of members: [Int], _ progress: ProgressHandler
  ) throws(Interrupted) -> [Rational] {
    guard members.count > 1 else { return [1] }
    let inner = Array(members.dropFirst())
    var entry = [Rational](repeating: 0, count: nodes.count)
    for (target, probability) in rows[members[0]] { entry[target] += probability }
    let visits = try visits(inner, from: entry, factor: 1, progress: progress)
    let round = [Rational.one] + inner.map { visits[$0] }
    let total = round.reduce(Rational.zero, +)
    return round.map { $0 / total }
  }

  /// `I − factor · P` on some of the nodes, which every run leaves or where it is discounted.
  private func factored(
    _ members: [Int], factor: Rational, _ progress: ProgressHandler
  ) throws(Interrupted) -> FactoredMatrix {
    var numbers: [Int: Int] = [:]
    for (number, place) in members.enumerated() { numbers[place] = number }
    let matrix = members.enumerated().map { number, place in
      var diagonal = Rational.one
      var row: [(column: Int, value: Rational)] = []
      for (target, probability) in rows[place] {
        guard let column = numbers[target] else { continue }
        if column == number {
          diagonal -= factor * probability
        } else {
          row.append((column, -factor * probability))
        }
      }
      row.append((number, diagonal))
      return row
    }
    let outcome = try FactoredMatrix.factor(
      rows: matrix, isKnownRegular: true, progress: progress)
    guard case .regular(let factors) = outcome else {
      preconditionFailure("the nodes are left for ever, so that the matrix is regular")
    }
    return factors
  }
}
