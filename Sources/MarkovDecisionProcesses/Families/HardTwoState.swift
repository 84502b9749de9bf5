import ExactArithmetic

/// Two states: `x0` is left with chance `δ + ⟨μ, a⟩`, the rewarded `x1` with chance `δ`.
///
/// Source: D. Zhou, J. He and Q. Gu, *Provably efficient reinforcement learning for discounted
/// MDPs with feature mapping*, ICML 2021.
struct HardTwoState: FamilyDescription {
  private let rate: Rational
  private let signs: SignActions
  let discount: Rational?

  init(_ options: FamilyOptions) throws(FamilyError) {
    rate = try options.number("delta") ?? Rational(1, 10)
    signs = try SignActions(options, family: "hard-two-state", gain: Rational(1, 60))
    try signs.requireProbability(
      around: rate, "hard-two-state: (d-1)*Delta must be at most min(delta, 1-delta)")
    let gamma = try options.number("gamma") ?? Rational(9, 10)
    try require(gamma.signum >= 0 && gamma < 1, "hard-two-state: gamma must be in [0, 1)")
    discount = gamma
  }

  var title: String {
    "hard-two-state --parameter d=\(signs.length + 1) --parameter delta=\(rate)"
      + " --parameter Delta=\(signs.gain) --parameter mu=\(signs.hiddenText)"
      + " --parameter gamma=\(discount ?? 0)"
  }
  var states: FamilyNames { .list(["x0", "x1"]) }
  var actions: FamilyNames { signs.names }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var row = GeneratedRow()
    for state in 0..<2 {
      for action in 0..<signs.count {
        row.start(state, action)
        let chance = state == 0 ? rate + signs.gain(of: action) : rate
        row.addMerged([(state, 1 - chance), (1 - state, chance)])
        row.addRewardUnlessZero(state == 0 ? 0 : 1)
        try body(&row)
      }
    }
  }
}
