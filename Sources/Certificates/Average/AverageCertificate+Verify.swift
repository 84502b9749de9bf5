import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statement: `gain` is the best long-run average reward and the policy attains it; with a witness
// `bias` is the policy's. Proof: `proofs-notes/average-certificate.md`, whose numbers of
// conditions are used.
//
// `outer` is the pair that no policy passes (upper for `maximize`), `inner` the one that the
// policy reaches. For `minimize` every inequality turns round.

extension AverageCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model and the certificate, times the length of the numbers.
  /// - Throws: ``Interrupted`` when the handler says so.
  public func verify(
    in model: FiniteMDP, progress: ProgressHandler = .none
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      .accepted(
        statement: try proof(in: model, progress).sentence(in: model), warnings: [])
    }
  }

  func proof(
    in model: FiniteMDP, _ progress: ProgressHandler
  ) throws(CheckFailure) -> UndiscountedProof {
    let reward = try model.expectedReward(objective.reward, in: "reward")
    let check = AverageCheck(
      direction: objective.direction, gains: UndiscountedRows(model, reward: nil, progress),
      rows: UndiscountedRows(model, reward: reward, progress),
      policy: try model.choices(of: policy, "policy"))
    let title = objective.title
    switch claim {
    case .exact(let pair, let witness):
      try pair.requireCounts(model, "")
      let isOptimal = try check.requireOptimal(pair)
      let bias = try witness.map { (witness) throws(CheckFailure) in
        try check.bias(pair, witness, isOptimal)
      }
      return UndiscountedProof(
        direction: objective.direction, values: .exact(pair.gain),
        steps: [UndiscountedProof.Step(policy: check.policy, isOptimal: isOptimal)],
        provesEveryOptimalAction: true, bias: bias,
        statement: "the gains are \(title), exactly, from every state, and the policy attains "
          + "them"
          + (bias.map { "; the bias is \($0.isOptimal ? "the best one and " : "")the policy's" }
            ?? ""))
    case .enclosed(let lower, let upper):
      try requireEnclosure(lower, upper, check)
      return UndiscountedProof(
        direction: objective.direction,
        values: .enclosed(lower: lower.gain, upper: upper.gain),
        steps: [UndiscountedProof.Step(policy: check.policy, isOptimal: nil)],
        provesEveryOptimalAction: false,
        statement: "\(title) lies between the two gains from every state, and the policy "
          + "guarantees the \(objective.direction == .maximize ? "lower" : "upper") one")
    }
  }

  /// The conditions of `average-enclosed`.
  private func requireEnclosure(
    _ lower: GainBias, _ upper: GainBias, _ check: AverageCheck
  ) throws(CheckFailure) {
    let model = check.rows.model
    try lower.requireCounts(model, "lower.")
    try upper.requireCounts(model, "upper.")
    let isMaximum = objective.direction == .maximize
    try check.requireUnsurpassed(
      isMaximum ? upper : lower, isMaximum ? "upper " : "lower ")
    try check.requireReached(isMaximum ? lower : upper, isMaximum ? "lower " : "upper ")
    for state in 0..<model.stateCount where !lower.gain.isAtMost(upper.gain, at: state) {
      let (left, right) = shown(lower.gain[state], versus: upper.gain[state])
      throw .rejected(
        "at state \(model.name(State(state))): lower gain = \(left) has to be at most upper gain "
          + "= \(right)")
    }
  }
}

extension AverageObjective {
  /// How the objective is called in a statement.
  var title: String {
    "the \(direction.adjective) long-run average of the reward \(excerpt(reward))"
  }
}

extension GainBias {
  fileprivate func requireCounts(
    _ model: FiniteMDP, _ place: String
  ) throws(CheckFailure) {
    try requireCount(gain.count, model, "\(place)gain")
    try requireCount(bias.count, model, "\(place)bias")
  }
}

