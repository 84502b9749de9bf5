import ExactArithmetic
import MarkovDecisionProcesses

/// An answer to a question about rewards of one model, with what proves it.
///
/// Rewards are named; with the direction `minimize` every reward is negated first, and all numbers
/// are those of the negated ones.
public struct RewardAnswer: Sendable {
  /// In `[0, 1)`.
  public let discount: Rational
  public let direction: Direction
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?
  public let question: RewardQuestion

  public init(
    discount: Rational, direction: Direction = .maximize,
    initial: [(state: State, probability: Rational)]?, question: RewardQuestion
  ) {
    self.discount = discount
    self.direction = direction
    self.initial = initial
    self.question = question
  }
}

/// The questions, with their answers.
public enum RewardQuestion: Sendable {
  /// Does a proxy prefer some policy that the true reward finds worse?
  case hackable(HackabilityAnswer)
  /// The same over finitely many policies.
  case hackableOnSet(PolicySetAnswer)
  /// Is there a simpler reward that is never wrong on finitely many policies?
  case simplification(SimplificationAnswer)
  /// What does adding a reward change of the optimum?
  case auxiliary(AuxiliaryAnswer)
  /// What does a planner attain that optimises a blend, for all weights?
  case blend(BlendAnswer)
  /// Which reward is the nearest under which a policy is optimal with a margin?
  case design(DesignAnswer)
  /// Which reward of a linear family is the nearest?
  case nearest(NearestAnswer)

  /// The names in files.
  public enum Name: String, Sendable, CaseIterable {
    case hackable
    case hackableOnSet = "hackable-on-set"
    case simplification, auxiliary, blend, design, nearest
  }

  public var name: Name {
    switch self {
    case .hackable: .hackable
    case .hackableOnSet: .hackableOnSet
    case .simplification: .simplification
    case .auxiliary: .auxiliary
    case .blend: .blend
    case .design: .design
    case .nearest: .nearest
    }
  }

  /// The rewards of the model that the answer is about.
  var rewardNames: [String] {
    switch self {
    case .hackable(let answer): [answer.trueReward, answer.proxy]
    case .hackableOnSet(let answer): [answer.trueReward, answer.proxy]
    case .simplification(let answer): [answer.reward]
    case .auxiliary(let answer): [answer.reward, answer.auxiliary]
    case .blend(let answer): [answer.reward, answer.auxiliary]
    case .design(let answer): [answer.reward]
    case .nearest(let answer): [answer.reward] + answer.family.rewardNames
    }
  }

  /// Whether the answer depends on where the first state is.
  var needsInitialLaw: Bool {
    if case .design = self { false } else { true }
  }
}

/// A policy with its discounted occupancy, from which it is evaluated by adding up.
public struct TracedPolicy: Sendable {
  public let policy: Policy
  /// Found by elimination, on small models alone, where it is `nil`.
  public let occupancy: OccupancyEntries?

  public init(policy: Policy, occupancy: OccupancyEntries?) {
    self.policy = policy
    self.occupancy = occupancy
  }
}

/// A policy with a name in a set.
public struct NamedPolicy: Sendable {
  public let name: String
  public let traced: TracedPolicy

  public init(name: String, traced: TracedPolicy) {
    self.name = name
    self.traced = traced
  }
}

/// Whether a proxy can be hacked over all stationary policies.
public struct HackabilityAnswer: Sendable {
  public enum Outcome: Sendable {
    /// The true reward loses by the change to `hacked`, and the proxy gains; both are positive.
    case hackable(hacked: TracedPolicy, honest: TracedPolicy, loss: Rational, gain: Rational)
    /// `r_true = scale · r_proxy + γPΦ - Φ`, `scale > 0`: both order all policies alike.
    case sameOrdering(scale: Rational, potential: RationalVector)
    /// The proxy is `γPΦ - Φ`: it prefers nothing.
    case trivialProxy(potential: RationalVector)
    /// The true reward is: it loses nothing.
    case trivialTruth(potential: RationalVector)
  }

  public let trueReward: String
  public let proxy: String
  public let outcome: Outcome

  public init(trueReward: String, proxy: String, outcome: Outcome) {
    self.trueReward = trueReward
    self.proxy = proxy
    self.outcome = outcome
  }
}

/// Two rewards on finitely many policies.
public struct PolicySetAnswer: Sendable {
  public let trueReward: String
  public let proxy: String
  public let policies: [NamedPolicy]
  /// Of the true reward and of the proxy, one entry a policy.
  public let values: [[Rational]]
  /// Two places: the true reward prefers the second, the proxy the first; `nil` where there are
  /// none.
  public let witness: (hacked: Int, honest: Int)?
  /// Whether the proxy is unhackable and keeps every tie of the true reward.
  public let isSimplification: Bool
  /// Whether it makes ties of some strict differences, too, and not of all.
  public let isNontrivial: Bool

  public init(
    trueReward: String, proxy: String, policies: [NamedPolicy], values: [[Rational]],
    witness: (hacked: Int, honest: Int)?, isSimplification: Bool, isNontrivial: Bool
  ) {
    self.trueReward = trueReward
    self.proxy = proxy
    self.policies = policies
    self.values = values
    self.witness = witness
    self.isSimplification = isSimplification
    self.isNontrivial = isNontrivial
  }
}

/// Whether a reward has a nontrivial simplification on finitely many policies.
public struct SimplificationAnswer: Sendable {
  public let reward: String
  public let policies: [NamedPolicy]
  /// Of the reward, one entry a policy.
  public let values: [Rational]
  /// The simpler reward, numbers on choices, with its values; `nil` where there is none.
  public let simple: (table: OccupancyEntries, values: [Rational])?
  /// Of the span of all differences of occupancies, and of those between policies of equal value:
  /// there is a simplification iff they differ by 2 or more.
  public let dimensions: (all: Int, ties: Int)

  public init(
    reward: String, policies: [NamedPolicy], values: [Rational],
    simple: (table: OccupancyEntries, values: [Rational])?, dimensions: (all: Int, ties: Int)
  ) {
    self.reward = reward
    self.policies = policies
    self.values = values
    self.simple = simple
    self.dimensions = dimensions
  }
}
