import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Everything that a comparison says is recomputed from the model and from the values, policies and
// occupancies that it carries. Proofs: `proofs-notes/reward-order.md`,
// `proofs-notes/regret-span-distance.md`.

extension ComparisonAnswer {
  /// Checks every statement of the answer on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the answer, times the length of the numbers; policies
  ///   without an occupancy are evaluated by elimination, and are refused on large models.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let check = try ComparisonCheck(self, model, progress)
      return .accepted(
        statement: try check.statement(),
        warnings: warnings(about: discount, in: model) + check.warnings)
    }
  }
}

extension WrittenComparison {
  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let check = try ComparisonCheck(fitted(to: model), model, progress)
      return .accepted(
        statement: try check.statement(),
        warnings: warnings(about: discount, in: model) + check.warnings)
    }
  }
}

/// The checks of one answer on its model.
struct ComparisonCheck: RewardConditions {
  let answer: ComparisonAnswer
  let model: FiniteMDP
  let progress: ProgressHandler
  let law: [(state: Int, probability: Rational)]
  let pairs: ComparedPairs
  /// The rewards of the answer, negated where it minimises.
  let functions: [RewardFunction]
  /// Their expectations, one entry a choice.
  let rewards: [PooledVector]

  init(
    _ answer: ComparisonAnswer, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.answer = answer
    self.model = model
    self.progress = progress
    let discount = answer.discount
    try require(
      discount.signum >= 0 && discount < 1,
      "discount: it is \(shown(discount)), but it has to be at least 0 and less than 1")
    guard let law = answer.initial ?? model.initial else {
      throw .rejected("initial: neither the model nor the answer has an initial law")
    }
    self.law = law.map { (Int($0.state.index), $0.probability) }
    pairs = ComparedPairs(model: model, discount: discount, initial: law)
    var functions: [RewardFunction] = []
    for reward in answer.rewards {
      guard let function = model.reward(named: reward.name) else {
        throw .rejected("rewards: the model has no reward \(excerpt(reward.name))")
      }
      functions.append(answer.direction == .maximize ? function : -function)
    }
    self.functions = functions
    rewards = functions.map { $0.expected(in: model) }
  }

  var discount: Rational { answer.discount }
  var settings: ComparisonSettings { answer.settings }

  /// Runs every check; the sentence that the answer proves.
  func statement() throws(CheckFailure) -> String {
    try require(
      answer.comparedStates == pairs.states,
      "comparedStates: the states to compare are "
        + pairs.states.prefix(20).map { model.name($0) }.joined(separator: ", "))
    var norms: [NormValue] = []
    for place in rewards.indices { norms.append(try checkReward(place)) }
    try requireEachPairOnce(answer.pairs.map { ($0.first, $0.second) }, of: rewards.count)
    for (place, pair) in answer.pairs.enumerated() {
      progressed(place)
      try PairCheck(self, pair, norms: norms, "pairs[\(place)]").run()
    }
    return sentence
  }

  /// What is stated and not proved.
  var warnings: [String] {
    // Between the span distance and regret the constants 1 and 2 hold in every environment.
    let isUniversal = settings.normalization == .span && settings.metric == .span
    let unproved = answer.pairs.contains { pair in
      guard let constants = pair.boundConstants else { return false }
      return !(isUniversal && constants.lower <= 1 && constants.upper >= 2)
    }
    return unproved
      ? [
        "boundConstants hold for the pairs of this answer; that they hold for all rewards of the "
          + "environment is not proved here"
      ] : []
  }

  private func progressed(_ place: Int) {
    progress.report(
      "checking the pairs", fraction: Double(place) / Double(max(1, answer.pairs.count)))
  }

  private var sentence: String {
    let names = answer.rewards.map { "'\($0.name)'" }.joined(separator: ", ")
    let count = answer.pairs.count
    return "of the rewards \(names)\(answer.direction == .minimize ? ", negated," : "") with "
      + "discount \(shown(discount)), the spans and canonical forms, and for "
      + (count == 1 ? "the pair" : "all \(count) pairs")
      + " the distances, the worst-case regrets, the regrets of optimising the other reward, and "
      + "whether the orders of policies and the optimal policies are the same, are exactly as "
      + "stated"
  }

  // MARK: - Rewards

  /// Checks what is said of one reward; its norm, as proved, by which distances divide.
  private func checkReward(_ place: Int) throws(CheckFailure) -> NormValue {
    let reward = answer.rewards[place]
    let field = "rewards[\(excerpt(reward.name))]"
    let plain = [(place: place, weight: Rational.one)]
    let maximum = try attained(
      reward.maximumCertificate, plain, .maximize, "\(field).certificate.maximum")
    let minimum = try attained(
      reward.minimumCertificate, plain, .minimize, "\(field).certificate.minimum")
    try requireEqual(reward.maximum, maximum, "\(field).maximum")
    try requireEqual(reward.minimum, minimum, "\(field).minimum")
    try requireEqual(reward.span, maximum - minimum, "\(field).span")
    try require(
      reward.isTrivial == (maximum == minimum),
      "\(field).trivial: it is \(reward.isTrivial), but the span is \(shown(maximum - minimum))")
    try checkCanonical(reward, place, field)
    return try checkNorm(reward, field)
  }

