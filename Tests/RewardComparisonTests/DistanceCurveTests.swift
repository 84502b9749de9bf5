import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Distances along a family of rewards")
struct DistanceCurveTests {
  private func curve(
    _ names: (String, String, String), _ range: ClosedRange<Rational>,
    _ settings: ComparisonSettings = .init()
  ) throws -> DistanceCurve {
    let tables = Environments.tables
    let rewards = try [names.0, names.1, names.2].enumerated().map {
      ("\($0)", try #require(tables[$1]))
    }
    let model = try Environments.e1(rewards)
    return try verified(model, ["0", "1", "2"], range, settings)
  }

  /// The curve, judged at its ends and middles by checked comparisons.
  private func verified(
    _ model: FiniteMDP, _ names: [String], _ range: ClosedRange<Rational>,
    _ settings: ComparisonSettings
  ) throws -> DistanceCurve {
    let environment = try ComparisonProblem.environment(model, discount: #require(model.discount))
    let functions = try names.map { try #require(model.reward(named: $0)) }
    var options = ComparisonOptions()
    options.settings = settings
    let curve = try distanceCurve(
      from: functions[0], to: functions[1], along: functions[2], over: range, in: environment,
      options: options)
    try curve.verify(
      from: functions[0], to: functions[1], along: functions[2], in: environment,
      options: options)
    return curve
  }

  @Test("from R to R + t D: 0 at the start, and Case 7 far away", .tags(.worked))
  func worked() throws {
    let curve = try curve(("R", "zero", "D"), 0...1)
    #expect(curve.exception == DistanceCurve.Point(t: 0, distance: RootNumber(Rational(1, 2))))
    #expect(curve.distance(at: Rational(1, 3)) == RootNumber(Rational(12, 35)))
    let other = try self.curve(("R", "R", "D"), 0...10)
    #expect(other.nearest == DistanceCurve.Point(t: 0, distance: RootNumber(0)))
    #expect(other.exception == nil)
  }

  /// R - 2t R is trivial at ½, and the reverse of R beyond.
  @Test("a family through a trivial reward jumps from 0 by ½ to 1", .tags(.worked))
  func jump() throws {
    for norm in [RewardNorm.span, .l1, .l2, .linf] {
      let curve = try curve(
        ("R", "R", "minusR"), 0...3, ComparisonSettings(normalization: norm, metric: norm))
      #expect(curve.pieces.count == 2)
      #expect(curve.exception == DistanceCurve.Point(t: 1, distance: RootNumber(Rational(1, 2))))
      #expect(curve.distance(at: Rational(1, 4)) == RootNumber(0))
      #expect(curve.distance(at: 2) == RootNumber(1))
    }
  }

  /// D + 3 X = (0, 2, 4, 0) is twice R.
  @Test("the nearest member is found between the ends of pieces", .tags(.worked))
  func nearest() throws {
    for norm in [RewardNorm.span, .l1, .l2, .linf] {
      let settings = ComparisonSettings(normalization: norm, metric: .l2)
      let curve = try curve(("R", "D", "X"), -3...6, settings)
      #expect(curve.nearest == DistanceCurve.Point(t: 3, distance: RootNumber(0)))
    }
  }

  @Test("random families: every setting agrees with comparisons at other points", arguments: 0..<2)
  func random(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 500)
    models.largestStateCount = 3
    for _ in 0..<3 {
      let model = try models.next()
      let isFull = model.choiceCount == model.stateCount * model.actions.count
      for form in Canonicalization.allCases where form != .dard || isFull {
        for normalization in RewardNorm.allCases {
          for metric in RewardNorm.allCases where metric != .none {
            if normalization == .l2, metric != .l2 { continue }
            let settings = ComparisonSettings(
              canonicalization: form, normalization: normalization, metric: metric)
            try check(model, settings)
          }
        }
      }
    }
  }

  private func check(_ model: FiniteMDP, _ settings: ComparisonSettings) throws {
    let main = try #require(model.reward(named: "main"))
    let other = try #require(model.reward(named: "other"))
    let curve = try verified(model, ["main", "main", "other"], -2...2, settings)
    #expect(curve.pieces.first?.from == -2 && curve.pieces.last?.to == 2)
    #expect(zip(curve.pieces, curve.pieces.dropFirst()).allSatisfy { $0.to == $1.from })
    let best = curve.nearest
    for step in -10...10 { #expect(best.distance <= curve.distance(at: Rational(step, 5))) }
    for t in [Rational(-7, 5), Rational(3, 11)] {
      let extended = try model.replacingRewards([("main", main), ("member", main + t * other)])
      let problem = try ComparisonProblem(
        model: extended, rewards: ["main", "member"], discount: #require(model.discount))
      var options = ComparisonOptions()
      options.settings = settings
      #expect(try rewardDistances(problem, options: options)[0][1] == curve.distance(at: t))
    }
  }

  @Test("the norm l2 with another metric has no such curve")
  func refusal() {
    #expect(throws: ComparisonError.self) {
      try curve(
        ("R", "D", "X"), 0...1, ComparisonSettings(normalization: .l2, metric: .l1))
    }
  }
}
