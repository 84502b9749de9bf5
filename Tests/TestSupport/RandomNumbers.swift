import ExactArithmetic

// Generators that lean towards trouble: 0, ±1, the ends of a machine word and of its double.

extension Integer {
  /// 0, 1 and the neighbours of the powers of two where representations change, of both signs.
  public static let corners: [Integer] = {
    var corners: [Integer] = [0, 1, -1, 2, -2, 3, -3]
    for bits in [31, 32, 52, 53, 62, 63, 64, 65, 126, 127, 128] {
      let power = Integer.one << bits
      corners += [power - 1, power, power + 1, -power - 1, -power, -power + 1]
    }
    return corners
  }()

  /// A number that is often near a corner, often small, and at times up to `bits` bits long.
  public static func random(
    bits: Int = 160, using random: inout some RandomNumberGenerator
  ) -> Integer {
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      corners.randomElement(using: &random)! + Integer(Int.random(in: -2...2, using: &random))
    case 2, 3: Integer(Int.random(in: -20...20, using: &random))
    case 4, 5:
      Integer(
        Int.random(in: .min ... .max, using: &random) >> Int.random(in: 0...63, using: &random))
    default: uniform(bits: Int.random(in: 1...bits, using: &random), using: &random)
    }
  }

  /// A number of at most `bits` bits, all alike, of either sign.
  public static func uniform(
    bits: Int, using random: inout some RandomNumberGenerator
  ) -> Integer {
    var value = Integer.zero
    for _ in 0..<(bits + 31) / 32 {
      value = (value << 32) + Integer(UInt32.random(in: .min ... .max, using: &random))
    }
    value = value >> ((32 - bits % 32) % 32)
    return Bool.random(using: &random) ? value : -value
  }
}

extension Rational {
  /// A fraction of two numbers of `Integer.random`: often an integer, often at a word's end.
  public static func random(
    bits: Int = 160, using random: inout some RandomNumberGenerator
  ) -> Rational {
    let numerator = Integer.random(bits: bits, using: &random)
    if Int.random(in: 0..<5, using: &random) == 0 { return Rational(numerator) }
    let denominator = Integer.random(bits: bits, using: &random)
    return Rational(numerator, denominator.isZero ? 1 : denominator)
  }

  /// A fraction whose numerator and denominator have at most as many bits as drawn from `bits`.
  public static func random(
    bits: ClosedRange<Int>, using random: inout some RandomNumberGenerator
  ) -> Rational {
    let numerator = Integer.uniform(bits: Int.random(in: bits, using: &random), using: &random)
    let denominator = Integer.uniform(bits: Int.random(in: bits, using: &random), using: &random)
    return Rational(numerator, denominator.isZero ? 1 : denominator)
  }

  /// A probability in `[0, 1]` with a denominator of at most `denominator`; 0 and 1 are common.
  public static func randomProbability(
    denominator: Int = 60, using random: inout some RandomNumberGenerator
  ) -> Rational {
    let d = Int.random(in: 1...denominator, using: &random)
    return Rational(Int.random(in: 0...d, using: &random), d)
  }

  /// Whether the representation is the canonical one: lowest terms, a positive denominator, and
  /// inline exactly when both words fit.
  public var isCanonical: Bool {
    let n = numerator
    let d = denominator
    guard d.signum > 0, Integer.gcd(n, d) == 1 else { return false }
    if let words {
      return n.word == words.numerator && d.word == words.denominator
    }
    return n.word == nil || d.word == nil
  }
}
