import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `values[t]` are the optimal probabilities of reaching the goal within `steps - t`
// steps, and the policies attain them. Proof: `proofs-notes/reachability-certificate.md`.

extension ReachabilityBoundedCertificate {
  /// Checks every condition of the certificate on `model`, without solving anything.
  ///
  /// - Complexity: linear in the model, times the steps and the length of the numbers.
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
    let isGoal = try model.goalStates(objective.goal)
    try requireLengths(model)
    let rows = UndiscountedRows(model, reward: nil, progress)
    for state in 0..<model.stateCount where !isGoal[state] && values[steps].sign(at: state) != 0 {
      throw .rejected(
        "step \(steps), at state \(model.name(State(state))): value = "
          + "\(shown(values[steps][state])) has to be 0, since no step is left")
    }
    try requireOnes(at: steps, isGoal, model)
    var proved: [UndiscountedProof.Step] = []
    for step in 0..<steps {
      try requireOnes(at: step, isGoal, model)
      proved.append(try optimalityStep(step, rows, isGoal))
    }
    return UndiscountedProof(
      direction: objective.direction, values: .exact(values[0]), isGoal: isGoal,
      steps: proved,
      provesEveryOptimalAction: true,
      statement: "the values are \(objective.title) within \(steps) steps, exactly, at every "
        + "state and step, and the policies attain them")
  }

  private func requireLengths(_ model: FiniteMDP) throws(CheckFailure) {
    try require(steps >= 0, "steps: it is \(steps), but it must not be negative")
    // `steps` may be anything a file holds; `steps + 1` could overflow.
    try require(
      values.count - 1 == steps,
      "values: there are \(values.count) vectors, but \(steps) steps, which take one more vector")
    try require(
      policy.count == steps, "policy: there are \(policy.count) policies, but \(steps) steps")
    for (step, vector) in values.enumerated() {
      try requireCount(vector.count, model, "values[\(step)]")
    }
  }

  private func requireOnes(
    at step: Int, _ isGoal: [Bool], _ model: FiniteMDP
  ) throws(CheckFailure) {
    for state in isGoal.indices where isGoal[state] {
      let (numerator, denominator) = values[step].fraction(state)
      guard numerator == denominator else {
        throw .rejected(
          "step \(step), at state \(model.name(State(state))), which is a goal: value = "
            + "\(shown(values[step][state])) has to be 1")
      }
    }
  }

  /// Checks one step of backward induction outside the goal.
  private func optimalityStep(
    _ step: Int, _ rows: UndiscountedRows, _ isGoal: [Bool]
  ) throws(CheckFailure) -> UndiscountedProof.Step {
    let model = rows.model
    let (now, next) = (values[step], values[step + 1])
    let choices = try model.choices(of: policy[step], "policy[\(step)]")
    let signs = try rows.slackSigns(now, next: next)
    let (names, place) = (("value", "next value"), "step \(step), ")
    var isOptimal = ContiguousArray(repeating: false, count: model.choiceCount)
    for state in 0..<model.stateCount where !isGoal[state] {
      for choice in model.choiceRange(at: state) {
        isOptimal[choice] = signs[choice] == 0
        if signs[choice] * objective.direction.sign > 0 {
          let relation = objective.direction == .maximize ? "at least" : "at most"
          throw rows.failure(names, now, relation, choice, next: next, place: place)
        }
      }
      guard let chosen = choices[state].map({ Int($0.index) }) else {
        throw .rejected(
          "policy[\(step)]: the state \(model.name(State(state))), which is no goal, has no entry")
      }
      if signs[chosen] != 0 {
        throw rows.failure(names, now, "equal to", chosen, next: next, place: place)
      }
    }
    return UndiscountedProof.Step(policy: choices, isOptimal: isOptimal)
  }
}
