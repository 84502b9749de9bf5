// What is here: how the value of an exponentially weighted policy changes with a parameter of its
// reward. After PARL (Chakraborty, Bedi, Koppel, Manocha, Wang, Wang, Huang, 2023), where leaving out
// the change of the policy is shown to be a bias; `proofs-notes/blended-rewards.md`.

import ExactArithmetic

/// The derivative of `U(ν) = E_π u_ν` where `π` is proportional to weights `w_ν`, as
/// `w_ν = p e^{r_ν/β}` are.
public struct SoftmaxHypergradient: Sendable, Hashable {
  /// `E_π u`.
  public let value: Rational
  /// `E_π [∂u]`: what is left when the policy is held fixed.
  public let direct: Rational
  /// `Cov_π(u, ∂ log w)`, that is `Cov_π(u, ∂r)/β`: the change of the policy.
  public let policyShift: Rational

  /// `U'`.
  public var derivative: Rational { direct + policyShift }

  /// - Parameters:
  ///   - weights: positive, one a response.
  ///   - utility: `u`.
  ///   - utilityDerivative: `∂u`.
  ///   - logWeightDerivative: `∂ log w`, that is `∂r/β`.
  public init(
    weights: [Rational], utility: [Rational], utilityDerivative: [Rational],
    logWeightDerivative: [Rational]
  ) {
    precondition(!weights.isEmpty && weights.allSatisfy { $0.signum > 0 }, "positive weights")
    precondition(
      [utility, utilityDerivative, logWeightDerivative].allSatisfy { $0.count == weights.count },
      "one number a response")
    let total = weights.reduce(0, +)
    let mean = { (numbers: [Rational]) in
      zip(weights, numbers).reduce(Rational.zero) { $0 + $1.0 * $1.1 } / total
    }
    value = mean(utility)
    direct = mean(utilityDerivative)
    policyShift =
      mean(zip(utility, logWeightDerivative).map { $0 * $1 }) - value * mean(logWeightDerivative)
  }
}
