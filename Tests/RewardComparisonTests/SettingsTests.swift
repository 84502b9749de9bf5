import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// Every combination of canonical form, norm and metric, on random models.
@Suite("Settings of reward comparison")
struct SettingsTests {
  @Test("quotient norms of R and D", .tags(.worked))
  func quotients() throws {
    for (norm, expected) in [(RewardNorm.l1, "18/35"), (.linf, "11/36")] {
      let settings = ComparisonSettings(
        canonicalization: .minimal, normalization: norm, metric: norm)
      let pair = try compared(Environments.e1("R", "D"), settings: settings).answer.pairs[0]
      #expect(try pair.distance == .exact(q(expected)))
    }
  }

  @Test("every combination is accepted by the checker, and its constants hold", arguments: 0..<3)
  func combinations(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 40)
    models.largestStateCount = 3
    for _ in 0..<3 {
      let model = try models.next()
      let isFull = model.choiceCount == model.stateCount * model.actions.count
      for form in Canonicalization.allCases where form != .dard || isFull {
        for normalization in RewardNorm.allCases {
          for metric in RewardNorm.allCases where metric != .none {
            try check(
              model,
              ComparisonSettings(
                canonicalization: form, normalization: normalization, metric: metric))
          }
        }
      }
    }
  }

  private func check(_ model: FiniteMDP, _ settings: ComparisonSettings) throws {
    let comparison = try compared(model, settings: settings)
    let answer = comparison.answer
    let pair = answer.pairs[0]
    #expect(
      (pair.boundConstants == nil)
        == (!settings.canonicalization.isSound
          || settings.normalization == .none))
    if settings.canonicalization.isSound, settings.normalization != .none {
      // The zero test is decided exactly.
      let isTrivial = answer.rewards.map(\.isTrivial)
      let isZero = pair.sameOrdering || (isTrivial[0] && isTrivial[1])
      #expect(comparison.distances[0].isZero == isZero)
    }
    if settings.normalization == settings.metric {
      #expect(comparison.distances[0] <= RootNumber(1))
    }
  }

  @Test("levelling by another policy changes l1 distances, and span distances not")
  func policy() throws {
    let model = try Environments.e1("R", "E")
    let policy = try Policy([Action(0), Action(1)], in: model)
    let pair = try compared(model, policy: policy).answer.pairs[0]
    let base = try compared(model).answer.pairs[0]
    #expect(pair.spanDistance == base.spanDistance)
    #expect(pair.worstCaseRegret == base.worstCaseRegret)
    #expect(pair.distance != base.distance)
  }

  @Test("DARD refuses a model with an unavailable action")
  func unavailable() throws {
    let model = try Environments.withRewards(
      [("x", [0, 1, 0]), ("y", [1, 0, 0])],
      on: TinyModel.read("s a → s; s b → t; t a → t", discount: Rational(1, 2)),
      initial: [1, 0])
    var options = ComparisonOptions()
    options.settings.canonicalization = .dard
    let problem = try ComparisonProblem(
      model: model, rewards: ["x", "y"], discount: Rational(1, 2))
    #expect(throws: ComparisonError.unavailableAction(state: "t", action: "b")) {
      try compareRewards(problem, options: options)
    }
  }

  @Test(
    "random pairs: the span distance and the regret agree as the theorem says",
    arguments: RandomRewardPairs.Draw.allCases)
  func pairs(draw: RandomRewardPairs.Draw) throws {
    let model = try Environments.e1("R", "D")
    let environment = try ComparisonProblem.environment(model, discount: Rational(1, 2))
    let pairs = try RandomRewardPairs(in: environment, count: 24, draw: draw, seed: 5)
    // Only mixtures of share 0 are equivalent.
    #expect(pairs.samples.contains { $0.regret.isZero } == (draw == .mixture))
    for sample in pairs.samples {
      let distance = try #require(sample.distances[0].rational)
      #expect(distance <= sample.regret && sample.regret <= min(1, 2 * distance))
    }
    for place in pairs.pseudometrics.indices {
      #expect((-1...1).contains(pairs.kendallTau(of: place)))
    }
    let again = try RandomRewardPairs(in: environment, count: 24, draw: draw, seed: 5)
    #expect(again.samples.map(\.regret) == pairs.samples.map(\.regret))
  }
}
