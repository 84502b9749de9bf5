import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// The cases of `proofs-notes/reward-order.md` and its neighbours, whose numbers were found by line
/// search, by linear programs over occupancy measures and by enumeration.
@Suite("Worked cases of reward comparison", .tags(.worked))
struct WorkedCaseTests {
  /// Distance, span distance, regret in both directions, regret of optimising in both directions
  /// (worst), of pairs in E1 with the default settings.
  struct Case: Sendable {
    let names: [String]
    let numbers: [String]
  }

  static let cases = [
    Case(names: ["R", "minusR"], numbers: ["1", "1", "1", "1", "1", "1"]),
    Case(names: ["R", "zero"], numbers: ["1/2", "1/2", "1", "0", "1", "0"]),
    Case(names: ["R", "B"], numbers: ["1/2", "29/56", "1", "7/8", "3/7", "1/4"]),
    Case(names: ["R", "C"], numbers: ["9/14", "9/14", "6/7", "1", "5/7", "1/2"]),
    Case(names: ["R", "D"], numbers: ["12/35", "12/35", "4/7", "3/5", "0", "0"]),
    Case(names: ["R", "E"], numbers: ["5/12", "10/21", "6/7", "5/6", "3/7", "1/6"]),
    Case(names: ["X", "Y"], numbers: ["2/15", "2/15", "2/9", "1/5", "0", "0"]),
    Case(names: ["Y", "Z"], numbers: ["1/5", "1/5", "2/5", "1/3", "0", "0"]),
    Case(names: ["X", "Z"], numbers: ["1/3", "1/3", "2/3", "1/2", "0", "0"]),
    Case(names: ["F", "G"], numbers: ["1/4", "1/4", "1/2", "3/8", "0", "0"]),
  ]

  @Test("distances and regrets of E1", arguments: cases)
  func pairs(_ example: Case) throws {
    let comparison = try compared(Environments.e1(example.names[0], example.names[1]))
    let pair = comparison.answer.pairs[0]
    let expected = try example.numbers.map(q)
    #expect(pair.distance == .exact(expected[0]))
    #expect(pair.spanDistance == expected[1])
    #expect(pair.worstCaseRegret == [expected[2], expected[3]])
    #expect(pair.proxyRegret.map(\.worst) == [expected[4], expected[5]])
    #expect(!pair.sameOrdering)
    #expect(pair.reversedOrdering == (example.names[1] == "minusR"))
  }

  @Test("a trivial proxy is optimised by every policy")
  func trivial() throws {
    let pair = try compared(Environments.e1("R", "zero")).answer.pairs[0]
    #expect(pair.proxyRegret[0].best == 0)
    #expect(!pair.sameOptimalPolicies)
    #expect(pair.regretPolicies[1] == nil)
  }

  @Test("the sample output: levelled rewards, constants, multipliers")
  func sample() throws {
    let comparison = try compared(Environments.e1("R", "D"))
    let answer = comparison.answer
    #expect(answer.rewards.map(\.span) == [Rational(7, 2), Rational(5, 2)])
    #expect(try answer.rewards[0].canonical?.entries == ["-5/8", "5/8", "9/8", "-9/8"].map(q))
    #expect(try answer.rewards[1].canonical?.entries == ["-7/8", "7/8", "3/8", "-3/8"].map(q))
    let pair = answer.pairs[0]
    #expect(pair.sameOptimalPolicies)
    // The cheap bound is 1/3; 1 is the best.
    #expect(pair.boundConstants?.lower == 1)
    #expect(try pair.boundConstants?.upper == q("5/2"))
    #expect(try pair.regretPolicies.compactMap { $0?.multiplier } == [1, q("1/2")])
  }

