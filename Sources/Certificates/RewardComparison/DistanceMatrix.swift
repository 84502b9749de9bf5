import ExactArithmetic
import MarkovDecisionProcesses

/// The distances of all pairs of many rewards, exactly, with what proves them: what a file of the
/// format `rationale-comparison` with the status `distances` holds.
///
/// It says of each pair whether the rewards order policies alike and have the same optimal
/// policies, and nothing of regrets, which cost several exact solves a pair and a proof that is as
/// long as the model is large. Everything is proved by the canonical form and the best and worst
/// values of single rewards, so that the proof grows with their number, not with that of the pairs.
public struct DistanceMatrix: Sendable {
  public struct Pair: Sendable {
    /// Places in the rewards.
    public let first: Int
    public let second: Int
    public let distance: ComparisonAnswer.Number
    public let distanceCertificate: ComparisonAnswer.DistanceCertificate?
    public let sameOrdering: Bool
    public let reversedOrdering: Bool
    public let sameOptimalPolicies: Bool
    /// The shaping between rewards of the same order; that orders differ is decided by the check.
    public let equivalence: ComparisonAnswer.OrderingCertificate?

    public init(
      first: Int, second: Int, distance: ComparisonAnswer.Number,
      distanceCertificate: ComparisonAnswer.DistanceCertificate?, sameOrdering: Bool,
      reversedOrdering: Bool, sameOptimalPolicies: Bool,
      equivalence: ComparisonAnswer.OrderingCertificate?
    ) {
      self.first = first
      self.second = second
      self.distance = distance
      self.distanceCertificate = distanceCertificate
      self.sameOrdering = sameOrdering
      self.reversedOrdering = reversedOrdering
      self.sameOptimalPolicies = sameOptimalPolicies
      self.equivalence = equivalence
    }
  }

  /// What is said of the rewards, and no pair.
  public let rewards: ComparisonAnswer
  /// For every pair of nontrivial rewards of the environment.
  public let boundConstants: (lower: Rational, upper: Rational)?
  public let pairs: [Pair]

  /// - Precondition: `rewards` has no pairs.
  public init(
    rewards: ComparisonAnswer, boundConstants: (lower: Rational, upper: Rational)?,
    pairs: [Pair]
  ) {
    precondition(rewards.pairs.isEmpty, "pairs are given apart")
    self.rewards = rewards
    self.boundConstants = boundConstants
    self.pairs = pairs
  }
}

// Proofs: `proofs-notes/reward-order.md`.

extension DistanceMatrix {
  /// The value of the field `status`.
  static let status = "distances"

  /// Checks every statement of the answer on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model for each reward; for each pair one pass over the entries.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      try accepted(try ComparisonCheck(rewards, model, progress))
    }
  }

  func accepted(_ check: ComparisonCheck) throws(CheckFailure) -> Verdict {
    try check.requireStates()
    let proved = try check.provedRewards()
    try requireEachPairOnce(pairs.map { ($0.first, $0.second) }, of: check.rewards.count)
    for (place, pair) in pairs.enumerated() {
      if place % 64 == 0 { try check.report(place, of: pairs.count) }
      let field = "pairs[\(place)]"
      let pairCheck = PairCheck(check, proved, pair.first, pair.second, field)
      try pairCheck.checkForm(of: boundConstants)
      try pairCheck.checkDistance(pair.distance, pair.distanceCertificate, spanDistance: nil)
      try pairCheck.checkOrder(
        isSame: pair.sameOrdering, isReversed: pair.reversedOrdering,
        sharesOptima: pair.sameOptimalPolicies)
      if case .equivalent(let scale, let potential, let second)? = pair.equivalence {
        try pairCheck.checkEquivalence(scale, potential, second)
      }
    }
    return .accepted(
      statement: check.sentence(
        pairs.count, "the distances, and whether the orders of policies and the optimal policies"),
      warnings: check.warnings(claimsConstants: boundConstants != nil))
  }
}
