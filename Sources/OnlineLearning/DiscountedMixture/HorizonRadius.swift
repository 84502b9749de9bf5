import ExactArithmetic

/// The radius of the theorem for a whole run, and how closely an epoch has to be planned for it.
///
/// With `β` the radius for the largest determinant that `T` steps can reach, `β_k` that of the epoch, and
/// `q` the largest determinant over that of the epoch, the theorem needs
/// `(2 + ε) β_k min(√2, √q) ≤ 2√2 β`: within the epoch norms grow by at most `√2`, and by at most `√q`.
/// There is always such an `ε > 0`.
///
/// Source: ours, `proofs-notes/discounted-mixture-regret.md`.
struct HorizonRadius {
  private let radius: Enclosure
  /// The largest `det Σ/λ^d`.
  private let largestRatio: Rational

  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  init(_ experiment: DiscountedMixtureExperiment, steps: Int) throws {
    radius = try experiment.radius(steps: steps)
    largestRatio = experiment.largestGrowth(steps: steps).power(
      max(1, experiment.mixture.dimension))
  }

  /// `ε`, at most 1/4.
  ///
  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  func slack(of own: Enclosure, determinantRatio: Rational) throws -> Rational {
    let most = Rational(1, 4)
    if own.upper.isZero { return most }
    var room = radius.lower / own.upper
    let quotient = largestRatio / determinantRatio
    if quotient < 2 {
      room *= try Enclosure(2 / quotient).roundedOutward(significantBits: 60)
        .squareRoot(bits: 60).lower
    }
    return min(most, max(0, 2 * (room - 1)).roundedDown(bits: 40))
  }
}

extension Rational {
  /// A multiple of `2^-bits`, at most this number.
  fileprivate func roundedDown(bits: Int) -> Rational {
    Rational(floor(timesTwoToThe: bits), timesTwoToThe: -bits)
  }
}
