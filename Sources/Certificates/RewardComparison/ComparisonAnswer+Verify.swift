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
        warnings: check.warnings(claimsConstants: check.claimsConstants))
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
        warnings: check.warnings(claimsConstants: check.claimsConstants))
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
    try requireContracting(answer.discount)
    guard let law = answer.initial ?? model.initial else {
      throw .rejected("initial: neither the model nor the answer has an initial law")
    }
    self.law = law.map { (Int($0.state.index), $0.probability) }
    pairs = ComparedPairs(model: model, discount: answer.discount, initial: law)
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
    try requireStates()
    let proved = try provedRewards()
    try requireEachPairOnce(answer.pairs.map { ($0.first, $0.second) }, of: rewards.count)
    for (place, pair) in answer.pairs.enumerated() {
      try report(place, of: answer.pairs.count)
      try PairCheck(self, proved, pair.first, pair.second, "pairs[\(place)]").run(pair)
    }
    return sentence(
      answer.pairs.count,
      "the distances, the worst-case regrets, the regrets of optimising the other reward, and "
        + "whether the orders of policies and the optimal policies")
  }

  func requireStates() throws(CheckFailure) {
    try require(
      answer.comparedStates == pairs.states,
      "comparedStates: the states to compare are "
        + pairs.states.prefix(20).map { model.name($0) }.joined(separator: ", "))
  }

  /// Says how far the check is, and asks whether to stop.
  func report(_ place: Int, of count: Int) throws(CheckFailure) {
    progress.report("checking the pairs", fraction: Double(place) / Double(max(1, count)))
    do throws(Interrupted) {
      try progress.checkpoint()
    } catch {
      throw .interrupted(error)
    }
  }

  /// Whether constants are stated that do not hold in every environment.
  var claimsConstants: Bool {
    // Between the span distance and regret the constants 1 and 2 do.
    let isUniversal = settings.normalization == .span && settings.metric == .span
    return answer.pairs.contains { pair in
      guard let constants = pair.boundConstants else { return false }
      return !(isUniversal && constants.lower <= 1 && constants.upper >= 2)
    }
  }

  /// What is stated and not proved.
  func warnings(claimsConstants: Bool) -> [String] {
    Certificates.warnings(about: discount, in: model)
      + (claimsConstants
        ? [
          "boundConstants hold for the pairs of this answer; that they hold for all rewards of "
            + "the environment is not proved here"
        ] : [])
  }

  func sentence(_ count: Int, _ statements: String) -> String {
    let all = answer.rewards.map { "'\($0.name)'" }
    let names =
      all.prefix(40).joined(separator: ", ") + (all.count > 40 ? " and \(all.count - 40) more" : "")
    return "of the rewards \(names)\(answer.direction == .minimize ? ", negated," : "") with "
      + "discount \(shown(discount)), the spans and canonical forms, and for "
      + (count == 1 ? "the pair" : "all \(count) pairs")
      + " \(statements) are the same, are exactly as stated"
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
  /// Whether the distance is the span distance: levelled forms are equivalent to their rewards, so
  /// that spans are those of the rewards.
  public var isSpanDistance: Bool {
    metric == .span && normalization == .span && canonicalization != .dard
  }

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
