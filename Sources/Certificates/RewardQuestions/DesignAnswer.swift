// What is here: the nearest reward under which a policy is optimal with a margin, and its proof.
// Notation: r̂ the reference, one number a choice; V the values of the policy π under r; m the margin,
// 0 on π's own choices; y multipliers. For every feasible r: V - γPV - r ≥ m with equality on π, so if
// Σ_c y_c (e_s - γP_c) = 0 and y ≥ 0 off π, then <y, r̂ - r> ≥ <y, m + r̂>; and with |y|_* ≤ 1 on the
// choices that may change, |r - r̂| ≥ <y, m + r̂>. Proof: `proofs-notes/nearest-reward.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// The nearest reward that makes a policy optimal at every state, each other action being worse by
/// a margin.
public struct DesignAnswer: Sendable {
  public enum Outcome: Sendable {
    /// One number a choice, the values of the policy under them, and the distance.
    case found(table: [Rational], values: RationalVector, distance: Rational)
    /// What may not change rules out every such reward.
    case impossible
  }

  /// The reference.
  public let reward: String
  /// `l1` or `linf`, over all choices.
  public let norm: RewardNorm
  /// Not negative.
  public let margin: Rational
  /// One action a state.
  public let policy: [Action]
  /// Choices whose reward is not changed, ascending.
  public let kept: [Choice]
  public let outcome: Outcome
  /// `y`, what is not listed is 0.
  public let multipliers: OccupancyEntries

  public init(
    reward: String, norm: RewardNorm, margin: Rational, policy: [Action], kept: [Choice],
    outcome: Outcome, multipliers: OccupancyEntries
  ) {
    self.reward = reward
    self.norm = norm
    self.margin = margin
    self.policy = policy
    self.kept = kept
    self.outcome = outcome
    self.multipliers = multipliers
  }
}

extension RewardNorm {
  /// The norm of numbers; `nil` for a norm that is not linear.
  func linear(_ values: some Sequence<Rational>) -> Rational? {
    switch self {
    case .l1: values.reduce(Rational.zero) { $0 + $1.magnitude }
    case .linf: values.reduce(Rational.zero) { max($0, $1.magnitude) }
    case .l2, .span, .none: nil
    }
  }

  /// `|u|_*`, the largest `<u, x>` over `|x| ≤ 1`; `nil` for a norm that is not linear.
  func dual(_ values: some Sequence<Rational>) -> Rational? {
    switch self {
    case .l1: RewardNorm.linf.linear(values)
    case .linf: RewardNorm.l1.linear(values)
    case .l2, .span, .none: nil
    }
  }
}

/// Checks one design.
struct DesignCheck<Conditions: RewardConditions> {
  let answer: DesignAnswer
  let check: Conditions
  private var model: FiniteMDP { check.model }

  func run() throws(CheckFailure) -> String {
    try require(
      answer.margin.signum >= 0, "margin: it is \(shown(answer.margin)), but must not be negative")
    let isTarget = try targets()
    let bound = try provedBound(isTarget)
    let place = "with discount \(shown(check.discount))"
    switch answer.outcome {
    case .impossible:
      let free = answer.multipliers.entries.filter { !Set(answer.kept).contains($0.choice) }
      try require(
        free.allSatisfy(\.mass.isZero),
        "multipliers: a choice whose reward may change has one")
      try require(
        bound.signum > 0,
        "multipliers: they prove the bound \(shown(bound)), but it has to be more than 0")
      return "no reward that agrees with '\(answer.reward)' where it is kept makes the policy "
        + "optimal with the margin \(shown(answer.margin)), \(place)"
    case .found(let table, let values, let distance):
      try requireFeasible(table, values, isTarget)
      let differences = table.indices.map { table[$0] - check.rewards[0][$0] }
      try check.requireEqual(distance, answer.norm.linear(differences) ?? 0, "distance")
      try check.requireEqual(bound, distance, "multipliers: the bound that they prove")
      return "\(shown(distance)) is the least distance in \(answer.norm.rawValue) from the reward "
        + "'\(answer.reward)' to one under which the policy is optimal with the margin "
        + "\(shown(answer.margin)), \(place)"
    }
  }

  /// For each choice whether the policy takes it.
  private func targets() throws(CheckFailure) -> [Bool] {
    try requireCount(answer.policy.count, model, "policy")
    var isTarget = [Bool](repeating: false, count: model.choiceCount)
    for (state, action) in answer.policy.enumerated() {
      let choice = try model.choice(
        .index(Int(action.index)), at: State(state), in: "policy")
      isTarget[Int(choice.index)] = true
    }
    return isTarget
  }

  private func requireFeasible(
    _ table: [Rational], _ values: RationalVector, _ isTarget: [Bool]
  ) throws(CheckFailure) {
    try require(
      table.count == model.choiceCount,
      "nearest: there are \(table.count) entries, but the model has \(model.choiceCount) pairs")
    try requireCount(values.count, model, "values")
    for choice in answer.kept where table[Int(choice.index)] != check.rewards[0][Int(choice.index)]
    {
      throw .rejected(
        "nearest: at state \(model.name(stateOf: Int(choice.index))) the reward of action "
          + "\(model.name(actionOf: Int(choice.index))) is kept, but it differs")
    }
    for choice in 0..<model.choiceCount {
      var gap = values[Int(model.choiceStates[choice])] - table[choice]
      for (successor, probability) in model.transitions(of: Choice(choice)) {
        gap -= check.discount * probability * values[Int(successor.index)]
      }
      let needed = isTarget[choice] ? Rational.zero : answer.margin
      guard isTarget[choice] ? gap == needed : gap >= needed else {
        throw .rejected(
          "values: at state \(model.name(stateOf: choice)), action "
            + "\(model.name(actionOf: choice)) the value exceeds reward + discount × expected next "
            + "value by \(shown(gap)), but that has to be "
            + "\(isTarget[choice] ? "" : "at least ")\(shown(needed))")
      }
    }
  }

  /// `<y, m + r̂>`, where `y` may multiply the inequalities.
  private func provedBound(_ isTarget: [Bool]) throws(CheckFailure) -> Rational {
    let kept = Set(answer.kept)
    var bound = Rational.zero
    var flow = [Rational](repeating: 0, count: model.stateCount)
    for (choice, y) in answer.multipliers.entries where !y.isZero {
      let index = Int(choice.index)
      try require(
        isTarget[index] || y.signum > 0,
        "multipliers: at state \(model.name(stateOf: index)), action "
          + "\(model.name(actionOf: index)) it is \(shown(y)), but it must not be negative")
      bound += y * (check.rewards[0][index] + (isTarget[index] ? 0 : answer.margin))
      flow[Int(model.choiceStates[index])] += y
      for (successor, probability) in model.transitions(of: choice) {
        flow[Int(successor.index)] -= check.discount * probability * y
      }
    }
    for (state, value) in flow.enumerated() where !value.isZero {
      throw .rejected(
        "multipliers: at state \(model.name(State(state))) they are out of balance by "
          + shown(value))
    }
    let size = answer.norm.dual(
      answer.multipliers.entries.lazy.filter { !kept.contains($0.choice) }.map(\.mass))
    guard let size else {
      throw .rejected("norm: it is '\(answer.norm.rawValue)', but it has to be 'l1' or 'linf'")
    }
    try require(
      size <= 1, "multipliers: their dual norm is \(shown(size)), but at most 1 is allowed")
    return bound
  }
}
