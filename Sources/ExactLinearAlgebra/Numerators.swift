import ExactArithmetic

/// From binary approximations and a candidate denominator to integers over one denominator.
struct Numerators {
  let store: DigitStore
  let bitsPerRound: Int
  let leadingRounds: Int
  let progress: ProgressHandler

  /// Multiplies every approximation by the denominator and rounds to the nearest integer; where the
  /// product is not close to one, the denominator has lost a factor, which is found and repaired.
  ///
  /// - Returns: `nil` when the candidate does not fit. What is returned has still to be verified.
  func overCommonDenominator(
    startingWith candidate: Integer
  ) throws(Interrupted) -> (denominator: Integer, numerators: [Integer])? {
    var denominator = candidate
    for _ in 0..<24 {
      let rounds = neededRounds(denominator)
      guard rounds <= store.rounds else { return nil }
      let bits = bitsPerRound * (rounds - leadingRounds)
      let outcome = products(denominator, rounds: rounds, bits: bits)
      try progress.checkpoint()
      guard let lost = outcome.lost else { return (denominator, outcome.numerators) }
      // The product is a fraction with a small denominator: the lost factor.
      guard
        let factor = reconstructedDenominator(
          of: lost, bits: bits, error: (denominator << 8), maximumDenominatorBits: 64)
      else { return nil }
      guard factor > 1 else { return nil }
      denominator *= factor
    }
    return nil
  }

  /// Enough that the denominator times the error stays far below 1.
  private func neededRounds(_ denominator: Integer) -> Int {
    leadingRounds + (denominator.bitLength + 96 + bitsPerRound - 1) / bitsPerRound
  }

  private func products(
    _ denominator: Integer, rounds: Int, bits: Int
  ) -> (numerators: [Integer], lost: Integer?) {
    let results = Slots(count: store.size)
    let half = Integer.one << (bits - 1)
    store.forEachNumber(rounds: rounds) { row, approximation in
      if results.hasLost { return }
      let product = denominator * approximation
      let nearest = (product + half) >> bits
      let rest = (product - (nearest << bits)).magnitude
      // An honest product is within 2^-24 of its integer.
      if rest.bitLength > bits - 24 {
        results.lose(product)
      } else {
        results.put(nearest, row)
      }
    }
    return (results.values, results.lost)
  }
}
