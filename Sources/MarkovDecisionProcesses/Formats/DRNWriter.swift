import ExactArithmetic

/// Writes Storm's explicit text format with rational weights.
///
/// DRN has no transition rewards, so each choice carries its expected reward. State names are
/// written as Storm writes state valuations (see ``StateNames``), the discount and a law over
/// several first states as comments; Storm skips them all, our reader understands them.
struct DRNWriter {
  private let model: FiniteMDP
  private let output: TextOutput
  private let expected: [PooledVector]

  init(_ model: FiniteMDP, _ output: TextOutput) {
    self.model = model
    self.output = output
    expected = model.rewards.map { $0.function.expected(in: model) }
  }

  /// - Returns: what was left out.
  func write(_ options: WriteOptions) throws -> [String] {
    let labels = model.stateLabels()
    try checkNames()
    writeHeader(options)
    let holdsNames = StateNames.hold(model.states)
    var actions = LineNames(model.actions)
    var probabilities = PoolTexts(model.probabilityPool)
    var rewards = expected.map { PoolTexts($0.pool) }
    let zeros = rewards.isEmpty ? "" : " [" + rewards.map { _ in "0" }.joined(separator: ", ") + "]"
    for state in 0..<model.stateCount {
      output.write("state ")
      output.write(Int32(state))
      output.write(zeros)
      for label in labels.labels[Int32(state)] ?? [] {
        output.write(Self.needsQuotes(label) ? " \"\(label)\"" : " \(label)")
      }
      output.write("\n" as Unicode.Scalar)
      if holdsNames, !model.states.isCount { output.write("//[\(model.states[state])]\n") }
      for choice in model.choiceRange(at: state) {
        output.write("\taction ")
        output.write(actions[model.choiceActions[choice]])
        for index in rewards.indices {
          output.write(index == 0 ? " [" : ", ")
          output.write(rewards[index][expected[index].places[choice]])
        }
        output.write(rewards.isEmpty ? "\n" : "]\n")
        model.visitAscending(choice) { transition in
          output.write("\t\t")
          output.write(model.successors[transition])
          output.write(" : ")
          output.write(probabilities[model.probabilities[transition]])
          output.write("\n" as Unicode.Scalar)
        }
      }
    }
    return notes(holdsNames: holdsNames, losesLaw: labels.losesLaw)
  }

  private func notes(holdsNames: Bool, losesLaw: Bool) -> [String] {
    var notes = losesLaw ? [DRNWriter.lawNote("drn")] : []
    if !holdsNames {
      notes.append("drn cannot hold all state names as they are: states are numbers there")
    }
    notes += model.changedNames("drn")
    let empty = model.labels.filter { $0.states.isEmpty && $0.name != "init" }.map(\.name)
    if !empty.isEmpty {
      notes.append("drn holds no label without states: left out " + empty.joined(separator: ", "))
    }
    return notes
  }

  private func checkNames() throws(WriteError) {
    for (name, _) in model.labels
    where name.isEmpty || name.contains(where: { $0 == "\"" || $0.isNewline }) {
      throw .unwritableName(.drn, name)
    }
    var lineNames: Set<String> = []
    for (name, _) in model.rewards where !lineNames.insert(lineName(name)).inserted {
      throw .unwritableName(.drn, name)
    }
  }

  /// Whether a label would be cut, or read as something else, without quotation marks.
  private static func needsQuotes(_ label: String) -> Bool {
    label.contains(where: \.isWhitespace) || label.first.map("!{[".contains) ?? true
  }

  static func lawNote(_ format: String) -> String {
    "\(format) holds no initial law: every state of positive probability is marked init"
  }

  private func writeHeader(_ options: WriteOptions) {
    if let generator = options.generator { output.write("// generator: \(generator)\n") }
    output.write("// discount: \(model.discount?.description ?? "none")\n")
    let law = (model.initial ?? []).filter { !$0.probability.isZero }
      .sorted { $0.state < $1.state }.map { "\($0.state.index) \($0.probability)" }
    if law.count > 1 { output.write("// initial: \(law.joined(separator: ", "))\n") }
    let type = options.isChain && model.choiceCount == model.stateCount ? "DTMC" : "MDP"
    output.write("@value_type: rational\n@type: \(type)\n@parameters\n\n@reward_models\n")
    output.write(model.rewards.map { lineName($0.name) }.joined(separator: " "))
    output.write("\n@nr_states\n\(model.stateCount)\n@nr_choices\n\(model.choiceCount)\n@model\n")
  }
}

extension FiniteMDP {
  /// What line formats change in the names of actions and rewards, for standard error.
  func changedNames(_ format: String) -> [String] {
    var notes: [String] = []
    var changed = rewards.map(\.name).filter { lineName($0) != $0 }
    if !actions.isCount { changed += actions.names.filter { lineName($0) != $0 } }
    if let first = changed.first {
      notes.append(
        "\(format) has no white space in names: \(grouped(changed.count)) of actions and rewards are"
          + " changed, as '\(first)' to '\(lineName(first))'")
    }
    let initial = Set((initial ?? []).filter { !$0.probability.isZero }.map(\.state))
    if let states = states(labeled: "init"), Set(states) != initial {
      notes.append("\(format) marks the first states with init: the label of that name is left out")
    }
    return notes
  }
}
