import ExactArithmetic
import Foundation
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds

/// Holds every learner with a theorem against it: many seeds on six environments.
///
/// Each line tells how many runs kept the bound and their certificates, and whether a bound that is
/// broken on purpose (divided so that it lies below the largest regret seen) is caught.
struct RegretClaims {
  /// Six environments: generated families, and two that are written out.
  static let environments: [(name: String, options: [String: String])] = [
    ("riverswim", ["states": "4"]),
    ("hard-chain", ["H": "3", "d": "3", "delta": "1/3", "Delta": "1/24", "mu": "+-"]),
    ("hard-fork", ["H": "3", "d": "2", "Delta": "1/4", "mu": "-"]),
    ("hard-two-state", ["d": "3", "delta": "1/10", "Delta": "1/60", "mu": "++", "gamma": "9/10"]),
    ("garnet", ["states": "5", "actions": "2", "branching": "3", "seed": "7"]),
    ("garnet", ["states": "4", "actions": "3", "branching": "2", "seed": "9"]),
  ]

  let seeds: Int
  let steps: Int

  /// Prints a line a learner and environment.
  ///
  /// - Returns: whether all claims hold and all broken bounds are caught.
  func run() throws -> Bool {
    var isClean = true
    for (name, options) in Self.environments {
      let model = try ModelFamily(name, options: options).model()
      isClean = try endless(model, name) && isClean
      isClean = try episodes(model, name) && isClean
      isClean = try finiteClass(model, name) && isClean
      for isOffset in [false, true] {
        isClean = try mixture(model, name, isOffset) && isClean
        isClean = try otherMixtures(model, name, isOffset) && isClean
        isClean = try weightedMixtures(model, name, isOffset) && isClean
      }
    }
    return isClean
  }

  func start(of model: FiniteMDP) -> State {
    model.initial?.first { !$0.probability.isZero }?.state ?? State(0)
  }

  private func endless(_ model: FiniteMDP, _ name: String) throws -> Bool {
    let experiment = try TabularExperiment(
      .ucrl2, on: model, reward: model.rewards[0].name, start: start(of: model))
    let runs = try experiment.runs(steps, seeds: seeds)
    // Without a finite diameter nothing is claimed but the certificates.
    let bound = try experiment.bound(steps)
    return try report("ucrl2", name, runs, bound)
  }

  private func episodes(_ model: FiniteMDP, _ name: String) throws -> Bool {
    let experiment = try TabularExperiment(
      .ucbvi, on: model, reward: model.rewards[0].name, horizon: 4, start: start(of: model))
    let runs = try experiment.runs(steps / 4, seeds: seeds)
    return try report("ucbvi", name, runs, try experiment.bound(steps / 4))
  }

  /// The weights of the true mixture.
  static let weights = [Rational(1, 2), Rational(1, 3), Rational(1, 6)]

