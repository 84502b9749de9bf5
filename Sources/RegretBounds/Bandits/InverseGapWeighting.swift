import ExactArithmetic

/// Exploration by estimated gaps, with what it costs at most against any truth, exactly.
///
/// With estimates `ŷ`, a best arm `b` and gaps `Δ_a`, arm `a ≠ b` is played with probability
/// `1/(K + γ Δ_a)` and `b` with the rest. Then
/// `sup_{f, a*} E_p[f(a*) - f(a)] - (γ/4) E_p[(f - ŷ)²] = (K-1)/γ + Σ_{a≠b} Δ_a/(K + γ Δ_a)`,
/// which is at most `2(K-1)/γ`.
///
/// Source: ours, after 2412.00569; `proofs-notes/inverse-gap-weighting.md`.
public struct InverseGapWeighting: Sendable {
  public let estimates: [Rational]
  public let learningRate: Rational
  /// The arm of the largest estimate, the first of several.
  public let best: Int
  /// One entry an arm; they add up to 1.
  public let probabilities: [Rational]
  /// The decision–estimation coefficient of this law, exactly.
  public let certificate: Rational

  /// `2(K-1)/γ`: at least the certificate, whatever the estimates are.
  public var bound: Rational { 2 * Rational(estimates.count - 1) / learningRate }

  /// - Parameter learningRate: `γ > 0`.
  /// - Throws: ``BoundError/outOfRange(parameter:value:rule:)``,
  ///   ``BoundError/unfit(place:problem:)`` without arms.
  public init(estimates: [Rational], learningRate: Rational) throws(BoundError) {
    guard let largest = estimates.max(), let best = estimates.firstIndex(of: largest) else {
      throw .unfit(place: "estimates", problem: "there are no arms")
    }
    guard learningRate.signum > 0 else {
      throw .outOfRange(
        parameter: "gamma", value: learningRate, rule: Parameter.Range.positive.rule)
    }
    let count = Rational(estimates.count)
    let gaps = estimates.map { largest - $0 }
    var probabilities = gaps.map { 1 / (count + learningRate * $0) }
    probabilities[best] = 0
    probabilities[best] = 1 - probabilities.reduce(0, +)
    var certificate = (count - 1) / learningRate
    for arm in gaps.indices where arm != best { certificate += gaps[arm] * probabilities[arm] }
    self.estimates = estimates
    self.learningRate = learningRate
    self.best = best
    self.probabilities = probabilities
    self.certificate = certificate
  }

  /// `sup_f` for one `a*`: `Σ p_a (ŷ_{a*} - ŷ_a) + (1 - p_{a*})/(γ p_{a*})`, the maximum of a
  /// separable concave quadratic.
  public func certificate(best arm: Int) -> Rational {
    let gap = probabilities.indices.reduce(Rational.zero) { sum, other in
      sum + probabilities[other] * (estimates[arm] - estimates[other])
    }
    return gap + (1 - probabilities[arm]) / (learningRate * probabilities[arm])
  }

  /// A bound on the expected regret of `rounds` rounds: the certificate of every round is at most
  /// ``bound``, and the estimation errors cost `γ/4` of their squares.
  ///
  /// - Parameter squaredError: bound on the sum of the expected squared estimation errors.
  public static func regretBound(
    arms: Int, learningRate: Rational, rounds: Int, squaredError: Rational
  ) -> Rational {
    Rational(rounds) * 2 * Rational(arms - 1) / learningRate + learningRate / 4 * squaredError
  }
}
