import ExactArithmetic
import MarkovDecisionProcesses

// The printed values and their decimals.

extension SolutionCheck {
  func checkValues() throws(CheckFailure) {
    guard let values = solution.values else {
      try require(
        solution.valuesDecimal == nil, "valuesDecimal: there are no values beside it")
      return
    }
    let decimals = try solution.valuesDecimal?.entries(in: model, "valuesDecimal")
    switch values {
    case .numbers(let numbers):
      let vector = try numbers.vector(in: model, "values")
      for state in 0..<model.stateCount {
        let isProved =
          vector.isEqual(proof.lower, at: state) && vector.isEqual(proof.upper, at: state)
        guard isProved else {
          throw .rejected(notProved("values", state, claim: exactly(vector[state])))
        }
        if let decimal = decimals?[state] {
          let number = vector.fraction(state)
          try requireRounding(decimal, number, number, "valuesDecimal", state)
        }
      }
    case .claims(let claims):
      for (state, claim) in try claims.entries(in: model, "values").enumerated() {
        guard claim.isImplied(by: proof.lower[state], proof.upper[state]) else {
          throw .rejected(notProved("values", state, claim: claim))
        }
        if let decimal = decimals?[state] {
          try requireRounding(
            decimal, claim.lower.fraction, claim.upper.fraction, "valuesDecimal", state)
        }
      }
    }
  }

  func checkInitialValue() throws(CheckFailure) -> String? {
    guard let claim = solution.initialValue else {
      try require(
        solution.initialValueDecimal == nil,
        "initialValueDecimal: there is no initialValue beside it")
      return nil
    }
    guard let initial else {
      throw .rejected("initialValue: neither the solution nor the model has an initial law")
    }
    if let decimal = solution.initialValueDecimal {
      try requireRounding(
        decimal, claim.lower.fraction, claim.upper.fraction, "initialValueDecimal", nil)
    }
    let (low, high) = (proof.lower.mean(initial), proof.upper.mean(initial))
    if claim.isImplied(by: low, high) { return nil }
    let liesBetween = claim.isExact && low <= claim.lower && claim.lower <= high
    try require(
      liesBetween && solution.values == nil,
      "initialValue: the solution says \(claim.shown), the certificate proves "
        + Claim(lower: low, upper: high, isExact: proof.isExact).shown)
    return "the exact initial value \(shown(claim.lower)) lies between these bounds, "
      + "and only the bounds are proved"
  }

  private func exactly(_ value: Rational) -> Claim {
    Claim(lower: value, upper: value, isExact: true)
  }

  private func notProved(_ field: String, _ state: Int, claim: Claim) -> String {
    let proved = Claim(
      lower: proof.lower[state], upper: proof.upper[state], isExact: proof.isExact)
    return "\(field): at state \(model.name(State(state))) the solution says \(claim.shown), "
      + "the certificate proves \(proved.shown)"
  }

  private func requireRounding(
    _ decimal: DecimalClaim, _ lower: RationalVector.Fraction, _ upper: RationalVector.Fraction,
    _ field: String, _ state: Int?
  ) throws(CheckFailure) {
    try require(
      decimal.isRounding(of: lower, upper),
      "\(field): " + (state.map { "at state \(model.name(State($0))) " } ?? "")
        + "the decimals are not those of the number beside")
  }
}

extension DecimalClaim {
  /// A number has to be the nearest decimal; of bounds the lower may be rounded down, the upper up.
  func isRounding(
    of lower: RationalVector.Fraction, _ upper: RationalVector.Fraction
  ) -> Bool {
    switch self {
    case .number(let text):
      Rounding(text, of: lower)?.isNearest == true
        && Rounding(text, of: upper)?.isNearest == true
    case .bounds(let low, let high):
      Rounding(low, of: lower).map { $0.isNearest || $0.isBelow } == true
        && Rounding(high, of: upper).map { $0.isNearest || $0.isAbove } == true
    }
  }
}

extension Claim {
  /// Whether the claim holds when all that is known is `low ≤ value ≤ high`.
  func isImplied(by low: Rational, _ high: Rational) -> Bool {
    lower <= low && high <= upper
  }

  var shown: String {
    if isExact { return Certificates.shown(lower) }
    return "[\(Certificates.shown(lower)), \(Certificates.shown(upper))]"
  }
}

/// How a decimal text lies to a number; no gcd, no power beyond the text's own digits.
struct Rounding {
  /// `(number − decimal) · 10ᵏ · denominator`, where the text has `k` digits after the point.
  private let rest: Integer
  private let denominator: Integer
  private let lastDigitIsEven: Bool

  /// `nil` when the text is not digits, with at most one point and a minus sign.
  init?(_ text: String, of number: RationalVector.Fraction) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let digits = Integer(parts.joined()) else { return nil }
    let places = parts.count == 2 ? parts[1].utf8.count : 0
    rest = number.numerator * Integer(10).power(UInt(places)) - digits * number.denominator
    denominator = number.denominator
    lastDigitIsEven = digits.isEven
  }

  /// Half to even.
  var isNearest: Bool {
    let double = rest.magnitude + rest.magnitude
    return double < denominator || (double == denominator && lastDigitIsEven)
  }

  /// The largest decimal that is not above the number.
  var isBelow: Bool { rest.signum >= 0 && rest < denominator }

  /// The smallest decimal that is not below the number.
  var isAbove: Bool { rest.signum <= 0 && rest.magnitude < denominator }
}
