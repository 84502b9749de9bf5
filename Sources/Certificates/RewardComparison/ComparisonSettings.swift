/// How a reward is brought to the form that stands for all rewards equivalent to it.
public enum Canonicalization: String, Sendable, CaseIterable {
  /// `Q^π - V^π` for a stationary policy `π`.
  case valueAdjustedLevelling = "value-adjusted-levelling"
  /// The equivalent reward of least norm.
  case minimal
  case epic
  case dard
  case none
}

/// A norm of canonical rewards, by which they are divided, or in which they are compared.
public enum RewardNorm: String, Sendable, CaseIterable {
  /// The greatest less the least expected discounted sum over all policies.
  case span
  case l1, l2, linf
  /// No norm: as a normalisation, nothing is divided.
  case none
}

/// Which distance between rewards is meant.
public struct ComparisonSettings: Sendable, Hashable {
  public var canonicalization = Canonicalization.valueAdjustedLevelling
  public var normalization = RewardNorm.span
  /// Any norm but ``RewardNorm/none``.
  public var metric = RewardNorm.l1

  public init(
    canonicalization: Canonicalization = .valueAdjustedLevelling,
    normalization: RewardNorm = .span, metric: RewardNorm = .l1
  ) {
    self.canonicalization = canonicalization
    self.normalization = normalization
    self.metric = metric
  }
}
