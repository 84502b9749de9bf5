import ExactArithmetic
import MarkovDecisionProcesses

extension FiniteMDP {
  /// The same model with its states and actions in another order.
  ///
  /// - Parameters:
  ///   - states: state `s` becomes state `states[s]`, with its name.
  ///   - actions: likewise.
  public func permuted(states order: [Int], actions actionOrder: [Int]) throws -> FiniteMDP {
    let move = { (state: State) in State(order[Int(state.index)]) }
    let moveAction = { (action: Action) in Action(actionOrder[Int(action.index)]) }
    var builder = try FiniteMDPBuilder(
      states: NameTable(Self.reordered(Array(states.names), by: order), of: .state),
      actions: NameTable(Self.reordered(Array(actions.names), by: actionOrder), of: .action))
    for choice in (0..<choiceCount).map(Choice.init) {
      for (successor, probability) in transitions(of: choice) {
        try builder.addTransition(
          from: move(state(of: choice)), under: moveAction(action(of: choice)),
          to: move(successor), probability: probability)
      }
    }
    for (name, function) in rewards {
      try builder.startReward(named: name)
      for entry in function.entries {
        builder.addReward(
          state: move(entry.state), action: moveAction(entry.action),
          successor: entry.successor.map(move), value: entry.value)
      }
    }
    for (name, states) in labels { try builder.addLabel(name, states: states.map(move)) }
    if let initial { try builder.setInitial(initial.map { (move($0.state), $0.probability) }) }
    if let discount { try builder.setDiscount(discount) }
    return try builder.build()
  }

  private static func reordered(_ names: [String], by order: [Int]) -> [String] {
    var moved = names
    for (place, name) in names.enumerated() { moved[order[place]] = name }
    return moved
  }
}
