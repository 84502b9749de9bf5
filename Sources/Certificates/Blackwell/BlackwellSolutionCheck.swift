import ExactArithmetic
import MarkovDecisionProcesses

/// Holds every claim of a solution of a Blackwell problem against what its certificate proves.
struct BlackwellSolutionCheck {
  let solution: WrittenBlackwellSolution
  let certificate: BlackwellCertificate
  let proof: BlackwellProof
  let model: FiniteMDP
  let isEmbedded: Bool

  func run() throws(CheckFailure) {
    try checkTerms()
    try checkLevels()
    try checkStart()
    try checkPolicy()
    try checkOptimalActions()
    try checkPieces()
  }

  private var last: ParametricValue { proof.values[proof.values.count - 1] }
  private var isNegated: Bool { certificate.objective.direction == .minimize }

  private func checkTerms() throws(CheckFailure) {
    let own = certificate.objective
    try requireSame(solution.objective, BlackwellCertificate.objectiveName, "objective") { $0 }
    // A direction that one of two files leaves out is to maximise.
    let direction = solution.direction ?? (isEmbedded ? own.direction : .maximize)
    try requireSame(direction, own.direction, "direction") { $0.rawValue }
    try requireSame(solution.reward, own.reward, "reward") { $0 }
    try require(
      solution.policyIsOptimal ?? true,
      "policyIsOptimal: the solution says false, the certificate proves true")
    try require(
      solution.undecided?.isEmpty ?? true,
      "undecided: the solution lists states, but the certificate leaves nothing open")
    try requireNoBounds(status: solution.status, initialValue: solution.initialValue)
    guard solution.status == .enclosed else { return }
    try requireNoExactAnswers(
      values: solution.gain != nil ? "gain" : solution.bias != nil ? "bias" : nil,
      initialValue: solution.initialValue,
      optimalActions: solution.optimalActions != nil)
  }

  private func requireSame<Value: Equatable>(
    _ claim: Value?, _ proved: Value, _ field: String, _ text: (Value) -> String
  ) throws(CheckFailure) {
    guard let claim, claim != proved else { return }
    throw .rejected(
      "\(field): the solution says \(text(claim)), the certificate proves \(text(proved))")
  }

  // MARK: - Gain, bias and what follows

  private func checkLevels() throws(CheckFailure) {
    let printed = solution.laurentCoefficients ?? []
    try checkOrder(levels: solution.laurentCoefficients?.count)
    let levels = last.laurentCoefficients(through: max(0, printed.count - 2)).map { level in
      RationalVector(isNegated ? level.map { -$0 } : level)
    }
    try check(solution.gain, solution.gainDecimal, levels[0], "gain")
    try check(solution.bias, solution.biasDecimal, levels[1], "bias")
    for (place, vector) in printed.enumerated() {
      try check(vector, nil, levels[place], "laurentCoefficients[\(place)]")
    }
    try checkInitialValue(levels[0])
  }

  /// The order has so many levels: `-1, 0, …, order`; of an order past the number of states those
  /// up to that number determine all others.
  private func checkOrder(levels: Int?) throws(CheckFailure) {
    guard let order = solution.order else {
      return try require(
        levels == nil, "laurentCoefficients: without an order the solution has none of its levels")
    }
    guard let levels else { return }
    let right = min(order, model.stateCount) + 2
    try require(
      levels == right,
      "laurentCoefficients: there are \(levels) levels, but the order \(order) has \(right)")
  }

  private func check(
    _ claim: NumberVector?, _ decimals: StateVector<DecimalClaim>?, _ proved: RationalVector,
    _ field: String
  ) throws(CheckFailure) {
    guard let vector = try claim?.vector(in: model, field) else {
      return try require(decimals == nil, "\(field)Decimal: there is no \(field) beside it")
    }
    let texts = try decimals?.entries(in: model, "\(field)Decimal")
    for state in 0..<model.stateCount {
      let place = "at state \(model.name(State(state)))"
      try require(
        vector.isEqual(proved, at: state),
        "\(field): \(place) the solution says \(shown(vector[state])), the certificate proves "
          + shown(proved[state]))
      let number = vector.fraction(state)
      try require(
        texts?[state].isRounding(of: number, number) ?? true,
        "\(field)Decimal: \(place) the decimals are not those of the number beside")
    }
  }

  private func checkInitialValue(_ gain: RationalVector) throws(CheckFailure) {
    guard let claim = solution.initialValue else {
      return try require(
        solution.initialValueDecimal == nil,
        "initialValueDecimal: there is no initialValue beside it")
    }
    let own = try solution.initial.map { (law) throws(CheckFailure) in try model.law(law) }
    guard let law = own ?? model.initial else {
      throw .rejected("initialValue: neither the solution nor the model has an initial law")
    }
    let mean = gain.mean(law.indexed)
    try require(
      claim.isImplied(by: mean, mean),
      "initialValue: the solution says \(claim.shown), the certificate proves \(shown(mean))")
    try require(
      solution.initialValueDecimal?.isRounding(of: claim.lower.fraction, claim.upper.fraction)
        ?? true,
      "initialValueDecimal: the decimals are not those of the number beside")
  }

