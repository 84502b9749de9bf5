import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `point` is attained by a policy and (weakly) Pareto optimal.
// Proof: `proofs-notes/pareto-front.md`.

extension ParetoPointCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  public func verify(in model: FiniteMDP) -> Verdict {
    uninterrupted { progress throws(Interrupted) in
      try verify(in: model, progress: progress)
    }
  }

  /// The same, for a caller that may stop it.
  ///
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(statement: try statement(in: model, progress), warnings: warnings(in: model))
    }
  }

  /// Checks the conditions one by one; the sentence that they prove.
  func statement(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> String {
    let judge = try ScalarizedJudge(
      rewards, in: model, discount: discount, direction: direction, progress)
    try judge.requireCount(point, "point")
    try judge.requireWeight(weight, "weight")
    let start = try checkedLaw(initial, in: model)
    try occupancy.requireFlow(in: model, discount: discount, initial: start, "occupancy")
    for (index, function) in judge.functions.enumerated() {
      let (left, right) = shown(occupancy.total(of: function), versus: point[index])
      try require(
        occupancy.total(of: function) == point[index],
        "point[\(index)]: the occupancy gives the reward '\(rewards[index])' the sum \(left), "
          + "not \(right)")
    }
    try judge.requireSuperharmonic(values, for: weight)
    let mean = values.mean(start)
    let weighted = dotProduct(weight, point)
    let (left, right) = shown(mean, versus: weighted)
    try require(
      mean == weighted,
      "values: their mean under the initial law is \(left), but the weighted point is \(right)")
    return sentence(in: model)
  }

  private func sentence(in model: FiniteMDP) -> String {
    let isStrict = weight.allSatisfy { $0.signum > 0 }
    let names = rewards.map { "'\($0)'" }.joined(separator: ", ")
    let start = initial.map { " from \(phrase($0, in: model))" }
    return "the point (\(point.map(shown).joined(separator: ", "))) of the expected discounted "
      + "sums of the rewards \(names) with discount \(shown(discount))\(start ?? "") is attained "
      + "and \(isStrict ? "" : "weakly ")Pareto optimal where all are "
      + (direction == .maximize ? "maximized" : "minimized")
  }

  func warnings(in model: FiniteMDP) -> [String] {
    Certificates.warnings(about: discount, in: model)
  }
}

extension WrittenSolution {
  /// Checks the claims of a solution around a Pareto point; what the point does not prove is
  /// rejected.
  func requireFit(
    to certificate: ParetoPointCertificate, in model: FiniteMDP, isEmbedded: Bool
  ) throws(CheckFailure) {
    if let objective {
      try require(objective == "discounted", "objective: the solution says '\(objective)'")
    }
    let stated = direction ?? (isEmbedded ? certificate.direction : .maximize)
    try require(
      stated == certificate.direction,
      "direction: the solution says '\(stated.rawValue)', the certificate proves "
        + "'\(certificate.direction.rawValue)'")
    if let discount {
      try require(
        discount == certificate.discount,
        "discount: the solution says \(shown(discount)), the certificate proves "
          + shown(certificate.discount))
    }
    let unproved: [(String, Bool)] = [
      ("reward", reward != nil), ("values", values != nil), ("policy", policies != nil),
      ("initialValue", initialValue != nil), ("optimalActions", optimalActions != nil),
      ("policyIsOptimal", policyIsOptimal == true), ("undecided", undecided != nil),
      ("horizon", horizon != nil), ("terminal", terminal != nil),
      ("initialValueDecimal", initialValueDecimal != nil),
      ("valuesDecimal", valuesDecimal != nil), (foreignKey ?? "", foreignKey != nil),
    ]
    for (name, isClaimed) in unproved where isClaimed {
      throw .rejected(
        "\(name): a certificate of the kind '\(ParetoPointCertificate.kind)' does not prove it")
    }
    if let initial {
      try requireSameLaw(
        try model.law(initial), certificate.initial ?? model.initial, by: "the solution")
    } else if certificate.initial != nil {
      try requireSameLaw(model.initial, certificate.initial, by: "the solution")
    }
  }
}

/// The law of the first state that a certificate is about: its own, else the model's.
func checkedLaw(
  _ own: [(state: State, probability: Rational)]?, in model: FiniteMDP
) throws(CheckFailure) -> [(state: Int, probability: Rational)] {
  guard let law = own ?? model.initial else {
    throw .rejected("initial: neither the model nor the certificate has an initial law")
  }
  for (state, probability) in law where probability.signum < 0 {
    throw .rejected("initial: the probability of \(model.name(state)) is negative")
  }
  let sum = law.reduce(Rational.zero) { $0 + $1.probability }
  try require(sum == 1, "initial: the probabilities add up to \(shown(sum)), not 1")
  return law.map { (Int($0.state.index), $0.probability) }
}

/// Rejects a law of the first state that is not the certificate's.
func requireSameLaw(
  _ left: [(state: State, probability: Rational)]?,
  _ right: [(state: State, probability: Rational)]?, by claimant: String
) throws(CheckFailure) {
  func table(_ law: [(state: State, probability: Rational)]?) -> [State: Rational] {
    Dictionary((law ?? []).map { ($0.state, $0.probability) }, uniquingKeysWith: +)
      .filter { !$0.value.isZero }
  }
  try require(
    table(left) == table(right),
    "initial: \(claimant)'s law of the first state is not the certificate's")
}

/// A law of the first state in a sentence.
func phrase(_ law: [(state: State, probability: Rational)], in model: FiniteMDP) -> String {
  law.map { "\(model.name($0.state)) with probability \(shown($0.probability))" }
    .joined(separator: ", ")
}
