import ExactArithmetic
import MarkovDecisionProcesses

/// What a checked certificate has proved, in the form in which claims are held against it.
struct Proof: Sendable {
  /// What is known of the actions of one step.
  struct Step: Sendable {
    /// The policy of the certificate, one choice a state.
    let policy: [Choice]
    /// For each choice whether it is optimal.
    let isOptimal: ContiguousArray<Bool>
    /// The states at which ``isOptimal`` is not proved.
    let undecided: Set<State>
  }

  /// `lower ≤ V* ≤ upper`, at the first step; the same vector twice when `V*` is known.
  let lower: RationalVector
  let upper: RationalVector
  let isExact: Bool
  /// One a step; discounted kinds have one.
  let steps: [Step]
  /// The sentence that is proved, without the initial value.
  let statement: String
}

/// The objective of a certificate on a model, ready for checking.
struct Terms {
  let model: FiniteMDP
  let objective: DiscountedObjective
  let reward: PooledVector
  let judge: BellmanJudge
  let progress: ProgressHandler

  /// Rejects a reward that the model lacks and a discount outside `[0, 1)`, or `[0, 1]` for a
  /// horizon.
  init(
    _ objective: DiscountedObjective, _ model: FiniteMDP, discountMayBeOne: Bool = false,
    _ progress: ProgressHandler
  ) throws(CheckFailure) {
    let reward = try model.expectedReward(objective.reward, in: "reward")
    let discount = objective.discount
    try require(
      discount.signum >= 0 && (discount < 1 || (discount == 1 && discountMayBeOne)),
      "discount: it is \(shown(discount)), but it has to be at least 0 and "
        + (discountMayBeOne ? "at most 1" : "less than 1"))
    self.model = model
    self.objective = objective
    self.progress = progress
    self.reward = reward
    judge = BellmanJudge(model: model, reward: reward, discount: discount)
  }

  var direction: Direction { objective.direction }

  /// The policy as choices; rejects a wrong length and an action that is not available.
  func choices(of policy: [Action], _ field: String = "policy") throws(CheckFailure) -> [Choice] {
    try model.choices(of: policy, field)
  }

  /// `r(c) + γ P_c v` of one choice, for a message.
  func lookahead(_ choice: Int, _ values: RationalVector) -> Rational {
    var sum = Rational.zero
    for (successor, probability) in model.transitions(of: Choice(choice)) {
      sum += probability * values[Int(successor.index)]
    }
    return reward[choice] + objective.discount * sum
  }

  /// A comparison of a state's entry with what a choice gives, for a message.
  func comparison(
    _ name: String, _ now: RationalVector, _ relation: String, _ choice: Int,
    _ next: RationalVector
  ) -> String {
    let (left, right) = shown(
      now[Int(model.choiceStates[choice])], versus: lookahead(choice, next))
    return "at state \(model.name(stateOf: choice)), action \(model.name(actionOf: choice)): "
      + "\(name) = \(left) has to be \(relation) reward + discount × expected next \(name) "
      + "= \(right)"
  }

  /// How the objective is called in a statement.
  var title: String {
    "the \(direction.adjective) expected discounted sum of the reward "
      + "'\(objective.reward)' with discount \(shown(objective.discount))"
  }

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

  func lookaheadSigns(
    _ values: RationalVector, against other: RationalVector, at reference: [Choice]
  ) throws(CheckFailure) -> ContiguousArray<Int8> {
    do throws(Interrupted) {
      return try judge.lookaheadSigns(
        of: values, against: other, at: reference, progress: progress)
    } catch {
      throw .interrupted(error)
    }
  }
}
