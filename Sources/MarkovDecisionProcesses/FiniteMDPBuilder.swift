import ExactArithmetic

/// The one way to a ``FiniteMDP``, and the only place where the rules of a model are enforced.
///
/// Add transitions in any order (state by state and action by action needs the least memory),
/// then rewards, labels and the rest, then call ``build()``. An error names the states and
/// actions; a reader that adds one entry at a time knows the place in its file.
public struct FiniteMDPBuilder {
  public let states: NameTable
  public let actions: NameTable

  /// Whether rows that do not add up to 1 are divided by their sum instead of refused.
  public var normalizesRows = false

  private var rows = TransitionRows()
  private var rewards: [(name: String, list: RewardList)] = []
  private var labels: [(name: String, states: [State])] = []
  private var initial: [(state: State, probability: Rational)]?
  private var discount: Rational?
  private var labeledTransitions:
    [(state: State, action: Action, successor: State, propositions: [String])] = []
  private var rewardNames: Set<String> = []
  private var labelNames: Set<String> = []
  private var labeled: Set<[Int32]> = []

  /// A model without transitions over these states and actions.
  ///
  /// - Throws: ``ModelError/countOutOfRange(kind:count:)``.
  public init(states: NameTable, actions: NameTable) throws(ModelError) {
    for (table, kind) in [(states, ModelError.Kind.state), (actions, .action)] {
      guard table.count >= 1, table.count <= Int(Int32.max) else {
        throw .countOutOfRange(kind: kind, count: String(table.count))
      }
    }
    self.states = states
    self.actions = actions
  }

  /// Adds one transition. A probability of 0 makes the action available and nothing else.
  ///
  /// - Throws: ``ModelError/negativeProbability(state:action:successor:value:)``,
  ///   ``ModelError/tooManyTransitions(limit:)``; a repeated transition is found in ``build()``.
  public mutating func addTransition(
    from state: State, under action: Action, to successor: State, probability: Rational
  ) throws(ModelError) {
    guard probability.signum >= 0 else {
      throw .negativeProbability(
        state: name(of: state), action: name(of: action), successor: name(of: successor),
        value: probability)
    }
    try addTransition(
      state.index, action.index, successor.index, pooled: rows.place(of: probability))
  }

  /// The place of a probability that is not negative, for ``addTransition(_:_:_:pooled:)``.
  package mutating func place(ofProbability probability: Rational) -> Int32 {
    rows.place(of: probability)
  }

  /// Adds one transition by indices that are in range: the fast way in for readers, who meet the
  /// same few probabilities over and over.
  @inline(__always)
  package mutating func addTransition(
    _ state: Int32, _ action: Int32, _ successor: Int32, pooled place: Int32
  ) throws(ModelError) {
    guard rows.count < Int(Int32.max) - 1 else {
      throw .tooManyTransitions(limit: Int(Int32.max) - 1)
    }
    rows.append(state, action, successor, pooled: place)
  }

  /// How many transitions were added.
  package var transitionCount: Int { rows.count }

  /// Makes room for about `count` transitions.
  package mutating func reserveTransitions(_ count: Int) {
    rows.reserveCapacity(min(count, Int(Int32.max)))
  }

  /// Starts a reward function; entries are added to the one that was started last.
  ///
  /// - Throws: ``ModelError/nameTwice(kind:name:)``.
  public mutating func startReward(named name: String) throws(ModelError) {
    guard rewardNames.insert(name).inserted else {
      throw .nameTwice(kind: .reward, name: name)
    }
    rewards.append((name, RewardList()))
  }

  /// Adds an entry to the reward function that was started last.
  ///
  /// - Precondition: a reward function was started.
  public mutating func addReward(
    state: State, action: Action, successor: State?, value: Rational
  ) {
    precondition(!rewards.isEmpty, "start a reward function first")
    rewards[rewards.count - 1].list.append(
      state.index, action.index, successor?.index ?? -1, value)
  }

  /// The place of a value in the reward function that was started last.
  package mutating func place(ofReward value: Rational) -> Int32 {
    rewards[rewards.count - 1].list.pool.insert(value)
  }

  /// Adds an entry to the reward function `reward`, in the order in which they were started.
  ///
  /// - Precondition: that many were started.
  package mutating func addReward(
    _ reward: Int, state: State, action: Action, successor: State?, value: Rational
  ) {
    rewards[reward].list.append(state.index, action.index, successor?.index ?? -1, value)
  }

  /// Adds an entry by indices that are in range; a successor of -1 stands for every one.
  @inline(__always)
  package mutating func addReward(
    _ state: Int32, _ action: Int32, _ successor: Int32, pooled place: Int32
  ) {
    rewards[rewards.count - 1].list.append(state, action, successor, pooled: place)
  }

