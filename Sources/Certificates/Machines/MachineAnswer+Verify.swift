import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension MachineAnswer {
  /// Checks the answer on `model`, without searching for anything.
  ///
  /// - Complexity: steps of the model times states of the machines, and times the rounds of a
  ///   minimisation.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let judge = MachineQuestionCheck(model: model, progress: progress)
      switch self {
      case .minimal(let minimization, let given):
        return .accepted(statement: try judge.statement(minimization, given), warnings: [])
      case .comparison(.equivalent(let triples), let first, let second):
        try judge.requireEquivalence(triples, first, second)
        return .accepted(
          statement: "the two machines of the answer pay the same on every run of the model",
          warnings: [])
      case .comparison(.different(let run), let first, let second):
        return .accepted(statement: try judge.statement(run, first, second), warnings: [])
      case .markov(let markov, let given, let discount):
        return .accepted(
          statement: try judge.statement(markov, given, discount),
          warnings: warnings(about: discount, in: model))
      }
    }
  }
}

private struct MachineQuestionCheck {
  let model: FiniteMDP
  let progress: ProgressHandler
  private let letters: TransitionLetters

  init(model: FiniteMDP, progress: ProgressHandler) {
    self.model = model
    self.progress = progress
    letters = TransitionLetters(of: model)
  }

  private func next(_ paying: PayingMachine, _ place: Int, _ step: MachineComparison.Step) -> Int {
    paying.machine.step(from: place, step.state, step.action, to: step.successor, letters: letters)
  }

  private func paid(
    _ paying: PayingMachine, _ place: Int, _ step: MachineComparison.Step
  ) -> Rational {
    paying.reward.value(place, step.state, step.action, to: step.successor)
  }

  private func named(_ step: MachineComparison.Step) -> String {
    "\(model.name(step.state)) \(model.name(step.action)) \(model.name(step.successor))"
  }

  // MARK: - Minimal machines

  func statement(
    _ minimization: MachineMinimization, _ given: PayingMachine
  ) throws(CheckFailure) -> String {
    try requireClasses(minimization, given)
    try requireApart(minimization)
    let count = minimization.minimal.machine.states.count
    return "the minimal machine of the answer, of \(count) state\(count == 1 ? "" : "s"), pays the"
      + " same as the given one on every sequence of the model's steps, and no machine with fewer"
      + " states does"
  }

  /// The classes are a homomorphism: payments agree, and so does what comes after each step.
  private func requireClasses(
    _ minimization: MachineMinimization, _ given: PayingMachine
  ) throws(CheckFailure) {
    let (minimal, classes) = (minimization.minimal, minimization.classes)
    let names = given.machine.states
    try require(
      classes[given.machine.initial] == minimal.machine.initial,
      "classes: the start of the given machine is not that of the minimal one")
    let steps = model.steps
    for (place, stands) in classes.enumerated() {
      guard let stands else { continue }
      try check(progress)
      for step in steps {
        try require(
          paid(given, place, step) == paid(minimal, stands, step),
          "classes: \(excerpt(names[place])) and its class pay differently for \(named(step))")
        let after = next(given, place, step)
        try require(
          classes[after] == next(minimal, stands, step),
          "classes: \(excerpt(names[place])) and its class part after \(named(step))")
      }
    }
  }

  private struct Signature: Hashable {
    let block: [Int]
    let payments: [Rational]
  }

