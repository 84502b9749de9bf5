// What is here: the nearest reward of a linear family, between forms levelled by the uniform policy,
// and its proof. Notation: L r = r - (E - γP)V the levelled form on compared choices, V the values of
// r under the uniform policy; u numbers on compared choices with |u|_* ≤ 1. With z such that
// z - γ P_uᵀ z = (E - γP)ᵀ u it is <u, L r> = <w, r> for w(s,a) = u(s,a) - z(s)/|A_s|. If <w, b> = 0 for
// every member b of the basis, then |L(r - Σ t b)| ≥ <u, L(r - Σ t b)> = <w, r> for all t.
// Proof: `proofs-notes/nearest-reward.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// A linear family of rewards.
public enum RewardFamily: Sendable, Hashable {
  /// Rewards that depend on the state alone; one coefficient a state.
  case stateOnly
  /// Rewards that are 0 but on these choices, ascending; one coefficient a choice.
  case support([Choice])
  /// Combinations of rewards of the model; one coefficient a name.
  case rewards([String])

  var rewardNames: [String] {
    if case .rewards(let names) = self { names } else { [] }
  }

  /// The name in files.
  public var name: String {
    switch self {
    case .stateOnly: "state-only"
    case .support: "support"
    case .rewards: "rewards"
    }
  }
}

/// The nearest member of a linear family of rewards.
public struct NearestAnswer: Sendable {
  public let reward: String
  public let family: RewardFamily
  /// `l1` or `linf`, over the compared choices.
  public let norm: RewardNorm
  public let coefficients: [Rational]
  public let distance: Rational
  /// The values of the reward less the member under the uniform policy.
  public let differenceValues: RationalVector
  /// `u`, what is not listed is 0.
  public let dual: OccupancyEntries
  /// `z`, one entry a state.
  public let adjoint: RationalVector

  public init(
    reward: String, family: RewardFamily, norm: RewardNorm, coefficients: [Rational],
    distance: Rational, differenceValues: RationalVector, dual: OccupancyEntries,
    adjoint: RationalVector
  ) {
    self.reward = reward
    self.family = family
    self.norm = norm
    self.coefficients = coefficients
    self.distance = distance
    self.differenceValues = differenceValues
    self.dual = dual
    self.adjoint = adjoint
  }
}

/// Checks one nearest reward; the reward is the first of the conditions, those of the family follow.
struct NearestCheck<Conditions: RewardConditions> {
  let answer: NearestAnswer
  let check: Conditions
  let pairs: ComparedPairs
  private var model: FiniteMDP { check.model }

  func run() throws(CheckFailure) -> String {
    let basis = try basis()
    try require(
      answer.coefficients.count == basis.count,
      "nearest: there are \(answer.coefficients.count) coefficients, but \(basis.count) are needed")
    try requireAttained(basis)
    try requireBound(basis)
    return "\(shown(answer.distance)) is the least distance in \(answer.norm.rawValue), between "
      + "forms levelled by the uniform policy, from the reward '\(answer.reward)' to "
      + "\(family), with discount \(shown(check.discount))"
  }

  private var family: String {
    switch answer.family {
    case .stateOnly: "one that depends on the state alone"
    case .support(let choices):
      "one that is 0 but on the \(choices.count) pair\(choices.count == 1 ? "" : "s") listed"
    case .rewards(let names):
      "a combination of " + names.map { "'\($0)'" }.joined(separator: ", ")
    }
  }

  /// The members of the basis, each as numbers on choices.
  private func basis() throws(CheckFailure) -> [[(choice: Int, value: Rational)]] {
    switch answer.family {
    case .stateOnly:
      return (0..<model.stateCount).map { state in
        model.choiceRange(at: state).map { ($0, Rational.one) }
      }
    case .support(let choices):
      return choices.map { [(Int($0.index), Rational.one)] }
    case .rewards(let names):
      return names.indices.map { place in
        (0..<model.choiceCount).map { ($0, check.rewards[place + 1][$0]) }
      }
    }
  }

  /// The norm of the levelled difference is the distance.
  private func requireAttained(
    _ basis: [[(choice: Int, value: Rational)]]
  ) throws(CheckFailure) {
    var difference = (0..<model.choiceCount).map { check.rewards[0][$0] }
    for (coefficient, member) in zip(answer.coefficients, basis) where !coefficient.isZero {
      for (choice, value) in member { difference[choice] -= coefficient * value }
    }
    let table = PooledVector(difference)
    let values = answer.differenceValues
    try requireCount(values.count, model, "differenceValues")
    let bellman = BellmanOperator(model: model, reward: table, discount: check.discount)
    for state in 0..<model.stateCount {
      let choices = model.choices(at: State(state))
      let sum = choices.reduce(Rational.zero) { $0 + bellman.lookahead($1, over: values.entries) }
      try check.requireEqual(
        values[state], sum / Rational(choices.count),
        "differenceValues: at state \(model.name(State(state)))")
    }
    let levelled = CanonicalReward.levelled(
      table, by: values, on: pairs, in: model, discount: check.discount)
    guard let norm = answer.norm.linear(levelled.entries) else {
      throw .rejected("norm: it is '\(answer.norm.rawValue)', but it has to be 'l1' or 'linf'")
    }
    try check.requireEqual(answer.distance, norm, "distance")
  }

  /// `<w, b> = 0` for each member of the basis, and `<w, r>` is the distance.
  private func requireBound(_ basis: [[(choice: Int, value: Rational)]]) throws(CheckFailure) {
    let isCompared = Set(pairs.choices)
    try require(
      answer.dual.entries.allSatisfy { isCompared.contains($0.choice) },
      "dual: a choice that is not compared is listed")
    let size = answer.norm.dual(answer.dual.entries.lazy.map(\.mass)) ?? 2
    try require(size <= 1, "dual: its norm is \(shown(size)), but at most 1 is allowed")
    let weights = try adjointWeights()
    for (place, member) in basis.enumerated() {
      let product = member.reduce(Rational.zero) { $0 + weights[$1.choice] * $1.value }
      try require(
        product.isZero,
        "dual: it sees member \(place + 1) of the basis, by \(shown(product))")
    }
    let bound = weights.indices.reduce(Rational.zero) { $0 + weights[$1] * check.rewards[0][$1] }
    try check.requireEqual(bound, answer.distance, "dual: the bound that it proves")
  }

  /// `w`, after the equation of `z` was checked.
  private func adjointWeights() throws(CheckFailure) -> [Rational] {
    let z = answer.adjoint
    try requireCount(z.count, model, "adjoint")
    var weights = [Rational](repeating: 0, count: model.choiceCount)
    for (choice, value) in answer.dual.entries { weights[Int(choice.index)] = value }
    // z = Eᵀ u - γPᵀ (u - z/|A|)
    var right = [Rational](repeating: 0, count: model.stateCount)
    for choice in weights.indices {
      let state = Int(model.choiceStates[choice])
      right[state] += weights[choice]
      weights[choice] -= z[state] / Rational(model.choiceRange(at: state).count)
      if weights[choice].isZero { continue }
      for (successor, probability) in model.transitions(of: Choice(choice)) {
        right[Int(successor.index)] -= check.discount * probability * weights[choice]
      }
    }
    for state in right.indices {
      try check.requireEqual(
        z[state], right[state], "adjoint: at state \(model.name(State(state)))")
    }
    return weights
  }
}
