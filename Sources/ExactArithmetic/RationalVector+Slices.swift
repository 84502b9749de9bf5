extension RationalVector {
  /// The first `length` entries.
  package func prefix(_ length: Int) -> RationalVector {
    guard length < count else { return self }
    switch form {
    case .entries(let entries):
      return RationalVector(Array(entries.prefix(length)))
    case .common(let denominator, let numerators):
      return RationalVector(numerators: Array(numerators.prefix(length)), denominator: denominator)
    }
  }

  /// The same vector with the least common denominator, where it has one for all entries.
  ///
  /// - Complexity: one long gcd when nothing cancels.
  package func reduced() -> RationalVector {
    guard case .common(let denominator, let numerators) = form else { return self }
    var common = denominator
    for numerator in numerators where common != 1 { common = Integer.gcd(common, numerator) }
    guard common != 1 else { return self }
    return RationalVector(
      numerators: numerators.map { $0.exactlyDivided(by: common) },
      denominator: denominator.exactlyDivided(by: common))
  }
}
