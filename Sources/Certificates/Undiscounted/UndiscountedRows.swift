import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// The rows of a model without discount, ready for checking: `r(c) + P_c f` of each choice.
///
/// Without a reward `r = 0`, as for probabilities and gains.
struct UndiscountedRows {
  let model: FiniteMDP
  let progress: ProgressHandler
  private let reward: PooledVector?
  private let judge: BellmanJudge

  /// - Complexity: O(transitions).
  init(_ model: FiniteMDP, reward: PooledVector?, _ progress: ProgressHandler) {
    self.model = model
    self.progress = progress
    self.reward = reward
    judge = BellmanJudge(
      model: model, reward: reward ?? .zeros(model.choiceCount), discount: 1)
  }

  /// For every choice `c` at `s` the sign of `r(c) + P_c next − now(s)`; `next` is `now` when it
  /// is `nil`.
  func slackSigns(
    _ now: RationalVector, next: RationalVector? = nil
  ) throws(CheckFailure) -> ContiguousArray<Int8> {
    do throws(Interrupted) {
      if let next { return try judge.slackSigns(of: now, next: next, progress: progress) }
      return try judge.slackSigns(of: now, progress: progress)
    } catch {
      throw .interrupted(error)
    }
  }

  /// `r(c) + P_c f`, for a message.
  func lookahead(_ choice: Int, _ next: RationalVector) -> Rational {
    var sum = reward?[choice] ?? .zero
    for (successor, probability) in model.transitions(of: Choice(choice)) {
      sum += probability * next[Int(successor.index)]
    }
    return sum
  }

  /// The failure of a comparison of a state's entry with what a choice gives.
  ///
  /// - Parameter names: of the entry and of what follows, as `value` and `next value`.
  func failure(
    _ names: (now: String, next: String), _ now: RationalVector, _ relation: String,
    _ choice: Int, next: RationalVector? = nil, place: String = ""
  ) -> CheckFailure {
    let (left, right) = shown(
      now[Int(model.choiceStates[choice])], versus: lookahead(choice, next ?? now))
    return .rejected(
      place + model.place(of: choice) + ": \(names.now) = \(left) has to be \(relation) "
        + "\(reward == nil ? "" : "reward + ")expected \(names.next) = \(right)")
  }

  /// Whether some successor of `choice` satisfies the condition.
  func reaches(_ choice: Int, where condition: (Int) -> Bool) -> Bool {
    model.transitionRange(of: choice).contains { condition(Int(model.successors[$0])) }
  }
}

extension PooledVector {
  package static func zeros(_ count: Int) -> PooledVector {
    var pool = RationalPool()
    return PooledVector(
      places: ContiguousArray(repeating: pool.insert(0), count: count), pool: pool)
  }
}

extension FiniteMDP {
  /// A state and an action, at the start of a message.
  func place(of choice: Int) -> String {
    "at state \(name(stateOf: choice)), action \(name(actionOf: choice))"
  }

  /// For each state whether it has the label; rejects a label that the model lacks.
  func goalStates(_ label: String) throws(CheckFailure) -> [Bool] {
    guard let labeled = states(labeled: label) else {
      let names = labels.map { excerpt($0.name) }.joined(separator: ", ")
      throw .rejected(
        "goal: the model has no label \(excerpt(label))"
          + (names.isEmpty ? "" : "; it has \(names)"))
    }
    var isGoal = [Bool](repeating: false, count: stateCount)
    for state in labeled { isGoal[Int(state.index)] = true }
    return isGoal
  }

  /// The policy as choices; rejects a wrong length and an action that is not available.
  func choices(of policy: [Action], _ field: String) throws(CheckFailure) -> [Choice] {
    try choices(of: policy as [Action?], field).compactMap { $0 }
  }

  /// The same for a policy that may say nothing at some states.
  func choices(of policy: [Action?], _ field: String) throws(CheckFailure) -> [Choice?] {
    try requireCount(policy.count, self, field)
    var choices: [Choice?] = []
    choices.reserveCapacity(policy.count)
    for (state, action) in policy.enumerated() {
      choices.append(
        try action.map { (action) throws(CheckFailure) in
          try choice(.index(Int(action.index)), at: State(state), in: field)
        })
    }
    return choices
  }
}