  @Test("the least ratios of span and norm: 1 for l1, 12/5 for linf")
  func constants() throws {
    let model = try Environments.e1("R", "D")
    for (norm, lower, upper) in [(RewardNorm.linf, "12/5", "8"), (.l1, "1", "5/2")] {
      let pair = try compared(model, settings: ComparisonSettings(metric: norm)).answer.pairs[0]
      #expect(try pair.boundConstants?.lower == q(lower))
      #expect(try pair.boundConstants?.upper == q(upper))
    }
  }

  @Test("a shaped multiple with a reward on an impossible transition is at distance 0")
  func copy() throws {
    let model = try Environments.e1("R", "zero")
    let (s, t) = (State(0), State(1))
    let (a, b) = (Action(0), Action(1))
    let copy = RewardFunction(summing: [
      .init(state: s, action: a, successor: s, value: -1),
      .init(state: s, action: b, successor: t, value: Rational(1, 2)),
      .init(state: t, action: a, successor: t, value: Rational(13, 2)),
      .init(state: t, action: b, successor: s, value: 2),
      .init(state: s, action: a, successor: t, value: 99),
    ])
    let comparison = try compared(model.addingReward(named: "copy", copy), ["R", "copy"])
    let pair = comparison.answer.pairs[0]
    #expect(comparison.answer.rewards.map(\.span) == [Rational(7, 2), Rational(21, 2)])
    #expect(pair.distance == .exact(0) && pair.spanDistance == 0)
    #expect(pair.worstCaseRegret == [0, 0] && pair.sameOrdering && pair.sameOptimalPolicies)
    guard case .equivalent(let scale, let potential, nil) = pair.orderingCertificate else {
      Issue.record("an equivalence is expected")
      return
    }
    #expect(scale == Rational(1, 3))
    #expect(potential.entries == [Rational(-2, 3), Rational(1, 3)])
  }

  static let settings: [(Canonicalization, RewardNorm, RewardNorm, String)] = [
    (.valueAdjustedLevelling, .span, .linf, "3/35"),
    (.valueAdjustedLevelling, .span, .l2, "6/35"),
    (.valueAdjustedLevelling, .l1, .l1, "12/35"),
    (.valueAdjustedLevelling, .linf, .linf, "2/7"),
    (.valueAdjustedLevelling, .l2, .l2, "0.323478200491"),
    (.valueAdjustedLevelling, .span, .span, "12/35"),
    (.minimal, .l2, .l2, "0.356822089773"),
  ]

  @Test("other canonical forms and norms of R and D", arguments: settings)
  func norms(
    canonicalization: Canonicalization, normalization: RewardNorm, metric: RewardNorm,
    expected: String
  ) throws {
    let settings = ComparisonSettings(
      canonicalization: canonicalization, normalization: normalization, metric: metric)
    let comparison = try compared(Environments.e1("R", "D"), settings: settings)
    try expectNumber(comparison, expected)
  }

  /// An exact number, or one of which twelve digits are given.
  private func expectNumber(_ comparison: ComparedRewards, _ expected: String) throws {
    let value = try q(expected)
    switch comparison.answer.pairs[0].distance {
    case .exact(let distance): #expect(distance == value)
    case .enclosed(let lower, let upper, _):
      #expect(upper - lower <= Rational(1, Integer(10).power(12)))
      // The digits are cut, not rounded.
      #expect(value <= upper && lower <= value + Rational(1, Integer(10).power(12)))
    }
  }

  @Test("R and -R are at distance 1 in l1 and linf", arguments: [RewardNorm.l1, .l2, .linf])
  func reversed(norm: RewardNorm) throws {
    let settings = ComparisonSettings(normalization: norm, metric: norm)
    let pair = try compared(Environments.e1("R", "minusR"), settings: settings).answer.pairs[0]
    #expect(pair.distance == .exact(1))
  }

