import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statement and proof: `proofs-notes/blackwell-certificate.md`. Nothing is solved here: numerators
// follow from the policy's equation, and signs of polynomials are decided by Descartes' rule.

/// What a checked certificate of Blackwell optimality has proved.
struct BlackwellProof {
  let statement: String
  /// The values of the policy of each piece; of the negated reward when it is minimised.
  let values: [ParametricValue]
  /// For each choice how often `1 - γ` divides its advantage over the last policy; `nil` where
  /// the advantage is zero for every discount.
  let orders: [Int?]

  /// Whether a choice is conserving at the levels `-1, …, n + 1`; for `nil` at all of them.
  func isOptimal(_ choice: Int, order: Int?) -> Bool {
    guard let own = orders[choice] else { return true }
    guard let order, let last = values.last else { return false }
    return own - last.poleOrder - 1 > order
  }
}

extension BlackwellCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  /// - Complexity: O(nT) multiply-adds a piece, and for each choice one or a few changes of
  ///   variable in a polynomial of degree at most `n`.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try Certificates.verdict { () throws(CheckFailure) in
      .accepted(statement: try proof(in: model, progress).statement, warnings: [])
    }
  }

  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> BlackwellProof {
    let check = try BlackwellCheck(self, model, progress)
    try check.requireOrder()
    var values: [ParametricValue] = []
    for place in pieces.indices {
      values.append(try check.values(ofPiece: place))
      try check.requireOptimality(values[place], ofPiece: place)
      if place > 0 {
        try require(
          !values[place].isEqual(to: values[place - 1]),
          "pieces[\(place)]: the values are those of the piece before, for every discount")
      }
    }
    try check.requireStart(values[0])
    let last = values[values.count - 1]
    let orders = (0..<model.choiceCount).map { choice -> Int? in
      let advantage = last.advantage(of: choice).polynomial
      return advantage.isZero ? nil : advantage.removingRoot(1).order
    }
    return BlackwellProof(statement: statement, values: values, orders: orders)
  }

  private var statement: String {
    let start = last.from
    let place =
      start.isExact
      ? Certificates.shown(start.lower)
      : "a root of \(shown(start.polynomial)) between \(Certificates.shown(start.lower)) and "
        + Certificates.shown(start.upper)
    var text =
      "the policy is Blackwell optimal for the reward '\(objective.reward)' "
      + "(\(objective.direction.rawValue)): its expected discounted sum is "
      + "\(objective.direction.adjective) from every state for all discounts from \(place) to 1"
    if start.comparison(with: 0) > 0 { text += ", and for no interval that begins earlier" }
    if pieces.count > 1 || start.comparison(with: 0) == 0 {
      let count = pieces.count == 1 ? "one rational function" : "\(pieces.count) rational functions"
      text +=
        pieces[0].from.comparison(with: 0) == 0
        ? "; on [0, 1) the optimal values are made of \(count) of the discount"
        : "; from \(Certificates.shown(pieces[0].from.upper)) on the optimal values are made of \(count)"
    }
    return text
  }

  private func shown(_ polynomial: Polynomial) -> String {
    let text = polynomial.description
    return text.count <= 200 ? text : "a polynomial of degree \(polynomial.degree)"
  }
}

/// The conditions on a model.
private struct BlackwellCheck {
  let certificate: BlackwellCertificate
  let model: FiniteMDP
  let progress: ProgressHandler
  /// The expected reward of each choice, negated where it is minimised.
  let reward: PooledVector

  init(
    _ certificate: BlackwellCertificate, _ model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) {
    self.certificate = certificate
    self.model = model
    self.progress = progress
    let objective = certificate.objective
    let expected = try model.expectedReward(objective.reward, in: "reward")
    reward = objective.direction == .maximize ? expected : expected.negated
  }

  /// The pieces begin in `[0, 1)`, one after the other.
  func requireOrder() throws(CheckFailure) {
    for (place, piece) in certificate.pieces.enumerated() {
      try require(
        piece.from.comparison(with: 0) >= 0 && piece.from.comparison(with: 1) < 0,
        "pieces[\(place)].from: it has to be at least 0 and less than 1")
      try require(
        place == 0 || certificate.pieces[place - 1].from < piece.from,
        "pieces[\(place)].from: it has to be greater than that of the piece before")
    }
  }

  func values(ofPiece place: Int) throws(CheckFailure) -> ParametricValue {
    let piece = certificate.pieces[place]
    try requireCount(piece.policy.count, model, "pieces[\(place)].policy")
    var policy = ContiguousArray<Int32>()
    for (state, action) in piece.policy.enumerated() {
      policy.append(
        try model.choice(
          .index(Int(action.index)), at: State(state), in: "pieces[\(place)].policy"
        ).index)
    }
    do throws(ParametricValue.Flaw) {
      return try ParametricValue(
        of: policy, denominator: piece.denominator, in: model, reward: reward,
        progress: progress)
    } catch {
      switch error {
      case .interrupted(let interruption): throw .interrupted(interruption)
      case .notPositive:
        throw .rejected(
          "pieces[\(place)].denominator: it has to be positive for every discount in [0, 1)")
      case .noDenominator:
        throw .rejected(
          "pieces[\(place)].denominator: times the values of the policy it is no polynomial")
      }
    }
  }

  /// No action gains anything between the start of the piece and the next one.
  func requireOptimality(
    _ values: ParametricValue, ofPiece place: Int
  ) throws(CheckFailure) {
    let pieces = certificate.pieces
    let end = place + 1 < pieces.count ? pieces[place + 1].from : AlgebraicNumber(1)
    for choice in 0..<model.choiceCount where values.policy[state(of: choice)] != choice {
      do throws(Interrupted) { try progress.checkpoint() } catch { throw .interrupted(error) }
      try require(
        values.advantage(of: choice).polynomial.isNonPositive(from: pieces[place].from, to: end),
        "pieces[\(place)]: at state \(model.name(stateOf: choice)), action "
          + "\(model.name(actionOf: choice)) is better than the policy for some discount of the "
          + "piece")
    }
  }

  /// The first piece begins at 0, or some action gains just below its start.
  func requireStart(_ values: ParametricValue) throws(CheckFailure) {
    let start = certificate.pieces[0].from
    guard start.comparison(with: 0) > 0 else { return }
    for choice in 0..<model.choiceCount where values.policy[state(of: choice)] != choice {
      do throws(Interrupted) { try progress.checkpoint() } catch { throw .interrupted(error) }
      if start.sign(of: values.advantage(of: choice).polynomial, onSide: -1) > 0 { return }
    }
    throw .rejected(
      "pieces[0].from: the policy is optimal for smaller discounts as well, down to which the "
        + "piece has to reach")
  }

  private func state(of choice: Int) -> Int { Int(model.choiceStates[choice]) }
}
