/// A sum of products of fractions over one denominator, brought to lowest terms once, at the end.
///
/// `Σ aᵢbᵢ` as a chain of `Rational` additions takes a gcd a step; here a step is a product and
/// an addition of integers as long as the denominators of the terms divide the common one. A term
/// that does not fit makes the common denominator grow to the least common multiple. When the
/// right denominator is given at the start, words need no allocation at all.
package struct RationalAccumulator: ~Copyable {
  private var numerator = Accumulator()
  private var denominator: Integer
  /// The last product of denominators that was met, and `denominator` divided by it.
  private var lastProduct = 1
  private var lastFactor: Integer

  /// An empty sum over `denominator`, which may be any multiple of what is expected.
  ///
  /// - Precondition: `denominator` is positive.
  package init(denominator: Integer = 1) {
    precondition(denominator.signum > 0, "the denominator of a sum is positive")
    self.denominator = denominator
    lastFactor = denominator
  }

  /// Sets the sum to zero and keeps the denominator and the memory.
  package mutating func reset() {
    numerator.reset()
  }

  /// Adds `value`.
  package mutating func add(_ value: Rational) {
    add(value, times: 1)
  }

  /// Adds `value * weight`.
  package mutating func add(_ value: Rational, times weight: Rational) {
    if let a = value.words, let b = weight.words {
      let (product, overflow) = a.denominator.multipliedReportingOverflow(by: b.denominator)
      if !overflow {
        if product != lastProduct { bringOver(product) }
        add(Int128(a.numerator) * Int128(b.numerator), times: lastFactor)
        return
      }
    }
    addLong(value, times: weight)
  }

  /// The sum in lowest terms.
  package var value: Rational { Rational(numerator.value, denominator) }

  private mutating func add(_ product: Int128, times factor: Integer) {
    if let factor = factor.word {
      let (term, overflow) = product.multipliedReportingOverflow(by: Int128(factor))
      if !overflow {
        numerator.add(term)
        return
      }
    }
    numerator.add(Integer(product), times: factor)
  }

  private mutating func addLong(_ value: Rational, times weight: Rational) {
    let factor = factor(for: value.denominator * weight.denominator)
    numerator.add(value.numerator * weight.numerator, times: factor)
  }

  /// Prepares `lastFactor` for terms with the denominator `product`.
  private mutating func bringOver(_ product: Int) {
    lastFactor = factor(for: Integer(product))
    lastProduct = product
  }

  /// The common denominator divided by `part`, after making it a multiple of `part`.
  private mutating func factor(for part: Integer) -> Integer {
    let (factor, remainder) = denominator.quotientAndRemainder(dividingBy: part)
    if remainder.isZero { return factor }
    let growth = part.exactlyDivided(by: Integer.gcd(part, denominator))
    numerator.multiply(by: growth)
    denominator = denominator * growth
    lastFactor = lastFactor * growth
    return denominator.exactlyDivided(by: part)
  }
}
