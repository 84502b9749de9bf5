import ExactArithmetic

/// A model that runs beside a deterministic automaton which reads the letters of its steps.
///
/// A state of the product is a state of the model with a *memory*: a state of the automaton and,
/// where transitions have propositions of their own, the marks of the edge taken last. The letter
/// of a step is the set of labels of the state that is left, and of the transition. States of the
/// product are named `s @ q3`, or `s @ q3{0 1}` with marks.
public struct AutomatonProduct: Sendable {
  public struct Memory: Sendable, Hashable {
    public let automatonState: Int
    /// The marks of the edge taken last; `nil` where those of the next edge are known from the
    /// state.
    public let marks: MarkSet?
  }

  public let model: FiniteMDP
  public let automaton: OmegaAutomaton
  /// The product: its labels are ``goal`` alone, its initial law that of the model.
  public let product: FiniteMDP
  /// The memories that occur.
  public let memories: [Memory]
  /// The model's state of each state of the product.
  public let states: [State]
  /// The place of the memory of each state of the product.
  public let memory: [Int]
  /// The marks that a visit to each state of the product shows.
  public let marks: [MarkSet]
  /// For each state of the model the state of the product where a run from there starts.
  public let starts: [Int]

  /// The name of the label that ``labelling(goal:)`` adds.
  public static let goal = "accepting"

  /// The part of the product that is reachable from some state of the model.
  ///
  /// - Throws: ``ModelError/countOutOfRange(kind:count:)`` past the number of states that a model
  ///   may have.
  /// - Complexity: linear in the result.
  public init(_ model: FiniteMDP, _ automaton: OmegaAutomaton) throws(ModelError) {
    var search = ProductSearch(model, automaton)
    search.run()
    let names = search.nodes.map { node in
      model.states[Int(node.state)] + " @ " + Self.name(of: search.memories[Int(node.memory)])
    }
    self.model = model
    self.automaton = automaton
    memories = search.memories
    states = search.nodes.map { State(Int($0.state)) }
    memory = search.nodes.map { Int($0.memory) }
    marks = search.marks
    starts = search.starts
    let table = try NameTable(names, of: .state)
    product = try Self.build(model, search, table)
  }

  private static func build(
    _ model: FiniteMDP, _ search: ProductSearch, _ names: NameTable
  ) throws(ModelError) -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: names, actions: model.actions)
    builder.reserveTransitions(search.successors.count)
    let pooled = (0..<model.probabilityPool.count).map {
      builder.place(ofProbability: model.probabilityPool[Int32($0)])
    }
    var next = 0
    for (place, node) in search.nodes.enumerated() {
      for choice in model.choiceRange(at: Int(node.state)) {
        for transition in model.transitionRange(of: choice) {
          try builder.addTransition(
            Int32(place), model.choiceActions[choice], search.successors[next],
            pooled: pooled[Int(model.probabilities[transition])])
          next += 1
        }
      }
    }
    if let initial = model.initial {
      try builder.setInitial(
        initial.map { (State(search.starts[Int($0.state.index)]), $0.probability) })
    }
    return try builder.build()
  }

  /// The memory in words: `q3`, or `q3{0 1}` with marks.
  public static func name(of memory: Memory) -> String {
    guard let marks = memory.marks else { return "q\(memory.automatonState)" }
    return "q\(memory.automatonState){\(marks.marks.map(String.init).joined(separator: " "))}"
  }

  /// The product in which these states have the label ``goal``.
  public func labelling(goal states: [State]) throws(ModelError) -> FiniteMDP {
    try product.replacingLabels([(Self.goal, states)])
  }
}

/// The search for the states of a product.
private struct ProductSearch {
  typealias Memory = AutomatonProduct.Memory

  let model: FiniteMDP
  let automaton: OmegaAutomaton
  private(set) var nodes: [(state: Int32, memory: Int32)] = []
  private(set) var memories: [Memory] = []
  private(set) var marks: [MarkSet] = []
  private(set) var starts: [Int] = []
  /// One for each transition of the model at each node, in order.
  private(set) var successors: ContiguousArray<Int32> = []

  private var places: [Int64: Int32] = [:]
  private var memoryPlaces: [Memory: Int32] = [:]
  private let letters: [AutomatonLetter]
  /// The letters of single transitions, where these have propositions.
  private let transitionLetters: TransitionLetters?
  private var edges: [Int: [AutomatonLetter: OmegaAutomaton.Edge]] = [:]

  init(_ model: FiniteMDP, _ automaton: OmegaAutomaton) {
    self.model = model
    self.automaton = automaton
    let propositions = TransitionLetters(of: model)
    letters = (0..<model.stateCount).map {
      automaton.letter(of: propositions.labels(of: State($0)))
    }
    transitionLetters = model.labeledTransitions.isEmpty ? nil : propositions
  }

  mutating func run() {
    let start = Memory(
      automatonState: automaton.initial, marks: transitionLetters == nil ? nil : MarkSet())
    starts = (0..<model.stateCount).map { Int(place(of: Int32($0), start)) }
    var next = 0
    while next < nodes.count {
      expand(nodes[next])
      next += 1
    }
  }

  private mutating func expand(_ node: (state: Int32, memory: Int32)) {
    let memory = memories[Int(node.memory)]
    let state = Int(node.state)
    let common = edge(from: memory.automatonState, letters[state])
    marks.append(memory.marks ?? common.marks)
    for choice in model.choiceRange(at: state) {
      for transition in model.transitionRange(of: choice) {
        let successor = model.successors[transition]
        guard let transitionLetters else {
          successors.append(
            place(of: successor, Memory(automatonState: common.target, marks: nil)))
          continue
        }
        let letter = transitionLetters.letter(
          of: State(state), model.action(of: Choice(choice)), to: State(Int(successor)))
        let edge = edge(from: memory.automatonState, automaton.letter(of: letter))
        successors.append(
          place(of: successor, Memory(automatonState: edge.target, marks: edge.marks)))
      }
    }
  }

  private mutating func edge(
    from state: Int, _ letter: AutomatonLetter
  ) -> OmegaAutomaton.Edge {
    if let known = edges[state]?[letter] { return known }
    let edge = automaton.edge(from: state, on: letter)
    edges[state, default: [:]][letter] = edge
    return edge
  }

  private mutating func place(of state: Int32, _ memory: Memory) -> Int32 {
    let number = memoryPlaces[memory] ?? Int32(memories.count)
    if Int(number) == memories.count {
      memoryPlaces[memory] = number
      memories.append(memory)
    }
    let key = Int64(number) << 32 | Int64(state)
    if let known = places[key] { return known }
    let place = Int32(nodes.count)
    places[key] = place
    nodes.append((state, number))
    return place
  }
}
