/// Sums of fractions over the same denominators, by halves.
///
/// `Σ n_i / d_i` over `Π d_i` takes a few products of long numbers of equal length, where adding
/// one fraction after the other multiplies long numbers by short ones.
///
/// - Complexity: a sum costs as much as `log count` products of numbers as long as the root.
package struct FractionTree: Sendable {
  /// `levels[0]` are the denominators, the last level is their product alone.
  private let levels: [[Integer]]

  /// - Precondition: there is a denominator.
  package init(denominators: [Integer]) {
    precondition(!denominators.isEmpty, "a tree has leaves")
    var levels = [denominators]
    while let last = levels.last, last.count > 1 {
      levels.append(
        stride(from: 0, to: last.count, by: 2).map {
          $0 + 1 < last.count ? last[$0] * last[$0 + 1] : last[$0]
        })
    }
    self.levels = levels
  }

  /// The product of the denominators.
  package var denominator: Integer { levels[levels.count - 1][0] }

  /// `Σ numerators_i / d_i`, over ``denominator``.
  package func numerator(_ numerators: [Integer]) -> Integer {
    precondition(numerators.count == levels[0].count, "one numerator a denominator")
    var sums = numerators
    for level in levels.dropLast() {
      sums = stride(from: 0, to: level.count, by: 2).map {
        $0 + 1 < level.count
          ? sums[$0] * level[$0 + 1] + sums[$0 + 1] * level[$0] : sums[$0]
      }
    }
    return sums[0]
  }
}

extension Rational {
  /// The fractions with these numerators over one positive denominator.
  ///
  /// What numerators have in common with the denominator divides one product of all of them, so
  /// that two gcds of long numbers serve for all instead of one each.
  package static func fractions(_ numerators: [Integer], over denominator: Integer) -> [Rational] {
    guard numerators.count > 4, denominator.bitLength > 4096 else {
      return numerators.map { Rational($0, denominator) }
    }
    let product = numerators.reduce(Integer.one) { $1.isZero ? $0 : $0 * $1 % denominator }
    let shared = Integer.gcd(product, denominator)
    if shared == 1 {
      return numerators.map { Rational(coprimeNumerator: $0, denominator: denominator) }
    }
    // The part of the denominator that is made up of primes of `shared`: no exponent is larger
    // than the bits of the denominator.
    var power = shared
    for _ in 0..<denominator.bitLength.bitWidth - denominator.bitLength.leadingZeroBitCount {
      power = power * power % denominator
    }
    let part = Integer.gcd(power, denominator)
    guard part.bitLength < denominator.bitLength / 2 else {
      return numerators.map { Rational($0, denominator) }
    }
    return numerators.map { numerator in
      let common = Integer.gcd(numerator % part, part)
      return Rational(
        coprimeNumerator: numerator.exactlyDivided(by: common),
        denominator: denominator.exactlyDivided(by: common))
    }
  }
}
