internal import CGMP

extension Integer {
  /// The number in 128 bits, or `nil` when it does not fit.
  ///
  /// For loops that are too hot for a GMP call per number.
  package var int128: Int128? {
    if let word { return Int128(word) }
    return withGMP { limbs -> Int128? in
      guard __gmpz_size(limbs) <= 2 else { return nil }
      let high = UInt128(__gmpz_getlimbn(limbs, 1)) << 64
      guard let magnitude = Int128(exactly: high | UInt128(__gmpz_getlimbn(limbs, 0))) else {
        return nil
      }
      return rationale_mpz_sgn(limbs) < 0 ? -magnitude : magnitude
    }
  }
}
