// What is here: canonical rewards as vectors, and the differences of two that were divided by
// their norms. Notation: N/D a vector over one denominator.

import ExactArithmetic
import MarkovDecisionProcesses

extension RationalVector {
  /// The entries over one denominator, where that is not much longer than theirs.
  func overCommonDenominator() -> RationalVector {
    var denominator = CommonDenominator()
    denominator.include(self)
    guard let common = denominator.value else { return self }
    return RationalVector(numerators: numerators(over: common), denominator: common)
  }

  /// `firstFactor · first - secondFactor · second`.
  public static func difference(
    _ first: RationalVector, times firstFactor: Rational, _ second: RationalVector,
    times secondFactor: Rational
  ) -> RationalVector {
    precondition(first.count == second.count, "vectors of one length")
    guard case .common(let d1, let n1) = first.overCommonDenominator().form,
      case .common(let d2, let n2) = second.overCommonDenominator().form
    else {
      return RationalVector(
        first.indices.map { firstFactor * first[$0] - secondFactor * second[$0] })
    }
    // (n1 p - n2 q) / m
    let a = firstFactor / Rational(d1)
    let b = secondFactor / Rational(d2)
    let m = Integer.lcm(a.denominator, b.denominator)
    let p = a.numerator * m.exactlyDivided(by: a.denominator)
    let q = b.numerator * m.exactlyDivided(by: b.denominator)
    return RationalVector(numerators: zip(n1, n2).map { $0 * p - $1 * q }, denominator: m)
  }

  /// Whether every entry is `factor` times that of `other`; the first that is not ends the search.
  package func isMultiple(of other: RationalVector, by factor: Rational) -> Bool {
    precondition(count == other.count, "vectors of one length")
    return indices.allSatisfy { place in
      let (a, b) = (fraction(place), other.fraction(place))
      return a.numerator * b.denominator * factor.denominator
        == b.numerator * a.denominator * factor.numerator
    }
  }

  /// `Σ |x_i|`.
  public var sumOfMagnitudes: Rational {
    switch form {
    case .common(let denominator, let numerators):
      var sum = Accumulator()
      for numerator in numerators { sum.add(numerator.magnitude, times: 1) }
      return Rational(sum.value, denominator)
    case .entries(let entries):
      var sum = RationalAccumulator()
      for entry in entries { sum.add(entry.magnitude) }
      return sum.value
    }
  }

  /// `max |x_i|`, 0 for no entries.
  public var largestMagnitude: Rational {
    switch form {
    case .common(let denominator, let numerators):
      Rational(numerators.lazy.map(\.magnitude).max() ?? 0, denominator)
    case .entries(let entries): entries.lazy.map(\.magnitude).max() ?? 0
    }
  }

  /// `Σ x_i y_i`.
  public func dot(_ other: RationalVector) -> Rational {
    precondition(count == other.count, "vectors of one length")
    guard case .common(let d1, let n1) = form, case .common(let d2, let n2) = other.form else {
      var sum = RationalAccumulator()
      for index in indices { sum.add(self[index], times: other[index]) }
      return sum.value
    }
    var sum = Accumulator()
    for (a, b) in zip(n1, n2) { sum.add(a, times: b) }
    return Rational(sum.value, d1 * d2)
  }
}

/// The forms of a reward that need no solving: given the values of a policy, or none.
public struct CanonicalReward: Sendable {
  /// `r(s,a) - v(s) + γ Σ p(t|s,a) v(t)` on compared choices: the advantage of a policy where `v`
  /// are its values, and equivalent to `r` for any `v`.
  public static func levelled(
    _ reward: PooledVector, by values: RationalVector, on pairs: ComparedPairs,
    in model: FiniteMDP, discount: Rational
  ) -> RationalVector {
    let rows = LevelledRows(model: model, reward: reward, discount: discount)
    return rows.advantages(of: values, at: pairs.choices)
  }

  /// The reward on all triples, nothing changed.
  public static func unchanged(_ function: RewardFunction, in model: FiniteMDP) -> RationalVector {
    RationalVector(plain(function, in: model))
  }

  /// The same as a table.
  static func plain(_ function: RewardFunction, in model: FiniteMDP) -> [Rational] {
    let index = TripleIndex(model)
    var table = [Rational](repeating: 0, count: index.count)
    for entry in function.entries {
      let pair = Int(entry.state.index) * index.actionCount + Int(entry.action.index)
      let start = pair * index.stateCount
      if let successor = entry.successor {
        table[start + Int(successor.index)] += entry.value
      } else {
        for place in start..<start + index.stateCount { table[place] += entry.value }
      }
    }
    return table
  }
}

/// Rows over their common denominators, for advantages without a gcd a term.
private struct LevelledRows {
  let model: FiniteMDP
  let reward: PooledVector
  let discounted: [Rational]

  init(model: FiniteMDP, reward: PooledVector, discount: Rational) {
    self.model = model
    self.reward = reward
    discounted = model.probabilityPool.values.map { discount * $0 }
  }

  func advantages(of values: RationalVector, at choices: [Choice]) -> RationalVector {
    let common = values.overCommonDenominator()
    guard case .common(let denominator, let numerators) = common.form, let scale = scale(choices)
    else {
      return RationalVector(choices.map { advantage(values.entries, Int($0.index)) })
    }
    var sum = Accumulator()
    let scaled = choices.map { choice in
      let index = Int(choice.index)
      sum.reset()
      sum.add(denominator, times: integer(reward[index], scale))
      sum.add(numerators[Int(model.choiceStates[index])], times: -scale)
      for transition in model.transitionRange(of: index) {
        let weight = discounted[Int(model.probabilities[transition])]
        sum.add(numerators[Int(model.successors[transition])], times: integer(weight, scale))
      }
      return sum.value
    }
    return RationalVector(numerators: scaled, denominator: denominator * scale)
  }

  /// A common denominator of all rows, while it is short.
  private func scale(_ choices: [Choice]) -> Integer? {
    var scale = Integer.one
    for weight in discounted { scale = Integer.lcm(scale, weight.denominator) }
    for choice in choices {
      scale = Integer.lcm(scale, reward[Int(choice.index)].denominator)
      if scale.bitLength > 2048 { return nil }
    }
    return scale
  }

  private func integer(_ value: Rational, _ scale: Integer) -> Integer {
    value.numerator * scale.exactlyDivided(by: value.denominator)
  }

  private func advantage(_ values: [Rational], _ choice: Int) -> Rational {
    var sum = RationalAccumulator()
    sum.add(reward[choice])
    sum.add(-values[Int(model.choiceStates[choice])])
    for transition in model.transitionRange(of: choice) {
      sum.add(
        values[Int(model.successors[transition])],
        times: discounted[Int(model.probabilities[transition])])
    }
    return sum.value
  }
}
