import ExactArithmetic

/// Arithmetic modulo an odd prime below 2⁶², on residues in Montgomery form (`x 2⁶⁴ mod p`).
///
/// Source: Montgomery, *Modular Multiplication Without Trial Division*, 1985.
struct PrimeField: Sendable {
  let prime: UInt64
  /// `-p⁻¹ mod 2⁶⁴`.
  private let inverse: UInt64
  /// `2¹²⁸ mod p`.
  private let squaredRadix: UInt64

  init(_ prime: UInt64) {
    self.prime = prime
    var x: UInt64 = 1
    for _ in 0..<6 { x = x &* (2 &- prime &* x) }  // Newton: doubles the correct bits
    inverse = 0 &- x
    let radix = (UInt64.max % prime + 1) % prime
    squaredRadix = prime.dividingFullWidth(radix.multipliedFullWidth(by: radix)).remainder
  }

  @inline(__always)
  func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let t = a.multipliedFullWidth(by: b)
    let m = t.low &* inverse
    let u = m.multipliedFullWidth(by: prime)
    // t.low + u.low is 0 modulo 2⁶⁴; it carries unless both are 0.
    let sum = t.high &+ u.high &+ (t.low == 0 ? 0 : 1)
    return sum >= prime ? sum &- prime : sum
  }

  @inline(__always)
  func subtract(_ a: UInt64, _ b: UInt64) -> UInt64 { a >= b ? a &- b : a &+ prime &- b }

  /// For primes below 2⁶², of which sums fit.
  @inline(__always)
  func add(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let sum = a + b
    return sum >= prime ? sum - prime : sum
  }

  /// The Montgomery form of an integer.
  func encode(integer value: Integer) -> UInt64 {
    encode(Int64((value % Integer(Int(prime))).word ?? 0))
  }

  /// The Montgomery form of an integer.
  func encode(_ value: Int64) -> UInt64 {
    let magnitude = multiply(value.magnitude % prime, squaredRadix)
    return value < 0 && magnitude != 0 ? prime - magnitude : magnitude
  }

  /// The residue in `[0, p)` of a Montgomery form.
  @inline(__always)
  func decode(_ value: UInt64) -> UInt64 { multiply(value, 1) }

  /// The inverse of a Montgomery form that is not zero, in Montgomery form.
  func invert(_ value: UInt64) -> UInt64 {
    var result = encode(1)
    var base = value
    var exponent = prime - 2
    while exponent != 0 {
      if exponent & 1 == 1 { result = multiply(result, base) }
      base = multiply(base, base)
      exponent >>= 1
    }
    return result
  }

  /// Primes just below 2⁶¹, one after the other.
  static func primes() -> some Sequence<UInt64> {
    sequence(state: UInt64(1) << 61) { candidate in
      repeat { candidate -= candidate & 1 == 0 ? 1 : 2 } while !isPrime(candidate)
      return candidate
    }
  }

  /// Miller and Rabin with bases that decide every 64-bit number (Sinclair 2011).
  static func isPrime(_ n: UInt64) -> Bool {
    guard n > 3, n & 1 == 1 else { return n == 2 || n == 3 }
    let twos = (n - 1).trailingZeroBitCount
    let odd = (n - 1) >> UInt64(twos)
    for base: UInt64 in [2, 325, 9375, 28178, 450_775, 9_780_504, 1_795_265_022]
    where base % n != 0 {
      var x = power(base % n, odd, modulo: n)
      if x == 1 || x == n - 1 { continue }
      var isWitness = true
      for _ in 1..<max(1, twos) {
        x = n.dividingFullWidth(x.multipliedFullWidth(by: x)).remainder
        if x == n - 1 {
          isWitness = false
          break
        }
      }
      if isWitness { return false }
    }
    return true
  }

  private static func power(_ base: UInt64, _ exponent: UInt64, modulo n: UInt64) -> UInt64 {
    var (result, base, exponent) = (UInt64(1), base, exponent)
    while exponent != 0 {
      if exponent & 1 == 1 {
        result = n.dividingFullWidth(result.multipliedFullWidth(by: base)).remainder
      }
      base = n.dividingFullWidth(base.multipliedFullWidth(by: base)).remainder
      exponent >>= 1
    }
    return result
  }
}
