import ExactArithmetic

/// Whether two machines pay the same on every run of a model.
public enum MachineComparison: Sendable {
  /// A state of the model with one of each machine.
  public struct Triple: Sendable, Hashable {
    public let state: State
    public let first: Int
    public let second: Int

    public init(state: State, first: Int, second: Int) {
      self.state = state
      self.first = first
      self.second = second
    }
  }

  public typealias Step = (state: State, action: Action, successor: State)

  /// The triples that occur: closed under the steps, and at each of them every step is paid alike.
  case equivalent([Triple])
  /// A shortest run whose last step is paid differently.
  case different([Step])
}

extension PayingMachine {
  /// Compares the payments on all runs from states of positive initial probability; from all
  /// states where the model has no initial law.
  ///
  /// - Throws: ``Interrupted``.
  /// - Complexity: steps of the model times states of both machines.
  public func comparison(
    with other: PayingMachine, on model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> MachineComparison {
    let letters = TransitionLetters(of: model)
    var triples: [MachineComparison.Triple] = []
    var origins: [(place: Int, action: Action)?] = []
    var known: Set<MachineComparison.Triple> = []
    func visit(_ triple: MachineComparison.Triple, _ origin: (Int, Action)?) {
      guard known.insert(triple).inserted else { return }
      triples.append(triple)
      origins.append(origin)
    }
    for state in model.starts {
      visit(
        .init(state: state, first: machine.initial, second: other.machine.initial), nil)
    }
    var next = 0
    while next < triples.count {
      try progress.checkpoint()
      let (state, first, second) = (
        triples[next].state, triples[next].first, triples[next].second
      )
      for step in model.steps(from: state) {
        let (action, successor) = (step.action, step.successor)
        guard
          reward.value(first, state, action, to: successor)
            == other.reward.value(second, state, action, to: successor)
        else { return .different(Self.run(to: next, triples.map(\.state), origins) + [step]) }
        visit(
          .init(
            state: successor,
            first: machine.step(from: first, state, action, to: successor, letters: letters),
            second: other.machine.step(from: second, state, action, to: successor, letters: letters)
          ), (next, action))
      }
      next += 1
    }
    return .equivalent(triples)
  }

  private static func run(
    to place: Int, _ states: [State], _ origins: [(place: Int, action: Action)?]
  ) -> [MachineComparison.Step] {
    var steps: [MachineComparison.Step] = []
    var current = place
    while let origin = origins[current] {
      steps.append((states[origin.place], origin.action, states[current]))
      current = origin.place
    }
    return steps.reversed()
  }
}
