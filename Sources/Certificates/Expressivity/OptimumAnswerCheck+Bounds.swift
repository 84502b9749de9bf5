import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension OptimumAnswerCheck {
  // MARK: - Bounds

  /// Checks that multipliers bound the margin of every reward for which the choices with negative
  /// multipliers are those of an optimal policy along its run, and returns these choices.
  func requireBound(
    _ written: WrittenConflict, _ margin: Rational, _ place: String
  ) throws(CheckFailure) -> Set<Choice> {
    var (sum, strict) = try relations(written.constraints, "\(place).constraints")
    var flow: [State: Rational] = [:]
    var negative: Set<Choice> = []
    var seen: Set<Choice> = []
    let only = request.unique == nil ? nil : try unique()
    for (index, entry) in written.deviations.enumerated() {
      let field = "\(place).deviations[\(index)]"
      let choice = try self.choice(entry.parts, field)
      try require(seen.insert(choice).inserted, "\(field): the choice stands there twice")
      let state = model.state(of: choice)
      flow[state, default: 0] += entry.multiplier
      for (successor, probability) in model.transitions(of: choice) {
        flow[successor, default: 0] -= discount * probability * entry.multiplier
      }
      for (coordinate, weight) in features(of: choice) {
        sum[coordinate, default: 0] -= weight * entry.multiplier
      }
      if entry.multiplier.signum < 0 { negative.insert(choice) }
      let loses =
        only.map { own in own.choices[Int(state.index)].map { $0 != choice } ?? false }
        ?? mustAvoid(state)
      if loses { strict += entry.multiplier }
    }
    for (state, value) in flow {
      try require(
        value.isZero,
        "\(place): the multipliers of losses are not balanced at \(model.name(state))")
    }
    try require(
      strict.signum > 0, "\(place): the multipliers of what has to be strict add up to 0")
    let bound = sum.values.reduce(Rational.zero) { $0 + $1.magnitude } / strict
    try require(
      bound == margin, "\(place): it bounds margins by \(shown(bound)), not by \(shown(margin))")
    return negative
  }

  /// `Σ λ δ` of listed relations, and the sum of the multipliers of the strict ones.
  private func relations(
    _ written: [WrittenRequirement], _ field: String
  ) throws(CheckFailure) -> (sum: RewardFeatures, strict: Rational) {
    var (sum, strict): (RewardFeatures, Rational) = ([:], 0)
    for (index, entry) in written.enumerated() {
      let place = "\(field)[\(index)]"
      let relation = try check.requirement(entry, place, listedOnly: true)
      guard let multiplier = entry.multiplier else {
        throw .rejected("\(place): the multiplier is missing")
      }
      try require(
        relation.relation == .equal || multiplier.signum >= 0,
        "\(place): the multiplier of '\(relation.relation.rawValue)' is negative")
      if relation.relation == .greater { strict += multiplier }
      for (behaviour, sign) in [(relation.left, multiplier), (relation.right, -multiplier)] {
        for (coordinate, value) in try linear.features.features(of: behaviour).fractions {
          sum[coordinate, default: 0] += sign * value
        }
      }
    }
    return (sum, strict)
  }

  private func choice(_ parts: [String], _ place: String) throws(CheckFailure) -> Choice {
    guard parts.count == 2, let state = model.states.place(of: parts[0]),
      let action = model.actions.place(of: parts[1]),
      let choice = model.choice(of: Action(action), at: State(state)), isReachable[state]
    else { throw .rejected("\(place): it names no choice at a state that can be reached") }
    return choice
  }

  // MARK: - Inexpressible

  /// Every policy that could be optimal is refuted by one of the conflicts.
  func impossible(_ written: [WrittenConflict]) throws(CheckFailure) -> String {
    try check.requireOneDiscount()
    var conflicts: [Set<Choice>] = []
    for (index, conflict) in written.enumerated() {
      conflicts.append(try requireBound(conflict, 0, "certificate.conflicts[\(index)]"))
    }
    let claim = "no \(task.formalism.rawValue) reward"
    if let place = request.unique {
      let own = Set(try unique().choices.compactMap { $0 })
      try require(
        conflicts.contains { $0.isSubset(of: own) },
        "certificate.conflicts: none has its negative multipliers at the choices of 'uniqueOptimum'"
      )
      let name = excerpt(task.objects[place].name)
      return "\(claim) has \(name) as its only optimum: losses of other choices, with the relations"
        + " listed, cancel"
    }
    try requireCover(conflicts)
    return "\(claim) meets the relations so that every optimal policy avoids the states: for each"
      + " policy that avoids them losses and relations cancel"
  }

  /// Walks through the policies that avoid the states; a conflict ends the walk where its negative
  /// multipliers stand at choices that are made.
  private func requireCover(_ conflicts: [Set<Choice>]) throws(CheckFailure) {
    let avoidable = AvoidableStates(avoiding: request.avoided.filter(mustAvoid), in: model)
    var pending = [ReachedPolicy(in: model, from: initial)]
    var visited = 0
    while let policy = pending.popLast() {
      try check.checkpoint()
      visited += 1
      check.progress.report("walking through the policies that avoid the states: \(visited) nodes")
      if policy.reached.contains(where: { avoidable.ranks[Int($0.index)] != nil }) { continue }
      let isRefuted = conflicts.contains { conflict in
        conflict.allSatisfy { policy.choices[Int(model.state(of: $0).index)] == $0 }
      }
      if isRefuted { continue }
      guard let state = policy.open else {
        throw .rejected(
          "certificate.conflicts: none refutes the policy number \(visited) of the walk")
      }
      for choice in model.choices(at: state) where avoidable.isSafe(choice) {
        var next = policy
        next.choose(choice)
        pending.append(next)
      }
    }
  }
}
