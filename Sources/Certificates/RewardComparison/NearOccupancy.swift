// What is here: what masses that are nearly an occupancy measure say of a policy.
// Notation: y ≥ 0 one mass a choice, π(a|s) = y(s,a)/Σ_b y(s,b), and
// μ'(s) = Σ_a y(s,a) - γ Σ y(t,b) p(s|t,b): y is the occupancy of π from the start μ'. Hence
// |J_r(π) - <y,r>| = |(μ - μ') V^π| ≤ |μ - μ'|_1 max|r| / (1-γ).
// Proof: `proofs-notes/enclosed-comparison.md`.

import ExactArithmetic
import MarkovDecisionProcesses

/// A policy by masses whose flow is balanced but for a small defect.
package struct NearOccupancy {
  private let masses: RationalVector
  private let discount: Rational
  /// At least `Σ_s |μ(s) - μ'(s)|`.
  package let defect: Rational

  /// - Parameter masses: one a choice, none negative.
  /// - Complexity: O(transitions) products of the numbers.
  package init(
    _ masses: RationalVector, in model: FiniteMDP, discount: Rational,
    initial: [(state: Int, probability: Rational)]
  ) {
    precondition(masses.count == model.choiceCount, "one mass a choice")
    self.masses = masses
    self.discount = discount
    // Products are cut to so many binary digits, far behind those of the masses, and every cut is
    // counted: numbers stay short whatever the denominators of the model are.
    let bits = 64 + min(masses.denominatorBits, 4096)
    var balance = [Integer](repeating: 0, count: model.stateCount)
    var cuts = 0
    let discounted = model.probabilityPool.values.map { discount * $0 }
    for choice in masses.indices {
      let mass = masses[choice]
      if mass.isZero { continue }
      balance[Int(model.choiceStates[choice])] -= mass.floor(timesTwoToThe: bits)
      cuts += 1
      for transition in model.transitionRange(of: choice) {
        let flow = discounted[Int(model.probabilities[transition])] * mass
        balance[Int(model.successors[transition])] += flow.floor(timesTwoToThe: bits)
        cuts += 1
      }
    }
    for (state, probability) in initial {
      balance[state] += probability.floor(timesTwoToThe: bits)
      cuts += 1
    }
    let sum = balance.reduce(Integer(cuts)) { $0 + $1.magnitude }
    defect = Rational(sum, timesTwoToThe: -bits)
  }

  /// The expected discounted sum of a reward under the policy.
  ///
  /// - Complexity: O(choices) products of the numbers.
  package func total(of reward: PooledVector) -> Enclosure {
    let largest = reward.pool.values.reduce(Rational.zero) { max($0, $1.magnitude) }
    if largest.isZero { return Enclosure(0) }
    let size = largest.numerator.bitLength - largest.denominator.bitLength
    let bits = 64 + min(masses.denominatorBits, 4096) - size
    var sum = Integer.zero
    var cuts = 0
    for choice in masses.indices {
      let mass = masses[choice]
      if mass.isZero { continue }
      sum += (mass * reward[choice]).floor(timesTwoToThe: bits)
      cuts += 1
    }
    let error = defect * largest / (1 - discount)
    return Enclosure(
      lower: Rational(sum, timesTwoToThe: -bits) - error,
      upper: Rational(sum + Integer(cuts), timesTwoToThe: -bits) + error
    ).roundedOutward(significantBits: 120)
  }
}
