import ExactArithmetic
import MarkovDecisionProcesses

/// The answer to a comparison of rewards, with what proves it: what a file of the format
/// `rationale-comparison` holds.
///
/// All numbers are of the rewards as they are, or of their negations where ``direction`` says to
/// minimise. Everything optional is evidence that a reader may do without on small models.
public struct ComparisonAnswer: Sendable {
  /// A number as it is printed.
  public enum Number: Sendable, Hashable {
    case exact(Rational)
    /// Bounds of an irrational number, and its square where that is rational.
    case enclosed(lower: Rational, upper: Rational, squared: Rational?)
  }

  /// Values that no action improves, and a policy that attains them; the other way round for a
  /// minimum.
  public struct Optimum: Sendable {
    public let values: RationalVector
    /// One action a state.
    public let policy: [Action]

    public init(values: RationalVector, policy: [Action]) {
      self.values = values
      self.policy = policy
    }
  }

  /// What proves a norm that is no sum over entries.
  public enum NormCertificate: Sendable {
    /// Of a canonical reward that is not equivalent to the reward: its best and worst values.
    case span(maximum: Optimum, minimum: Optimum)
    /// `|c + γPΦ - Φ| = <u, c>` with `u` in the dual unit ball and orthogonal to shapings.
    case quotient(potential: RationalVector, dual: RationalVector)
  }

  /// What proves a distance in a metric that is no sum over entries: `c_first - λ c_second` at one
  /// multiplier, or at two around an irrational one, between which its norm is linear.
  public enum DistanceCertificate: Sendable {
    case span(points: [SpanPoint])
    case quotient(points: [(multiplier: Rational, potential: RationalVector)], dual: RationalVector)
  }

  /// The best and worst values of `c_first - λ c_second`; the policies are the same at all points.
  public struct SpanPoint: Sendable {
    public let multiplier: Rational
    public let maximum: Optimum
    public let minimum: Optimum

    public init(multiplier: Rational, maximum: Optimum, minimum: Optimum) {
      self.multiplier = multiplier
      self.maximum = maximum
      self.minimum = minimum
    }
  }

  /// What is said of one reward.
  public struct Reward: Sendable {
    public let name: String
    public let isTrivial: Bool
    public let minimum: Rational
    public let maximum: Rational
    public let span: Rational
    /// The norm of the canonical reward; `nil` where nothing is divided.
    public let norm: Number?
    /// One entry a compared choice or, for canonicalisations that know triples, one a triple;
    /// `nil` where it is left to follow from the rest.
    public let canonical: RationalVector?
    /// The values of the levelling policy, or the negated potential of the projection.
    public let policyValues: RationalVector?
    public let maximumCertificate: Optimum?
    public let minimumCertificate: Optimum?
    public let normCertificate: NormCertificate?

    public init(
      name: String, isTrivial: Bool, minimum: Rational, maximum: Rational, span: Rational,
      norm: Number?, canonical: RationalVector?, policyValues: RationalVector?,
      maximumCertificate: Optimum?, minimumCertificate: Optimum?,
      normCertificate: NormCertificate? = nil
    ) {
      self.name = name
      self.isTrivial = isTrivial
      self.minimum = minimum
      self.maximum = maximum
      self.span = span
      self.norm = norm
      self.canonical = canonical
      self.policyValues = policyValues
      self.maximumCertificate = maximumCertificate
      self.minimumCertificate = minimumCertificate
      self.normCertificate = normCertificate
    }
  }

  /// The change of policy that loses most, with what proves that none loses more.
  public struct Regret: Sendable {
    /// `λ`.
    public let multiplier: Rational
    /// The policy that is better under the true reward, and that the proxy does not prefer.
    public let better: Policy
    public let worse: Policy
    /// `V⁺ ≥ r_true - λ r_proxy + γ P V⁺`.
    public let upperValues: RationalVector
    /// `V⁻ ≤ r_true - λ r_proxy + γ P V⁻`.
    public let lowerValues: RationalVector
    public let betterOccupancy: OccupancyEntries?
    public let worseOccupancy: OccupancyEntries?

