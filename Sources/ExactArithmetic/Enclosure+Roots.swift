extension Enclosure {
  /// The square root, each end to within `2^-bits`; an end whose root is rational is exact.
  ///
  /// - Throws: ``EnclosureError/outsideDomain(function:)`` when the lower end is negative.
  /// - Precondition: `bits` is not negative.
  ///
  /// Source: ours, `proofs-notes/certified-roots.md`.
  public func squareRoot(bits: Int) throws(EnclosureError) -> Enclosure {
    try root(2, bits: bits)
  }

  /// The root of degree `degree`, each end to within `2^-bits`; an end whose root is rational is
  /// exact.
  ///
  /// - Complexity: GMP's root of an integer of `degree · bits` bits more than the argument has.
  /// - Throws: ``EnclosureError/outsideDomain(function:)`` when the lower end is negative,
  ///   ``EnclosureError/resultTooLong(function:limit:)`` when `degree · bits` exceeds
  ///   ``maximumBits``.
  /// - Precondition: `degree` is positive, `bits` is not negative.
  ///
  /// Source: ours, `proofs-notes/certified-roots.md`.
  public func root(_ degree: Int, bits: Int) throws(EnclosureError) -> Enclosure {
    precondition(degree > 0 && bits >= 0, "a root without degree or a negative precision")
    guard lower.signum >= 0 else { throw .outsideDomain(function: "a root") }
    let (scale, overflow) = degree.multipliedReportingOverflow(by: bits)
    if overflow || scale > Self.maximumBits {
      throw .resultTooLong(function: "a root", limit: Self.maximumBits)
    }
    let low = Self.root(of: lower, degree, bits: bits)
    let high = isExact ? low : Self.root(of: upper, degree, bits: bits)
    return Enclosure(lower: low.lower, upper: high.upper)
  }

  /// The number to a rational power `p/q`: the root of degree `q` of the power `p`.
  ///
  /// - Throws: ``EnclosureError/outsideDomain(function:)`` when the lower end is negative and `q`
  ///   is not 1, and what ``power(_:)`` and ``root(_:bits:)`` throw.
  public func power(_ exponent: Rational, bits: Int) throws(EnclosureError) -> Enclosure {
    guard let p = exponent.numerator.word, let q = exponent.denominator.word else {
      throw .resultTooLong(function: "a power", limit: Self.maximumBits)
    }
    if q > 1 && lower.isNegative { throw .outsideDomain(function: "a power") }
    let power = try power(p)
    return q == 1 ? power : try power.root(q, bits: bits)
  }

  private static func root(of x: Rational, _ degree: Int, bits: Int) -> Enclosure {
    // A fraction in lowest terms has a rational root only where both parts have one.
    let numerator = x.numerator.floorRoot(degree)
    if numerator.isExact {
      let denominator = x.denominator.floorRoot(degree)
      if denominator.isExact { return Enclosure(Rational(numerator.root, denominator.root)) }
    }
    // floor(root(floor(y))) = floor(root(y)).
    let root = x.floor(timesTwoToThe: degree * bits).floorRoot(degree).root
    return Enclosure(
      lower: Rational(root, timesTwoToThe: -bits), upper: Rational(root + 1, timesTwoToThe: -bits))
  }
}
