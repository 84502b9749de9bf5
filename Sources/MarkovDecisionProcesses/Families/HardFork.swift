import ExactArithmetic

/// One decision with a chance `1/2 + ⟨μ, a⟩` of the good side, whose rewards add up to 1 over the
/// rest of an episode of `H` steps: the best value is `1/2 + (d - 1) Δ` for every `H`.
///
/// Source: ours, after the horizon-free lower bounds for linear mixture models.
struct HardFork: FamilyDescription {
  private let steps: Int
  private let signs: SignActions

  init(_ options: FamilyOptions) throws(FamilyError) {
    steps = try options.integer("H") ?? 5
    try require(steps >= 2, "hard-fork: H must be at least 2")
    signs = try SignActions(options, family: "hard-fork", gain: Rational(1, 8))
    try signs.requireProbability(
      around: Rational(1, 2), "hard-fork: (d-1)*Delta must be at most 1/2")
  }

  var title: String {
    "hard-fork --parameter H=\(steps) --parameter d=\(signs.length + 1)"
      + " --parameter Delta=\(signs.gain) --parameter mu=\(signs.hiddenText)"
  }
  var states: FamilyNames { .list(["start", "good", "bad"]) }
  var actions: FamilyNames { signs.names }
  var discount: Rational? { nil }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var row = GeneratedRow()
    for action in 0..<signs.count {
      row.start(0, action)
      let chance = Rational(1, 2) + signs.gain(of: action)
      row.addMerged([(1, chance), (2, 1 - chance)])
      try body(&row)
    }
    let reward = Rational(1, steps - 1)
    try forEachAbsorbingRow(at: 1, actions: signs.count, reward: reward, &row, body)
    try forEachAbsorbingRow(at: 2, actions: signs.count, reward: 0, &row, body)
  }
}
