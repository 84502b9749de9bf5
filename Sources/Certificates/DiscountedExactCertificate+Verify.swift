import ExactArithmetic
import MarkovDecisionProcesses

// Statement: `values` are the optimal values and `policy` attains them.
// Proof: `proofs-notes/discounted-exact-certificate.md`.

extension DiscountedExactCertificate {
  func proof(in model: FiniteMDP, _ progress: ProgressHandler) throws(CheckFailure) -> Proof {
    let terms = try Terms(objective, model, progress)
    try requireCount(values.count, model, "values")
    let step = try terms.optimalityStep(
      now: values, next: nil, policy: try terms.choices(of: policy), place: "")
    return Proof(
      lower: values, upper: values, isExact: true, steps: [step],
      statement: "the values are \(terms.title), exactly, at every state, "
        + "and the policy attains them")
  }
}

extension Terms {
  /// Checks `now(s) ≥ r(s,a) + γ P_a next(s)` for every action (`≤` for `minimize`), with
  /// equality for the policy's; `next` is `now` when it is `nil`.
  func optimalityStep(
    now: RationalVector, next: RationalVector?, policy: [Choice], place: String
  ) throws(CheckFailure) -> Proof.Step {
    let signs = try slackSigns(now, next: next)
    for state in 0..<model.stateCount {
      for choice in model.choiceRange(at: state) where signs[choice] * direction.sign > 0 {
        let relation = direction == .maximize ? "at least" : "at most"
        throw .rejected(place + comparison("value", now, relation, choice, next ?? now))
      }
      let chosen = Int(policy[state].index)
      if signs[chosen] != 0 {
        throw .rejected(place + comparison("value", now, "equal to", chosen, next ?? now))
      }
    }
    return Proof.Step(
      policy: policy, isOptimal: ContiguousArray(signs.map { $0 == 0 }), undecided: [])
  }
}
