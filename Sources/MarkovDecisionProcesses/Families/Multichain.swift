import ExactArithmetic

/// Transient states over closed blocks that are in turn irreducible, periodic and weakly
/// communicating: a model for the average reward.
struct Multichain: FamilyDescription {
  private let stateCount: Int
  private let seed: FamilySeed
  /// Block `c` is `starts[c]..<starts[c + 1]`; the states before `starts[0]` are transient.
  private let starts: [Int]

  private var classCount: Int { starts.count - 1 }

  init(_ options: FamilyOptions) throws(FamilyError) {
    let stateCount = try options.integer("states") ?? 40
    let classCount = try options.integer("classes") ?? 3
    let transient = stateCount / 4
    try require(
      classCount >= 1 && stateCount - transient >= classCount,
      "multichain: too few states for --classes")
    self.stateCount = stateCount
    starts = (0...classCount).map { transient + (stateCount - transient) * $0 / classCount }
    seed = try options.seed()
  }

  var title: String { "multichain --states \(stateCount) --classes \(classCount) --seed \(seed)" }
  var states: FamilyNames { .count(stateCount) }
  var actions: FamilyNames { .count(2) }
  var discount: Rational? { Rational(9, 10) }
  var labels: [(name: String, states: [Int])] {
    [("goal", [stateCount - 1]), ("last", Array(starts[classCount - 1]..<stateCount))]
  }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var random = SplitMix64(seed: seed.bits)
    var row = GeneratedRow()
    var law = DrawnLaw(denominator: 60)
    var tenths = NumeratorTable(denominator: 10)
    var block = 0
    for state in 0..<stateCount {
      while state >= starts[block + 1] { block += 1 }
      for action in 0..<2 {
        row.start(state, action)
        if state < starts[0] {
          addTransient(to: &row, &law, &random)
        } else {
          addBlock(block, to: &row, &random)
        }
        row.addReward(tenths.term(random.drawTenths(), in: &row.terms))
        try body(&row)
      }
    }
  }

  /// Three successors anywhere, and one past the transient states so that they are transient.
  private func addTransient(
    to row: inout GeneratedRow, _ law: inout DrawnLaw, _ random: inout SplitMix64
  ) {
    law.drawSuccessors(min(3, stateCount), below: stateCount, using: &random)
    let exit = starts[0] + random.draw(stateCount - starts[0])
    if !law.successors.contains(exit) {
      law.successors.append(exit)
      law.successors.sort()
    }
    law.drawNumerators(using: &random)
    law.add(to: &row)
  }

  private func addBlock(_ block: Int, to row: inout GeneratedRow, _ random: inout SplitMix64) {
    let first = starts[block]
    let size = starts[block + 1] - first
    let next = first + (row.state - first + 1) % size
    switch block % 3 {
    case 0:
      let half = Rational(1, 2)
      row.addMerged([(next, half), (first + random.draw(size), half)])
    case 1: row.addSure(next)
    default: row.addSure(row.action == 0 ? row.state : next)
    }
  }
}
