import ExactArithmetic

// Comparisons of entries that avoid the gcd that an entry in lowest terms would cost.

extension RationalVector {
  /// A fraction that need not be reduced; the denominator is positive.
  typealias Fraction = (numerator: Integer, denominator: Integer)

  /// Entry `index` as it is stored.
  func fraction(_ index: Int) -> Fraction {
    switch form {
    case .entries(let entries): (entries[index].numerator, entries[index].denominator)
    case .common(let denominator, let numerators): (numerators[index], denominator)
    }
  }

  func sign(at index: Int) -> Int {
    switch form {
    case .entries(let entries): entries[index].signum
    case .common(_, let numerators): numerators[index].signum
    }
  }

  var isZero: Bool { indices.allSatisfy { sign(at: $0) == 0 } }

  package func isEqual(_ other: RationalVector, at index: Int) -> Bool {
    compare(other, at: index) { $0 == $1 }
  }

  func isAtMost(_ other: RationalVector, at index: Int) -> Bool {
    compare(other, at: index) { $0 <= $1 }
  }

  /// Compares two entries by their numerators over a common denominator.
  private func compare(
    _ other: RationalVector, at index: Int, _ relation: (Integer, Integer) -> Bool
  ) -> Bool {
    let (a, b) = (fraction(index), other.fraction(index))
    if a.denominator == b.denominator { return relation(a.numerator, b.numerator) }
    return relation(a.numerator * b.denominator, b.numerator * a.denominator)
  }

  /// `Σ p(s) v(s)` with one gcd at the end.
  func mean(_ law: [(state: Int, probability: Rational)]) -> Rational {
    guard case .common(let denominator, let numerators) = form else {
      return law.reduce(.zero) { $0 + $1.probability * self[$1.state] }
    }
    let scale = law.reduce(Integer.one) { Integer.lcm($0, $1.probability.denominator) }
    var sum = Accumulator()
    for (state, p) in law {
      sum.add(
        numerators[state], times: p.numerator * scale.exactlyDivided(by: p.denominator))
    }
    return Rational(sum.value, scale * denominator)
  }
}

extension Rational {
  var fraction: RationalVector.Fraction { (numerator, denominator) }
}
