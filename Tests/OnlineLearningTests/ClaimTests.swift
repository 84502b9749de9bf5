import ExactArithmetic
import MarkovDecisionProcesses
import RegretBounds
import TestSupport
import Testing

@testable import OnlineLearning

/// A part of what `rationale-bench Claims` does at length: bounds on many runs, and broken ones.
@Suite("Bounds on runs, held and broken")
struct ClaimTests {
  /// Six environments, generated.
  private static let environments: [(String, [String: String])] = [
    ("riverswim", ["states": "4"]),
    ("hard-chain", ["H": "3", "d": "3", "delta": "1/3", "Delta": "1/24", "mu": "+-"]),
    ("hard-fork", ["H": "3", "d": "2", "Delta": "1/4", "mu": "-"]),
    ("hard-two-state", ["d": "3", "delta": "1/10", "Delta": "1/60", "mu": "++", "gamma": "9/10"]),
    ("garnet", ["states": "5", "actions": "2", "branching": "3", "seed": "7"]),
    ("garnet", ["states": "4", "actions": "3", "branching": "2", "seed": "9"]),
  ]

  private func start(of model: FiniteMDP) -> State {
    model.initial?.first { !$0.probability.isZero }?.state ?? State(0)
  }

  @Test("every bound holds on every run; a thousandth of what it takes is caught")
  func claims() throws {
    for (name, options) in Self.environments {
      let model = try ModelFamily(name, options: options).model()
      let endless = try TabularExperiment(
        .ucrl2, on: model, reward: model.rewards[0].name, start: start(of: model))
      let runs = try endless.runs(200, seeds: 3)
      let certificates = runs.filter { $0.isCovered == true }
      #expect(certificates.allSatisfy { $0.regret <= ($0.certificate ?? -1) })
      if let bound = try endless.bound(200) {
        #expect(try BoundAudit(runs, bound: bound).isClean, "\(name)")
      }
      let episodic = try TabularExperiment(
        .ucbvi, on: model, reward: model.rewards[0].name, horizon: 3, start: start(of: model))
      let episodes = try episodic.runs(30, seeds: 3)
      let bound = try #require(try episodic.bound(30))
      let audit = try BoundAudit(episodes, bound: bound)
      #expect(audit.isClean && audit.uncovered == 0, "\(name)")
      // Divided until it lies below a regret that was seen, the bound is caught by the same audit.
      if audit.largestRegret.signum > 0 {
        let value = try bound.enclosure(bits: 20).upper
        let factor = audit.largestRegret / (2 * value)
        #expect(
          try BoundAudit(episodes, bound: LearningBound(bound.value, factor: factor)).violations
            > 0)
      }
    }
  }

  @Test("a radius halved until coverage fails is caught")
  func radii() throws {
    let model = try ModelFamily("riverswim", options: ["states": "4"]).model()
    var divisor = 1
    var hasFailed = false
    while !hasFailed, divisor <= 1 << 12 {
      var options = TabularExperiment.Options()
      options.radiusDivisor = divisor
      let experiment = try TabularExperiment(
        .ucrl2, on: model, reward: model.rewards[0].name, start: State(0), options: options)
      let audit = try BoundAudit(
        experiment.runs(500, seeds: 2), bound: try #require(try experiment.bound(500)))
      #expect(divisor > 1 || audit.uncovered == 0)
      hasFailed = audit.uncovered > 0
      divisor *= 2
    }
    #expect(hasFailed && divisor > 2)
  }

  @Test("on the chain with hidden signs, learners meet the closed-form value")
  func hardInstance() throws {
    let model = try ModelFamily(
      "hard-chain",
      options: ["H": "3", "d": "3", "delta": "1/3", "Delta": "1/24", "mu": "++"]
    ).model()
    let experiment = try TabularExperiment(
      .psrl, on: model, reward: model.rewards[0].name, horizon: 3, start: start(of: model))
    let best = try #require(experiment.optimalValues)[0][Int(experiment.start.index)]
    #expect(best == Rational(155, 144))
    let run = try experiment.run(200, seed: 0)
    // One wrong sign at the first step costs 19/144; no episode can lose more than the value.
    #expect(run.regret >= 0 && run.regret <= 200 * best)
  }
}
