import ExactArithmetic

/// Draws a model for Graphviz: states are circles, choices are points, edges carry the
/// probability and the reward of the transition.
struct DotWriter {
  private let model: FiniteMDP
  private let output: TextOutput

  init(_ model: FiniteMDP, _ output: TextOutput) {
    self.model = model
    self.output = output
  }

  func write(_ options: WriteOptions) throws {
    let function = try reward(options)
    output.write("digraph mdp {\n  rankdir=LR;\n  node [shape=circle];\n")
    let labels = model.stateLabels().labels
    for state in 0..<model.stateCount {
      let own = (labels[Int32(state)] ?? []).filter { $0 != "init" }
      let text = ([model.states[state]] + own.map { "{\($0)}" }).joined(separator: "\n")
      output.write("  s\(state) [label=\(quoted(text))\(own.isEmpty ? "" : ", peripheries=2")];\n")
    }
    for (state, probability) in model.initial ?? [] where !probability.isZero {
      let text = probability == 1 ? "" : " [label=\(quoted("\(probability)"))]"
      output.write("  i\(state.index) [shape=none, label=\"\"];\n")
      output.write("  i\(state.index) -> s\(state.index)\(text);\n")
    }
    let texts = RewardTexts(function)
    for choice in 0..<model.choiceCount { writeChoice(choice, texts) }
    output.write("}\n")
  }

  private func reward(_ options: WriteOptions) throws -> RewardFunction? {
    guard let name = options.reward else { return model.rewards.first?.function }
    if let function = model.reward(named: name) { return function }
    throw WriteError.unknownReward(name, names: model.rewards.map(\.name))
  }

  private func writeChoice(_ choice: Int, _ rewards: RewardTexts) {
    let (state, action) = (model.choiceStates[choice], model.choiceActions[choice])
    let general = rewards.text(state, action, -1).map { "\n" + $0 } ?? ""
    output.write("  c\(choice) [shape=point];\n  s\(state) -> c\(choice) [label=")
    output.write(quoted(model.actions[Int(action)] + general) + ", arrowhead=none];\n")
    for transition in model.transitionRange(of: choice) {
      let successor = model.successors[transition]
      let probability = model.probabilityPool[model.probabilities[transition]]
      let own = rewards.text(state, action, successor).map { "\n" + $0 } ?? ""
      output.write("  c\(choice) -> s\(successor) [label=\(quoted("\(probability)\(own)"))];\n")
    }
  }

  /// `text` as a quoted Graphviz string.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n", "\r", "\r\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}

/// The entries of a reward function as they stand on edges, as in `+3` and `-1/2`.
private struct RewardTexts {
  private struct Key: Hashable {
    let state: Int32
    let action: Int32
    let successor: Int32
  }

  private var texts: [Key: String] = [:]

  init(_ function: RewardFunction?) {
    for entry in function?.entries.lazy.filter({ !$0.value.isZero }) ?? [] {
      let key = Key(
        state: entry.state.index, action: entry.action.index,
        successor: entry.successor?.index ?? -1)
      texts[key] = (entry.value.signum > 0 ? "+" : "") + entry.value.description
    }
  }

  func text(_ state: Int32, _ action: Int32, _ successor: Int32) -> String? {
    texts[Key(state: state, action: action, successor: successor)]
  }
}
