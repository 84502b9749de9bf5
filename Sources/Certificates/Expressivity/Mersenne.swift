// What is here: p-adic arithmetic of the checker, for p = 2⁶¹ − 1. It shares nothing with the solvers.

import ExactArithmetic

/// Arithmetic modulo `2⁶¹ − 1`.
enum Mersenne {
  static let prime: UInt64 = (1 << 61) - 1

  @inline(__always)
  static func reduced(_ value: UInt128) -> UInt64 {
    let once = (value & UInt128(prime)) &+ (value >> 61)
    let twice =
      UInt64(truncatingIfNeeded: once & UInt128(prime))
      &+ UInt64(truncatingIfNeeded: once >> 61)
    return twice >= prime ? (twice &- prime) % prime : twice
  }

  static func product(_ a: UInt64, _ b: UInt64) -> UInt64 { reduced(UInt128(a) * UInt128(b)) }

  static func residue(_ value: Int) -> UInt64 {
    let rest = UInt64(value.magnitude) % prime
    return value < 0 && rest != 0 ? prime - rest : rest
  }

  /// By Fermat's theorem.
  static func inverse(_ value: UInt64) -> UInt64 {
    var (result, base, exponent) = (UInt64(1), value, prime - 2)
    while exponent != 0 {
      if exponent & 1 == 1 { result = product(result, base) }
      base = product(base, base)
      exponent >>= 1
    }
    return result
  }
}

/// The denominator of the short fraction with this residue, by Euclid's algorithm stopped half way.
func reconstructedDenominator(_ residue: Integer, _ modulus: Integer) -> Integer {
  var (r0, r1) = (modulus, residue)
  var (q0, q1) = (Integer.zero, Integer.one)
  let half = modulus.bitLength / 2
  while r1.bitLength > half, !r1.isZero {
    let (quotient, rest) = r0.quotientAndRemainder(dividingBy: r1)
    (r0, r1) = (r1, rest)
    (q0, q1) = (q1, q0 - quotient * q1)
  }
  return q1.magnitude
}

extension Integer {
  /// The remainder in `[0, modulus)`.
  func floorRemainder(_ modulus: Integer) -> Integer {
    let remainder = self % modulus
    return remainder.isNegative ? remainder + modulus : remainder
  }

  /// The remainder of least absolute value.
  func centredRemainder(_ modulus: Integer) -> Integer {
    let remainder = floorRemainder(modulus)
    return remainder + remainder > modulus ? remainder - modulus : remainder
  }
}