/// The nested optimality equations, as inequalities.
private struct AverageCheck {
  let direction: Direction
  /// Rows without reward.
  let gains: UndiscountedRows
  let rows: UndiscountedRows
  let policy: [Choice]

  private var model: FiniteMDP { rows.model }

  /// Of each choice the signs of `P g − g` and `r + P h − g − h`.
  private struct Signs {
    let gain: ContiguousArray<Int8>
    let bias: ContiguousArray<Int8>
    let sum: RationalVector
  }

  private func signs(_ pair: GainBias) throws(CheckFailure) -> Signs {
    let sum = pair.gain.sum(with: pair.bias)
    return Signs(
      gain: try gains.slackSigns(pair.gain), bias: try rows.slackSigns(sum, next: pair.bias),
      sum: sum)
  }

  /// Conditions (1), (2) and (3) of one pair.
  ///
  /// - Returns: for each choice whether it attains both equations.
  func requireOptimal(_ pair: GainBias) throws(CheckFailure) -> ContiguousArray<Bool> {
    let signs = try signs(pair)
    try requireUnsurpassed(pair, signs, "")
    try requireReached(pair, signs, "")
    return ContiguousArray(zip(signs.gain, signs.bias).map { $0 == 0 && $1 == 0 })
  }

  func requireUnsurpassed(_ pair: GainBias, _ name: String) throws(CheckFailure) {
    try requireUnsurpassed(pair, try signs(pair), name)
  }

  func requireReached(_ pair: GainBias, _ name: String) throws(CheckFailure) {
    try requireReached(pair, try signs(pair), name)
  }

  /// Conditions (1) and (2): every action, the second only where the first is an equality.
  private func requireUnsurpassed(
    _ pair: GainBias, _ signs: Signs, _ name: String
  ) throws(CheckFailure) {
    let relation = direction == .maximize ? "at least" : "at most"
    for choice in 0..<model.choiceCount {
      try require(choice, signs, pair, name, relation, direction.sign)
    }
  }

  /// Condition (3): the policy's actions.
  private func requireReached(
    _ pair: GainBias, _ signs: Signs, _ name: String
  ) throws(CheckFailure) {
    let relation = direction == .maximize ? "at most" : "at least"
    for choice in policy {
      try require(Int(choice.index), signs, pair, name, relation, -direction.sign)
    }
  }

  /// Rejects a choice whose first sign that is not 0 is `excess`.
  private func require(
    _ choice: Int, _ signs: Signs, _ pair: GainBias, _ name: String, _ relation: String,
    _ excess: Int8
  ) throws(CheckFailure) {
    if signs.gain[choice] == excess {
      throw gains.failure(
        ("\(name)gain", "next \(name)gain"), pair.gain, relation, choice)
    }
    if signs.gain[choice] == 0, signs.bias[choice] == excess {
      throw rows.failure(
        ("\(name)gain + \(name)bias", "next \(name)bias"), signs.sum, relation, choice,
        next: pair.bias)
    }
  }

  /// Condition (4), and the third optimality equation where it holds.
  ///
  /// - Parameter isOptimal: for each choice whether it attains the first two equations.
  func bias(
    _ pair: GainBias, _ witness: RationalVector, _ isOptimal: ContiguousArray<Bool>
  ) throws(CheckFailure) -> UndiscountedProof.Bias {
    try requireCount(witness.count, model, "biasWitness")
    let sum = pair.bias.sum(with: witness)
    let signs = try gains.slackSigns(sum, next: witness)
    for choice in policy.map({ Int($0.index) }) where signs[choice] != 0 {
      throw gains.failure(
        ("bias + biasWitness", "next biasWitness"), sum, "equal to", choice, next: witness)
    }
    let isBest = signs.indices.allSatisfy { !isOptimal[$0] || signs[$0] * direction.sign <= 0 }
    return UndiscountedProof.Bias(
      vector: pair.bias, isOptimal: isBest,
      isAttained: ContiguousArray(zip(isOptimal, signs).map { $0 && $1 == 0 }))
  }
}