    public init(
      multiplier: Rational, better: Policy, worse: Policy, upperValues: RationalVector,
      lowerValues: RationalVector, betterOccupancy: OccupancyEntries?,
      worseOccupancy: OccupancyEntries?
    ) {
      self.multiplier = multiplier
      self.better = better
      self.worse = worse
      self.upperValues = upperValues
      self.lowerValues = lowerValues
      self.betterOccupancy = betterOccupancy
      self.worseOccupancy = worseOccupancy
    }
  }

  /// The loss under one reward of a policy that is optimal for another.
  public struct ProxyRegret: Sendable {
    public let worst: Rational
    public let best: Rational
    /// The least and the greatest values of the true reward where every action is optimal for the
    /// proxy.
    public let worstCertificate: Optimum?
    public let bestCertificate: Optimum?

    public init(
      worst: Rational, best: Rational, worstCertificate: Optimum?, bestCertificate: Optimum?
    ) {
      self.worst = worst
      self.best = best
      self.worstCertificate = worstCertificate
      self.bestCertificate = bestCertificate
    }
  }

  /// Why two rewards order all policies alike, or do not.
  public enum OrderingCertificate: Sendable {
    /// `r_first = scale · r_second + γ P Φ - Φ`; and `r_second` is shaping alone where there is a
    /// second potential.
    case equivalent(scale: Rational, potential: RationalVector, secondPotential: RationalVector?)
    /// Two policies that the rewards order differently; the values of both, by reward.
    case witness(first: Policy, second: Policy, values: [[Rational]])
  }

  /// What is said of two rewards. Arrays of two are by direction: loss in the first of following
  /// the second, then the other way round.
  public struct Pair: Sendable {
    /// Places in ``ComparisonAnswer/rewards``.
    public let first: Int
    public let second: Int
    public let distance: Number
    public let spanDistance: Rational
    public let worstCaseRegret: [Rational]
    public let proxyRegret: [ProxyRegret]
    public let sameOrdering: Bool
    public let reversedOrdering: Bool
    public let sameOptimalPolicies: Bool
    public let orderingCertificate: OrderingCertificate
    public let boundConstants: (lower: Rational, upper: Rational)?
    public let regretPolicies: [Regret?]
    /// The greatest and the least values of `r_first/‖r_first‖ - r_second/‖r_second‖`.
    public let spanCertificates: (maximum: Optimum, minimum: Optimum)?
    public let distanceCertificate: DistanceCertificate?

    public init(
      first: Int, second: Int, distance: Number, spanDistance: Rational,
      worstCaseRegret: [Rational], proxyRegret: [ProxyRegret], sameOrdering: Bool,
      reversedOrdering: Bool, sameOptimalPolicies: Bool, orderingCertificate: OrderingCertificate,
      boundConstants: (lower: Rational, upper: Rational)?, regretPolicies: [Regret?],
      spanCertificates: (maximum: Optimum, minimum: Optimum)?,
      distanceCertificate: DistanceCertificate? = nil
    ) {
      self.first = first
      self.second = second
      self.distance = distance
      self.spanDistance = spanDistance
      self.worstCaseRegret = worstCaseRegret
      self.proxyRegret = proxyRegret
      self.sameOrdering = sameOrdering
      self.reversedOrdering = reversedOrdering
      self.sameOptimalPolicies = sameOptimalPolicies
      self.orderingCertificate = orderingCertificate
      self.boundConstants = boundConstants
      self.regretPolicies = regretPolicies
      self.spanCertificates = spanCertificates
      self.distanceCertificate = distanceCertificate
    }
  }

  public let discount: Rational
  public let direction: Direction
  /// The law of the first state where it is not the model's.
  public let initial: [(state: State, probability: Rational)]?
  public let settings: ComparisonSettings
  /// The levelling policy; `nil` for the uniform one.
  public let policy: Policy?
  public let comparedStates: [State]
  public let rewards: [Reward]
  public let pairs: [Pair]

  public init(
    discount: Rational, direction: Direction,
    initial: [(state: State, probability: Rational)]?, settings: ComparisonSettings,
    policy: Policy?, comparedStates: [State], rewards: [Reward], pairs: [Pair]
  ) {
    self.discount = discount
    self.direction = direction
    self.initial = initial
    self.settings = settings
    self.policy = policy
    self.comparedStates = comparedStates
    self.rewards = rewards
    self.pairs = pairs
  }
}
