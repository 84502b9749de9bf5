import ExactArithmetic

/// The family `chain`: a random walk between two reflecting ends that mixes slowly.
struct ReflectedChain: FamilyDescription {
  private let stateCount: Int

  init(_ options: FamilyOptions) throws(FamilyError) {
    stateCount = try options.integer("states") ?? 50
    try require(stateCount >= 2, "chain: --states must be at least 2")
  }

  var title: String { "chain --states \(stateCount)" }
  var states: FamilyNames { .list(count: stateCount) { "c\($0)" } }
  var actions: FamilyNames { .list(["calm", "push"]) }
  var discount: Rational? { Rational(999, 1000) }
  var labels: [(name: String, states: [Int])] { [("goal", [stateCount - 1])] }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    let laws = [
      (down: Rational(1, 3), stay: Rational(1, 3), up: Rational(1, 3), cost: Rational.zero),
      (down: Rational(1, 5), stay: Rational(2, 5), up: Rational(2, 5), cost: Rational(1, 20)),
    ]
    let last = stateCount - 1
    var row = GeneratedRow()
    for state in 0...last {
      for (action, law) in laws.enumerated() {
        row.start(state, action)
        row.addMerged([
          (max(state - 1, 0), law.down), (state, law.stay), (min(state + 1, last), law.up),
        ])
        row.addRewardUnlessZero((state == last ? 1 : 0) - law.cost)
        try body(&row)
      }
    }
  }
}
