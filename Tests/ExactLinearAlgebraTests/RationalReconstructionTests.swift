import ExactArithmetic
import TestSupport
import Testing

@testable import ExactLinearAlgebra

@Suite("Rational reconstruction")
struct RationalReconstructionTests {
  @Test("a fraction comes back at the bound", arguments: 0..<4 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let length = 1 + Int(random.below(700))
      let denominator = Integer.random(bits: length, using: &random).magnitude + 1
      let numerator = Integer.random(bits: 1 + Int(random.below(700)), using: &random).magnitude
      let x = Rational(random.below(2) == 0 ? numerator : -numerator, denominator)
      let error = Integer(1 + Int(random.below(1000)))
      // The least k with 2 q² E < 2^k.
      let bits = (2 * x.denominator * x.denominator * error).bitLength
      let exact = (x * Rational(Integer.one << bits)).floor
      let shift = Integer(Int(random.below(UInt64((error.word ?? 1) * 2)))) - error + 1
      let value = exact + (shift > 0 ? shift : shift + 1)
      // Off by less than the error on either side.
      let distance = (Rational(value, Integer.one << bits) - x).magnitude
      try #require(distance <= Rational(error, Integer.one << bits))
      let found = reconstructedDenominator(
        of: value, bits: bits, error: error, maximumDenominatorBits: 10_000)
      #expect(found == x.denominator, "seed \(seed): \(x)")
    }
  }

  @Test("below the bound another fraction may come")
  func sharp() {
    // 1/2 lies within 1/4 of 1/4, but so does 0: proofs-notes/rational-reconstruction.md.
    #expect(
      reconstructedDenominator(of: 1, bits: 2, error: 1, maximumDenominatorBits: 8) == 1)
    #expect(
      reconstructedDenominator(of: 174_763, bits: 16, error: 1, maximumDenominatorBits: 8) == 3)
  }

  @Test("a denominator that is too long is refused")
  func tooLong() {
    let third = (Integer.one << 200).floorDivided(by: 1_000_003)
    #expect(
      reconstructedDenominator(of: third, bits: 200, error: 1, maximumDenominatorBits: 12) == nil)
    #expect(
      reconstructedDenominator(of: third, bits: 200, error: 1, maximumDenominatorBits: 20)
        == 1_000_003)
  }

  @Test("residues")
  func residues() {
    // The worked case of proofs-notes/dixon-lifting.md: 5/7 modulo 10^9 + 7.
    #expect(
      reconstructedDenominator(
        ofResidue: 714_285_720, modulus: 1_000_000_007, numeratorBits: 14) == 7)
    var random = SplitMix64(seed: 9)
    let modulus = Integer(2_305_843_009_213_693_951).power(40)  // a Mersenne prime's power
    for _ in 0..<40 {
      let d = Integer.random(bits: 1 + Int(random.below(1100)), using: &random).magnitude + 1
      let n = Integer.random(bits: 1 + Int(random.below(1200)), using: &random).magnitude
      guard Integer.gcd(d, modulus) == 1, Integer.gcd(n, d) == 1 else { continue }
      let residue = n * inverse(of: d, modulo: modulus) % modulus
      #expect(
        reconstructedDenominator(ofResidue: residue, modulus: modulus, numeratorBits: 1201) == d)
    }
  }

  /// The plain extended algorithm of Euclid.
  private func inverse(of value: Integer, modulo modulus: Integer) -> Integer {
    var (r0, r1, t0, t1) = (modulus, value % modulus, Integer(0), Integer(1))
    while !r1.isZero {
      let quotient = r0 / r1
      (r0, r1) = (r1, r0 - quotient * r1)
      (t0, t1) = (t1, t0 - quotient * t1)
    }
    return t0.isNegative ? t0 + modulus : t0
  }
}
