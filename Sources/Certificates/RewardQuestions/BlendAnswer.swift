// What is here: what a planner that optimises r + w u attains of r, for all weights w ≥ 0, and its
// proof. Notation: on a stretch of weights the values of an optimal planner are lines a + b w; the
// advantage of a choice is a line, too, and at most 0 at both ends; where it is 0 inside it is 0
// everywhere. Proof: `proofs-notes/blended-rewards.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// A planner that optimises a blend of two rewards.
public enum BlendPlanner: Sendable, Hashable {
  /// Optimal at every state, for a discount in `[0, 1)`.
  case optimal(discount: Rational)
  /// Takes at every state the first action of an optimal plan for so many steps, at least one,
  /// with a discount in `[0, 1]`.
  case lookahead(steps: Int, discount: Rational)

  public var discount: Rational {
    switch self {
    case .optimal(let discount), .lookahead(_, let discount): discount
    }
  }
}

/// Weights at which a planner has the same best choices.
public struct BlendStretch: Sendable {
  public let from: Rational
  /// ``from`` for a single weight, at which more choices are best than on either side; `nil`
  /// without an end. Otherwise the stretch is all weights strictly between.
  public let to: Rational?
  /// The values of a worst and of a best of the planner's policies, under the first reward.
  public let worstOptimum: ComparisonAnswer.Optimum
  public let bestOptimum: ComparisonAnswer.Optimum
  /// The least and the largest value of the first reward over the planner's best policies.
  public let worst: Rational
  public let best: Rational
  /// The values of an optimal planner are `constant + slope · weight`; `nil` for a single weight
  /// and for a planner that looks ahead.
  public let lines: (constant: RationalVector, slope: RationalVector)?

  public init(
    from: Rational, to: Rational?, worst: Rational, best: Rational,
    worstOptimum: ComparisonAnswer.Optimum, bestOptimum: ComparisonAnswer.Optimum,
    lines: (constant: RationalVector, slope: RationalVector)?
  ) {
    self.from = from
    self.to = to
    self.worst = worst
    self.best = best
    self.worstOptimum = worstOptimum
    self.bestOptimum = bestOptimum
    self.lines = lines
  }

  /// One that attains ``worst``, one action a state.
  public var policy: [Action] { worstOptimum.policy }
  public var isSingleWeight: Bool { from == to }
}

/// What is attained of a reward by blending it with another.
public struct BlendAnswer: Sendable {
  public let reward: String
  public let auxiliary: String
  public let planner: BlendPlanner
  /// In ascending order, the first one the weight 0 alone, then in turn all weights up to the next
  /// single one, and that.
  public let stretches: [BlendStretch]

  public init(
    reward: String, auxiliary: String, planner: BlendPlanner, stretches: [BlendStretch]
  ) {
    self.reward = reward
    self.auxiliary = auxiliary
    self.planner = planner
    self.stretches = stretches
  }
}

/// Checks one blend; the reward is the first of the conditions, the auxiliary one the second.
struct BlendCheck<Conditions: RewardConditions> {
  let answer: BlendAnswer
  let check: Conditions
  private var model: FiniteMDP { check.model }

  func run() throws(CheckFailure) -> String {
    try requireTiling()
    let sets: [[Bool]]
    switch answer.planner {
    case .optimal(let discount):
      try require(
        discount.signum >= 0 && discount < 1,
        "planner: its discount is \(shown(discount)), but it has to be at least 0 and less than 1")
      sets = try optimalSets(discount)
    case .lookahead(let steps, let discount):
      try require(
        steps >= 1 && discount.signum >= 0 && discount <= 1,
        "planner: it has to look ahead a step at least, with a discount in [0, 1]")
      sets = try lookaheadSets(steps, discount)
    }
    for (place, stretch) in answer.stretches.enumerated() {
      let field = "stretches[\(place)]"
      let combination = [(place: 0, weight: Rational.one)]
      let worst = try check.attained(
        stretch.worstOptimum, combination, .minimize, "\(field).worstCertificate",
        allowed: sets[place])
      let best = try check.attained(
        stretch.bestOptimum, combination, .maximize, "\(field).bestCertificate",
        allowed: sets[place])
      try check.requireEqual(stretch.worst, worst, "\(field).worst")
      try check.requireEqual(stretch.best, best, "\(field).best")
    }
    let count = answer.stretches.count / 2 - 1
    return "what a planner attains of the reward '\(answer.reward)' that optimises it plus w times "
      + "the reward '\(answer.auxiliary)' is as stated for every weight w ≥ 0, with \(count) "
      + "breakpoint\(count == 1 ? "" : "s")"
  }