  /// Adds a label; a state that is listed twice counts once.
  ///
  /// - Throws: ``ModelError/nameTwice(kind:name:)``.
  public mutating func addLabel(_ name: String, states: [State]) throws(ModelError) {
    guard labelNames.insert(name).inserted else {
      throw .nameTwice(kind: .label, name: name)
    }
    labels.append((name, Set(states).sorted()))
  }

  /// Sets the law of the first state.
  ///
  /// - Throws: ``ModelError/initialSum(_:)``, ``ModelError/initialNegative(state:value:)``,
  ///   ``ModelError/initialTwice(state:)``.
  public mutating func setInitial(
    _ law: [(state: State, probability: Rational)]
  ) throws(ModelError) {
    var seen: Set<State> = []
    var sum = Rational.zero
    for (state, probability) in law {
      guard probability.signum >= 0 else {
        throw .initialNegative(state: name(of: state), value: probability)
      }
      guard seen.insert(state).inserted else { throw .initialTwice(state: name(of: state)) }
      sum += probability
    }
    guard sum == 1 else { throw .initialSum(sum) }
    initial = law
  }

  /// Sets the discount of the model.
  ///
  /// - Throws: ``ModelError/discountOutOfRange(_:)``.
  public mutating func setDiscount(_ value: Rational) throws(ModelError) {
    guard value.signum >= 0, value < 1 else { throw .discountOutOfRange(value) }
    discount = value
  }

  /// Attaches propositions to a transition.
  ///
  /// - Throws: ``ModelError/labeledTransitionTwice(state:action:successor:)``.
  public mutating func addLabeledTransition(
    from state: State, under action: Action, to successor: State, propositions: [String]
  ) throws(ModelError) {
    guard labeled.insert([state.index, action.index, successor.index]).inserted else {
      throw .labeledTransitionTwice(
        state: name(of: state), action: name(of: action), successor: name(of: successor))
    }
    labeledTransitions.append((state, action, successor, propositions))
  }

  /// The model, after the rules that concern whole rows are checked.
  ///
  /// - Throws: ``ModelError/transitionTwice(state:action:successor:firstEntry:secondEntry:)``,
  ///   ``ModelError/rowSum(state:action:sum:)``, ``ModelError/stateWithoutAction(state:)``,
  ///   ``ModelError/rewardTwice(reward:state:action:successor:firstEntry:secondEntry:)``.
  /// - Complexity: O(transitions) when they were added in order, else a sort on top.
  public consuming func build() throws(ModelError) -> FiniteMDP {
    try buildCountingNormalizedRows().model
  }

  /// The model, and how many rows were divided by their sum (see ``normalizesRows``).
  public consuming func buildCountingNormalizedRows() throws(ModelError) -> (
    model: FiniteMDP, normalizedRowCount: Int
  ) {
    let names = (states: states, actions: actions)
    var compressed = try rows.compressed(stateCount: states.count, names: names)
    let changed = try FiniteMDPBuilder.enforceRowSums(
      &compressed, normalizes: normalizesRows, names)
    var functions: [(name: String, function: RewardFunction)] = []
    for (name, list) in rewards {
      functions.append((name, try list.function(named: name, names: names)))
    }
    let model = FiniteMDP(
      states: states, actions: actions, choiceOffsets: compressed.choiceOffsets,
      choiceStates: compressed.choiceStates, choiceActions: compressed.choiceActions,
      transitionOffsets: compressed.transitionOffsets, successors: compressed.successors,
      probabilities: compressed.probabilities, probabilityPool: compressed.pool,
      listedZeros: compressed.listedZeros, rewards: functions, labels: labels, initial: initial,
      discount: discount, labeledTransitions: labeledTransitions)
    return (model, changed)
  }

  /// Checks that every row adds up to 1, or makes it so; returns how many rows it changed.
  private static func enforceRowSums(
    _ rows: inout CompressedRows, normalizes: Bool,
    _ names: (states: NameTable, actions: NameTable)
  ) throws(ModelError) -> Int {
    var changed = 0
    for choice in rows.choiceActions.indices {
      let range = Int(rows.transitionOffsets[choice])..<Int(rows.transitionOffsets[choice + 1])
      var sum = Rational.zero
      for transition in range { sum = sum + rows.pool[rows.probabilities[transition]] }
      if sum == 1 { continue }
      guard normalizes, !sum.isZero else {
        throw .rowSum(
          state: names.states[Int(rows.choiceStates[choice])],
          action: names.actions[Int(rows.choiceActions[choice])], sum: sum)
      }
      changed += 1
      for transition in range {
        let part = rows.pool[rows.probabilities[transition]] / sum
        rows.probabilities[transition] = rows.pool.insert(part)
      }
    }
    return changed
  }

  private func name(of state: State) -> String { states[Int(state.index)] }
  private func name(of action: Action) -> String { actions[Int(action.index)] }
}
