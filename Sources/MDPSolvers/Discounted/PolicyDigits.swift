import ExactArithmetic

/// The values of a policy to as many digits as are asked for.
///
/// One owner, not shared between threads.
package final class PolicyDigits {
  private let source: ApproximationSource
  private let stateCount: Int

  init(_ source: ApproximationSource, stateCount: Int) {
    self.source = source
    self.stateCount = stateCount
  }

  /// Values over a power of two, one entry a state.
  ///
  /// - Parameter bits: how many digits of the largest value are wanted, at least 60.
  /// - Returns: the values with a bound on their error.
  /// - Complexity: linear in the system for each further word of digits, until the exact solution
  ///   is needed where digits do not apply.
  package func values(bits: Int) throws -> (values: [Rational], error: Rational) {
    let found = try source.approximation(extraBits: max(0, bits - 60))
    let error = Rational(max(1, found.error), found.denominator)
    let shift = max(0, found.denominator.bitLength - found.error.bitLength)
    let one = Integer.one << shift
    return (
      found.numerators.prefix(stateCount).map {
        Rational((Rational($0, found.denominator) * Rational(one)).floor, one)
      },
      error + Rational(1, one)
    )
  }
}
