import ExactArithmetic

/// A random sparse model: every choice draws its successors, their probabilities and a reward.
///
/// Source: in the spirit of T. W. Archibald, K. I. M. McKinnon and L. C. Thomas, *On the
/// generation of Markov decision processes*, JORS 46 (1995).
struct Garnet: FamilyDescription {
  private let stateCount: Int
  private let actionCount: Int
  private let branching: Int
  private let denominator: Int
  private let rewardCount: Int
  private let seed: FamilySeed

  init(_ options: FamilyOptions) throws(FamilyError) {
    stateCount = try options.integer("states") ?? 100
    actionCount = try options.integer("actions") ?? 4
    try require(actionCount >= 1, "garnet: --states and --actions must be at least 1")
    branching = min(try options.integer("branching") ?? 4, stateCount)
    denominator = try options.integer("denominator") ?? 60
    try require(
      1 <= branching && branching <= denominator,
      "garnet: --branching must be between 1 and --denominator")
    rewardCount = try options.integer("rewards") ?? 1
    seed = try options.seed()
  }

  var title: String {
    "garnet --states \(stateCount) --actions \(actionCount) --branching \(branching)"
      + " --denominator \(denominator) --rewards \(rewardCount) --seed \(seed)"
  }
  var states: FamilyNames { .count(stateCount) }
  var actions: FamilyNames { .count(actionCount) }
  var discount: Rational? { Rational(9, 10) }
  var rewardNames: [String]? {
    rewardCount == 1 ? nil : (0..<rewardCount).map { "r\($0)" }
  }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var random = SplitMix64(seed: seed.bits)
    var row = GeneratedRow(rewardCount: rewardCount)
    var law = DrawnLaw(denominator: denominator)
    var tenths = NumeratorTable(denominator: 10)
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        row.start(state, action)
        law.drawSuccessors(branching, below: stateCount, using: &random)
        law.drawNumerators(using: &random)
        law.add(to: &row)
        for function in 0..<rewardCount {
          row.addReward(tenths.term(random.drawTenths(), in: &row.terms), function: function)
        }
        try body(&row)
      }
    }
  }
}
