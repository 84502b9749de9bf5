import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Preferences between segments")
struct SegmentPreferenceTests {
  private func problem(
    _ text: String, _ rewards: [(String, [Rational])], discount: Rational
  ) throws -> ComparisonProblem {
    let base = try TinyModel.read(text, discount: discount)
    let model = try Environments.withRewards(
      rewards, on: base, initial: (0..<base.stateCount).map { $0 == 0 ? 1 : 0 })
    return try ComparisonProblem(
      model: model, rewards: rewards.map(\.0), discount: discount)
  }

  /// `o` chooses; `w` pays x and `l` pays y on the way to the end.
  private static let risk =
    "o safe → e; o risky → w:1/2, l:1/2; w go → e; l go → e; e stay → e"

  @Test("partial return does not see risk, regret does", .tags(.worked))
  func risk() throws {
    let problem = try problem(
      Self.risk, [("bold", [0, 0, 3, -1, 0]), ("shy", [0, 0, 1, -3, 0])], discount: Rational(1, 2))
    let returns = try SegmentPreferences(problem, model: .partialReturn)
    // Whole episodes of two steps: 3 > 0 > -1 and 1 > 0 > -3. Every pair of segments agrees.
    #expect(try returns.agreement(0, 1, upToLength: 3) == .sameOrder)
    let regret = try SegmentPreferences(problem, model: .regret)
    guard case .different(let a, let b) = try regret.agreement(0, 1, upToLength: 1) else {
      Issue.record("which first step is optimal differs")
      return
    }
    #expect(a.length == 1 && b.length == 1)
    let first = regret.score(b, reward: 0) - regret.score(a, reward: 0)
    let second = regret.score(b, reward: 1) - regret.score(a, reward: 1)
    #expect(first.signum != second.signum)
    // The means are 1 and -1, half of which is lost to the discount.
    let safe = Segment(states: [State(0), State(4)], actions: [Action(0)])
    let risky = Segment(states: [State(0), State(1)], actions: [Action(1)])
    #expect(regret.score(safe, reward: 0) == Rational(-1, 2))
    #expect(regret.score(risky, reward: 0) == 0)
    #expect(regret.score(safe, reward: 1) == 0)
    #expect(regret.score(risky, reward: 1) == Rational(-1, 2))
  }

  /// Exit at once for 2, or three steps of 1; then less 1 on each step before the end.
  @Test("a constant shift is not seen in segments of equal length, and changes the optimum")
  func shift() throws {
    let text = "o exit → e; o walk → p; p walk → q; q walk → e; e stay → e"
    let rewards: [(String, [Rational])] = [
      ("plain", [2, 1, 1, 1, 0]), ("less", [1, 0, 0, 0, -1]),
    ]
    let discount = Rational(99, 100)
    let shifted = try problem(text, rewards, discount: discount)
    let returns = try SegmentPreferences(shifted, model: .partialReturn)
    #expect(try returns.agreement(0, 1, upToLength: 4) == .indistinguishable)
    // Where the end is not shifted, episodes of different lengths are.
    let ended = try problem(
      text, [rewards[0], ("less", [1, 0, 0, 0, 0])], discount: discount)
    let pair = try compared(ended.model).answer.pairs[0]
    #expect(!pair.sameOptimalPolicies)
    let exit = Segment(states: [State(0), State(3)], actions: [Action(0)])
    let walk = Segment(
      states: (0..<4).map(State.init), actions: [Action(1), Action(1), Action(1)])
    let scores = try SegmentPreferences(ended, model: .partialReturn)
    #expect([exit, walk].map { scores.score($0, reward: 0) } == [2, 3])
    #expect([exit, walk].map { scores.score($0, reward: 1) } == [1, 0])
  }