  private func checkCanonical(
    _ reward: ComparisonAnswer.Reward, _ place: Int, _ field: String
  ) throws(CheckFailure) {
    let expected: RationalVector
    switch settings.canonicalization {
    case .valueAdjustedLevelling:
      let policy = answer.policy ?? .uniform(in: model)
      let values = try policyValues(
        reward.policyValues, policy, place, "\(field).certificate.policyValues")
      expected = .levelledForCheck(rewards[place], values, self)
    case .minimal:
      guard let values = reward.policyValues else {
        throw .rejected("\(field).certificate.policyValues: they are missing")
      }
      try requireCount(values.count, model, "\(field).certificate.policyValues")
      expected = .levelledForCheck(rewards[place], values, self)
      try requireOrthogonal(expected, field)
    case .epic: expected = CanonicalReward.epic(functions[place], in: model, discount: discount)
    case .dard:
      try require(
        model.choiceCount == model.stateCount * model.actions.count,
        "canonicalization: 'dard' needs every action in every state")
      expected = CanonicalReward.dard(functions[place], in: model, discount: discount)
    case .none: expected = CanonicalReward.unchanged(functions[place], in: model)
    }
    try require(
      reward.canonical.count == expected.count,
      "\(field).canonical: there are \(reward.canonical.count) entries, but \(expected.count) are "
        + "needed")
    for entry in expected.indices where !expected.isEqual(reward.canonical, at: entry) {
      let (left, right) = shown(reward.canonical[entry], versus: expected[entry])
      throw .rejected("\(field).canonical[\(entry)]: it is \(left), but has to be \(right)")
    }
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

  private func checkNorm(
    _ reward: ComparisonAnswer.Reward, _ field: String
  ) throws(CheckFailure) -> NormValue {
    guard settings.normalization != .none else {
      try require(reward.norm == nil, "\(field).norm: nothing is divided, so it is null")
      return .rational(1)
    }
    guard let printed = reward.norm else { throw .rejected("\(field).norm: it is missing") }
    let proved = try provedNorm(of: reward, "\(field).certificate.norm")
    try requireNumber(printed, proved.number, "\(field).norm")
    return proved
  }

  private func provedNorm(
    of reward: ComparisonAnswer.Reward, _ field: String
  ) throws(CheckFailure) -> NormValue {
    if settings.isQuotient(settings.normalization) {
      guard case .quotient(let potential, let dual)? = reward.normCertificate else {
        throw .rejected("\(field): it is missing")
      }
      return .rational(
        try provedQuotient(
          reward.canonical, settings.normalization, potential: potential, dual: dual, field))
    }
    guard settings.normalization == .span else {
      return reward.canonical.norm(settings.normalization)
    }
    guard settings.canonicalization == .dard else { return .rational(reward.span) }
    guard case .span(let maximum, let minimum)? = reward.normCertificate else {
      throw .rejected("\(field): it is missing")
    }
    let canonical = CanonicalConditions(self, [reward.canonical])
    let plain = [(place: 0, weight: Rational.one)]
    return .rational(
      try canonical.attained(maximum, plain, .maximize, "\(field).maximum")
        - canonical.attained(minimum, plain, .minimize, "\(field).minimum"))
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
    let shaping = RationalVector.levelledForCheck(zero, potential, self)
    let shaped = RationalVector.difference(vector, times: 1, shaping, times: -1)
    let attained = norm == .l1 ? shaped.sumOfMagnitudes : shaped.largestMagnitude
    let bound = dual.dot(vector)
    try requireEqual(attained, bound, "\(field).potential: the norm that it attains")
    return bound
  }
}

/// A comparison speaks of every pair of at least two rewards.
func requireEachPairOnce(
  _ pairs: [(first: Int, second: Int)], of count: Int
) throws(CheckFailure) {
  try require(count >= 2, "rewards: there have to be two at least")
  let stated = Set(pairs.map { Set([$0.first, $0.second]) })
  let expected = count * (count - 1) / 2
  try require(
    pairs.count == expected && stated.count == expected && stated.allSatisfy { $0.count == 2 },
    "pairs: each pair of the rewards has to stand once")
}

extension ComparisonSettings {
  /// Whether a norm of canonical rewards is the least of all equivalent ones, by a linear program.
  public func isQuotient(_ norm: RewardNorm) -> Bool {
    canonicalization == .minimal && (norm == .l1 || norm == .linf)
  }
}

/// Canonical rewards that are not equivalent to their rewards, as rewards.
struct CanonicalConditions: RewardConditions {
  let model: FiniteMDP
  let discount: Rational
  let law: [(state: Int, probability: Rational)]
  let rewards: [PooledVector]
  let progress: ProgressHandler

  init(_ check: ComparisonCheck, _ tables: [RationalVector]) {
    model = check.model
    discount = check.discount
    law = check.law
    progress = check.progress
    rewards = tables.map { RewardFunction(table: $0, in: check.model).expected(in: check.model) }
  }
}

extension RewardFunction {
  /// The function with these numbers on all triples.
  public init(table: RationalVector, in model: FiniteMDP) {
    let index = TripleIndex(model)
    self.init(
      summing: table.indices.lazy.map { place in
        let (state, action, successor) = index[place]
        return Entry(state: state, action: action, successor: successor, value: table[place])
      })
  }
}

extension PooledVector {
  /// Zeros.
  init(zeros count: Int) {
    var pool = RationalPool()
    let zero = pool.insert(0)
    self.init(places: ContiguousArray(repeating: zero, count: count), pool: pool)
  }
}

extension RationalVector {
  fileprivate static func levelledForCheck(
    _ reward: PooledVector, _ values: RationalVector, _ check: ComparisonCheck
  ) -> RationalVector {
    CanonicalReward.levelled(
      reward, by: values, on: check.pairs, in: check.model, discount: check.discount)
  }
}
