/// The sums behind certified logarithms and exponentials, on integers that stand for multiples
/// of `2^-w`.
///
/// `bounds.lower <= 2^w f <= bounds.upper` for the function `f` of the name. Floors lose a known
/// amount a term, always to the same side, so that the upper bound is the sum and a constant
/// times the number of terms. The proofs: `proofs-notes/certified-logarithms.md`,
/// `proofs-notes/certified-exponential.md`.
struct FixedPointSeries: Hashable {
  /// The sum of the series, rounded down.
  let sum: Integer
  /// The number of terms.
  let terms: Int
  /// What the sum may lack.
  let deficit: Int

  var lower: Integer { sum }
  var upper: Integer { sum + Integer(deficit) }

  /// `atanh z` where `y = ⌊2^w z⌋` and `0 <= z <= 1/5`.
  static func inverseHyperbolicTangent(_ y: Integer, bits w: Int) -> FixedPointSeries {
    let square = (y * y) >> w
    var power = y
    var sum = Integer.zero
    var terms = 0
    while !power.isZero {
      sum += power.floorDivided(by: Integer(2 * terms + 1))
      power = (power * square) >> w
      terms += 1
    }
    return FixedPointSeries(sum: sum, terms: terms, deficit: (9 * terms + 3) / 4 + 3)
  }

  /// `atanh 1/3 = (log 2) / 2`.
  static func halfLogarithmOfTwo(bits w: Int) -> FixedPointSeries {
    var power = (Integer.one << w).floorDivided(by: 3)
    var sum = Integer.zero
    var terms = 0
    while !power.isZero {
      sum += power.floorDivided(by: Integer(2 * terms + 1))
      power = power.floorDivided(by: 9)
      terms += 1
    }
    return FixedPointSeries(sum: sum, terms: terms, deficit: 2 * terms + 2)
  }

  /// `exp(r / 2^w)` where `0 <= r < 3/4 · 2^w`.
  static func exponential(_ r: Integer, bits w: Int) -> FixedPointSeries {
    var term = Integer.one << w
    var sum = Integer.zero
    var terms = 0
    while !term.isZero {
      sum += term
      terms += 1
      term = ((term * r) >> w).floorDivided(by: Integer(terms))
    }
    return FixedPointSeries(sum: sum, terms: terms, deficit: (3 * terms + 1) / 2 + 3)
  }
}
