// What is here: norms of canonical rewards, and distances of rewards divided by their norms, as
// exact numbers. Notation: c_i canonical, n_i its norm, x = c_1/n_1 - c_2/n_2; q_i = |c_i|²; a
// norm of 0 divides nothing. Always half of the norm of x.

import ExactArithmetic

/// A norm: rational, or the root of a rational.
public enum NormValue: Sendable, Hashable {
  case rational(Rational)
  case root(of: Rational)

  public var isZero: Bool {
    switch self {
    case .rational(let value), .root(let value): value.isZero
    }
  }

  public var number: RootNumber {
    switch self {
    case .rational(let value): RootNumber(value)
    case .root(let square): RootNumber(squared: RootSum(square))
    }
  }
}

/// A canonical reward with its norm, and what its distances from all others share.
public struct StandardisedVector: Sendable {
  /// The canonical reward, over one denominator where that is not much longer.
  let vector: RationalVector
  /// What it is divided by: 1 where its norm is 0, which cannot divide.
  let norm: NormValue
  /// The quotients in doubles, each within `2^-50` of it, relatively, or no number: they tell the
  /// signs of most differences, and whatever they leave open is computed exactly.
  fileprivate let quotients: [Double]

  /// - Parameter norm: `.rational(1)` where nothing is divided.
  public init(_ vector: RationalVector, _ norm: NormValue) {
    self.vector = vector.overCommonDenominator()
    let divisor = norm.isZero ? .rational(1) : norm
    self.norm = divisor
    let size: Double =
      switch divisor {
      case .rational(let value): Double(value)
      case .root(let square): Double(square).squareRoot()
      }
    quotients = vector.indices.map { place in
      let entry = Double(vector[place])
      let isExpressible = size.isNormal && (entry.isNormal || vector.sign(at: place) == 0)
      return isExpressible ? entry / size : .nan
    }
  }

  fileprivate var square: Rational {
    switch norm {
    case .rational(let value): value * value
    case .root(let square): square
    }
  }

  /// `1/n` as a multiple of a root: `1/√q = √q/q`.
  fileprivate var inverse: RootSum {
    switch norm {
    case .rational(let value): RootSum(1 / value)
    case .root(let square): RootSum(1 / square, rootOf: square)
    }
  }
}

/// Two canonical rewards with their norms.
public struct StandardisedPair: Sendable {
  private let first: StandardisedVector
  private let second: StandardisedVector

  public init(_ first: StandardisedVector, _ second: StandardisedVector) {
    self.first = first
    self.second = second
  }

  /// `(n_1/n_2)²`, the square of the multiplier of `c_1 - λ c_2` that is `n_1` times the
  /// difference.
  public var squaredMultiplier: Rational { first.square / second.square }

  /// Half of `f/n_1 - g/n_2`: the distance where the norm of `c_1 - λ c_2` is `f - λ g` around the
  /// multiplier.
  public func distance(line: (f: Rational, g: Rational)) -> RootNumber {
    half(line.f, line.g)
  }

  /// The magnitude of `½ (a/n_1 - b/n_2)`.
  private func half(_ a: Rational, _ b: Rational) -> RootNumber {
    if case .rational(let n1) = first.norm, case .rational(let n2) = second.norm {
      return RootNumber(((a / n1 - b / n2) / 2).magnitude)
    }
    return RootNumber(Rational(1, 2) * (a * first.inverse - b * second.inverse))
  }

  /// Half of the norm of the difference.
  ///
  /// - Parameter metric: one of `l1`, `l2`, `linf`.
  /// - Complexity: for `l1` two sums of the numerators, whatever the length of the norms; for `l2`
  ///   a product an entry.
  public func distance(_ metric: RewardNorm) -> RootNumber {
    switch metric {
    case .l1:
      let (a, b) = signedSums()
      return half(a, b)
    case .l2: return euclidean
    case .linf: return largestEntry
    case .span, .none: preconditionFailure("this metric is no norm of the vector alone")
    }
  }

