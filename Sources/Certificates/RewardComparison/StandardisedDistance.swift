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

/// Two canonical rewards with their norms.
public struct StandardisedPair: Sendable {
  let first: RationalVector
  let second: RationalVector
  let firstNorm: NormValue
  let secondNorm: NormValue

  /// - Parameter norms: `.rational(1)` where nothing is divided.
  public init(
    _ first: RationalVector, _ firstNorm: NormValue, _ second: RationalVector,
    _ secondNorm: NormValue
  ) {
    self.first = first
    self.second = second
    // What cannot be divided stays as it is.
    self.firstNorm = firstNorm.isZero ? .rational(1) : firstNorm
    self.secondNorm = secondNorm.isZero ? .rational(1) : secondNorm
  }

  /// `(n_1/n_2)²`, the square of the multiplier of `c_1 - λ c_2` that is `n_1` times the
  /// difference.
  public var squaredMultiplier: Rational { square(firstNorm) / square(secondNorm) }

  /// Half of `f/n_1 - g/n_2`: the distance where the norm of `c_1 - λ c_2` is `f - λ g` around the
  /// multiplier.
  public func distance(line: (f: Rational, g: Rational)) -> RootNumber {
    RootNumber(
      Rational(1, 2)
        * (line.f * Self.inverse(firstNorm) - line.g * Self.inverse(secondNorm)))
  }

  /// `1/n_i` as a multiple of a root: `1/√q = √q/q`.
  private static func inverse(_ norm: NormValue) -> RootSum {
    switch norm {
    case .rational(let value): RootSum(1 / value)
    case .root(let square): RootSum(1 / square, rootOf: square)
    }
  }

  /// `c_1/n_1 - c_2/n_2` where both norms are rational.
  public var difference: RationalVector? {
    guard let n1 = firstNorm.number.rational, let n2 = secondNorm.number.rational else {
      return nil
    }
    return .difference(first, times: 1 / n1, second, times: 1 / n2)
  }

  /// Half of the norm of the difference.
  ///
  /// - Parameter metric: one of `l1`, `l2`, `linf`.
  public func distance(_ metric: RewardNorm) -> RootNumber {
    if let difference {
      switch metric {
      case .l1: return RootNumber(difference.sumOfMagnitudes / 2)
      case .linf: return RootNumber(difference.largestMagnitude / 2)
      case .l2: return RootNumber(squared: RootSum(difference.dot(difference) / 4))
      case .span, .none: preconditionFailure("this metric is no norm of the vector alone")
      }
    }
    let (u, v) = (Self.inverse(firstNorm), Self.inverse(secondNorm))
    switch metric {
    case .l2:
      // |c_1|²/n_1² + |c_2|²/n_2² - 2 <c_1,c_2>/(n_1 n_2)
      let squares = first.dot(first) * (u * u) + second.dot(second) * (v * v)
      return RootNumber(
        squared: Rational(1, 4) * (squares - (2 * first.dot(second)) * (u * v)))
    case .l1:
      let (a, b) = signedSums()
      return RootNumber(Rational(1, 2) * (a * u - b * v))
    case .linf: return largestEntry(u, v)
    case .span, .none: preconditionFailure("this metric is no norm of the vector alone")
    }
  }

  /// `Σ σ_k c_1(k)` and `Σ σ_k c_2(k)` with the signs `σ_k` of the entries of the difference.
  private func signedSums() -> (Rational, Rational) {
    var a = RationalAccumulator()
    var b = RationalAccumulator()
    let (q1, q2) = (square(firstNorm), square(secondNorm))
    for place in first.indices {
      let (x, y) = (first[place], second[place])
      let sign = Rational(Self.sign(x, q1, y, q2))
      a.add(x, times: sign)
      b.add(y, times: sign)
    }
    return (a.value, b.value)
  }

  private func square(_ norm: NormValue) -> Rational {
    switch norm {
    case .rational(let value): value * value
    case .root(let square): square
    }
  }

  /// The sign of `x/√p - y/√q`: by the signs of both, else by `x² q` against `y² p`.
  private static func sign(_ x: Rational, _ p: Rational, _ y: Rational, _ q: Rational) -> Int {
    if x.signum != y.signum { return x.signum > y.signum ? 1 : -1 }
    let (left, right) = (x * x * q, y * y * p)
    if left == right { return 0 }
    return (left > right) == (x.signum > 0) ? 1 : -1
  }

  private func largestEntry(_ u: RootSum, _ v: RootSum) -> RootNumber {
    var largest = RootNumber(0)
    for place in first.indices {
      let entry = first[place] * u - second[place] * v
      let magnitude = RootNumber(Rational(1, 2) * entry)
      if magnitude > largest { largest = magnitude }
    }
    return largest
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
