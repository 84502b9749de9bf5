import ExactArithmetic

/// Swimming against a current: a small sure reward downstream, a large one at the far end.
///
/// Source: after A. L. Strehl and M. L. Littman, *An analysis of model-based interval estimation
/// for Markov decision processes*, JCSS 74 (2008), with the numbers of the families' page.
struct RiverSwim: FamilyDescription {
  private let stateCount: Int

  init(_ options: FamilyOptions) throws(FamilyError) {
    stateCount = try options.integer("states") ?? 6
    try require(stateCount >= 2, "riverswim: --states must be at least 2")
  }

  var title: String { "riverswim --states \(stateCount)" }
  var states: FamilyNames { .list(count: stateCount) { "s\($0)" } }
  var actions: FamilyNames { .list(["left", "right"]) }
  var discount: Rational? { Rational(19, 20) }
  var labels: [(name: String, states: [Int])] { [("goal", [stateCount - 1])] }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var row = GeneratedRow()
    for state in 0..<stateCount {
      row.start(state, 0)
      row.addSure(max(state - 1, 0))
      if state == 0 { row.addRewardUnlessZero(Rational(1, 200)) }
      try body(&row)
      row.start(state, 1)
      addRight(to: &row)
      try body(&row)
    }
  }

  private func addRight(to row: inout GeneratedRow) {
    let state = row.state
    if state == 0 {
      row.addMerged([(0, Rational(2, 5)), (1, Rational(3, 5))])
    } else if state == stateCount - 1 {
      row.addMerged([(state - 1, Rational(2, 5)), (state, Rational(3, 5))])
      row.addRewardUnlessZero(1)
    } else {
      row.addMerged([
        (state - 1, Rational(1, 20)), (state, Rational(3, 5)), (state + 1, Rational(7, 20)),
      ])
    }
  }
}
