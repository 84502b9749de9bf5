import ExactArithmetic
import ExactJSON

extension FiniteMDP {
  /// The name of the state, and of its label, where a run under penalties may stop.
  public static let stoppedState = "stopped"

  /// The model in which a penalty `q` of a step scales all later rewards by `1 − q`.
  ///
  /// The factor of the past multiplies the whole future, `V(s, m) = m V(s, 1)`, so that it need not
  /// be remembered: with probability `q` the run goes on in one more state, `stopped`, where
  /// nothing is paid. Under every policy each reward has the mean `E Σ γ^t Π_{k<t} (1 − q_k) r_t`,
  /// with any discount, horizon or stopping rule. Rewards become those of states and actions, and
  /// the penalty is none of them any more.
  ///
  /// The label of `stopped` has its name; beside each label `L` there is one `L or stopped`, for
  /// runs that end with a goal.
  ///
  /// - Parameter name: of the reward that is the penalty, in `[0, 1]` at every possible step.
  /// - Throws: ``ModelError`` when there is no such reward, when it is out of range, or when a name
  ///   is in use.
  /// - Complexity: linear in the model.
  ///
  /// Source: ours, after CaRL (arXiv 2504.17838); `proofs-notes/multiplicative-penalties.md`.
  public func scalingFuture(by name: String) throws(ModelError) -> FiniteMDP {
    guard let penalty = reward(named: name) else {
      throw .unknownName(
        kind: .reward, name: name, nearest: nearestName(to: name, among: rewards.map(\.name)))
    }
    let lookup = StepReward(penalty)
    for step in steps {
      let value = lookup.value(step.state, step.action, step.successor)
      if value.signum < 0 || value > 1 {
        throw .penaltyOutOfRange(
          state: states[Int(step.state.index)], action: actions[Int(step.action.index)],
          successor: states[Int(step.successor.index)], value: value)
      }
    }
    return try stopping(lookup, without: name)
  }

  private func stopping(
    _ penalty: StepReward, without name: String
  ) throws(ModelError) -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(
        (0..<stateCount).map { states[$0] } + [Self.stoppedState], of: .state),
      actions: actions)
    let stopped = State(stateCount)
    for choice in (0..<choiceCount).map(Choice.init) {
      let (state, action) = (state(of: choice), action(of: choice))
      var lost = Rational.zero
      for (successor, probability) in transitions(of: choice) {
        let share = probability * penalty.value(state, action, successor)
        lost += share
        if probability != share {
          try builder.addTransition(
            from: state, under: action, to: successor, probability: probability - share)
        }
      }
      guard !lost.isZero else { continue }
      try builder.addTransition(from: state, under: action, to: stopped, probability: lost)
    }
    try builder.addTransition(from: stopped, under: Action(0), to: stopped, probability: 1)
    try addMeans(of: rewards.filter { $0.name != name }, to: &builder)
    for (label, members) in labels {
      try builder.addLabel(label, states: members)
      try builder.addLabel("\(label) or \(Self.stoppedState)", states: members + [stopped])
    }
    try builder.addLabel(Self.stoppedState, states: [stopped])
    for (state, action, successor, propositions) in labeledTransitions
    where penalty.value(state, action, successor) != 1 {
      try builder.addLabeledTransition(
        from: state, under: action, to: successor, propositions: propositions)
    }
    if let initial { try builder.setInitial(initial.map { ($0.state, $0.probability) }) }
    if let discount { try builder.setDiscount(discount) }
    return try builder.build()
  }

  /// A step pays in full, whether the run goes on after it or not.
  private func addMeans(
    of rewards: [(name: String, function: RewardFunction)], to builder: inout FiniteMDPBuilder
  ) throws(ModelError) {
    for (name, function) in rewards {
      try builder.startReward(named: name)
      let table = StepReward(function)
      for choice in (0..<choiceCount).map(Choice.init) {
        let (state, action) = (state(of: choice), action(of: choice))
        let mean = transitions(of: choice).reduce(Rational.zero) {
          $0 + $1.probability * table.value(state, action, $1.successor)
        }
        guard !mean.isZero else { continue }
        builder.addReward(state: state, action: action, successor: nil, value: mean)
      }
    }
  }
}
