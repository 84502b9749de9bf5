import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Checks proofs that states cannot be avoided, in any formalism.
struct AvoidanceCheck {
  private let check: ExpressCheck
  private let task: ExpressTask
  private let avoided: Set<State>
  private var model: FiniteMDP { task.model }

  init(_ check: ExpressCheck) throws(CheckFailure) {
    self.check = check
    task = check.task
    avoided = Set(check.task.optimum?.avoided ?? [])
    try require(!avoided.isEmpty, "the task does not ask to avoid states")
  }

  /// A state of rank `k` has only choices with a successor of a smaller rank; a first state has one.
  func unavoidable(_ written: [(name: String, rank: Rational)]) throws(CheckFailure) -> String {
    var ranks: [State: Rational] = [:]
    for (name, rank) in written {
      guard let state = model.states.place(of: name), rank.signum >= 0 else {
        throw .rejected("certificate.ranks: \(excerpt(name)) is no state, or has a negative rank")
      }
      try require(
        ranks.updateValue(rank, forKey: State(state)) == nil,
        "certificate.ranks: \(excerpt(name)) stands there twice")
    }
    for (state, rank) in ranks where !avoided.contains(state) {
      for choice in model.choices(at: state) {
        let descends = model.transitions(of: choice).contains { next in
          ranks[next.successor].map { $0 < rank } ?? false
        }
        try require(
          descends,
          "certificate.ranks: at \(model.name(state)) the action"
            + " \(model.name(model.action(of: choice))) leads to no smaller rank")
      }
    }
    let start = (task.initial ?? []).first { !$0.probability.isZero && ranks[$0.state] != nil }
    guard let start else {
      throw .rejected("certificate.ranks: no state in which runs start has a rank")
    }
    return "every policy visits the states to be avoided, from \(model.name(start.state)) on"
  }

  /// A run of the policy that has to be the only optimum ends in a state to be avoided.
  func visit(_ names: [String]) throws(CheckFailure) -> String {
    guard let policy = task.uniqueOptimum else {
      throw .rejected("certificate.run: the task has no 'uniqueOptimum'")
    }
    guard names.count % 2 == 1, let start = model.states.place(of: names[0]) else {
      throw .rejected("certificate.run: a run [state, action, state, …] is expected")
    }
    var state = State(start)
    try require(
      (task.initial ?? []).contains { $0.state == state && !$0.probability.isZero },
      "certificate.run: no run starts in \(excerpt(names[0]))")
    for index in stride(from: 1, to: names.count, by: 2) {
      guard let action = model.actions.place(of: names[index]),
        let choice = model.choice(of: Action(action), at: state),
        policy.choices(at: state).contains(where: { $0.choice == choice }),
        let next = model.states.place(of: names[index + 1]),
        model.transitions(of: choice).contains(where: { $0.successor == State(next) })
      else {
        throw .rejected("certificate.run: the policy takes no such step at place \(index)")
      }
      state = State(next)
    }
    try require(
      avoided.contains(state), "certificate.run: it does not end in a state to be avoided")
    return "the policy that has to be the only optimum visits \(model.name(state))"
  }

  /// No policy that avoids the states is better than all that visit them.
  func refuted(_ written: [WrittenRefutedPolicy]) throws(CheckFailure) -> String {
    let avoiding = AvoidingPolicies(of: task)
    var proofs: [[Choice?]: WrittenOutcome] = [:]
    for (index, entry) in written.enumerated() {
      let place = "certificate.policies[\(index)].optimum"
      let policy = try task.reachedPolicy(entry.policy, from: avoiding.starts, place)
      proofs[policy.choices] = entry.proof
    }
    var failure: CheckFailure?
    avoiding.visitAll { policy in
      do throws(CheckFailure) {
        try check.checkpoint()
        guard let proof = proofs[policy.choices] else {
          throw .rejected("certificate.policies: a policy that avoids the states is missing")
        }
        try requireImpossible(proof, policy)
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    return "no specification in \(task.formalism.rawValue) makes every optimal policy among the"
      + " deterministic ones avoid the states: none that avoids them is better than all that visit"
      + " them"
  }

  private func requireImpossible(
    _ proof: WrittenOutcome, _ policy: ReachedPolicy
  ) throws(CheckFailure) {
    switch proof {
    case .farkas, .cycle, .levels, .violations: break
    default: throw .rejected("certificate.policies: a proof of an impossibility is expected")
    }
    let own = try task.taking(deterministic: policy)
    _ = try ExpressCheck(document: check.document, task: own, progress: check.progress)
      .statement(proof)
  }
}

extension ExpressTask {
  /// The policy that these actions are, as far as it is reached.
  func reachedPolicy(
    _ written: [(state: String, action: String)],
    from starts: [(state: State, probability: Rational)], _ place: String
  ) throws(CheckFailure) -> ReachedPolicy {
    var actions: [State: Action] = [:]
    for (stateName, actionName) in written {
      guard let state = model.states.place(of: stateName),
        let action = model.actions.place(of: actionName)
      else { throw .rejected("\(place): unknown state or action at \(excerpt(stateName))") }
      actions[State(state)] = Action(action)
    }
    var policy = ReachedPolicy(in: model, from: starts)
    while let state = policy.open {
      guard let action = actions[state], let choice = model.choice(of: action, at: state) else {
        throw .rejected("\(place): it has no available action at \(model.name(state))")
      }
      policy.choose(choice)
    }
    return policy
  }

  func taking(deterministic policy: ReachedPolicy) throws(CheckFailure) -> ExpressTask {
    do throws(PolicyError) {
      return taking(try Policy(policy.actions, in: model))
    } catch {
      throw .rejected("optimum: \(error)")
    }
  }
}

extension ExpressAnswerDocument {
  /// The task with the policy that the answer says is optimal, which has to avoid what is to be
  /// avoided.
  func taskTakingBest(of task: ExpressTask) throws(CheckFailure) -> ExpressTask {
    if case .optimum = outcome { return task }
    guard let best, task.optimum?.unique == nil, task.optimum != nil else { return task }
    let avoiding = AvoidingPolicies(of: task)
    let policy = try task.reachedPolicy(best, from: avoiding.starts, "optimum")
    try require(avoiding.avoids(policy), "optimum: it visits a state to be avoided")
    return try task.taking(deterministic: policy)
  }
}

extension ExpressCheck {
  /// Checks that an answer of a kind that knows nothing of optimal policies answers what the task asks
  /// of them: no state to be avoided can be reached, or the only optimum does not reach one.
  func requireAnswerToOptimumRequest() throws(CheckFailure) {
    guard let request = task.optimum, document.isExpressible == true else { return }
    if case .optimum = document.outcome { return }
    // Then the requirements of the task compare it with what visits the states.
    if request.best != nil { return }
    try require(
      task.formalism != .markovReward || request.unique == nil,
      "potential: it is missing, so that nothing proves what is optimal")
    let isReached =
      task.uniqueOptimum.map {
        task.model.graph(of: $0).reachable(
          from: (task.initial ?? []).filter { !$0.probability.isZero }.map { Int($0.state.index) })
      } ?? task.reachableStates
    for state in request.avoided {
      try require(
        !isReached[Int(state.index)],
        "avoid: \(task.model.name(state)) can be reached, and the answer does not show that"
          + " optimal policies avoid it")
    }
  }
}
