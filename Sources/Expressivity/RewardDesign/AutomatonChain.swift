// What is here: the probability that an automaton accepts the run of a policy, by the chain of the
// two (method B; the checker eliminates operators instead). Almost every run ends in a closed
// component and shows all its marks for ever.
// Notation: P the transitions between transient nodes, μ the start; visits d = (I − P)⁻ᵀ μ.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// The chain of a policy, or of a single run, beside a deterministic automaton.
struct AutomatonChain {
  private struct Edge {
    let target: Int
    let probability: Rational
    let marks: MarkSet
  }

  private struct Node: Hashable {
    let place: Int
    let automatonState: Int
  }

  private let automaton: OmegaAutomaton
  private var edges: [[Edge]] = []
  private var start: [Rational] = []

  /// What propositions hold at a step.
  typealias StepLetters = (State, Action, State) -> Set<String>

  /// The chain of a policy.
  init(of policy: Policy, in task: ExpressTask, _ automaton: OmegaAutomaton) {
    let letters = TransitionLetters(of: task.model)
    self.init(of: policy, in: task.model, initial: task.initial ?? [], automaton) {
      letters.letter(of: $0, $1, to: $2)
    }
  }

  /// The chain of a policy from a law of the first state, with letters of its own.
  init(
    of policy: Policy, in model: FiniteMDP,
    initial: [(state: State, probability: Rational)], _ automaton: OmegaAutomaton,
    letters: StepLetters
  ) {
    self.automaton = automaton
    let law = initial.map { (place: Int($0.state.index), probability: $0.probability) }
    explore(from: law) { state in
      policy.choices(at: State(state)).flatMap { weighted in
        let action = model.action(of: weighted.choice)
        return model.transitions(of: weighted.choice).map { successor, probability in
          (
            Int(successor.index), weighted.probability * probability,
            automaton.letter(of: letters(State(state), action, successor))
          )
        }
      }
    }
  }

  /// The chain of a run that goes on for ever.
  init(of trajectory: Trajectory, in model: FiniteMDP, _ automaton: OmegaAutomaton) {
    let letters = TransitionLetters(of: model)
    self.init(of: trajectory, automaton) { letters.letter(of: $0, $1, to: $2) }
  }

  /// The chain of a run that goes on for ever, with letters of its own.
  init(of trajectory: Trajectory, _ automaton: OmegaAutomaton, letters: StepLetters) {
    self.automaton = automaton
    let steps = trajectory.steps + (trajectory.cycle ?? [])
    explore(from: [(0, 1)]) { place in
      let step = steps[place]
      let next = place + 1 < steps.count ? place + 1 : trajectory.steps.count
      let letter = letters(step.state, step.action, step.successor)
      return [(next, 1, automaton.letter(of: letter))]
    }
  }

  private mutating func explore(
    from law: [(place: Int, probability: Rational)],
    _ successors: (Int) -> [(place: Int, probability: Rational, letter: AutomatonLetter)]
  ) {
    var nodes: [Node] = []
    var places: [Node: Int] = [:]
    func place(_ node: Node) -> Int {
      if let known = places[node] { return known }
      places[node] = nodes.count
      nodes.append(node)
      return nodes.count - 1
    }
    var weights: [Int: Rational] = [:]
    for (state, probability) in law where !probability.isZero {
      let node = place(Node(place: state, automatonState: automaton.initial))
      weights[node, default: 0] += probability
    }
    while edges.count < nodes.count {
      let node = nodes[edges.count]
      edges.append(
        successors(node.place).map { successor, probability, letter in
          let edge = automaton.edge(from: node.automatonState, on: letter)
          return Edge(
            target: place(Node(place: successor, automatonState: edge.target)),
            probability: probability, marks: edge.marks)
        })
    }
    start = nodes.indices.map { weights[$0] ?? 0 }
  }

  /// The probability that the automaton accepts.
  func probability(progress: ProgressHandler) throws(Interrupted) -> Rational {
    let graph = DirectedGraph(edges.map { $0.map(\.target) })
    let components = StronglyConnectedComponents(of: graph)
    let isClosed = components.isClosed(in: graph)
    var marks = [MarkSet](repeating: MarkSet(), count: components.count)
    for (node, row) in edges.enumerated() {
      for edge in row { marks[Int(components.component[node])].formUnion(edge.marks) }
    }
    let isAccepted = (0..<components.count).map {
      isClosed[$0] && automaton.acceptance.holds(marks[$0])
    }
    let transient = edges.indices.filter { !isClosed[Int(components.component[$0])] }
    var sum = Rational.zero
    for (node, weight) in start.enumerated() where isAccepted[Int(components.component[node])] {
      sum += weight
    }
    for (node, visits) in zip(transient, try visits(to: transient, progress)) {
      for edge in edges[node] where isAccepted[Int(components.component[edge.target])] {
        sum += visits * edge.probability
      }
    }
    return sum
  }

  /// The expected visits to nodes that every run leaves.
  private func visits(
    to members: [Int], _ progress: ProgressHandler
  ) throws(Interrupted) -> [Rational] {
    if members.isEmpty { return [] }
    let numbers = Dictionary(
      members.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let matrix = members.enumerated().map { number, node in
      var row: [Int: Rational] = [number: 1]
      for edge in edges[node] {
        if let column = numbers[edge.target] { row[column, default: 0] -= edge.probability }
      }
      return row.sorted { $0.key < $1.key }.map { (column: $0.key, value: $0.value) }
    }
    let outcome = try FactoredMatrix.factor(
      rows: matrix, isKnownRegular: true, progress: progress)
    guard case .regular(let factors) = outcome else {
      preconditionFailure("the nodes are left for ever, so that the matrix is regular")
    }
    return try factors.solveTransposed(members.map { start[$0] }, progress: progress).entries
  }
}
