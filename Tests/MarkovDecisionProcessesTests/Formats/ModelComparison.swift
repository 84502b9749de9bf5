import ExactArithmetic
import MarkovDecisionProcesses
import Testing

/// Everything about a model as text, so that two models can be compared by `==` and a failing
/// test shows where they differ.
enum ModelText {
  /// Names, rows, probabilities, initial law, discount and labels.
  static func structure(_ model: FiniteMDP) -> [String] {
    var lines = ["states \(Array(model.states.names))", "actions \(Array(model.actions.names))"]
    lines.append("discount \(model.discount.map(\.description) ?? "none")")
    lines.append("initial \(model.initial.map { "\($0)" } ?? "none")")
    lines += rows(model)
    lines += model.labels.map { "label \($0.name) \($0.states.map(\.index))" }
    return lines
  }

  /// The transitions, state by state, with the names of the actions; in the model's order, or
  /// sorted by successor.
  static func rows(_ model: FiniteMDP, sorted: Bool = false) -> [String] {
    (0..<model.stateCount).flatMap { state in
      model.choices(at: State(state)).map { choice in
        let action = model.actions[Int(model.action(of: choice).index)]
        var transitions = Array(model.transitions(of: choice))
        if sorted { transitions.sort { $0.successor < $1.successor } }
        let row = transitions.map { "\($0.successor.index):\($0.probability)" }
        return "\(state) \(action) \(row)"
      }
    }
  }

  /// All that the `rationale` format holds.
  static func everything(_ model: FiniteMDP) -> [String] {
    var lines = structure(model)
    lines += model.listedZeros.map { "zero \($0)" }
    for (name, function) in model.rewards {
      lines.append("reward \(name)")
      lines += function.entries.map { "\($0)" }
    }
    lines += model.labeledTransitions.map { "\($0)" }
    return lines
  }

  /// The expected reward of each choice, for each reward.
  static func expectedRewards(_ model: FiniteMDP) -> [[String]] {
    model.rewards.map { reward in
      let expected = reward.function.expected(in: model)
      return (0..<expected.count).map { expected[$0].description }
    }
  }

  static func written(
    _ model: FiniteMDP, as format: ModelFormat, _ options: WriteOptions = WriteOptions()
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try ModelFile.write(model, as: format, options: options) { bytes += $0 }
    return bytes
  }
}