  /// The kernel with its successors rotated by 0, 1 and 2.
  func kernels(of model: FiniteMDP, scale: Rational = 1) throws -> [FiniteMDP] {
    try [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map { try blend(model, $0, scale: scale) }
  }

  private func mixture(_ model: FiniteMDP, _ name: String, _ isOffset: Bool) throws -> Bool {
    let kernels = try kernels(of: model)
    let truth = try blend(model, Self.weights)
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = isOffset
    let experiment = try MixtureExperiment(
      truth, reward: truth.rewards[0].name, basis: kernels, horizon: 4, start: start(of: model),
      options: options)
    let runs = try experiment.runs(episodes: steps / 4, seeds: seeds)
    let bound = LearningBound(try experiment.bound(episodes: steps / 4))
    return try report("ucrl-vtr" + (isOffset ? " offset" : ""), name, runs, bound)
  }

  /// The largest suboptimality of a reward-free run, which the theorem bounds like a regret.
  struct Explored: AccountedRun {
    let regret: Rational
    let coverage: Bool?
    var certifiedRegret: Rational? { nil }

    init(_ run: RewardFreeRun) {
      regret = run.suboptimalities.max() ?? 0
      coverage = run.isCovered
    }
  }

  private func otherMixtures(
    _ model: FiniteMDP, _ name: String, _ isOffset: Bool
  ) throws -> Bool {
    let kernels = try kernels(of: model)
    let truth = try blend(model, Self.weights)
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = isOffset
    let form = isOffset ? " offset" : ""
    let exploration = try RewardFreeExperiment(
      truth, basis: kernels, horizon: 4, start: start(of: model), options: options)
    let episodes = max(10, steps / 40)
    let explored = try exploration.runs(episodes: episodes, seeds: seeds).map(Explored.init)
    let limit = LearningBound(try exploration.bound(episodes: episodes))
    let isClean = try report("ucrl-rfe" + form, name, explored, limit)
    let discounted = try DiscountedMixtureExperiment(
      truth, reward: truth.rewards[0].name, basis: kernels, discount: Rational(4, 5),
      start: start(of: model), options: options)
    let runs = try discounted.runs(steps: steps / 10, seeds: seeds)
    let bound = LearningBound(try discounted.bound(steps: steps / 10))
    return try report("uclk" + form, name, runs, bound) && isClean
  }

  /// The kernel whose rotations by 0, 1 and 2 have these weights; rewards scaled to `[0, scale]`.
  func blend(
    _ model: FiniteMDP, _ weights: [Rational], scale: Rational = 1
  ) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: model.states, actions: model.actions)
    try builder.startReward(named: "main")
    let reward = model.rewards[0].function.expected(in: model)
    let all = (0..<reward.count).map { reward[$0] }
    let least = all.min() ?? 0
    let range = (all.max() ?? 0) - least
    for choice in 0..<model.choiceCount {
      var law: [Int: Rational] = [:]
      for (shift, weight) in weights.enumerated() where !weight.isZero {
        for (successor, probability) in model.transitions(of: Choice(choice)) {
          let place = (Int(successor.index) + shift) % model.stateCount
          law[place, default: 0] += weight * probability
        }
      }
      let (state, action) = (model.state(of: Choice(choice)), model.action(of: Choice(choice)))
      for (place, probability) in law.sorted(by: { $0.key < $1.key }) {
        try builder.addTransition(
          from: state, under: action, to: State(place), probability: probability)
      }
      builder.addReward(
        state: state, action: action, successor: nil,
        value: range.isZero ? 0 : scale * (reward[choice] - least) / range)
    }
    return try builder.build()
  }

  // MARK: - Reporting

  func report(
    _ learner: String, _ environment: String, _ runs: [some AccountedRun],
    _ bound: LearningBound?
  ) throws -> Bool {
    let label = "Claims/\(learner)/\(environment)"
    guard let bound else {
      let broken = runs.count { run in
        run.coverage == true && (run.certifiedRegret.map { run.regret > $0 } ?? false)
      }
      print("\(label): no bound is claimed; \(broken) broken certificates of \(runs.count) runs")
      return broken == 0
    }
    let audit = try BoundAudit(runs, bound: bound)
    let isCaught = try breaks(runs, audit, bound)
    let breaking =
      isCaught.map { "a broken bound is \($0 ? "caught" : "NOT caught")" }
      ?? "no regret that a broken bound could fall below"
    print(
      "\(label): \(audit.runs) runs, \(audit.violations) violations, \(audit.uncovered) uncovered,"
        + " \(audit.brokenCertificates) broken certificates; \(breaking)")
    return audit.isClean && isCaught != false
  }

  /// Divides the bound by 1000, again and again until it lies below a regret: the audit must see it.
  ///
  /// - Returns: whether it did; `nil` where no run has regret.
  private func breaks(
    _ runs: [some AccountedRun], _ audit: BoundAudit, _ bound: LearningBound
  ) throws -> Bool? {
    guard audit.largestRegret.signum > 0 else { return nil }
    var broken = bound
    for _ in 0..<8 {
      broken = LearningBound(bound.value, factor: broken.factor / 1000)
      if try broken.isAtMost(audit.largestRegret / 2) == .true {
        return try BoundAudit(runs, bound: broken).violations > 0
      }
    }
    return false
  }
}
