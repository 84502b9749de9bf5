import ExactArithmetic

/// An episode of `H` steps, each with a chance `δ + ⟨μ, a⟩` to reach the good state, where every
/// further step earns 1: a learner has to find the hidden signs `μ`.
///
/// With the right signs at every step, `p = δ + (d - 1) Δ` and the value of `H` steps is
/// `H - (1 - (1 - p)^H) / p`.
///
/// Source: the linear-mixture lower bound of D. Zhou, Q. Gu and C. Szepesvári, *Nearly minimax
/// optimal reinforcement learning for linear mixture MDPs*, COLT 2021.
struct HardChain: FamilyDescription {
  private let steps: Int
  private let rate: Rational
  private let signs: SignActions

  init(_ options: FamilyOptions) throws(FamilyError) {
    steps = try options.integer("H") ?? 3
    try require(
      steps >= 1 && steps <= FamilyOptions.largestCount - 2,
      "hard-chain: H must be between 1 and \(FamilyOptions.largestCount - 2)")
    rate = try options.number("delta") ?? Rational(1, 3)
    signs = try SignActions(
      options, family: "hard-chain", gain: Rational(1, 24), steps: steps)
    try signs.requireProbability(
      around: rate, "hard-chain: (d-1)*Delta must be at most min(delta, 1-delta)")
  }

  private var fail: Int { steps }
  private var good: Int { steps + 1 }

  var title: String {
    "hard-chain --parameter H=\(steps) --parameter d=\(signs.length + 1)"
      + " --parameter delta=\(rate) --parameter Delta=\(signs.gain)"
      + " --parameter mu=\(signs.hiddenText)"
  }
  var states: FamilyNames {
    .list(count: steps + 2) { [fail, good] state in
      state == good ? "good" : state == fail ? "fail" : "x\(state + 1)"
    }
  }
  var actions: FamilyNames { signs.names }
  var discount: Rational? { nil }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var row = GeneratedRow()
    for step in 0..<steps {
      for action in 0..<signs.count {
        row.start(step, action)
        let chance = rate + signs.gain(of: action, step: step)
        row.addMerged([(step + 1, 1 - chance), (good, chance)])
        try body(&row)
      }
    }
    try forEachAbsorbingRow(at: fail, actions: signs.count, reward: 0, &row, body)
    try forEachAbsorbingRow(at: good, actions: signs.count, reward: 1, &row, body)
  }
}
