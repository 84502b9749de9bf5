import ExactArithmetic
import MarkovDecisionProcesses

// Condition 5: from every state of unbounded value a policy earns a positive (for `minimize`
// negative) average and stays where the goal can still be reached.

extension TotalCertificate {
  func requireRay(_ check: TotalCheck) throws(CheckFailure) {
    let model = check.model
    guard let ray else {
      throw .rejected("ray: it is missing, but some values are \(check.unbounded.text ?? "")")
    }
    try requireCount(ray.gain.count, model, "ray.gain")
    try requireCount(ray.bias.count, model, "ray.bias")
    let choices = try model.choices(of: ray.policy, "ray.policy")
    for state in 0..<model.stateCount {
      for (name, vector) in [("gain", ray.gain), ("bias", ray.bias)]
      where check.isGoal[state] && vector.sign(at: state) != 0 {
        throw .rejected(
          "ray.\(name): at state \(model.name(State(state))), which is a goal, it is "
            + "\(shown(vector[state])), but it has to be 0")
      }
      if divergence[state] == check.unbounded { try requireGain(ray.gain, state, model) }
    }
    try requireDrift(ray, try visited(by: choices, check), check)
  }

  private func requireGain(
    _ gain: RationalVector, _ state: Int, _ model: FiniteMDP
  ) throws(CheckFailure) {
    let sign = objective.direction.sign
    try require(
      gain.sign(at: state) * Int(sign) > 0,
      "ray.gain: at state \(model.name(State(state))) it is \(shown(gain[state])), but it has to "
        + "be \(sign > 0 ? "positive" : "negative")")
  }

  /// The choices that the ray's policy makes from states of unbounded value on, before the goal.
  private func visited(
    by policy: [Choice?], _ check: TotalCheck
  ) throws(CheckFailure) -> [Int] {
    let model = check.model
    var queue = (0..<model.stateCount).filter { divergence[$0] == check.unbounded }
    var isKnown = [Bool](repeating: false, count: model.stateCount)
    for state in queue { isKnown[state] = true }
    var visited: [Int] = []
    while let state = queue.popLast() {
      let name = model.name(State(state))
      try require(
        divergence[state] != check.improper,
        "ray.policy: it can come to \(name), whose value is \(check.improper.text ?? "")")
      guard let choice = policy[state].map({ Int($0.index) }) else {
        throw .rejected("ray.policy: the state \(name), to which it can come, has no entry")
      }
      visited.append(choice)
      for transition in model.transitionRange(of: choice) {
        let successor = Int(model.successors[transition])
        if isKnown[successor] || check.isGoal[successor] { continue }
        isKnown[successor] = true
        queue.append(successor)
      }
    }
    return visited.sorted()
  }

  /// `g ≤ P g` and `g + b ≤ r + P b` at these choices; `≥` for `minimize`.
  private func requireDrift(
    _ ray: Ray, _ choices: [Int], _ check: TotalCheck
  ) throws(CheckFailure) {
    let (rows, sign) = (check.rows, objective.direction.sign)
    let gainRows = UndiscountedRows(rows.model, reward: nil, rows.progress)
    let gainSigns = try gainRows.slackSigns(ray.gain)
    let sum = ray.gain.sum(with: ray.bias)
    let biasSigns = try rows.slackSigns(sum, next: ray.bias)
    let relation = sign > 0 ? "at most" : "at least"
    for choice in choices {
      if gainSigns[choice] * sign < 0 {
        throw gainRows.failure(("gain", "next gain"), ray.gain, relation, choice, place: "ray, ")
      }
      if biasSigns[choice] * sign < 0 {
        throw rows.failure(
          ("gain + bias", "next bias"), sum, relation, choice, next: ray.bias, place: "ray, ")
      }
    }
  }
}