  /// Every state of the minimal machine is reached, and any two are told apart by some steps.
  private func requireApart(_ minimization: MachineMinimization) throws(CheckFailure) {
    let minimal = minimization.minimal
    let count = minimal.machine.states.count
    let steps = model.steps
    let after = (0..<count).map { place in steps.map { next(minimal, place, $0) } }
    let payments = (0..<count).map { place in steps.map { paid(minimal, place, $0) } }
    let reached = DirectedGraph(after).reachable(from: [minimal.machine.initial])
    if let missing = reached.firstIndex(of: false) {
      throw .rejected(
        "minimal: its state \(excerpt(minimal.machine.states[missing])) is not reached")
    }
    var blocks = [Int](repeating: 0, count: count)
    for (number, round) in minimization.rounds.enumerated() {
      try check(progress)
      try require(
        round.count == count,
        "rounds[\(number)]: there are \(round.count) numbers, but the machine has \(count) states")
      var known: [Signature: Int] = [:]
      for place in 0..<count {
        let signature = Signature(
          block: [blocks[place]] + after[place].map { blocks[$0] }, payments: payments[place])
        let block = known[signature] ?? round[place]
        try require(
          block == round[place],
          "rounds[\(number)]: \(excerpt(minimal.machine.states[place])) is told apart from a state"
            + " that pays and goes on alike")
        known[signature] = block
      }
      blocks = round
    }
    try require(
      Set(blocks).count == count, "rounds: two states are together after the last one")
  }

  // MARK: - Comparisons

  func requireEquivalence(
    _ triples: [MachineComparison.Triple], _ first: PayingMachine, _ second: PayingMachine
  ) throws(CheckFailure) {
    let known = Set(triples)
    for state in model.starts {
      try require(
        known.contains(
          .init(state: state, first: first.machine.initial, second: second.machine.initial)),
        "triples: the first state \(model.name(state)) is missing")
    }
    for triple in triples {
      try check(progress)
      for step in model.steps(from: triple.state) {
        let (own, other) = (paid(first, triple.first, step), paid(second, triple.second, step))
        try require(
          own == other,
          "triples: the machines pay \(shown(own)) and \(shown(other)) for \(named(step))")
        try require(
          known.contains(
            .init(
              state: step.successor, first: next(first, triple.first, step),
              second: next(second, triple.second, step))),
          "triples: what comes after \(named(step)) is missing")
      }
    }
  }

  func statement(
    _ run: [MachineComparison.Step], _ first: PayingMachine, _ second: PayingMachine
  ) throws(CheckFailure) -> String {
    guard var state = run.first?.state,
      let paid = MachineComparison.lastPayments(of: first, and: second, for: run, on: model)
    else { throw .rejected("run: it is empty") }
    try require(
      model.starts.contains(state),
      "run: the model does not start in \(model.name(state))")
    for step in run {
      try require(
        step.state == state && model.steps(from: state).contains { $0 == step },
        "run: the step \(named(step)) is not possible there")
      state = step.successor
    }
    try require(
      paid.first != paid.second, "run: the machines pay the same for its last step")
    return "the machines of the answer pay \(shown(paid.first)) and \(shown(paid.second)) for the"
      + " last step of a run of \(run.count) step\(run.count == 1 ? "" : "s")"
  }

  // MARK: - Markov rewards

  func statement(
    _ markov: MarkovMachine, _ given: PayingMachine, _ discount: Rational
  ) throws(CheckFailure) -> String {
    try requireContracting(discount)
    let product: MarkovMachine.ReachableProduct
    do throws(Interrupted) {
      product = try .init(given, model, discount: discount, progress: progress)
    } catch { throw .interrupted(error) }
    let isProved = markov.isProved(on: model, in: product, discount: discount)
    switch markov {
    case .markov(let reward, let potential):
      let choices = Set(product.places.map(\.choice))
      try require(
        reward.keys.allSatisfy(choices.contains)
          && potential.keys.allSatisfy { product.numbers[$0] != nil },
        "reward: an entry of it or of the potential is not reached")
      try require(
        isProved,
        "reward: with the potential it does not add up to what the machine pays")
      return "with discount \(shown(discount)), what the machine pays is worth the same as the"
        + " answer's reward on the model's own states and actions, for every policy and up to a"
        + " constant"
    case .notMarkov:
      try require(
        isProved,
        "multipliers: they are no two uses of time that differ in the machine's state alone and"
          + " are paid differently")
    case .apart:
      try require(
        isProved,
        "values: they do not prove that the choice is better in one state of the machine than in"
          + " the other")
    }
    return "with discount \(shown(discount)), no reward on the model's own states and actions is"
      + " worth the same as what the machine pays, for every policy and up to a constant"
  }
}
