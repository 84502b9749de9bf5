import ExactArithmetic

extension FiniteMDP {
  /// The same model with these rewards instead of its own.
  ///
  /// - Throws: ``ModelError/nameTwice(kind:name:)``; ``ModelError/indexOutOfRange(kind:index:count:)``
  ///   for an entry that speaks of a state or action that the model does not have.
  public func replacingRewards(
    _ rewards: [(name: String, function: RewardFunction)]
  ) throws(ModelError) -> FiniteMDP {
    var names: Set<String> = []
    for (name, function) in rewards {
      guard names.insert(name).inserted else { throw .nameTwice(kind: .reward, name: name) }
      try check(function)
    }
    return copy(rewards: rewards, initial: initial, discount: discount)
  }

  /// The same model with one more reward.
  ///
  /// - Throws: as ``replacingRewards(_:)``.
  public func addingReward(
    named name: String, _ function: RewardFunction
  ) throws(ModelError) -> FiniteMDP {
    try replacingRewards(rewards + [(name, function)])
  }

  /// The same model with another discount, or with none.
  ///
  /// - Throws: ``ModelError/discountOutOfRange(_:)``.
  public func replacingDiscount(_ discount: Rational?) throws(ModelError) -> FiniteMDP {
    if let discount, discount.signum < 0 || discount >= 1 {
      throw .discountOutOfRange(discount)
    }
    return copy(rewards: rewards, initial: initial, discount: discount)
  }

  /// The same model, started at `state`.
  public func starting(at state: State) -> FiniteMDP {
    copy(rewards: rewards, initial: [(state, 1)], discount: discount)
  }

  /// The same model with these labels instead of its own.
  ///
  /// - Throws: ``ModelError/nameTwice(kind:name:)``.
  public func replacingLabels(
    _ labels: [(name: String, states: [State])]
  ) throws(ModelError) -> FiniteMDP {
    var names: Set<String> = []
    for (name, _) in labels where !names.insert(name).inserted {
      throw .nameTwice(kind: .label, name: name)
    }
    return copy(
      rewards: rewards, labels: labels.map { ($0.name, Set($0.states).sorted()) },
      initial: initial, discount: discount)
  }

  private func check(_ function: RewardFunction) throws(ModelError) {
    // Negative only in the successor, where it stands for every successor.
    for (indices, table, kind) in [
      (function.states, states, ModelError.Kind.state),
      (function.actions, actions, .action), (function.successors, states, .state),
    ] {
      if let largest = indices.max(), Int(largest) >= table.count {
        throw .indexOutOfRange(kind: kind, index: String(largest), count: table.count)
      }
    }
  }

  private func copy(
    rewards: [(name: String, function: RewardFunction)],
    labels: [(name: String, states: [State])]? = nil,
    initial: [(state: State, probability: Rational)]?, discount: Rational?
  ) -> FiniteMDP {
    FiniteMDP(
      states: states, actions: actions, choiceOffsets: choiceOffsets,
      choiceStates: choiceStates, choiceActions: choiceActions,
      transitionOffsets: transitionOffsets, successors: successors,
      probabilities: probabilities, probabilityPool: probabilityPool, listedZeros: listedZeros,
      rewards: rewards, labels: labels ?? self.labels, initial: initial, discount: discount,
      labeledTransitions: labeledTransitions)
  }
}
