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
          try requireRounding(decimal, of: exactly(vector[state]), "valuesDecimal", state)
        }
      }
    case .claims(let claims):
      for (state, claim) in try claims.entries(in: model, "values").enumerated() {
        guard claim.isImplied(by: proof.lower[state], proof.upper[state]) else {
          throw .rejected(notProved("values", state, claim: claim))
        }
        if let decimal = decimals?[state] {
          try requireRounding(decimal, of: claim, "valuesDecimal", state)
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
      try requireRounding(decimal, of: claim, "initialValueDecimal", nil)
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
    _ decimal: DecimalClaim, of claim: Claim, _ field: String, _ state: Int?
  ) throws(CheckFailure) {
    let isRight =
      switch decimal {
      case .number(let text): claim.lower == claim.upper && text.isRounding(of: claim.lower)
      case .bounds(let lower, let upper):
        lower.isRounding(of: claim.lower) && upper.isRounding(of: claim.upper)
      }
    try require(
      isRight,
      "\(field): " + (state.map { "at state \(model.name(State($0))) " } ?? "")
        + "the decimals are not those of \(claim.shown)")
  }
}

extension Claim {
  /// Whether the claim holds when all that is known is `low ≤ value ≤ high`.
  fileprivate func isImplied(by low: Rational, _ high: Rational) -> Bool {
    lower <= low && high <= upper
  }

  fileprivate var shown: String {
    if isExact { return Certificates.shown(lower) }
    return "[\(Certificates.shown(lower)), \(Certificates.shown(upper))]"
  }
}

extension String {
  /// Whether the text is `value` correctly rounded to the number of digits that it has.
  fileprivate func isRounding(of value: Rational) -> Bool {
    let digits = firstIndex(of: ".").map { utf8.distance(from: $0, to: endIndex) - 1 } ?? 0
    return self == value.decimal(digits: digits)
  }
}
