// What is here: the fraction behind a long binary approximation, by continued fractions.
// Notation: z = Z / 2^k is known with |x - z| ≤ E / 2^k, and x = p/q is wanted.
// Source: Wang 1981; Lehmer's variant of Euclid's algorithm (Knuth, TAOCP 4.5.2); R1 of
// proofs-notes/rational-reconstruction.md.

internal import CGMP
import ExactArithmetic

/// The convergent of `value / 2^bits` of least denominator that lies within `error / 2^bits` of it.
///
/// If some fraction `p/q` with `2 q² error < 2^bits` lies within the error, then it is that
/// convergent, in lowest terms.
///
/// - Returns: the denominator (positive), or `nil` when it would have more than
///   `maximumDenominatorBits` bits.
/// - Complexity: quadratic in `bits` with word-sized steps (Lehmer).
package func reconstructedDenominator(
  of value: Integer, bits: Int, error: Integer, maximumDenominatorBits: Int
) -> Integer? {
  var euclid = HalfEuclid(
    modulus: Integer.one << bits, residue: value.modulo(powerOfTwo: bits))
  return euclid.firstDenominator(error: error, maximumBits: maximumDenominatorBits)
}

/// The denominator of the fraction `n/d` with `n ≡ d · residue (mod modulus)` of which the numerator
/// has at most `numeratorBits` bits, by the extended scheme of Euclid stopped half way.
///
/// If `2 |n| d < modulus` for some such fraction in lowest terms with `d` prime to the modulus,
/// then it is that one; otherwise what comes out may fit nothing and has to be verified.
package func reconstructedDenominator(
  ofResidue residue: Integer, modulus: Integer, numeratorBits: Int
) -> Integer {
  precondition(!residue.isNegative && residue < modulus, "a residue is in [0, modulus)")
  var euclid = HalfEuclid(modulus: modulus, residue: residue)
  return euclid.firstDenominator(remainderBits: numeratorBits)
}

/// Euclid's algorithm on `(2^k, Z)`, with the denominators of the convergents of `Z / 2^k`.
///
/// The remainders obey `r_i = |q_i Z - p_i 2^k|`: convergent `i` is off by `r_i / (q_i 2^k)`.
private struct HalfEuclid: ~Copyable {
  // The last two remainders (r0 > r1) and denominators (q0 ≤ q1).
  private let r0: mpz_ptr, r1: mpz_ptr, q0: mpz_ptr, q1: mpz_ptr
  private let s: mpz_ptr, t: mpz_ptr
  private let all: UnsafeMutablePointer<__mpz_struct>

  init(modulus: Integer, residue: Integer) {
    all = .allocate(capacity: 6)
    for i in 0..<6 { __gmpz_init(all + i) }
    (r0, r1, q0, q1, s, t) = (all, all + 1, all + 2, all + 3, all + 4, all + 5)
    modulus.withGMPInteger { __gmpz_set(r0, $0.assumingMemoryBound(to: __mpz_struct.self)) }
    residue.withGMPInteger { __gmpz_set(r1, $0.assumingMemoryBound(to: __mpz_struct.self)) }
    __gmpz_set_ui(q1, 1)
  }

  deinit {
    for i in 0..<6 { __gmpz_clear(all + i) }
    all.deallocate()
  }

  private func bits(_ x: mpz_ptr) -> Int { rationale_mpz_sgn(x) == 0 ? 0 : __gmpz_sizeinbase(x, 2) }

  mutating func firstDenominator(error: Integer, maximumBits: Int) -> Integer? {
    let errorBits = error.bitLength
    while true {
      if bits(q1) > maximumBits { return nil }
      if isWithin(error) { return Integer(copyingGMPInteger: UnsafeRawPointer(q1)) }
      // A batch changes either length by less than 64 bits: take it while the goal is further.
      if bits(r1) > errorBits + bits(q1) + 136, bits(q1) + 66 < maximumBits, lehmerStep() {
        continue
      }
      divisionStep()
    }
  }

  mutating func firstDenominator(remainderBits: Int) -> Integer {
    while bits(r1) > remainderBits {
      if bits(r1) > remainderBits + 70, lehmerStep() { continue }
      divisionStep()
    }
    return Integer(copyingGMPInteger: UnsafeRawPointer(q1))
  }

