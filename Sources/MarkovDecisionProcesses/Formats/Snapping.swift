import ExactArithmetic

extension Rational {
  /// The simplest fraction within a relative 10⁻¹² of the number: that of least denominator, and
  /// among those of least magnitude. An integer is as simple as can be and stays.
  ///
  /// Binary floating point writes 1/3 as 0.33333333333333331; this brings 1/3 back.
  ///
  /// - Complexity: O(bits) steps of the Euclidean algorithm.
  package var snapped: Rational {
    if isInteger { return self }
    let size = magnitude
    let width = size / Rational(1_000_000_000_000)
    let nearest = Rational.simplest(from: size - width, through: size + width)
    return signum < 0 ? -nearest : nearest
  }

  /// The fraction of least denominator, and among those of least numerator, in an interval of
  /// positive numbers.
  ///
  /// Both ends have the same continued fraction up to where an integer lies between them; that
  /// integer ends the answer.
  package static func simplest(from low: Rational, through high: Rational) -> Rational {
    var (low, high) = (low, high)
    // The convergents h/k of the common part.
    var (h, k): (Integer, Integer) = (1, 0)
    var (olderH, olderK): (Integer, Integer) = (0, 1)
    while true {
      let floor = low.floor
      let isWhole = low == Rational(floor)
      let term = isWhole ? floor : floor + 1
      if isWhole || Rational(term) <= high {
        return Rational(term * h + olderH, term * k + olderK)
      }
      (h, olderH) = (floor * h + olderH, h)
      (k, olderK) = (floor * k + olderK, k)
      // Taking the reciprocal of the rest turns the interval round.
      (low, high) = (1 / (high - Rational(floor)), 1 / (low - Rational(floor)))
    }
  }
}
