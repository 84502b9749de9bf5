import ExactArithmetic
import MarkovDecisionProcesses

// The printed values or gains, the bias, and their decimals.

extension UndiscountedSolutionCheck {
  func checkValues() throws(CheckFailure) {
    let field = solution.valuesKey
    let decimals = try solution.valuesDecimal?.partialEntries(in: model, field + "Decimal")
    guard let values = solution.values else {
      try require(decimals == nil, "\(field)Decimal: there is no \(field) beside it")
      return
    }
    switch values {
    case .numbers(let numbers):
      let (vector, divergence) = try numbers.fitted(to: model, field)
      for state in 0..<model.stateCount {
        try check(divergence[state], vector, at: state)
        if let decimal = decimals?[state] {
          try requireDecimals(
            decimal, divergence[state] == .finite ? nil : divergence[state], vector, state)
        }
      }
    case .claims(let claims):
      for (state, claim) in try claims.entries(in: model, field).enumerated() {
        let proved = proof.value(at: state)
        try require(claim.isImplied(by: proved), notProved(state, claim.shown))
        if let decimal = decimals?[state] {
          try require(claim.hasDecimals(decimal), wrongDecimals(field, state))
        }
      }
    }
  }

  /// One printed number, compared without a gcd.
  private func check(
    _ divergence: Divergence, _ vector: RationalVector, at state: Int
  ) throws(CheckFailure) {
    var isProved = divergence == proof.divergence?[state] ?? .finite
    if isProved, divergence == .finite {
      isProved =
        vector.isEqual(proof.lower, at: state) && vector.isEqual(proof.upper, at: state)
    }
    try require(isProved, notProved(state, divergence.text ?? shown(vector[state])))
  }

  private func requireDecimals(
    _ decimal: DecimalClaim, _ infinity: Divergence?, _ vector: RationalVector, _ state: Int
  ) throws(CheckFailure) {
    let isRight =
      if let infinity {
        ExtendedClaim.infinite(infinity).hasDecimals(decimal)
      } else {
        decimal.isRounding(of: vector.fraction(state), vector.fraction(state))
      }
    try require(isRight, wrongDecimals(solution.valuesKey, state))
  }

  private func notProved(_ state: Int, _ claim: String) -> String {
    "\(solution.valuesKey): at state \(model.name(State(state))) the solution says \(claim), "
      + "the certificate proves \(proof.value(at: state).shown)"
  }

  private func wrongDecimals(_ field: String, _ state: Int) -> String {
    "\(field)Decimal: at state \(model.name(State(state))) the decimals are not those of the "
      + "number beside"
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
      try require(
        claim.hasDecimals(decimal),
        "initialValueDecimal: the decimals are not those of the number beside")
    }
    let proved = proof.mean(initial)
    if claim.isImplied(by: proved) { return nil }
    var liesBetween = false
    if case .number(let number) = claim, number.isExact, proved.divergence == .finite {
      liesBetween = proved.lower <= number.lower && number.lower <= proved.upper
    }
    try require(
      liesBetween && solution.values == nil,
      "initialValue: the solution says \(claim.shown), the certificate proves \(proved.shown)")
    return "the exact initial value \(claim.shown) lies between these bounds, and only the bounds "
      + "are proved"
  }

  func checkBias() throws(CheckFailure) {
    let claim = solution.bias
    try require(
      claim.decimals == nil || claim.vector != nil, "biasDecimal: there is no bias beside it")
    try require(
      claim.spanDecimal == nil || claim.span != nil, "spanDecimal: there is no span beside it")
    guard claim.vector != nil || claim.span != nil || claim.isOptimal == true else { return }
    guard let proved = proof.bias else {
      throw .rejected("bias: the certificate proves none without its field 'biasWitness'")
    }
    try checkBias(claim, proved.vector)
    if let span = claim.span {
      let right = proved.vector.span
      try require(
        span == right,
        "span: the solution says \(shown(span)), the certificate proves \(shown(right))")
      try require(
        claim.spanDecimal?.isRounding(of: span.fraction, span.fraction) ?? true,
        "spanDecimal: the decimals are not those of the number beside")
    }
    try require(
      claim.isOptimal != true || proved.isOptimal,
      "biasOptimal: the solution says true, but the certificate's 'biasWitness' does not satisfy "
        + "the third optimality equation")
  }

  private func checkBias(
    _ claim: WrittenUndiscountedSolution.Bias, _ proved: RationalVector
  ) throws(CheckFailure) {
    guard let vector = try claim.vector?.vector(in: model, "bias") else { return }
    let decimals = try claim.decimals?.entries(in: model, "biasDecimal")
    for state in 0..<model.stateCount {
      try require(
        vector.isEqual(proved, at: state),
        "bias: at state \(model.name(State(state))) the solution says \(shown(vector[state])), "
          + "the certificate proves \(shown(proved[state]))")
      if let decimal = decimals?[state] {
        let number = vector.fraction(state)
        try require(decimal.isRounding(of: number, number), wrongDecimals("bias", state))
      }
    }
  }
}

extension RationalVector {
  /// The largest entry less the smallest; 0 without entries.
  fileprivate var span: Rational {
    switch form {
    case .entries(let entries): (entries.max() ?? 0) - (entries.min() ?? 0)
    case .common(let denominator, let numerators):
      Rational((numerators.max() ?? 0) - (numerators.min() ?? 0), denominator)
    }
  }
}
