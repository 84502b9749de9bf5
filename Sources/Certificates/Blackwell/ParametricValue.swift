// What is here: the values of a policy as rational functions of the discount.
// Notation: V(γ) = (I - γP)⁻¹ r = N(γ)/Δ(γ). From N = Δ r + γ P N the coefficients of N follow
//   one after the other: N₀ = δ₀ r, N_j = δ_j r + P N_{j-1}; Δ is a denominator iff they end.
// Note: proofs-notes/blackwell-certificate.md

import ExactArithmetic
import MarkovDecisionProcesses

/// The values of one policy for every discount in `[0, 1)`.
///
/// Rewards are maximised here; to minimise, negate them before and the values after.
package struct ParametricValue: Sendable {
  package let model: FiniteMDP
  /// The expected reward of each choice.
  package let reward: PooledVector
  /// One choice a state.
  package let policy: ContiguousArray<Int32>
  /// `Δ`, positive on `[0, 1)`.
  package let denominator: Polynomial
  /// Entry `j` holds the coefficients of `γʲ` in the numerators `N(s)`, one a state.
  package let numerators: [[Integer]]

  /// What is wrong with a denominator.
  package enum Flaw: Error, Hashable {
    /// It is not positive everywhere on `[0, 1)`.
    case notPositive
    /// The numerators do not end, so that they are no polynomials.
    case noDenominator
    case interrupted(Interrupted)
  }

  /// The values of `policy`, if `denominator` is a denominator of them.
  ///
  /// - Throws: ``Flaw``.
  /// - Complexity: O(nT) multiply-adds for `n` states and `T` transitions of the policy.
  package init(
    of policy: ContiguousArray<Int32>, denominator: Polynomial, in model: FiniteMDP,
    reward: PooledVector, progress: ProgressHandler
  ) throws(Flaw) {
    self.model = model
    self.reward = reward
    self.policy = policy
    guard let first = denominator.coefficients.first, first.signum > 0,
      denominator.signVariations(from: 0, to: 1) == 0 || denominator.rootCount(from: 0, to: 1) == 0
    else { throw .notPositive }
    var rows: [[Rational]] = []
    var last = [Rational](repeating: 0, count: model.stateCount)
    repeat {
      do throws(Interrupted) { try progress.checkpoint() } catch { throw .interrupted(error) }
      let j = rows.count
      guard j <= max(denominator.degree, 0) + model.stateCount else { throw .noDenominator }
      let factor = j <= denominator.degree ? Rational(denominator.coefficients[j]) : 0
      last = ParametricValue.next(last, policy, factor, model, reward)
      rows.append(last)
    } while rows.count <= denominator.degree || last.contains { !$0.isZero }
    while let row = rows.last, row.allSatisfy(\.isZero) { rows.removeLast() }
    let common = rows.reduce(Integer.one) { common, row in
      row.reduce(common) { Integer.lcm($0, $1.denominator) }
    }
    self.denominator = common * denominator
    numerators = rows.map { row in
      row.map { $0.numerator * common.exactlyDivided(by: $0.denominator) }
    }
  }

  /// `factor · r + P row`.
  private static func next(
    _ row: [Rational], _ policy: ContiguousArray<Int32>, _ factor: Rational, _ model: FiniteMDP,
    _ reward: PooledVector
  ) -> [Rational] {
    policy.map { choice in
      var sum = RationalAccumulator()
      sum.add(factor, times: reward[Int(choice)])
      for transition in model.transitionRange(of: Int(choice)) {
        sum.add(
          row[Int(model.successors[transition])],
          times: model.probabilityPool[model.probabilities[transition]])
      }
      return sum.value
    }
  }

  /// The numerator of the value at a state, over ``denominator``.
  package func numerator(at state: Int) -> Polynomial {
    Polynomial(numerators.map { $0[state] })
  }

  /// The exact value at a state for a discount in `[0, 1)`.
  package func value(at state: Int, discount: Rational) -> Rational {
    numerator(at: state).value(at: discount) / denominator.value(at: discount)
  }
}

// MARK: - Actions

