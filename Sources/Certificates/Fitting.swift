import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// A file meets a model: names and indices become states and actions, vectors get their length.
// What does not fit is rejected, not malformed: the file may belong to another model.

extension FiniteMDP {
  func state(_ reference: Reference, in field: String) throws(CheckFailure) -> State {
    switch reference {
    case .name(let name):
      if let place = states.place(of: name) { return State(place) }
    case .index(let index):
      if let index, index < stateCount { return State(index) }
    }
    throw .rejected("\(field): the model has no state \(reference.shown)")
  }

  /// The choice of an action that is available at `state`.
  func choice(
    _ reference: Reference, at state: State, in field: String
  ) throws(CheckFailure) -> Choice {
    var action: Action?
    switch reference {
    case .name(let name): action = actions.place(of: name).map { Action($0) }
    case .index(let index):
      if let index, index < actions.count { action = Action(index) }
    }
    guard let action else {
      throw .rejected("\(field): the model has no action \(reference.shown)")
    }
    guard let choice = choice(of: action, at: state) else {
      throw .rejected(
        "\(field): the action \(name(action)) is not available at the state \(name(state))")
    }
    return choice
  }

  func name(_ state: State) -> String { excerpt(states[Int(state.index)]) }
  func name(_ action: Action) -> String { excerpt(actions[Int(action.index)]) }
  func name(stateOf choice: Int) -> String { name(state(of: Choice(choice))) }
  func name(actionOf choice: Int) -> String { name(action(of: Choice(choice))) }

  func policy(
    _ written: StateVector<Reference>, in field: String
  ) throws(CheckFailure) -> [Action] {
    let references = try written.entries(in: self, field)
    var policy: [Action] = []
    policy.reserveCapacity(references.count)
    for (state, reference) in references.enumerated() {
      policy.append(action(of: try choice(reference, at: State(state), in: field)))
    }
    return policy
  }
}

extension FiniteMDP {
  /// The expected reward of each choice; rejects a name that the model lacks.
  func expectedReward(
    _ name: String, in field: String
  ) throws(CheckFailure) -> PooledVector {
    guard let function = reward(named: name) else {
      let names = rewards.map { "'\($0.name)'" }.joined(separator: ", ")
      throw .rejected(
        "\(field): the model has no reward \(excerpt(name))"
          + (names.isEmpty ? "" : "; it has \(names)"))
    }
    return function.expected(in: self)
  }
}

/// Rejects a discount with which sums of rewards need not converge.
func requireContracting(_ discount: Rational) throws(CheckFailure) {
  try require(
    discount.signum >= 0 && discount < 1,
    "discount: it is \(shown(discount)), but it has to be at least 0 and less than 1")
}

extension StateVector {
  /// The entries in the order of the model's states: each state exactly once.
  func entries(in model: FiniteMDP, _ field: String) throws(CheckFailure) -> [Entry] {
    switch self {
    case .listed(let entries):
      try requireCount(entries.count, model, field)
      return entries
    case .named(let members):
      var entries = [Entry?](repeating: nil, count: model.stateCount)
      for (name, entry) in members {
        entries[Int(try model.state(.name(name), in: field).index)] = entry
      }
      if let missing = entries.firstIndex(where: { $0 == nil }) {
        throw .rejected("\(field): the state \(model.name(State(missing))) has no entry")
      }
      return entries.compactMap { $0 }
    }
  }
}

extension NumberVector {
  func vector(in model: FiniteMDP, _ field: String) throws(CheckFailure) -> RationalVector {
    switch self {
    case .entries(let entries): return RationalVector(try entries.entries(in: model, field))
    case .common(let vector):
      try requireCount(vector.count, model, field)
      return vector
    }
  }
}

func requireCount(_ count: Int, _ model: FiniteMDP, _ field: String) throws(CheckFailure) {
  try require(
    count == model.stateCount,
    "\(field): there are \(count) entries, but the model has \(model.stateCount) states")
}

extension WrittenCertificate {
  /// The certificate in terms of the model's states and actions.
  func fitted(to model: FiniteMDP) throws(CheckFailure) -> Certificate {
    let terms = DiscountedObjective(direction: direction, reward: reward, discount: discount)
    switch body {
    case .discountedExact(let values, let policy):
      return .discountedExact(
        DiscountedExactCertificate(
          objective: terms, values: try values.vector(in: model, "values"),
          policy: try model.policy(policy, in: "policy")))
    case .discountedEnclosed(let enclosure):
      return .discountedEnclosed(try enclosure.fitted(to: model, terms))
    case .finiteHorizon(let horizon): return .finiteHorizon(try horizon.fitted(to: model, terms))
    }
  }
}

extension WrittenEnclosure {
  fileprivate func fitted(
    to model: FiniteMDP, _ terms: DiscountedObjective
  ) throws(CheckFailure) -> DiscountedEnclosedCertificate {
    var states: Set<State> = []
    for reference in undecided { states.insert(try model.state(reference, in: "undecided")) }
    return DiscountedEnclosedCertificate(
      objective: terms, lower: try lower.vector(in: model, "lower"),
      upper: try upper.vector(in: model, "upper"),
      policy: try model.policy(policy, in: "policy"), policyIsOptimal: policyIsOptimal,
      undecided: states.sorted(), partition: try partition?.entries(in: model, "partition"))
  }
}

extension WrittenHorizon {
  fileprivate func fitted(
    to model: FiniteMDP, _ terms: DiscountedObjective
  ) throws(CheckFailure) -> FiniteHorizonCertificate {
    var vectors: [RationalVector] = []
    for (step, written) in values.enumerated() {
      vectors.append(try written.vector(in: model, "values[\(step)]"))
    }
    var policies: [[Action]] = []
    for (step, written) in policy.enumerated() {
      policies.append(try model.policy(written, in: "policy[\(step)]"))
    }
    return FiniteHorizonCertificate(
      objective: terms, horizon: horizon,
      terminal: try terminal?.vector(in: model, "terminal"), values: vectors, policy: policies)
  }
}
