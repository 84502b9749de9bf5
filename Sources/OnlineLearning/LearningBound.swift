import ExactArithmetic
import RegretBounds

/// What a theorem says of a run: a certified value, in the units of the model's rewards.
///
/// Theorems speak of rewards in `[0, 1]`. Where those of a model lie in `[r_min, r_max]`, the bound is
/// `(r_max - r_min) · value + allowance`; the allowance pays for numbers rounded on a grid.
public struct LearningBound: Sendable {
  public let value: CertifiedValue
  /// `r_max - r_min`.
  public let factor: Rational
  public let allowance: Rational

  /// `factor · value + allowance`, for numbers of at least 0.
  public init(_ value: CertifiedValue, factor: Rational = 1, allowance: Rational = 0) {
    self.value = value
    self.factor = factor
    self.allowance = allowance
  }

  /// The bound with ends close enough to print.
  ///
  /// - Throws: ``BoundError``.
  public func shownValue(decimals: Int? = nil) throws(BoundError) -> Enclosure {
    try value.instance.shownValue(decimals: decimals) * factor + allowance
  }

  /// The bound to about `bits` bits after the point.
  ///
  /// - Throws: ``BoundError``.
  public func enclosure(bits: Int) throws(BoundError) -> Enclosure {
    try value.enclosure(bits: bits + max(0, factor.ceiling.bitLength)) * factor + allowance
  }

  /// Whether a measured regret keeps the bound, refined until it is known.
  ///
  /// - Throws: ``BoundError``.
  public func admits(_ measured: Rational) throws(BoundError) -> Ternary {
    let rest = measured - allowance
    if factor.isZero { return rest.signum <= 0 ? .true : .false }
    return try value.admits(rest / factor)
  }

  /// Whether the bound is proved to be at most `number`.
  public func isAtMost(_ number: Rational) throws(BoundError) -> Ternary {
    let rest = number - allowance
    if factor.isZero { return rest.signum >= 0 ? .true : .false }
    return try value.isAtMost(rest / factor)
  }
}
