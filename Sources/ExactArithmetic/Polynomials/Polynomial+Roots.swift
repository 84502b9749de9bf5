// What is here: real roots by Descartes' rule of signs and bisection.
// Notation: for p on the open interval (a, b), V(p; a, b) is the number of sign variations of
//   (1 + x)ⁿ p((a + b x) / (1 + x)): the number of roots there, counted with multiplicity, plus
//   an even number (Descartes); 0 and 1 are exact, and bisection of a square-free polynomial
//   comes to these (Vincent, Obreshkoff). Note: proofs-notes/algebraic-numbers.md

extension Polynomial {
  /// `V(p; lower, upper)`: at least the number of roots in the open interval, and of the same
  /// parity, each root counted with its multiplicity.
  ///
  /// - Precondition: `lower < upper`.
  /// - Complexity: O(n²) integer additions.
  public func signVariations(from lower: Rational, to upper: Rational) -> Int {
    precondition(lower < upper, "the ends of an interval are in order")
    return composed(start: lower, width: upper - lower).variationsOnUnitInterval
  }

  /// `V(p; 0, 1)`.
  private var variationsOnUnitInterval: Int {
    var reversed = Array(coefficients.reversed())
    Polynomial.shift(&reversed, by: 1)
    var (variations, last) = (0, 0)
    for coefficient in reversed {
      let sign = coefficient.signum
      if sign == 0 { continue }
      if sign == -last { variations += 1 }
      last = sign
    }
    return variations
  }

  /// The real roots in the open interval, each once, in ascending order.
  ///
  /// - Precondition: the polynomial is not zero, and `lower < upper`.
  public func roots(from lower: Rational, to upper: Rational) -> [AlgebraicNumber] {
    precondition(!isZero, "every number is a root of the zero polynomial")
    guard signVariations(from: lower, to: upper) > 0 else { return [] }
    return squareFreePart.isolatedRoots(from: lower, to: upper)
  }

  /// The roots of odd multiplicity in the open interval, that is, the places at which the sign
  /// changes, in ascending order.
  ///
  /// - Precondition: the polynomial is not zero, and `lower < upper`.
  public func signChanges(from lower: Rational, to upper: Rational) -> [AlgebraicNumber] {
    precondition(!isZero, "the zero polynomial has no sign changes")
    // Short numbers first: mostly there is no root in a somewhat larger interval either.
    let coarse = Enclosure(lower: lower, upper: upper).roundedOutward(bits: 8)
    guard signVariations(from: coarse.lower, to: coarse.upper) > 0,
      signVariations(from: lower, to: upper) > 0
    else { return [] }
    let odd = squareFreeFactors.filter { $0.multiplicity % 2 == 1 }
      .reduce(Polynomial.one) { $0 * $1.factor }
    return odd.isolatedRoots(from: lower, to: upper)
  }

  /// The number of different real roots in the open interval.
  ///
  /// - Precondition: the polynomial is not zero, and `lower < upper`.
  public func rootCount(from lower: Rational, to upper: Rational) -> Int {
    roots(from: lower, to: upper).count
  }

  /// A part of an interval: `lower + width · (place, place + 1) / 2^level`, or its left end.
  private enum Part {
    case interior(Polynomial, place: Integer, level: Int)
    case leftEnd(place: Integer, level: Int)
  }

  /// The roots of a square-free polynomial, by bisection.
  private func isolatedRoots(from lower: Rational, to upper: Rational) -> [AlgebraicNumber] {
    guard degree > 0 else { return [] }
    let width = upper - lower
    let position = { (place: Integer, level: Int) in
      lower + width * Rational(place, timesTwoToThe: -level)
    }
    var roots: [AlgebraicNumber] = []
    // The leftmost part last.
    var parts = [
      Part.interior(
        composed(start: lower, width: width).primitivePart, place: 0, level: 0)
    ]
    while let part = parts.popLast() {
      switch part {
      case .leftEnd(let place, let level):
        roots.append(AlgebraicNumber(position(place, level)))
      case .interior(let polynomial, let place, let level):
        let variations = polynomial.variationsOnUnitInterval
        if variations == 0 { continue }
        if variations == 1 {
          roots.append(
            AlgebraicNumber(
              isolating: self, lower: position(place, level), upper: position(place + 1, level)))
          continue
        }
        let (left, right) = polynomial.halves
        let middle = place + place + 1
        parts.append(.interior(right, place: middle, level: level + 1))
        if right.coefficients[0].isZero { parts.append(.leftEnd(place: middle, level: level + 1)) }
        parts.append(.interior(left, place: middle - 1, level: level + 1))
      }
    }
    return roots
  }

  /// Positive multiples of `p(x/2)` and `p((x + 1)/2)`: the two halves of the unit interval.
  private var halves: (left: Polynomial, right: Polynomial) {
    let left = coefficients.enumerated().map { $1 << (degree - $0) }
    var right = left
    Polynomial.shift(&right, by: 1)
    return (Polynomial(left), Polynomial(right))
  }
}
