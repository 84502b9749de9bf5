import ExactArithmetic

/// Features over one denominator: entry `c` is `numerators[c] / denominator`.
///
/// What is long in the check of an answer are rewards, multipliers and margins; features are short.
/// Over one denominator each, sums and comparisons are products of whole numbers, and no gcd of
/// long ones is taken on the way.
struct ScaledFeatures {
  /// Positive.
  let denominator: Integer
  let numerators: [RewardCoordinate: Integer]

  init(denominator: Integer, numerators: [RewardCoordinate: Integer]) {
    self.denominator = denominator
    self.numerators = numerators
  }

  init(_ features: RewardFeatures) {
    let scale = features.values.reduce(Integer.one) {
      $1.denominator.divides($0) ? $0 : Integer.lcm($0, $1.denominator)
    }
    denominator = scale
    numerators = features.mapValues { $0.numerator * scale.exactlyDivided(by: $0.denominator) }
  }

  /// The features in lowest terms.
  var fractions: RewardFeatures { numerators.mapValues { Rational($0, denominator) } }
}

/// A fraction that is not in lowest terms.
struct ScaledValue {
  let numerator: Integer
  /// Positive.
  let denominator: Integer

  static func < (a: ScaledValue, b: ScaledValue) -> Bool {
    a.denominator == b.denominator
      ? a.numerator < b.numerator : a.numerator * b.denominator < b.numerator * a.denominator
  }

  static func == (a: ScaledValue, b: ScaledValue) -> Bool {
    a.denominator == b.denominator
      ? a.numerator == b.numerator : a.numerator * b.denominator == b.numerator * a.denominator
  }

  static func - (a: ScaledValue, b: ScaledValue) -> ScaledValue {
    ScaledValue(
      numerator: a.numerator * b.denominator - b.numerator * a.denominator,
      denominator: a.denominator * b.denominator)
  }
}

/// A table of rewards with one denominator for all entries.
struct ScaledReward {
  /// Positive.
  let scale: Integer
  private let numerators: [RewardCoordinate: Integer]

  init(_ reward: RewardFeatures) {
    let scaled = ScaledFeatures(reward)
    scale = scaled.denominator
    numerators = scaled.numerators
  }

  /// ``scale`` times the value of something with these features.
  func value(_ features: ScaledFeatures) -> ScaledValue {
    var sum = Accumulator()
    for (coordinate, weight) in features.numerators {
      if let value = numerators[coordinate] { sum.add(value, times: weight) }
    }
    return ScaledValue(numerator: sum.value, denominator: features.denominator)
  }

  /// The value of something with these features.
  func number(_ features: ScaledFeatures) -> Rational {
    let value = value(features)
    return Rational(value.numerator, value.denominator * scale)
  }
}

extension RationalVector {
  /// The vector over one denominator.
  var commonForm: (denominator: Integer, numerators: [Integer]) {
    if case .common(let denominator, let numerators) = form { return (denominator, numerators) }
    let scale = entries.reduce(Integer.one) {
      $1.denominator.divides($0) ? $0 : Integer.lcm($0, $1.denominator)
    }
    return (scale, numerators(over: scale))
  }
}
