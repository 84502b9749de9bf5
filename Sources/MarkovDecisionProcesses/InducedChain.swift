import ExactArithmetic

extension FiniteMDP {
  /// The Markov chain that a stationary policy makes of the model, as a model with one choice at
  /// each state.
  ///
  /// `p(s' | s) = Σ π(a | s) p(s' | s, a)`; each reward becomes the expected one of a step,
  /// `Σ π(a | s) p(s' | s, a) r(s, a, s')`. The choice at a state has the name of the action that
  /// is taken there, and those of all, joined by `+`, where the policy draws between several.
  /// States, labels and the names of rewards are those of the model.
  ///
  /// - Parameters:
  ///   - discount: the discount of the chain; by default the model's.
  ///   - initial: the law of the first state; by default the model's.
  /// - Precondition: the policy is stationary and belongs to this model.
  /// - Throws: ``ModelError`` when `discount` or `initial` break a rule.
  /// - Complexity: O(transitions) sums of products.
  public func inducedChain(
    by policy: Policy, discount: Rational? = nil,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(ModelError) -> FiniteMDP {
    try inducedChain(discount: discount, initial: initial) { policy.choices(at: $0) }
  }

  /// The chain of a policy that takes one action a state, and may leave out states: those at the
  /// goal, say, where it is over.
  ///
  /// - Parameter actions: one entry a state; `nil` makes the state absorbing, as below.
  /// - Precondition: the actions are available.
  /// - Throws: ``ModelError`` when `discount` or `initial` break a rule.
  public func inducedChain(
    taking actions: [Action?], discount: Rational? = nil,
    initial: [(state: State, probability: Rational)]? = nil
  ) throws(ModelError) -> FiniteMDP {
    precondition(actions.count == stateCount, "one action or nil a state")
    return try inducedChain(discount: discount, initial: initial) { state in
      guard let action = actions[Int(state.index)] else { return [] }
      guard let choice = choice(of: action, at: state) else {
        preconditionFailure("the action is not available at its state")
      }
      return [Policy.WeightedChoice(choice, probability: 1)]
    }
  }

  /// The chain of a policy that is given state by state, and may leave out states.
  ///
  /// A state where `choices` is empty is absorbing: it keeps itself, without reward, under an
  /// action named `stop`.
  ///
  /// - Parameter choices: the choices at a state with their probabilities, which add up to 1.
  /// - Throws: ``ModelError`` when `discount` or `initial` break a rule.
  public func inducedChain(
    discount: Rational? = nil, initial: [(state: State, probability: Rational)]? = nil,
    choices: (State) -> [Policy.WeightedChoice]
  ) throws(ModelError) -> FiniteMDP {
    let laws = (0..<stateCount).map { choices(State($0)) }
    let (actions, places) = try chainActions(laws)
    var builder = try FiniteMDPBuilder(states: states, actions: actions)
    for (state, law) in laws.enumerated() {
      let row =
        law.isEmpty
        ? [(successor: State(state), probability: Rational.one)] : successorLaw(of: law)
      for (successor, probability) in row {
        try builder.addTransition(
          from: State(state), under: places[state], to: successor, probability: probability)
      }
    }
    for (name, function) in rewards {
      try builder.startReward(named: name)
      let expected = function.expected(in: self)
      for (state, law) in laws.enumerated() {
        let value = law.reduce(Rational.zero) { sum, part in
          sum + part.probability * expected[Int(part.choice.index)]
        }
        guard !value.isZero else { continue }
        builder.addReward(
          state: State(state), action: places[state], successor: nil, value: value)
      }
    }
    for (name, states) in labels { try builder.addLabel(name, states: states) }
    if let law = initial ?? self.initial { try builder.setInitial(law) }
    if let discount = discount ?? self.discount { try builder.setDiscount(discount) }
    return try builder.build()
  }

  /// The actions of the chain, each named after what the policy does, and that of each state.
  private func chainActions(
    _ laws: [[Policy.WeightedChoice]]
  ) throws(ModelError) -> (NameTable, [Action]) {
    var names: [String] = []
    var places: [String: Int] = [:]
    var actions: [Action] = []
    actions.reserveCapacity(laws.count)
    for law in laws {
      let parts = law.map { self.actions[Int(choiceActions[Int($0.choice.index)])] }
      let name = parts.isEmpty ? "stop" : parts.joined(separator: "+")
      if places[name] == nil {
        places[name] = names.count
        names.append(name)
      }
      actions.append(Action(places[name] ?? 0))
    }
    return (try NameTable(names, of: .action), actions)
  }
}
