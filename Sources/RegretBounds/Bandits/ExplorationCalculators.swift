import ExactArithmetic

/// A lock with one right sequence of `length` choices between two actions, tried at random.
///
/// Source: after 2404.08495; the sums are geometric.
public struct CombinationLock: Sendable, Hashable {
  public let length: Int

  /// - Precondition: `length` is positive.
  public init(length: Int) {
    precondition(length > 0, "a lock takes at least one choice")
    self.length = length
  }

  /// The chance of an episode from the start: `2^-H`.
  public var successFromStart: Rational { Rational(1, 2).power(length) }

  /// The chance of an episode that is reset to a uniformly chosen prefix of the right sequence:
  /// `(1/H) Σ_{i=1..H} 2^-i = (2^H - 1)/(H 2^H)`.
  public var successFromPrefix: Rational { (1 - successFromStart) / Rational(length) }

  /// The expected number of episodes until the first success.
  public var episodesFromStart: Rational { 1 / successFromStart }
  public var episodesFromPrefix: Rational { 1 / successFromPrefix }
}

/// Success over many steps that succeed independently.
public enum LongHorizon {
  /// `(1 - (1-p)^{k+1})^H`: every one of `steps` steps succeeds within `retries` further tries.
  ///
  /// - Precondition: `p` is a probability, the counts are not negative.
  public static func success(step p: Rational, steps: Int, retries: Int = 0) -> Rational {
    precondition(!p.isNegative && p <= 1 && steps >= 0 && retries >= 0, "a chance and counts")
    return (1 - (1 - p).power(retries + 1)).power(steps)
  }
}

/// A state that moves towards where an action drives it: `x ← a x + (1-a) x_θ`.
///
/// Averages of what is seen while it moves are biased; confidence radii that take it for
/// stationary have to be widened by the bias, once for every switch.
///
/// Source: after 2512.22313; a geometric sum.
public enum ClosedLoopDrift {
  /// `(x_0 - x_θ)(1 - aⁿ)/(n(1 - a))`: the bias of an average of `count` consecutive residuals.
  ///
  /// - Precondition: `0 <= inertia < 1`, `count` is positive.
  public static func bias(start: Rational, target: Rational, inertia: Rational, count: Int)
    -> Rational
  {
    precondition(!inertia.isNegative && inertia < 1 && count > 0, "an inertia and a count")
    return (start - target) * (1 - inertia.power(count)) / (Rational(count) * (1 - inertia))
  }
}
