import ExactArithmetic
import MarkovDecisionProcesses

/// A proof of one statement about two rewards, in a file of its own.
public enum ComparisonCertificate: Sendable {
  case orderEqual(RewardOrderEqualCertificate)
  case orderDifferent(RewardOrderDifferentCertificate)
  case worstCaseRegret(WorstCaseRegretCertificate)
  case proxyRegret(ProxyRegretCertificate)

  /// The names of the kinds in files.
  public enum Kind: String, Sendable, CaseIterable {
    case orderEqual = "reward-order-equal"
    case orderDifferent = "reward-order-different"
    case worstCaseRegret = "worst-case-regret"
    case proxyRegret = "proxy-regret"
  }

  public var kind: Kind {
    switch self {
    case .orderEqual: .orderEqual
    case .orderDifferent: .orderDifferent
    case .worstCaseRegret: .worstCaseRegret
    case .proxyRegret: .proxyRegret
    }
  }

  public var terms: RewardPairTerms {
    switch self {
    case .orderEqual(let certificate): certificate.terms
    case .orderDifferent(let certificate): certificate.terms
    case .worstCaseRegret(let certificate): certificate.terms
    case .proxyRegret(let certificate): certificate.terms
    }
  }
}

/// Which two rewards a certificate is about, and where.
public struct RewardPairTerms: Sendable {
  /// The names of two rewards of the model: the first is the true or evaluated one.
  public let first: String
  public let second: String
  public let discount: Rational
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?

  public init(
    first: String, second: String, discount: Rational,
    initial: [(state: State, probability: Rational)]?
  ) {
    self.first = first
    self.second = second
    self.discount = discount
    self.initial = initial
  }
}

/// Proves that two rewards order all policies alike.
///
/// `r_first = λ r_second + γ P Φ - Φ` on every compared choice; with `λ > 0`, or `λ = 0` and a
/// second potential that makes the second reward shaping alone.
public struct RewardOrderEqualCertificate: Sendable {
  public let terms: RewardPairTerms
  /// `λ`.
  public let scale: Rational
  /// `Φ`.
  public let potential: RationalVector
  public let secondPotential: RationalVector?

  public init(
    terms: RewardPairTerms, scale: Rational, potential: RationalVector,
    secondPotential: RationalVector? = nil
  ) {
    self.terms = terms
    self.scale = scale
    self.potential = potential
    self.secondPotential = secondPotential
  }
}

/// Proves that two rewards do not order all policies alike: the signs of the differences of two
/// policies differ (0 is a sign).
public struct RewardOrderDifferentCertificate: Sendable {
  public let terms: RewardPairTerms
  public let first: OccupancyEntries
  public let second: OccupancyEntries

  public init(terms: RewardPairTerms, first: OccupancyEntries, second: OccupancyEntries) {
    self.terms = terms
    self.first = first
    self.second = second
  }
}

/// Proves the largest loss in one reward over changes of policy that another does not object to.
///
/// With the true reward `A`, the proxy `B` and `λ ≥ 0`: `r_B·worse ≥ r_B·better`,
/// `V⁺ ≥ r_A - λ r_B + γ P V⁺`, `V⁻ ≤ r_A - λ r_B + γ P V⁻`, and
/// `r_A·(better - worse) = regret = μ·(V⁺ - V⁻)`.
public struct WorstCaseRegretCertificate: Sendable {
  public let terms: RewardPairTerms
  public let better: OccupancyEntries
  public let worse: OccupancyEntries
  /// `λ`.
  public let multiplier: Rational
  /// `V⁺`.
  public let upperValues: RationalVector
  /// `V⁻`.
  public let lowerValues: RationalVector
  /// Not divided by the span.
  public let regret: Rational

  public init(
    terms: RewardPairTerms, better: OccupancyEntries, worse: OccupancyEntries,
    multiplier: Rational, upperValues: RationalVector, lowerValues: RationalVector,
    regret: Rational
  ) {
    self.terms = terms
    self.better = better
    self.worse = worse
    self.multiplier = multiplier
    self.upperValues = upperValues
    self.lowerValues = lowerValues
    self.regret = regret
  }
}

/// Proves the largest loss in one reward among policies that are optimal for another.
///
/// With the evaluated reward `A`, the optimised `B` and `t ≥ 0`: `v_A`, `v_B` are superharmonic and
/// attained by `best` and `worst`, `u` is superharmonic for `-r_A + t r_B`, and
/// `μ·v_A - r_A·worst = regret = μ·v_A + μ·u - t μ·v_B`.
public struct ProxyRegretCertificate: Sendable {
  public let terms: RewardPairTerms
  /// `v_A`.
  public let evaluatedValues: RationalVector
  /// `v_B`.
  public let optimisedValues: RationalVector
  public let best: OccupancyEntries
  public let worst: OccupancyEntries
  /// `t`.
  public let multiplier: Rational
  /// `u`.
  public let dual: RationalVector
  /// Not divided by the span.
  public let regret: Rational

  public init(
    terms: RewardPairTerms, evaluatedValues: RationalVector, optimisedValues: RationalVector,
    best: OccupancyEntries, worst: OccupancyEntries, multiplier: Rational, dual: RationalVector,
    regret: Rational
  ) {
    self.terms = terms
    self.evaluatedValues = evaluatedValues
    self.optimisedValues = optimisedValues
    self.best = best
    self.worst = worst
    self.multiplier = multiplier
    self.dual = dual
    self.regret = regret
  }
}
