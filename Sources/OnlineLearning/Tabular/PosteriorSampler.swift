import ExactArithmetic

/// Random rows of a kernel: draws from a Dirichlet law, as integer weights.
///
/// Doubles shape the draw, with additions, multiplications, divisions and square roots only, which
/// every machine rounds alike; the logarithm is a sum of these. What comes out are integers, and
/// everything that follows is exact.
///
/// Source: G. Marsaglia and W. W. Tsang, *A simple method for generating gamma variables*, 2000.
struct PosteriorSampler: Sendable {
  var random: SplitMix64

  /// The weights of a row add up to about this.
  static let total = 1099511627776.0  // 2^40

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Draws from the Dirichlet law with parameters `counts + 1` and writes the weights.
  mutating func draw(_ counts: [Int64], into weights: inout [Int64], at offset: Int) {
    var sum = 0.0
    let draws = counts.map { count in
      let value = gamma(Double(count) + 1)
      sum += value
      return value
    }
    for (place, value) in draws.enumerated() {
      weights[offset + place] = Int64(value / sum * Self.total)
    }
  }

  /// A draw of the gamma law of a shape of at least 1.
  private mutating func gamma(_ shape: Double) -> Double {
    let d = shape - 1.0 / 3.0
    let c = 1.0 / (9.0 * d).squareRoot()
    while true {
      let x = normal()
      let base = 1.0 + c * x
      if base <= 0 { continue }
      let v = base * base * base
      if Self.logarithm(uniform()) < 0.5 * x * x + d - d * v + d * Self.logarithm(v) {
        return d * v
      }
    }
  }

  /// A standard normal draw, by the polar method.
  private mutating func normal() -> Double {
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * Self.logarithm(s) / s).squareRoot() }
    }
  }

  /// A draw from `(0, 1)`, a multiple of `2^-53` and half of it.
  private mutating func uniform() -> Double {
    (Double(random.next() >> 12) + 0.5) * 0x1p-52
  }

  /// `ln x` for `x > 0`, to about 50 bits.
  static func logarithm(_ x: Double) -> Double {
    var (mantissa, exponent) = (x.significand, Double(x.exponent))
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m - 1)/(m + 1)), whose argument is at most 0.1716.
    let z = (mantissa - 1) / (mantissa + 1)
    let square = z * z
    var (power, sum) = (z, 0.0)
    for odd in stride(from: 1, through: 23, by: 2) {
      sum += power / Double(odd)
      power *= square
    }
    return exponent * 0.6931471805599453 + 2 * sum
  }
}
