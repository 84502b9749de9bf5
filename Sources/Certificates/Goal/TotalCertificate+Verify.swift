import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

// Statement: the values of the expected total reward until the goal, infinite ones included, and
// a policy that attains them. Proof: `proofs-notes/total-reward-certificate.md`, whose numbers of
// conditions and names N, I, F of sets of states are used.
//
// `outer` is the bound that no policy passes (upper for `maximize`), `inner` the one that the
// policy reaches. For `minimize` every inequality turns round.

extension TotalCertificate {
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
    let isGoal = try model.goalStates(objective.goal)
    try values.requireCounts(model)
    try requireCount(divergence.count, model, "values")
    try requireCount(distance.count, model, "distance")
    try requireCount(level.count, model, "level")
    let choices = try model.choices(of: policy, "policy")
    let check = TotalCheck(
      certificate: self, rows: UndiscountedRows(model, reward: reward, progress), isGoal: isGoal,
      choices: choices)
    let isOptimal = try check.run()
    if divergence.contains(check.unbounded) { try requireRay(check) }
    return UndiscountedProof(
      direction: objective.direction, values: values, divergence: divergence, isGoal: isGoal,
      steps: [UndiscountedProof.Step(policy: choices, isOptimal: isOptimal)],
      provesEveryOptimalAction: false, statement: statement)
  }

  private var statement: String {
    let title = objective.title
    let infinite = Set(divergence).subtracting([.finite]).compactMap(\.text).sorted()
    let infinities =
      infinite.isEmpty ? "" : " (\(infinite.joined(separator: " and ")) where written)"
    switch values {
    case .exact:
      return "the values are \(title), exactly, at every state\(infinities), and the policy "
        + "reaches the goal wherever one can and attains the finite ones"
    case .enclosed:
      let bound = objective.direction == .maximize ? "lower" : "upper"
      return "\(title) lies between lower and upper at every state\(infinities), and the policy "
        + "reaches the goal wherever one can and guarantees the \(bound) bound"
    }
  }
}

extension TotalObjective {
  /// How the objective is called in a statement.
  var title: String {
    "the \(direction.adjective) expected total reward \(excerpt(reward)) until the label "
      + "\(excerpt(goal)) among the policies that reach it almost surely"
  }
}

/// Conditions 1 to 4, state by state.
struct TotalCheck {
  let certificate: TotalCertificate
  let rows: UndiscountedRows
  let isGoal: [Bool]
  let choices: [Choice?]

  var model: FiniteMDP { rows.model }
  private var direction: Direction { certificate.objective.direction }
  private var isMaximum: Bool { direction == .maximize }
  private var divergence: [Divergence] { certificate.divergence }
  private var distance: [Int?] { certificate.distance }
  private var level: [Int?] { certificate.level }

  /// The value of N.
  var improper: Divergence { direction.divergenceWithoutProperPolicy }
  /// The value of I.
  var unbounded: Divergence { isMaximum ? .positive : .negative }

  /// - Returns: for each choice whether it attains the equation, if the values are exact.
  func run() throws(CheckFailure) -> ContiguousArray<Bool>? {
    let (lower, upper) = certificate.values.bounds
    let (inner, outer) = isMaximum ? (lower, upper) : (upper, lower)
    let isExact = certificate.values.isExact
    let outerSigns = try rows.slackSigns(outer.vector)
    let innerSigns = isExact ? outerSigns : try rows.slackSigns(inner.vector)
    var isOptimal = ContiguousArray(repeating: false, count: model.choiceCount)
    for state in 0..<model.stateCount {
      try model.requireGoalDistance(distance[state], isGoal[state], at: state)
      try requireOrder(state, lower, upper)
      if isGoal[state] { continue }
      if divergence[state] == improper {
        try requireLevel(state)
        continue
      }
      let chosen = try requireProperStep(state)
      guard divergence[state] == .finite else { continue }
      for choice in model.choiceRange(at: state)
      where !rows.reaches(choice, where: { divergence[$0] == improper }) {
        try requireNoUnboundedSuccessor(choice)
        if outerSigns[choice] * direction.sign > 0 {
          let relation = isMaximum ? "at least" : "at most"
          throw rows.failure(outer.names, outer.vector, relation, choice)
        }
        if isExact { isOptimal[choice] = outerSigns[choice] == 0 }
      }
      if innerSigns[chosen] * direction.sign < 0 {
        let relation = isMaximum ? "at most" : "at least"
        throw rows.failure(inner.names, inner.vector, relation, chosen)
      }
    }
    return isExact ? isOptimal : nil
  }

