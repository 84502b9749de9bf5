extension Polynomial {
  /// The polynomial of least degree through points at different places, as a primitive integer
  /// polynomial and the factor that brings it back.
  ///
  /// - Returns: `p` and `c > 0` such that `c · p(x) = y` at every point.
  /// - Precondition: the places are different.
  /// - Complexity: O(n²) rational operations (Newton's divided differences).
  public static func interpolating(
    _ points: [(place: Rational, value: Rational)]
  ) -> (polynomial: Polynomial, factor: Rational) {
    var differences = points.map(\.value)
    for order in points.indices.dropFirst() {
      for i in stride(from: points.count - 1, through: order, by: -1) {
        let distance = points[i].place - points[i - order].place
        precondition(!distance.isZero, "two points at one place")
        differences[i] = (differences[i] - differences[i - 1]) / distance
      }
    }
    // Horner's rule in the Newton basis.
    var coefficients: [Rational] = []
    for i in points.indices.reversed() {
      var next = [Rational](repeating: 0, count: coefficients.count + 1)
      for (exponent, coefficient) in coefficients.enumerated() {
        next[exponent + 1] += coefficient
        next[exponent] -= coefficient * points[i].place
      }
      next[0] += differences[i]
      coefficients = next
    }
    let polynomial = Polynomial(primitiveMultipleOf: coefficients)
    guard !polynomial.isZero else { return (polynomial, 1) }
    return (
      polynomial, coefficients[polynomial.degree] / Rational(polynomial.leadingCoefficient)
    )
  }
}
