import ExactArithmetic
import MarkovDecisionProcesses

/// The plan of an episode, in words where these suffice, else in long integers.
enum EpisodePlan {
  case words(WordPlan, MixtureWords)
  case integers(MixturePlan)

  /// - Throws: ``EnclosureError``, which the ranges of the parameters exclude.
  init(_ experiment: MixtureExperiment, _ regression: MixtureRegression) throws {
    if let words = experiment.words, let plan = try WordPlan(experiment, regression) {
      self = .words(plan, words)
    } else {
      self = .integers(try MixturePlan(experiment, regression))
    }
  }

  var policy: [[Choice]] {
    switch self {
    case .words(let plan, _): plan.policy
    case .integers(let plan): plan.policy
    }
  }

  /// `G V` of the values that follow a step, counted from 0.
  func values(after step: Int, _ experiment: MixtureExperiment) -> [Integer] {
    switch self {
    case .words(let plan, let words):
      plan.counts[step + 1].map { count in
        count >= words.capCount
          ? experiment.features.cap : experiment.features.gridUnit * Integer(Int(count))
      }
    case .integers(let plan): plan.values[step + 1]
    }
  }

  /// Integers around `2^p β‖x‖_{Σ^{-1}}`, with the feature as integers.
  func bonus(
    of choice: Int, _ feature: [Integer], step: Int, _ experiment: MixtureExperiment
  ) -> (lower: Integer, upper: Integer) {
    switch self {
    case .words(let plan, let words):
      plan.bonus(of: choice, step: step, words, precision: experiment.precision)
    case .integers(let plan): plan.estimate.bonus(feature, radius: plan.radius)
    }
  }

  /// Whether the true weights lie in the confidence set.
  func covers(_ experiment: MixtureExperiment, _ regression: MixtureRegression) -> Bool {
    switch self {
    case .words(let plan, let words):
      if let answer = plan.covers(experiment, words, regression) { return answer }
      let estimate = regression.estimate(precision: experiment.precision)
      return experiment.covers(regression, estimate, plan.radius)
    case .integers(let plan):
      let radius = Rational(plan.radius.upper, timesTwoToThe: -plan.precision)
      return experiment.covers(regression, plan.estimate, Enclosure(radius))
    }
  }

  /// Whether `V_h ≥ V*_h` at all states and steps.
  func isOptimistic(_ experiment: MixtureExperiment) -> Bool {
    switch self {
    case .words(let plan, let words): return plan.isOptimistic(words)
    case .integers(let plan): return plan.isOptimistic(experiment)
    }
  }
}
