import ExactArithmetic
import MarkovDecisionProcesses
import OnlineLearning
import RegretBounds

// Learners among finitely many models, and those that weigh their data.
extension RegretClaims {
  /// LOOP among three mixtures of the rotated kernels.
  func finiteClass(_ model: FiniteMDP, _ name: String) throws -> Bool {
    let weights = Self.weights
    let models = try (0..<3).map { shift in
      try blend(model, weights.indices.map { weights[($0 + shift) % 3] })
    }
    let reward = models[0].rewards[0].name
    let experiment = try FiniteClassExperiment(
      try HypothesisClass(models, reward: reward), model: models[1], reward: reward,
      start: start(of: model))
    let runs = try experiment.runs(steps: steps, seeds: seeds)
    return try report(
      "loop", name, runs, try experiment.bound(steps: steps).map { LearningBound($0) })
  }

  func weightedMixtures(
    _ model: FiniteMDP, _ name: String, _ isOffset: Bool
  ) throws -> Bool {
    let form = isOffset ? " offset" : ""
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = isOffset
    let truth = try blend(model, Self.weights)
    let weighted = WeightedMixtureExperiment(
      try MixtureExperiment(
        truth, reward: truth.rewards[0].name, basis: try kernels(of: model), horizon: 4,
        start: start(of: model), options: options))
    let runs = try weighted.runs(episodes: steps / 4, seeds: seeds)
    let bound = LearningBound(try weighted.bound(episodes: steps / 4))
    let isClean = try report("ucrl-vtr+" + form, name, runs, bound)
    // This one is for total rewards of at most 1.
    let moments = try MomentExperiment(
      try blend(model, Self.weights, scale: Rational(1, 4)),
      basis: try kernels(of: model, scale: Rational(1, 4)), horizon: 4, start: start(of: model),
      episodes: max(10, steps / 40), options: options)
    let explored = try moments.runs(seeds: seeds).map(Explored.init)
    let limit = LearningBound(try moments.bound())
    return try report("hf-ucrl-rfe++" + form, name, explored, limit) && isClean
  }
}
