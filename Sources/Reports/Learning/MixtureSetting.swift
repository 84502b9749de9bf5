import ExactArithmetic
import ExactJSON
import OnlineLearning

/// The setting of a mixture, as the members of an object.
func writeMixture(_ experiment: MixtureExperiment, episodes: Int, to json: JSONWriter) {
  for (key, count) in [
    ("episodes", episodes), ("horizon", experiment.horizon), ("dimension", experiment.dimension),
  ] {
    json.key(key)
    json.integer(count)
  }
  writeMixtureSetting(experiment, to: json)
}

/// What does not depend on episodes.
func writeMixtureSetting(_ experiment: MixtureExperiment, to json: JSONWriter) {
  json.member("delta", experiment.options.delta.description)
  json.key("offsetForm")
  json.bool(experiment.options.usesOffsetForm)
  for (name, value) in [
    ("valueCap", experiment.valueCap), ("lambda", experiment.lambda),
    ("grid", experiment.options.grid), ("squaredFeatureNorm", experiment.squaredFeatureNorm),
    ("thetaBound", experiment.squaredParameterNorm),
  ] {
    json.member(name, value.description)
  }
  json.writeNumbers("theta", experiment.theta)
}

/// The same as lines of a summary.
func add(
  _ experiment: MixtureExperiment, title: String, episodes: Int, _ decimals: Int?,
  to summary: inout Summary
) {
  summary.add(
    title,
    "\(episodes) episodes of \(experiment.horizon) steps, dimension \(experiment.dimension)"
      + (experiment.options.usesOffsetForm ? " (offset form)" : ""))
  addSetting(of: experiment, decimals, to: &summary)
}

/// What does not depend on episodes.
func addSetting(of experiment: MixtureExperiment, _ decimals: Int?, to summary: inout Summary) {
  summary.add("Weights", experiment.theta.map(\.description).joined(separator: ", "))
  summary.add(
    "At",
    "delta = \(experiment.options.delta), M = \(shownNumber(experiment.valueCap, decimals)),"
      + " lambda = \(shownNumber(experiment.lambda, decimals)),"
      + " L2 = \(experiment.squaredFeatureNorm), B2 = \(experiment.squaredParameterNorm),"
      + " grid = \(experiment.options.grid)")
}
