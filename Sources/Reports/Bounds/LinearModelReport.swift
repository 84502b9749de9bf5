import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RegretBounds

/// The least dimension in which a model is a linear MDP, and whether it is one in given features of
/// its pairs.
public struct LinearModelReport: Report {
  private let model: FiniteMDP
  private let dimension: Int
  /// With the reward as one more column; `nil` without a reward.
  private let dimensionWithReward: Int?
  /// `nil` without features.
  private let answer: (width: Int, linear: LinearModel)?

  /// Computes what is reported.
  ///
  /// - Parameters:
  ///   - reward: the expected reward of each choice, if it has to be linear too.
  ///   - features: one vector a choice.
  /// - Throws: ``Interrupted``.
  public init(
    of model: FiniteMDP, reward: PooledVector?, features: [[Rational]]?,
    progress: ProgressHandler = .none
  ) throws(Interrupted) {
    self.model = model
    dimension = LinearModel.minimalDimension(model)
    dimensionWithReward = reward.map { LinearModel.minimalDimension(model, reward: $0) }
    guard let features else {
      answer = nil
      return
    }
    answer = (
      features.first?.count ?? 0,
      try LinearModel(model, features: features, reward: reward, progress: progress)
    )
  }

  private var statement: String {
    guard let answer else { return "no features are given: the least dimensions only" }
    switch answer.linear.refutation?.column {
    case nil: return "the model is linear in the features"
    case .successor(let state)?:
      return "the model is not linear in the features: the certificate sends all of them to 0 and"
        + " the probabilities of '\(model.states[Int(state.index)])' to 1"
    case .reward?:
      return "the reward is not linear in the features: the certificate sends all of them to 0 and"
        + " the reward to 1"
    }
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("name", "linear-model")
    json.key("dimension")
    json.integer(dimension)
    if let dimensionWithReward {
      json.key("dimensionWithReward")
      json.integer(dimensionWithReward)
    }
    if let answer { write(answer.linear, width: answer.width, to: json) }
    json.member("statement", statement)
    json.endObject()
    try json.finish()
  }

  private func write(_ linear: LinearModel, width: Int, to json: JSONWriter) {
    json.key("features")
    json.integer(width)
    json.key("linear")
    json.bool(linear.isLinear)
    json.key("certificate")
    json.beginObject()
    if let refutation = linear.refutation {
      json.member("kind", "fredholm")
      if case .successor(let state) = refutation.column {
        json.member("successor", model.states[Int(state.index)])
      } else {
        json.member("column", "reward")
      }
      json.key("vector")
      json.beginArray()
      for (choice, weight) in refutation.weights {
        json.beginArray()
        for name in names(of: choice) + [weight.description] { json.string(name) }
        json.endArray()
      }
      json.endArray()
    } else {
      json.member("kind", "measures")
      json.key("measures")
      json.beginObject()
      for (state, vector) in measures(of: linear) { json.writeNumbers(state, vector) }
      json.endObject()
      if let weights = linear.rewardWeights { json.writeNumbers("rewardWeights", weights) }
    }
    json.endObject()
  }

  /// The vectors of the successors that some pair leads to, by name.
  private func measures(of linear: LinearModel) -> [(state: String, vector: [Rational])] {
    (linear.measures ?? [:]).sorted { $0.key < $1.key }.map {
      (model.states[Int($0.key.index)], $0.value)
    }
  }

  private func names(of choice: Choice) -> [String] {
    [
      model.states[Int(model.state(of: choice).index)],
      model.actions[Int(model.action(of: choice).index)],
    ]
  }

  /// Writes a summary, and the certificate as a table.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("Answer", statement)
    summary.add(
      "Dimension",
      "the transitions are linear in signed features of pairs of dimension \(dimension), no less")
    if let dimensionWithReward {
      summary.add("With reward", "the reward too in dimension \(dimensionWithReward), no less")
    }
    try summary.write(to: &text)
    if let answer {
      try text.line()
      try table(answer.linear).write(to: &text)
    }
    try text.flush()
  }

  private func table(_ linear: LinearModel) -> TextTable {
    if let refutation = linear.refutation {
      var table = TextTable([("state", .left), ("action", .left), ("certificate", .left)])
      for (choice, weight) in refutation.weights {
        table.add(names(of: choice) + [weight.description])
      }
      return table
    }
    var table = TextTable([("successor", .left), ("measure", .left)])
    for (state, vector) in measures(of: linear) {
      table.add([state, vector.map(\.description).joined(separator: "  ")])
    }
    if let weights = linear.rewardWeights {
      table.add(["(reward)", weights.map(\.description).joined(separator: "  ")])
    }
    return table
  }
}
