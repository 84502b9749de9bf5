import ExactArithmetic
import MarkovDecisionProcesses

/// A number below 1 from which on no two policies change places at any state.
///
/// `1 − 1/(1 + C)`, `C = 2nR(3m)^{2n−1}`, for `n` states, a common denominator `m` of all
/// probabilities and expected rewards, and `R` the largest `|m r(s,a)|`.
///
/// Source: ours, `proofs-notes/blackwell-start.md`.
package func blackwellBound(of model: FiniteMDP, reward: PooledVector) -> Rational {
  var common = Integer.one
  for value in model.probabilityPool.values + reward.pool.values {
    common = Integer.lcm(common, value.denominator)
  }
  var largest = Rational.zero
  for value in reward.pool.values { largest = max(largest, value.signum < 0 ? -value : value) }
  let scaled = (largest * Rational(common)).numerator
  let n = model.stateCount
  let size = Integer(2 * n) * scaled * (3 * common).power(UInt(2 * n - 1))
  return Rational(size, size + 1)
}
