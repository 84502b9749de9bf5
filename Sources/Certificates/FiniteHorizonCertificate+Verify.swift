import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `values[t]` are the optimal values with `horizon - t` steps to go and the policies
// attain them. Proof: `proofs-notes/finite-horizon-certificate.md`.

extension FiniteHorizonCertificate {
  func proof(in model: FiniteMDP, _ progress: ProgressHandler) throws(CheckFailure) -> Proof {
    let terms = try Terms(objective, model, discountMayBeOne: true, progress)
    try require(horizon >= 0, "horizon: it is \(horizon), but it must not be negative")
    // `horizon` may be anything a file holds; `horizon + 1` could overflow.
    try require(
      values.count - 1 == horizon,
      "values: there are \(values.count) vectors, but the horizon is \(horizon), "
        + "which takes one more vector than steps")
    try require(
      policy.count == horizon,
      "policy: there are \(policy.count) policies, but the horizon is \(horizon)")
    for (step, vector) in values.enumerated() {
      try requireCount(vector.count, model, "values[\(step)]")
    }
    try requireTerminalValues(model)
    var steps: [Proof.Step] = []
    for step in 0..<horizon {
      steps.append(
        try terms.optimalityStep(
          now: values[step], next: values[step + 1],
          policy: try terms.choices(of: policy[step], "policy[\(step)]"),
          place: "step \(step), "))
    }
    return Proof(
      lower: values[0], upper: values[0], isExact: true, steps: steps,
      statement: "the values are \(terms.title) over \(horizon) steps, exactly, at every state "
        + "and step"
        + (hasTerminalValues ? ", with the terminal values that the certificate gives" : "")
        + ", and the policies attain them")
  }

  /// Whether some terminal value is not 0, so that the objective is not the reward alone.
  var hasTerminalValues: Bool { terminal.map { !$0.isZero } ?? false }

  private func requireTerminalValues(_ model: FiniteMDP) throws(CheckFailure) {
    let last = values[horizon]
    if let terminal { try requireCount(terminal.count, model, "terminal") }
    for state in 0..<model.stateCount {
      let isRight =
        terminal.map { last.isEqual($0, at: state) } ?? (last.sign(at: state) == 0)
      guard isRight else {
        let (left, right) = shown(last[state], versus: terminal?[state] ?? 0)
        throw .rejected(
          "step \(horizon), at state \(model.name(State(state))): value = \(left) has to be "
            + "equal to the terminal value \(right)")
      }
    }
  }
}
