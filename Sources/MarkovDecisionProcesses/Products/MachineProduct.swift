import ExactArithmetic

extension FiniteMDP {
  /// The name of the reward that a machine pays in a product.
  public static let machineReward = "machine"

  /// The model that runs beside a reward machine: a state is a state of the model with one of the
  /// machine, named `s @ u`, as far as they are reachable from some state and the machine's start.
  ///
  /// Labels, transitions' propositions, discount and initial law are those of the model; rewards
  /// too, and the machine's payments are the reward ``machineReward``. Every objective can be
  /// solved on it, and a policy of it is one of the model with the machine's state as memory.
  ///
  /// - Throws: ``ModelError`` past the number of states that a model may have, or when the model
  ///   has a reward of this name.
  /// - Complexity: linear in the result.
  public func product(with paying: PayingMachine) throws(ModelError) -> FiniteMDP {
    let search = MachineSearch(self, paying.machine)
    let names = search.nodes.map {
      states[Int($0.state.index)] + " @ " + paying.machine.states[$0.machine]
    }
    var builder = try FiniteMDPBuilder(
      states: NameTable(names, of: .state), actions: actions)
    for edge in search.edges {
      try builder.addTransition(
        from: State(edge.source), under: edge.action, to: State(edge.target),
        probability: edge.probability)
    }
    try addRewards(paying, search, to: &builder)
    for (name, members) in labels {
      let wanted = Set(members)
      try builder.addLabel(
        name,
        states: search.nodes.indices.filter { wanted.contains(search.nodes[$0].state) }.map {
          State($0)
        })
    }
    for (state, action, successor, propositions) in labeledTransitions {
      for edge in search.edges
      where edge.action == action && search.nodes[edge.source].state == state
        && search.nodes[edge.target].state == successor
      {
        try builder.addLabeledTransition(
          from: State(edge.source), under: action, to: State(edge.target),
          propositions: propositions)
      }
    }
    if let initial {
      try builder.setInitial(
        initial.map { (State(Int($0.state.index)), $0.probability) })
    }
    if let discount { try builder.setDiscount(discount) }
    return try builder.build()
  }

  private func addRewards(
    _ paying: PayingMachine, _ search: MachineSearch, to builder: inout FiniteMDPBuilder
  ) throws(ModelError) {
    for (name, function) in rewards {
      try builder.startReward(named: name)
      let table = StepReward(function)
      add(search, to: &builder) { table.value(search.nodes[$0.source].state, $0.action, $1) }
    }
    try builder.startReward(named: Self.machineReward)
    add(search, to: &builder) { edge, successor in
      let node = search.nodes[edge.source]
      return paying.reward.value(node.machine, node.state, edge.action, to: successor)
    }
  }

  private func add(
    _ search: MachineSearch, to builder: inout FiniteMDPBuilder,
    _ value: (MachineSearch.Edge, State) -> Rational
  ) {
    for edge in search.edges {
      let value = value(edge, search.nodes[edge.target].state)
      guard !value.isZero else { continue }
      builder.addReward(
        state: State(edge.source), action: edge.action, successor: State(edge.target),
        value: value)
    }
  }
}

/// The reachable part of the product of a model and a machine; the first nodes are the model's
/// states with the machine's start.
private struct MachineSearch {
  struct Node: Hashable {
    let state: State
    let machine: Int
  }

  struct Edge {
    let source: Int
    let action: Action
    let target: Int
    let probability: Rational
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []

  init(_ model: FiniteMDP, _ machine: RewardMachine) {
    let letters = TransitionLetters(of: model)
    nodes = (0..<model.stateCount).map { Node(state: State($0), machine: machine.initial) }
    var places = Dictionary(
      nodes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var next = 0
    while next < nodes.count {
      let node = nodes[next]
      for choice in model.choices(at: node.state) {
        let action = model.action(of: choice)
        for (successor, probability) in model.transitions(of: choice) {
          let after = machine.step(
            from: node.machine, node.state, action, to: successor, letters: letters)
          let target = Node(state: successor, machine: after)
          let place = places[target] ?? nodes.count
          if place == nodes.count {
            places[target] = place
            nodes.append(target)
          }
          edges.append(
            Edge(source: next, action: action, target: place, probability: probability))
        }
      }
      next += 1
    }
  }
}
