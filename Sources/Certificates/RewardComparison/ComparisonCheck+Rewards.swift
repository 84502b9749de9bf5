// What is here: the checks of what a comparison says of single rewards, and what they leave for the
// checks of pairs, so that nothing is computed once a pair that can be computed once a reward.

import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A reward whose statements are checked, with what all pairs need to know of it.
struct ProvedReward {
  let stated: ComparisonAnswer.Reward
  /// The canonical form with its norm.
  let canonical: StandardisedVector
  /// For each choice 0 where it is optimal.
  let optimalSigns: ContiguousArray<Int8>
  /// The optimal choices at states that optimal policies reach.
  let optimalChoices: Set<Int>
  /// The reward on compared choices, levelled by its greatest values, and by its least.
  let levelled: (greatest: RationalVector, least: RationalVector)
}

extension ComparisonCheck {
  /// Checks what is said of each reward.
  func provedRewards() throws(CheckFailure) -> [ProvedReward] {
    var proved: [ProvedReward] = []
    for place in rewards.indices {
      progress.report(
        "checking the rewards", fraction: Double(place) / Double(rewards.count))
      proved.append(try provedReward(place))
    }
    return proved
  }

  private func provedReward(_ place: Int) throws(CheckFailure) -> ProvedReward {
    let reward = answer.rewards[place]
    let field = "rewards[\(excerpt(reward.name))]"
    let maximum = try optimum(reward.maximumCertificate, place, .maximize, "\(field).certificate")
    let minimum = try optimum(reward.minimumCertificate, place, .minimize, "\(field).certificate")
    try requireEqual(reward.maximum, maximum.mean, "\(field).maximum")
    try requireEqual(reward.minimum, minimum.mean, "\(field).minimum")
    let span = maximum.mean - minimum.mean
    try requireEqual(reward.span, span, "\(field).span")
    try require(
      reward.isTrivial == span.isZero,
      "\(field).trivial: it is \(reward.isTrivial), but the span is \(shown(span))")
    let canonical = try provedCanonical(reward, place, field)
    let norm = try provedNorm(of: reward, canonical, field)
    return ProvedReward(
      stated: reward, canonical: StandardisedVector(canonical, norm ?? .rational(1)),
      optimalSigns: maximum.signs, optimalChoices: optimalChoices(maximum.signs),
      levelled: (
        levelled(rewards[place], by: maximum.values).overCommonDenominator(),
        levelled(rewards[place], by: minimum.values).overCommonDenominator()
      ))
  }

  /// The greatest or the least values of a reward, checked, with the signs of all slacks.
  private func optimum(
    _ certificate: ComparisonAnswer.Optimum?, _ place: Int, _ direction: Direction,
    _ field: String
  ) throws(CheckFailure) -> (
    values: RationalVector, mean: Rational, signs: ContiguousArray<Int8>
  ) {
    let plain = [(place: place, weight: Rational.one)]
    let field = "\(field).\(direction == .maximize ? "maximum" : "minimum")"
    guard let certificate else {
      let values = try solvedValues(plain, direction, field)
      return (values, mean(values), try slackSigns(values, rewards[place]))
    }
    let (mean, signs) = try attainedWithSigns(certificate, plain, direction, field)
    return (certificate.values, mean, signs)
  }

  private func levelled(_ reward: PooledVector, by values: RationalVector) -> RationalVector {
    CanonicalReward.levelled(reward, by: values, on: pairs, in: model, discount: discount)
  }

  // MARK: - Canonical forms

  /// The canonical form, which is the stated one where one is stated.
  private func provedCanonical(
    _ reward: ComparisonAnswer.Reward, _ place: Int, _ field: String
  ) throws(CheckFailure) -> RationalVector {
    let expected: RationalVector
    switch settings.canonicalization {
    case .valueAdjustedLevelling:
      let policy = answer.policy ?? .uniform(in: model)
      let values = try policyValues(
        reward.policyValues, policy, place, "\(field).certificate.policyValues")
      expected = levelled(rewards[place], by: values)
    case .minimal:
      guard let values = reward.policyValues else {
        throw .rejected("\(field).certificate.policyValues: they are missing")
      }
      try requireCount(values.count, model, "\(field).certificate.policyValues")
      expected = levelled(rewards[place], by: values)
      try requireOrthogonal(expected, field)
    case .epic: expected = CanonicalReward.epic(functions[place], in: model, discount: discount)
    case .dard:
      try require(
        model.choiceCount == model.stateCount * model.actions.count,
        "canonicalization: 'dard' needs every action in every state")
      expected = CanonicalReward.dard(functions[place], in: model, discount: discount)
    case .none: expected = CanonicalReward.unchanged(functions[place], in: model)
    }
    guard let stated = reward.canonical else { return expected }
    try require(
      stated.count == expected.count,
      "\(field).canonical: there are \(stated.count) entries, but \(expected.count) are needed")
    for entry in expected.indices where !expected.isEqual(stated, at: entry) {
      let (left, right) = shown(stated[entry], versus: expected[entry])
      throw .rejected("\(field).canonical[\(entry)]: it is \(left), but has to be \(right)")
    }
    return expected
  }

