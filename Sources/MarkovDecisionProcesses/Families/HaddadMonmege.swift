import ExactArithmetic

/// Two arms of half-chances around a start: value iteration that stops when two iterates are
/// close stops near 0, while the exact probability of the right end is the larger bias.
///
/// Source: S. Haddad and B. Monmege, *Interval iteration algorithm for MDPs and IMDPs*, TCS 735
/// (2018), the example against stopping by differences.
struct HaddadMonmege: FamilyDescription {
  private let halfLength: Int
  private let bias: Rational

  init(_ options: FamilyOptions) throws(FamilyError) {
    halfLength = try options.integer("states") ?? 20
    try require(
      halfLength <= FamilyOptions.largestCount / 2,
      "haddad-monmege: --states must be at most \(FamilyOptions.largestCount / 2)")
    bias = try options.number("bias") ?? Rational(7, 10)
    try require(bias.signum >= 0 && bias <= 1, "haddad-monmege: --bias must be in [0, 1]")
  }

  var title: String { "haddad-monmege --states \(halfLength) --bias \(bias)" }
  var states: FamilyNames {
    .list(count: 2 * halfLength + 1) { [halfLength] in "h\($0 - halfLength)" }
  }
  var actions: FamilyNames { .list(["a", "b"]) }
  var initial: Int { halfLength }
  var discount: Rational? { Rational(999, 1000) }
  var labels: [(name: String, states: [Int])] {
    [("goal", [2 * halfLength]), ("end", [0, 2 * halfLength])]
  }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    let (start, end) = (halfLength, 2 * halfLength)
    let half = Rational(1, 2)
    var row = GeneratedRow()
    for state in 0...end {
      row.start(state, 0)
      if state == 0 || state == end {
        row.addSure(state)
      } else {
        row.addRewardUnlessZero(1)
        if state == start {
          row.addMerged([(start - 1, 1 - bias), (start + 1, bias)])
          try body(&row)
          row.start(state, 1)
          row.addRewardUnlessZero(1)
          row.addMerged([(start - 1, bias), (start + 1, 1 - bias)])
        } else {
          row.addMerged([(state < start ? state - 1 : state + 1, half), (start, half)])
        }
      }
      try body(&row)
    }
  }
}