  // MARK: - The Blackwell start

  private func checkStart() throws(CheckFailure) {
    let start = certificate.last.from
    if let claim = solution.start {
      try require(
        isImplied(claim, by: start),
        "blackwellStart: it is not that of the certificate, \(start)")
    }
    if let decimal = solution.startDecimal {
      guard let claim = solution.start else {
        throw .rejected("blackwellStartDecimal: there is no blackwellStart beside it")
      }
      try require(
        decimal.isRounding(of: claim.lower.fraction, claim.upper.fraction),
        "blackwellStartDecimal: the decimals are not those of the number beside")
    }
    if let claim = solution.optimalFrom {
      try require(
        start.comparison(with: claim) <= 0 && claim < 1,
        "optimalFrom: the solution says \(shown(claim)), which is not in [start, 1) with the "
          + "certificate's start \(start)")
    }
    if let claim = solution.aPrioriBound {
      let reward = try model.expectedReward(certificate.objective.reward, in: "reward")
      try requireSame(claim, blackwellBound(of: model, reward: reward), "aPrioriBound") {
        shown($0)
      }
    }
  }

  /// A fraction has to be the number; bounds may be wider; a polynomial has to have it as its
  /// only root between the bounds.
  private func isImplied(
    _ claim: WrittenAlgebraicNumber, by number: AlgebraicNumber
  ) throws(CheckFailure) -> Bool {
    if claim.polynomial != nil {
      return try claim.fitted(to: model, in: "blackwellStart") == number
    }
    return number.comparison(with: claim.lower) >= 0 && number.comparison(with: claim.upper) <= 0
  }

  // MARK: - Policies

  private func checkPolicy() throws(CheckFailure) {
    guard let policy = solution.policy else { return }
    try check(policy, "policy") { proof.isOptimal($0, order: solution.order) }
  }

  /// Every action of a printed policy has to be optimal.
  private func check(
    _ policy: StateVector<Reference>, _ field: String, isOptimal: (Int) -> Bool
  ) throws(CheckFailure) {
    for (state, reference) in try policy.entries(in: model, field).enumerated() {
      let choice = try model.choice(reference, at: State(state), in: field)
      try require(
        isOptimal(Int(choice.index)),
        "\(field): at state \(model.name(State(state))) the action \(reference.shown) is not "
          + "proved optimal")
    }
  }

  private func checkOptimalActions() throws(CheckFailure) {
    guard let sets = solution.optimalActions else { return }
    for (state, references) in try sets.entries(in: model, "optimalActions").enumerated() {
      var printed: Set<Int> = []
      for reference in references {
        printed.insert(
          Int(try model.choice(reference, at: State(state), in: "optimalActions").index))
      }
      let proved = model.choiceRange(at: state).filter {
        proof.isOptimal($0, order: solution.order)
      }
      try require(
        references.count == proved.count && printed == Set(proved),
        "optimalActions: at state \(model.name(State(state))) the solution lists "
          + "[\(references.map(\.shown).joined(separator: ", "))], but optimal are "
          + "[\(proved.map { model.name(actionOf: $0) }.joined(separator: ", "))]")
    }
  }

  // MARK: - Pieces

  private func checkPieces() throws(CheckFailure) {
    guard let printed = solution.pieces else { return }
    let own = certificate.pieces
    try require(
      printed.count == own.count,
      "pieces: there are \(printed.count), the certificate has \(own.count)")
    for (place, piece) in printed.enumerated() {
      let field = "pieces[\(place)]"
      let end = place + 1 < own.count ? own[place + 1].from : AlgebraicNumber(1)
      try require(
        try isImplied(piece.from, by: own[place].from),
        "\(field).from: it is not that of the certificate, \(own[place].from)")
      try require(
        try isImplied(piece.to, by: end),
        "\(field).to: it is not that of the certificate, \(end)")
      let values = proof.values[place]
      try check(piece.policy, "\(field).policy") { choice in
        values.advantage(of: choice).polynomial.isZero
      }
      try check(piece, values, field)
    }
  }

  /// Two fractions of polynomials are equal when their cross products are.
  private func check(
    _ piece: WrittenBlackwellSolution.Piece, _ values: ParametricValue, _ field: String
  ) throws(CheckFailure) {
    try require(!piece.denominator.isZero, "\(field).denominator: it is zero")
    let numerators = try piece.numerators.entries(in: model, "\(field).numerators")
    for (state, numerator) in numerators.enumerated() {
      let proved = isNegated ? -values.numerator(at: state) : values.numerator(at: state)
      try require(
        numerator * values.denominator == proved * piece.denominator,
        "\(field).numerators: at state \(model.name(State(state))) the quotient is not the value "
          + "of the policy")
    }
  }
}
