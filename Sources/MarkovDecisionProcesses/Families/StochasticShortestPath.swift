import ExactArithmetic

/// The family `ssp`: a way to the goal that is safe, one that wanders and one that risks an
/// absorbing trap; on request with end components of reward zero.
struct StochasticShortestPath: FamilyDescription {
  private let stateCount: Int
  private let hasZeroCycles: Bool
  private let seed: FamilySeed

  init(_ options: FamilyOptions) throws(FamilyError) {
    stateCount = try options.integer("states") ?? 50
    try require(stateCount >= 6, "ssp: --states must be at least 6")
    hasZeroCycles = options.isSet("zero-cycles")
    seed = try options.seed()
  }

  private var goal: Int { stateCount - 1 }
  private var trap: Int { stateCount - 2 }

  var title: String {
    "ssp --states \(stateCount) --seed \(seed)" + (hasZeroCycles ? " --zero-cycles" : "")
  }
  var states: FamilyNames { .count(stateCount) }
  var actions: FamilyNames { .list(["safe", "wander", "risky"]) }
  var discount: Rational? { Rational(99, 100) }
  var labels: [(name: String, states: [Int])] { [("goal", [goal]), ("trap", [trap])] }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var random = SplitMix64(seed: seed.bits)
    var row = GeneratedRow()
    var law = DrawnLaw(denominator: 60)
    for state in 0..<trap {
      row.start(state, 0)
      addSafe(to: &row, &random)
      try body(&row)
      row.start(state, 1)
      addWander(to: &row, &law, &random)
      try body(&row)
      row.start(state, 2)
      addRisky(to: &row, &random)
      try body(&row)
    }
    row.start(trap, 0)
    row.addSure(trap)
    row.addRewardUnlessZero(-1)
    try body(&row)
    row.start(goal, 0)
    row.addSure(goal)
    try body(&row)
  }

  /// A state after `state`, where the goal stands for the trap.
  private func drawLater(than state: Int, _ random: inout SplitMix64) -> Int {
    let later = state + 1 + random.draw(goal - state)
    return later == trap ? goal : later
  }

  /// A cost of 1/10 to `most`/10.
  private func addCost(most: Int, to row: inout GeneratedRow, _ random: inout SplitMix64) {
    row.addReward(row.terms.term(Rational(-1 - random.draw(most), 10)))
  }

  private func addSafe(to row: inout GeneratedRow, _ random: inout SplitMix64) {
    let half = Rational(1, 2)
    let first = drawLater(than: row.state, &random)
    let second = drawLater(than: row.state, &random)
    row.addMerged([(first, half), (second, half)])
    addCost(most: 50, to: &row, &random)
  }

  private func addWander(
    to row: inout GeneratedRow, _ law: inout DrawnLaw, _ random: inout SplitMix64
  ) {
    let state = row.state
    law.drawSuccessors(3, below: stateCount - 2, using: &random)
    law.drawNumerators(using: &random)
    law.add(to: &row)
    addCost(most: 20, to: &row, &random)
    let isCycle = state % 10 == 3 || state % 10 == 4
    if hasZeroCycles, isCycle, state / 10 * 10 + 4 < trap {
      // The draws above are made all the same, so that the rest of the model does not change.
      row.start(state, 1)
      row.addSure(state % 10 == 3 ? state + 1 : state - 1)
    }
  }

  private func addRisky(to row: inout GeneratedRow, _ random: inout SplitMix64) {
    let risk = Rational(1 + random.draw(6), 60)
    let far = drawLater(than: row.state, &random)
    row.addMerged([(trap, risk), (far, 1 - risk)])
    addCost(most: 10, to: &row, &random)
  }
}
