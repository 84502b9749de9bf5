import ExactArithmetic
import MarkovDecisionProcesses

extension RandomFormula {
  /// A small model with the labels `a` and `b` at states, and `c` at states or at transitions.
  public mutating func model(largestStateCount: Int = 4) throws -> FiniteMDP {
    let count = 1 + draw(largestStateCount)
    var builder = try FiniteMDPBuilder(
      states: NameTable((0..<count).map { "s\($0)" }, of: .state),
      actions: NameTable(["x", "y"], of: .action))
    var transitions: [(state: State, action: Action, successor: State)] = []
    for state in 0..<count {
      for action in 0..<(1 + draw(2)) {
        let first = draw(count)
        let second = draw(2) == 0 ? first : draw(count)
        let weight = first == second ? Rational.one : Rational(1 + draw(3), 4)
        for (successor, probability) in [(first, weight), (second, 1 - weight)]
        where !probability.isZero {
          let entry = (State(state), Action(action), State(successor))
          try builder.addTransition(
            from: entry.0, under: entry.1, to: entry.2, probability: probability)
          transitions.append(entry)
        }
      }
    }
    let isOnTransitions = draw(3) == 0
    for name in isOnTransitions ? ["a", "b"] : Self.names {
      try builder.addLabel(name, states: (0..<count).filter { _ in draw(2) == 0 }.map { State($0) })
    }
    if isOnTransitions {
      for (state, action, successor) in transitions where draw(2) == 0 {
        try builder.addLabeledTransition(
          from: state, under: action, to: successor, propositions: ["c"])
      }
      // Formulas may speak of it wherever it is.
      try builder.addLabel("c", states: [])
    }
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }
}