/// What an action gains over the values of a policy, times a positive function of the discount.
package struct ParametricAdvantage: Sendable {
  /// `scale · Δ · (r(s,a) + γ P_a V − V(s))`.
  package let polynomial: Polynomial
  let scale: Integer

  /// The difference of two advantages, times a positive function.
  package static func - (a: ParametricAdvantage, b: ParametricAdvantage) -> Polynomial {
    b.scale * a.polynomial - a.scale * b.polynomial
  }
}

extension ParametricValue {
  /// What the choice with this index gains over the policy's values in one step.
  package func advantage(of choice: Int) -> ParametricAdvantage {
    let state = Int(model.choiceStates[choice])
    let range = model.transitionRange(of: choice)
    let probabilities = range.map { model.probabilityPool[model.probabilities[$0]] }
    let gain = reward[choice]
    let scale = probabilities.reduce(gain.denominator) { Integer.lcm($0, $1.denominator) }
    let weigh = { (value: Rational) in
      value.numerator * scale.exactlyDivided(by: value.denominator)
    }
    let weights = probabilities.map(weigh)
    let ownGain = weigh(gain)
    let count = max(denominator.coefficients.count, numerators.count + 1)
    let coefficients = (0..<count).map { j in
      var sum = j <= denominator.degree ? denominator.coefficients[j] * ownGain : 0
      if j < numerators.count { sum -= scale * numerators[j][state] }
      if j > 0, j <= numerators.count {
        for (weight, transition) in zip(weights, range) {
          sum += weight * numerators[j - 1][Int(model.successors[transition])]
        }
      }
      return sum
    }
    return ParametricAdvantage(polynomial: Polynomial(coefficients), scale: scale)
  }

  /// Whether the two values are the same functions of the discount.
  package func isEqual(to other: ParametricValue) -> Bool {
    (0..<model.stateCount).allSatisfy { state in
      numerator(at: state) * other.denominator == other.numerator(at: state) * denominator
    }
  }
}

// MARK: - Near the discount 1

extension ParametricValue {
  /// How often `1 - γ` divides the denominator.
  package var poleOrder: Int { denominator.removingRoot(1).order }

  /// The vectors `y_k` of `V(γ) = (1 + ρ) Σ_{k ≥ -1} ρᵏ y_k`, `ρ = (1 - γ)/γ`, from the gain
  /// `y_{-1}` and the bias `y_0` to `y_last`; one vector a level.
  package func laurentCoefficients(through last: Int) -> [[Rational]] {
    // γV is a quotient of polynomials in u = 1/γ = 1 + ρ: expand both around u = 1.
    let size = max(denominator.degree, numerators.count)
    let count = last + 2 + poleOrder
    let below = taylor(
      (0...size).map { j in
        size - j <= denominator.degree ? denominator.coefficients[size - j] : 0
      }, count: count + poleOrder
    ).dropFirst(poleOrder).map { Rational($0) }
    var levels = [[Rational]](
      repeating: [Rational](repeating: 0, count: model.stateCount), count: last + 2)
    for state in 0..<model.stateCount {
      let above = taylor(
        (0..<size).map { j in
          size - 1 - j < numerators.count ? numerators[size - 1 - j][state] : 0
        }, count: count)
      let series = quotientSeries(above, below, count: count)
      // Coefficient i belongs to the level i - poleOrder.
      for level in -1...last where level + poleOrder >= 0 {
        levels[level + 1][state] = series[level + poleOrder]
      }
    }
    return levels
  }

  /// The first coefficients of the polynomial in powers of `u - 1`.
  private func taylor(_ coefficients: [Integer], count: Int) -> [Integer] {
    var rest = coefficients
    return (0..<count).map { _ in
      guard let leading = rest.popLast() else { return 0 }
      // Division by u - 1: the remainder is the next coefficient.
      var carry = leading
      var quotient: [Integer] = []
      for coefficient in rest.reversed() {
        quotient.append(carry)
        carry += coefficient
      }
      rest = quotient.reversed()
      return carry
    }
  }

  private func quotientSeries(
    _ above: [Integer], _ below: [Rational], count: Int
  ) -> [Rational] {
    var series: [Rational] = []
    for i in 0..<count {
      var sum = Rational(above[i])
      for j in 0..<i where i - j < below.count { sum -= below[i - j] * series[j] }
      series.append(sum / below[0])
    }
    return series
  }
}