  @Test("regret is the partial return of the optimal advantage, whose regret is the same")
  func advantage() throws {
    var models = RandomModel(seed: 71)
    models.largestStateCount = 3
    for _ in 0..<20 {
      let model = try models.next()
      let discount = try #require(model.discount)
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: discount)
      let regret = try SegmentPreferences(problem, model: .regret)
      let own = try model.replacingRewards([
        ("main", #require(model.reward(named: "main"))), ("advantage", regret.scores[0]),
      ])
      let pair = try ComparisonProblem(
        model: own, rewards: ["main", "advantage"], discount: discount)
      let again = try SegmentPreferences(pair, model: .regret)
      #expect(again.scores[0].hasSameValues(as: again.scores[1], stateCount: model.stateCount))
      #expect(try again.agreement(0, 1, upToLength: 2) == .indistinguishable)
      #expect(try compared(own).answer.pairs[0].sameOptimalPolicies)
    }
  }

  @Test("shaping and redistribution keep regret preferences, scaling their order")
  func invariance() throws {
    var models = RandomModel(seed: 72)
    models.largestStateCount = 3
    var random = SplitMix64(seed: 73)
    for _ in 0..<20 {
      let model = try models.next()
      let discount = try #require(model.discount)
      let main = try #require(model.reward(named: "main"))
      let shaped = main.shaped(
        by: random.vector(model.stateCount), discount: discount, in: model)
      let noise = RewardFunction(
        summing: (0..<model.stateCount).map {
          .init(
            state: State($0), action: model.action(of: model.choices(at: State($0)).first!),
            successor: State(0), value: 3)
        })
      let changed = try model.replacingRewards([
        ("main", main), ("shaped", shaped.redistributed(by: noise, in: model)),
        ("scaled", 3 * main),
      ])
      let problem = try ComparisonProblem(
        model: changed, rewards: ["main", "shaped", "scaled"], discount: discount)
      let regret = try SegmentPreferences(problem, model: .regret)
      #expect(try regret.agreement(0, 1, upToLength: 2) == .indistinguishable)
      #expect(
        try [.indistinguishable, .sameOrder].contains(regret.agreement(0, 2, upToLength: 2)))
    }
  }

  /// All segments, one by one.
  @Test("agreement is what comparing all pairs of segments says", .tags(.differential))
  func enumeration() throws {
    var models = RandomModel(seed: 74)
    models.largestStateCount = 3
    models.largestActionCount = 2
    for _ in 0..<15 {
      let model = try models.next()
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: #require(model.discount))
      for kind in PreferenceModel.allCases {
        let preferences = try SegmentPreferences(problem, model: kind)
        let found = try preferences.agreement(0, 1, upToLength: 2)
        #expect(try expected(preferences) == found.kind)
        if case .different(let a, let b) = found {
          #expect(a.length == b.length)
          let change = (0...1).map {
            (preferences.score(b, reward: $0) - preferences.score(a, reward: $0)).signum
          }
          #expect(change[0] != change[1])
        }
      }
    }
  }

  private func expected(_ preferences: SegmentPreferences) throws -> Int {
    let model = preferences.problem.model
    var (isSame, isEqual) = (true, true)
    var layer = (0..<model.stateCount).map { Segment(states: [State($0)], actions: []) }
    for _ in 0..<2 {
      layer = layer.flatMap { segment in
        model.choices(at: segment.states[segment.length]).flatMap { choice in
          model.transitions(of: choice).map {
            Segment(
              states: segment.states + [$0.successor],
              actions: segment.actions + [model.action(of: choice)])
          }
        }
      }
      let scores = (0...1).map { reward in
        layer.map { preferences.score($0, reward: reward) }
      }
      for i in layer.indices {
        for j in layer.indices {
          let (x, y) = (scores[0][i] - scores[0][j], scores[1][i] - scores[1][j])
          if x.signum != y.signum { isSame = false }
          if x != y { isEqual = false }
        }
      }
    }
    return isEqual ? 0 : isSame ? 1 : 2
  }
}

extension PreferenceAgreement {
  fileprivate var kind: Int {
    switch self {
    case .indistinguishable: 0
    case .sameOrder: 1
    case .different: 2
    }
  }
}
