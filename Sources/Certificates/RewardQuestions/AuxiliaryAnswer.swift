import ExactArithmetic
import MarkovDecisionProcesses

/// What adding an auxiliary reward does to a reward.
public struct AuxiliaryAnswer: Sendable {
  public enum Effect: Sendable {
    /// It is `γPΦ - Φ` in expectation: every policy's value changes by the same number.
    case shaping(potential: RationalVector)
    /// It is no shaping, but the optimal policies stay the same.
    case sameOptimalPolicies(AuxiliaryOptima)
    /// Other policies are optimal; the worst of them for the reward itself loses so much, 0 where
    /// only optimal policies were lost.
    case changesOptimum(AuxiliaryOptima, worst: ComparisonAnswer.Optimum, loss: Rational)
  }

  public let reward: String
  public let auxiliary: String
  public let effect: Effect

  public init(reward: String, auxiliary: String, effect: Effect) {
    self.reward = reward
    self.auxiliary = auxiliary
    self.effect = effect
  }
}

/// Optimal values, which tell the optimal choices: those that attain them.
public struct AuxiliaryOptima: Sendable {
  /// Of the reward alone.
  public let values: RationalVector
  /// With the auxiliary reward added.
  public let sumValues: RationalVector

  public init(values: RationalVector, sumValues: RationalVector) {
    self.values = values
    self.sumValues = sumValues
  }
}

extension AuxiliaryAnswer.Effect {
  /// What the two rewards prove, by their places 0 and 1; the end of a sentence.
  ///
  /// Source: `proofs-notes/auxiliary-rewards.md`.
  func conclusion(_ check: some RewardConditions, _ pairs: ComparedPairs) throws(CheckFailure)
    -> String
  {
    switch self {
    case .shaping(let potential):
      try check.requireShaping([(place: 1, weight: 1)], potential, on: pairs, "potential")
      return "changes the value of every policy by the same number"
    case .sameOptimalPolicies(let optima):
      let signs = try optima.signs(check)
      try require(
        check.optimalChoices(signs.own) == check.optimalChoices(signs.sum),
        "effect: the optimal policies differ")
      return "keeps the optimal policies"
    case .changesOptimum(let optima, let worst, let loss):
      let signs = try optima.signs(check)
      try require(
        check.optimalChoices(signs.own) != check.optimalChoices(signs.sum),
        "effect: the optimal policies are the same")
      let least = try check.attained(
        worst, [(place: 0, weight: 1)], .minimize, "worst", allowed: signs.sum.map { $0 == 0 })
      try check.requireEqual(loss, check.mean(optima.values) - least, "loss")
      return "changes the optimal policies; the worst that is optimal with it loses \(shown(loss))"
    }
  }
}

extension AuxiliaryOptima {
  /// The signs of the advantages without and with the auxiliary reward, of proved optimal values.
  func signs(
    _ check: some RewardConditions
  ) throws(CheckFailure) -> (own: ContiguousArray<Int8>, sum: ContiguousArray<Int8>) {
    (
      try check.optimalSigns(values, [(place: 0, weight: 1)], "values"),
      try check.optimalSigns(
        sumValues, [(place: 0, weight: 1), (place: 1, weight: 1)], "sumValues")
    )
  }
}

extension RewardConditions {
  /// The signs of the advantages where `values` are the optimal ones: no choice is better, and some
  /// choice at each state attains them.
  func optimalSigns(
    _ values: RationalVector, _ combination: Combination, _ field: String
  ) throws(CheckFailure) -> ContiguousArray<Int8> {
    let signs = try requireBounds(values, reward(of: combination), .maximize, field)
    for state in 0..<model.stateCount {
      try require(
        model.choiceRange(at: state).contains { signs[$0] == 0 },
        "\(field): at state \(model.name(State(state))) no action attains the value")
    }
    return signs
  }

  /// The optimal choices at states that optimal policies reach.
  ///
  /// - Parameter signs: of the advantage of each choice, 0 where it is optimal.
  func optimalChoices(_ signs: ContiguousArray<Int8>) -> Set<Int> {
    var seen = Set(law.filter { !$0.probability.isZero }.map(\.state))
    var pending = Array(seen)
    var choices: Set<Int> = []
    while let state = pending.popLast() {
      for choice in model.choiceRange(at: state) where signs[choice] == 0 {
        choices.insert(choice)
        if discount.isZero { continue }
        for (successor, _) in model.transitions(of: Choice(choice))
        where seen.insert(Int(successor.index)).inserted {
          pending.append(Int(successor.index))
        }
      }
    }
    return choices
  }
}
