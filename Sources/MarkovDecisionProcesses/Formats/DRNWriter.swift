import ExactArithmetic

/// Writes Storm's explicit text format with rational weights.
///
/// DRN has no transition rewards, so each choice carries its expected reward; it has neither
/// state names nor a discount, which stands in a comment that our reader understands.
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
    for (name, _) in model.labels where name.contains(where: { $0 == "\"" || $0.isNewline }) {
      throw WriteError.unwritableName(.drn, name)
    }
    writeHeader(options)
    var actions = LineNames(model.actions)
    var probabilities = PoolTexts(model.probabilityPool)
    var rewards = expected.map { PoolTexts($0.pool) }
    let zeros = rewards.isEmpty ? "" : " [" + rewards.map { _ in "0" }.joined(separator: ", ") + "]"
    for state in 0..<model.stateCount {
      output.write("state ")
      output.write(Int32(state))
      output.write(zeros)
      for label in labels.labels[Int32(state)] ?? [] {
        output.write(label.contains(where: \.isWhitespace) ? " \"\(label)\"" : " \(label)")
      }
      output.write("\n" as Unicode.Scalar)
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
    return labels.losesLaw ? [DRNWriter.lawNote("drn")] : []
  }

  static func lawNote(_ format: String) -> String {
    "\(format) holds no initial law: every state of positive probability is marked init"
  }

  private func writeHeader(_ options: WriteOptions) {
    if let generator = options.generator { output.write("// generator: \(generator)\n") }
    output.write("// discount: \(model.discount?.description ?? "none")\n")
    output.write("@value_type: rational\n@type: MDP\n@parameters\n\n@reward_models\n")
    output.write(model.rewards.map { lineName($0.name) }.joined(separator: " "))
    output.write("\n@nr_states\n\(model.stateCount)\n@nr_choices\n\(model.choiceCount)\n@model\n")
  }
}