  /// `|c_1|²/n_1² + |c_2|²/n_2² - 2 <c_1,c_2>/(n_1 n_2)`, under the root and halved.
  private var euclidean: RootNumber {
    let (u, v) = (first.inverse, second.inverse)
    let (c1, c2) = (first.vector, second.vector)
    let squares = c1.dot(c1) * (u * u) + c2.dot(c2) * (v * v)
    return RootNumber(squared: Rational(1, 4) * (squares - (2 * c1.dot(c2)) * (u * v)))
  }

  /// `Σ σ_k c_1(k)` and `Σ σ_k c_2(k)` with the signs `σ_k` of the entries of the difference.
  private func signedSums() -> (Rational, Rational) {
    let signs = first.vector.indices.map(sign)
    return (first.vector.sum(signs: signs), second.vector.sum(signs: signs))
  }

  /// The sign of an entry of the difference.
  private func sign(at place: Int) -> Int {
    let (x, y) = (first.quotients[place], second.quotients[place])
    // Far above the errors of both, and of numbers that are too small for doubles.
    let margin = 0x1p-48 * (x.magnitude + y.magnitude) + 0x1p-900
    let difference = x - y
    if difference.isFinite, difference.magnitude > margin { return difference > 0 ? 1 : -1 }
    return exactSign(first.vector[place], second.vector[place])
  }

  /// The sign of `x/n_1 - y/n_2`: by the signs of both, else by `x² n_2²` against `y² n_1²`.
  private func exactSign(_ x: Rational, _ y: Rational) -> Int {
    if x.signum != y.signum { return x.signum > y.signum ? 1 : -1 }
    if x.isZero { return 0 }
    let (left, right) = (x * x * second.square, y * y * first.square)
    if left == right { return 0 }
    return (left > right) == (x.signum > 0) ? 1 : -1
  }

  /// The largest entry of the difference, halved; those that doubles show to be smaller are passed
  /// over.
  private var largestEntry: RootNumber {
    var bound = 0.0
    for place in first.vector.indices {
      let (x, y) = (first.quotients[place], second.quotients[place])
      let least = (x - y).magnitude - 0x1p-48 * (x.magnitude + y.magnitude) - 0x1p-900
      if least.isFinite { bound = max(bound, least) }
    }
    var largest = RootNumber(0)
    for place in first.vector.indices {
      let (x, y) = (first.quotients[place], second.quotients[place])
      let most = (x - y).magnitude + 0x1p-48 * (x.magnitude + y.magnitude) + 0x1p-900
      if most < bound { continue }
      let entry = half(first.vector[place], second.vector[place])
      if entry > largest { largest = entry }
    }
    return largest
  }
}

extension RationalVector {
  /// `Σ σ_k x_k` for signs `σ_k`.
  fileprivate func sum(signs: [Int]) -> Rational {
    switch form {
    case .common(let denominator, let numerators):
      var sum = Accumulator()
      for (numerator, sign) in zip(numerators, signs) where sign != 0 {
        if sign > 0 { sum.add(numerator) } else { sum.subtract(numerator) }
      }
      return Rational(sum.value, denominator)
    case .entries(let entries):
      var sum = RationalAccumulator()
      for (entry, sign) in zip(entries, signs) { sum.add(entry, times: Rational(sign)) }
      return sum.value
    }
  }
}

extension RationalVector {
  /// The norm of a canonical reward.
  ///
  /// - Parameter norm: one of `l1`, `l2`, `linf`.
  public func norm(_ norm: RewardNorm) -> NormValue {
    switch norm {
    case .l1: .rational(sumOfMagnitudes)
    case .linf: .rational(largestMagnitude)
    case .l2: .root(of: dot(self))
    case .span, .none: preconditionFailure("this is no norm of the vector alone")
    }
  }
}

extension ComparisonAnswer.Number {
  /// The number as it is printed: bounds are at most `10^-12` apart.
  public init(_ value: RootNumber) {
    if let rational = value.rational {
      self = .exact(rational)
      return
    }
    let bounds = value.enclosure(width: Rational(1, Integer(10).power(12)))
    self = .enclosed(lower: bounds.lower, upper: bounds.upper, squared: value.squared.rational)
  }
}