  /// 0 on the goal; bounds in their order elsewhere.
  private func requireOrder(
    _ state: Int, _ lower: NamedVector, _ upper: NamedVector
  ) throws(CheckFailure) {
    if isGoal[state] {
      for bound in [lower, upper] {
        let found = divergence[state].text ?? shown(bound.vector[state])
        try require(
          divergence[state] == .finite && bound.vector.sign(at: state) == 0,
          "at state \(model.name(State(state))), which is a goal: \(bound.name) = \(found) has "
            + "to be 0")
      }
    } else if case .enclosed = certificate.values, divergence[state] == .finite,
      !lower.vector.isAtMost(upper.vector, at: state)
    {
      let (left, right) = shown(lower.vector[state], versus: upper.vector[state])
      throw .rejected(
        "at state \(model.name(State(state))): lower = \(left) has to be at most upper = \(right)")
    }
  }

  /// Condition 1: every action falls to an earlier round, or stays in this one for good.
  private func requireLevel(_ state: Int) throws(CheckFailure) {
    let value = improper.text ?? ""
    guard let own = level[state] else {
      throw .rejected(
        "level: the state \(model.name(State(state))), whose value is \(value), has no entry")
    }
    for choice in model.choiceRange(at: state) {
      let isLower = rows.reaches(choice) { successor in
        divergence[successor] == improper && level[successor].map { $0 < own } ?? false
      }
      if isLower { continue }
      let leaves = rows.reaches(choice) { successor in
        divergence[successor] != improper || level[successor] != own
      }
      guard !leaves else {
        throw .rejected(
          model.place(of: choice) + ": the value is \(value) with level \(own), but the action has "
            + "no successor of value \(value) with a smaller level, and not all its successors "
            + "have the value \(value) and this level")
      }
    }
  }

  /// Condition 2; returns the choice of the policy.
  private func requireProperStep(_ state: Int) throws(CheckFailure) -> Int {
    let name = model.name(State(state))
    guard let chosen = choices[state].map({ Int($0.index) }) else {
      throw .rejected(
        "policy: the state \(name), from which the goal is to be reached, has no entry")
    }
    guard let own = distance[state] else {
      throw .rejected(
        "distance: the state \(name), from which the goal is to be reached, has no entry")
    }
    if let successor = model.transitionRange(of: chosen).lazy
      .map({ Int(model.successors[$0]) }).first(where: { divergence[$0] == improper })
    {
      throw .rejected(
        model.place(of: chosen) + ": the policy can come to \(model.name(State(successor))), "
          + "whose value is \(improper.text ?? "")")
    }
    guard rows.reaches(chosen, where: { distance[$0].map { $0 < own } ?? false }) else {
      throw .rejected(
        model.place(of: chosen) + ": no successor has a distance less than \(own)")
    }
    return chosen
  }

  /// The first part of condition 3.
  private func requireNoUnboundedSuccessor(_ choice: Int) throws(CheckFailure) {
    guard rows.reaches(choice, where: { divergence[$0] == unbounded }) else { return }
    throw .rejected(
      model.place(of: choice) + ": the value is finite, but a successor has the value "
        + (unbounded.text ?? ""))
  }
}