  /// Whether r1 ≤ E q1.
  private func isWithin(_ error: Integer) -> Bool {
    error.withGMPInteger {
      __gmpz_mul(s, q1, $0.assumingMemoryBound(to: __mpz_struct.self))
    }
    return __gmpz_cmp(r1, s) <= 0
  }

  /// One step of Euclid's algorithm on the full numbers; the quotient may be as long as they are.
  private mutating func divisionStep() {
    __gmpz_tdiv_qr(s, t, r0, r1)  // r0 = s r1 + t
    __gmpz_swap(r0, r1)
    __gmpz_swap(r1, t)
    __gmpz_addmul(q0, s, q1)
    __gmpz_swap(q0, q1)
  }

  /// Several steps at once, found on the leading 62 bits; false when not even one is certain.
  private mutating func lehmerStep() -> Bool {
    let shift = bits(r0) - 62
    guard shift > 0 else { return false }
    __gmpz_tdiv_q_2exp(s, r0, UInt(shift))
    __gmpz_tdiv_q_2exp(t, r1, UInt(shift))
    var x = Int(__gmpz_get_si(s))
    var y = Int(__gmpz_get_si(t))
    // Invariant: the full remainders are |a r0 - b r1| and |d r1 - c r0| with signs that alternate.
    var (a, b, c, d) = (1, 0, 0, 1)
    var steps = 0
    while true {
      // Collins's condition: the quotient is the same for both extremes of the truncated tails.
      let (low, high) = (y + c, y + d)
      let (lowOther, highOther) = (y - c, y - d)
      let tailsA: (Int, Int)
      let tailsB: (Int, Int)
      if steps & 1 == 0 {
        (tailsA, tailsB) = ((x - b, high), (x + a, lowOther))
      } else {
        (tailsA, tailsB) = ((x - a, low), (x + b, highOther))
      }
      guard tailsA.1 > 0, tailsB.1 > 0 else { break }
      let quotient = tailsA.0 / tailsA.1
      guard quotient == tailsB.0 / tailsB.1, quotient < 1 << 31 else { break }
      let (newC, o1) = c.multipliedReportingOverflow(by: quotient)
      let (newD, o2) = d.multipliedReportingOverflow(by: quotient)
      guard !o1, !o2, newC + a < 1 << 31, newD + b < 1 << 31 else { break }
      (a, b, c, d) = (c, d, newC + a, newD + b)
      (x, y) = (y, x - quotient * y)
      steps += 1
    }
    guard steps > 0 else { return false }
    apply(a, b, c, d, isOdd: steps & 1 == 1)
    return true
  }

  private mutating func apply(_ a: Int, _ b: Int, _ c: Int, _ d: Int, isOdd: Bool) {
    combine(UInt(a), UInt(b), UInt(c), UInt(d), isOdd)
    // The cofactors add up: q' = a q0 + b q1 and c q0 + d q1.
    __gmpz_mul_ui(s, q0, UInt(a))
    __gmpz_addmul_ui(s, q1, UInt(b))
    __gmpz_mul_ui(t, q0, UInt(c))
    __gmpz_addmul_ui(t, q1, UInt(d))
    __gmpz_swap(q0, s)
    __gmpz_swap(q1, t)
  }

  /// r0' = ±(a r0 - b r1), r1' = ±(d r1 - c r0).
  private mutating func combine(_ a: UInt, _ b: UInt, _ c: UInt, _ d: UInt, _ isOdd: Bool) {
    if isOdd {
      __gmpz_mul_ui(s, r1, b)
      __gmpz_submul_ui(s, r0, a)
      __gmpz_mul_ui(t, r0, c)
      __gmpz_submul_ui(t, r1, d)
    } else {
      __gmpz_mul_ui(s, r0, a)
      __gmpz_submul_ui(s, r1, b)
      __gmpz_mul_ui(t, r1, d)
      __gmpz_submul_ui(t, r0, c)
    }
    __gmpz_swap(r0, s)
    __gmpz_swap(r1, t)
  }
}