  /// A single weight, all up to the next, and so on.
  private func requireTiling() throws(CheckFailure) {
    let stretches = answer.stretches
    try require(
      stretches.count >= 2 && stretches.count % 2 == 0 && stretches[0].from.isZero
        && stretches[stretches.count - 1].to == nil,
      "stretches: they have to start with the weight 0 alone and to end without an end")
    for (place, stretch) in stretches.enumerated() {
      let isSingle = place % 2 == 0
      let isRight =
        isSingle ? stretch.to == stretch.from : stretch.to.map { $0 > stretch.from } ?? true
      let follows = place == 0 || stretches[place - 1].to == stretch.from
      try require(
        isRight && follows && (stretch.to != nil || place == stretches.count - 1),
        "stretches[\(place)]: single weights and all weights between have to follow each other")
    }
  }

  /// For each stretch the best choices, from the lines of the values.
  private func optimalSets(_ discount: Rational) throws(CheckFailure) -> [[Bool]] {
    var sets: [[Bool]] = []
    for place in stride(from: 1, to: answer.stretches.count, by: 2) {
      let stretch = answer.stretches[place]
      let field = "stretches[\(place)].values"
      guard let lines = stretch.lines else { throw .rejected("\(field): it is missing") }
      try requireCount(lines.constant.count, model, "\(field).constant")
      try requireCount(lines.slope.count, model, "\(field).slope")
      let constant = advantages(lines.constant, 0, discount)
      let slope = advantages(lines.slope, 1, discount)
      for choice in constant.indices {
        let start = constant[choice] + stretch.from * slope[choice]
        let end = stretch.to.map { constant[choice] + $0 * slope[choice] } ?? slope[choice]
        try require(
          start.signum <= 0 && end.signum <= 0,
          "\(field): at state \(model.name(stateOf: choice)) the action "
            + "\(model.name(actionOf: choice)) is better for some weight of the stretch")
      }
      let inside = constant.indices.map { constant[$0].isZero && slope[$0].isZero }
      for state in 0..<model.stateCount {
        try require(
          model.choiceRange(at: state).contains { inside[$0] },
          "\(field): at state \(model.name(State(state))) no action attains the value")
      }
      sets.append(constant.indices.map { (constant[$0] + stretch.from * slope[$0]).isZero })
      sets.append(inside)
    }
    return sets
  }

  /// For each choice its advantage over values, under one of the rewards.
  private func advantages(
    _ values: RationalVector, _ place: Int, _ discount: Rational
  ) -> [Rational] {
    let bellman = BellmanOperator(model: model, reward: check.rewards[place], discount: discount)
    return bellman.qValues(of: values).enumerated().map { choice, value in
      value - values[Int(model.choiceStates[choice])]
    }
  }

  /// The same for a planner that looks ahead, by walking along the weights.
  private func lookaheadSets(_ steps: Int, _ discount: Rational) throws(CheckFailure) -> [[Bool]] {
    let plan = LookaheadPlan(
      model: model, rewards: check.rewards, steps: steps, discount: discount)
    let found: [BlendSet]
    do throws(Interrupted) {
      found = try blendSets { (weight) throws(Interrupted) in
        try check.progress.checkpoint()
        return plan.plan(at: weight)
      }
    } catch {
      throw .interrupted(error)
    }
    for (place, stretch) in answer.stretches.enumerated() {
      try require(
        place < found.count && found[place].from == stretch.from && found[place].to == stretch.to,
        "stretches[\(place)]: the planner's best choices change at other weights")
    }
    try require(
      found.count == answer.stretches.count, "stretches: there have to be \(found.count)")
    return found.map(\.allowed)
  }
}