  /// E2: masks of zero mean make EPIC and DARD small while the regret is maximal.
  private func e2() throws -> FiniteMDP {
    let text = "s a → s:1/2, t:1/2; s b → s:1/4, t:3/4; t a → s:1/2, t:1/2; t b → s:3/4, t:1/4"
    let base = try Environments.withRewards(
      [], on: TinyModel.read(text, discount: Rational(1, 2)), initial: [1, 0])
    let mask = RewardFunction(
      summing: [(0, 0, 5, -5), (0, 1, 15, -5), (1, 0, -5, 5), (1, 1, -5, 15)].flatMap {
        (state, action, first, second) in
        [(0, first), (1, second)].map { successor, value in
          RewardFunction.Entry(
            state: State(state), action: Action(action), successor: State(successor),
            value: Rational(value))
        }
      })
    let unit = RewardFunction(summing: [.init(state: State(0), action: Action(0), value: 1)])
    return try base.replacingRewards([("A", mask + unit), ("B", mask - unit), ("C", unit)])
  }

  @Test("EPIC and DARD are small where the regret is maximal, large where there is none")
  func masks() throws {
    let model = try e2()
    let truth = try compared(model).answer.pairs
    #expect(truth[0].reversedOrdering && truth[0].worstCaseRegret == [1, 1])
    #expect(truth[0].distance == .exact(Rational(5, 7)) && truth[0].spanDistance == 1)
    #expect(truth[1].sameOrdering && truth[1].distance == .exact(0))
    for (kind, first, second) in [
      (Canonicalization.epic, "0.044263838626", "0.760609343918"),
      (.dard, "0.046741902312", "0.763691790140"),
    ] {
      let settings = ComparisonSettings(canonicalization: kind, normalization: .l2, metric: .l2)
      try expectNumber(compared(model, ["A", "B"], settings: settings), first)
      try expectNumber(compared(model, ["A", "C"], settings: settings), second)
    }
    let epic = ComparisonSettings(canonicalization: .epic, normalization: .l2, metric: .l2)
    let distance = try compared(model, ["B", "C"], settings: epic).distances[0]
    #expect(distance.squared == RootSum(Rational(125, 201)))
  }

  @Test("the initial law and discount 0 change what is compared")
  func start() throws {
    let model = try Environments.e1("R", "D")
    let atS = try compared(model, initial: State(0)).answer.pairs[0]
    #expect(try atS.worstCaseRegret == [q("4/9"), q("4/9")] && atS.spanDistance == q("2/9"))
    #expect(try atS.distance == .exact(q("1/3")))
    let atT = try compared(model, initial: State(1)).answer.pairs[0]
    #expect(try atT.worstCaseRegret == [q("1/2"), q("1/2")] && atT.spanDistance == q("1/4"))
    #expect(try atT.distance == .exact(q("3/8")))
    let short = try compared(model, discount: 0, initial: State(0)).answer
    #expect(short.comparedStates == [State(0)])
    #expect(short.pairs[0].distance == .exact(0) && short.pairs[0].sameOrdering)
    guard case .equivalent(let scale, _, _) = short.pairs[0].orderingCertificate else {
      Issue.record("an equivalence is expected")
      return
    }
    #expect(scale == Rational(1, 2))
  }

  @Test("the regret can be twice the span distance, and the one twice the other")
  func sharpness() throws {
    let text = "o a → o; o b → o; o c → o"
    let model = try Environments.withRewards(
      [("P", [0, Rational(1, 2), 1]), ("Q", [0, Rational(3, 4), 1])],
      on: TinyModel.read(text, discount: Rational(1, 2)), initial: [1])
    let pair = try compared(model).answer.pairs[0]
    #expect(try pair.spanDistance == q("1/8") && pair.worstCaseRegret == [q("1/4"), q("1/4")])
    #expect(try pair.distance == .exact(q("1/12")))
    let other = try compared(
      Environments.e1([("A", [0, 1, 0, 0]), ("B", [0, 1, 0, 1])]), discount: 0
    ).answer.pairs[0]
    #expect(try other.worstCaseRegret == [1, q("1/2")] && other.spanDistance == q("1/2"))
  }
}