  /// Shapings on the compared choices are orthogonal to the least of the equivalent rewards.
  private func requireOrthogonal(
    _ canonical: RationalVector, _ field: String
  ) throws(CheckFailure) {
    var products: [Int32: Rational] = [:]
    for (place, choice) in pairs.choices.enumerated() {
      let value = canonical[place]
      products[model.state(of: choice).index, default: 0] -= value
      for (successor, probability) in model.transitions(of: choice) {
        products[successor.index, default: 0] += discount * probability * value
      }
    }
    for state in pairs.states where !(products[state.index] ?? 0).isZero {
      throw .rejected(
        "\(field).canonical: it is not orthogonal to the shaping at \(model.name(state))")
    }
  }

  /// The stated norm, checked; `nil` where nothing is divided.
  private func provedNorm(
    of reward: ComparisonAnswer.Reward, _ canonical: RationalVector, _ field: String
  ) throws(CheckFailure) -> NormValue? {
    guard settings.normalization != .none else {
      try require(reward.norm == nil, "\(field).norm: nothing is divided, so it is null")
      return nil
    }
    guard let printed = reward.norm else { throw .rejected("\(field).norm: it is missing") }
    let proved = try norm(of: reward, canonical, "\(field).certificate.norm")
    try requireNumber(printed, proved.number, "\(field).norm")
    return proved
  }

  private func norm(
    of reward: ComparisonAnswer.Reward, _ vector: RationalVector, _ field: String
  ) throws(CheckFailure) -> NormValue {
    if settings.normalization == .span, settings.canonicalization == .dard {
      guard case .span(let maximum, let minimum)? = reward.normCertificate else {
        throw .rejected("\(field): it is missing")
      }
      let canonical = CanonicalConditions(self, [vector])
      let plain = [(place: 0, weight: Rational.one)]
      return .rational(
        try canonical.attained(maximum, plain, .maximize, "\(field).maximum")
          - canonical.attained(minimum, plain, .minimize, "\(field).minimum"))
    }
    switch settings.normalization {
    case .none: return .rational(1)
    case .span: return .rational(reward.span)
    case .l1, .l2, .linf: break
    }
    guard settings.isQuotient(settings.normalization) else {
      return vector.norm(settings.normalization)
    }
    guard case .quotient(let potential, let dual)? = reward.normCertificate else {
      throw .rejected("\(field): it is missing")
    }
    return .rational(
      try provedQuotient(
        vector, settings.normalization, potential: potential, dual: dual, field))
  }

  /// `min_Φ |x + γPΦ - Φ|`, proved by a potential that attains it and a dual vector.
  func provedQuotient(
    _ vector: RationalVector, _ norm: RewardNorm, potential: RationalVector,
    dual: RationalVector, _ field: String
  ) throws(CheckFailure) -> Rational {
    try requireCount(potential.count, model, "\(field).potential")
    try require(
      dual.count == vector.count,
      "\(field).dual: there are \(dual.count) entries, but \(vector.count) compared choices")
    let size = norm == .l1 ? dual.largestMagnitude : dual.sumOfMagnitudes
    try require(size <= 1, "\(field).dual: its dual norm is \(shown(size)), more than 1")
    try requireOrthogonal(dual, field)
    let zero = PooledVector(zeros: model.choiceCount)
    let shaping = levelled(zero, by: potential)
    let shaped = RationalVector.difference(vector, times: 1, shaping, times: -1)
    let attained = norm == .l1 ? shaped.sumOfMagnitudes : shaped.largestMagnitude
    let bound = dual.dot(vector)
    try requireEqual(attained, bound, "\(field).potential: the norm that it attains")
    return bound
  }
}
