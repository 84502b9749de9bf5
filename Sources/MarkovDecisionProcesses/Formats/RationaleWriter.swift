import ExactArithmetic

/// Writes our own format: one line a choice, indices in the entries, every number in a string.
struct RationaleWriter {
  private let model: FiniteMDP
  private let output: TextOutput

  init(_ model: FiniteMDP, _ output: TextOutput) {
    self.model = model
    self.output = output
  }

  func write(_ options: WriteOptions) {
    output.write("{\"format\":\"rationale-mdp\",\"version\":1,\n")
    if let generator = options.generator {
      output.write("\"x-generator\":")
      output.write(quoted: generator)
      output.write(",\n")
    }
    write("states", model.states)
    write("actions", model.actions)
    if let discount = model.discount { output.write("\"discount\":\"\(discount)\",\n") }
    writeInitial()
    writeTransitions()
    writeRewards()
    writeLabels()
    writeLabeledTransitions()
    output.write("}\n")
  }

  private func write(_ key: String, _ names: NameTable) {
    output.write("\"\(key)\":")
    if names.isCount {
      output.write(names.count)
    } else {
      list(names.names) { output.write(quoted: $0) }
    }
    output.write(",\n")
  }

  /// Writes `[`, the elements with commas between them, `]`.
  private func list<Elements: Sequence>(_ elements: Elements, _ write: (Elements.Element) -> Void) {
    output.write("[" as Unicode.Scalar)
    var isFirst = true
    for element in elements {
      if !isFirst { output.write("," as Unicode.Scalar) }
      isFirst = false
      write(element)
    }
    output.write("]" as Unicode.Scalar)
  }

  private func writeInitial() {
    guard let initial = model.initial else { return }
    output.write("\"initial\":")
    if initial.count == 1 {
      output.write(initial[0].state.index)
    } else {
      list(initial) { output.write("[\($0.state.index),\"\($0.probability)\"]") }
    }
    output.write(",\n")
  }

  private func writeTransitions() {
    output.write("\"transitions\":[\n")
    var texts = PoolTexts(model.probabilityPool)
    var zero = 0
    for choice in 0..<model.choiceCount {
      if choice > 0 { output.write(",\n") }
      let (state, action) = (model.choiceStates[choice], model.choiceActions[choice])
      var isFirst = true
      for transition in model.transitionRange(of: choice) {
        if !isFirst { output.write("," as Unicode.Scalar) }
        isFirst = false
        writeEntry(
          state, action, model.successors[transition], texts[model.probabilities[transition]])
      }
      // Listed zeros are in the order of the choices too.
      while zero < model.listedZeros.count, model.listedZeros[zero].state.index == state,
        model.listedZeros[zero].action.index == action
      {
        output.write("," as Unicode.Scalar)
        writeEntry(state, action, model.listedZeros[zero].successor.index, [48])
        zero += 1
      }
    }
    output.write("\n]")
  }

  /// Writes `[s,a,t,"number"]`, or `[s,a,"number"]` for a successor of -1.
  private func writeEntry(_ state: Int32, _ action: Int32, _ successor: Int32, _ number: [UInt8]) {
    output.write("[" as Unicode.Scalar)
    output.write(state)
    output.write("," as Unicode.Scalar)
    output.write(action)
    if successor >= 0 {
      output.write("," as Unicode.Scalar)
      output.write(successor)
    }
    output.write(",\"")
    output.write(number)
    output.write("\"]")
  }

  private func writeRewards() {
    guard !model.rewards.isEmpty else { return }
    output.write(",\n\"rewards\":")
    if model.rewards.count == 1, model.rewards[0].name == "default" {
      writeEntries(of: model.rewards[0].function)
      return
    }
    output.write("{" as Unicode.Scalar)
    for (index, reward) in model.rewards.enumerated() {
      if index > 0 { output.write(",\n") }
      output.write(quoted: reward.name)
      output.write(":" as Unicode.Scalar)
      writeEntries(of: reward.function)
    }
    output.write("}" as Unicode.Scalar)
  }

  /// Writes a reward list, one line for the entries of each (state, action).
  private func writeEntries(of function: RewardFunction) {
    output.write("[" as Unicode.Scalar)
    var texts = PoolTexts(function.values.pool)
    var line: (state: Int32, action: Int32)?
    for entry in 0..<function.entryCount {
      let (state, action) = (function.states[entry], function.actions[entry])
      if let line, line == (state, action) {
        output.write("," as Unicode.Scalar)
      } else {
        output.write(line == nil ? "\n" : ",\n")
      }
      line = (state, action)
      writeEntry(state, action, function.successors[entry], texts[function.values.places[entry]])
    }
    output.write("\n]")
  }

  private func writeLabels() {
    guard !model.labels.isEmpty else { return }
    output.write(",\n\"labels\":{")
    for (index, label) in model.labels.enumerated() {
      if index > 0 { output.write("," as Unicode.Scalar) }
      output.write(quoted: label.name)
      output.write(":" as Unicode.Scalar)
      list(label.states) { output.write($0.index) }
    }
    output.write("}" as Unicode.Scalar)
  }

  private func writeLabeledTransitions() {
    guard !model.labeledTransitions.isEmpty else { return }
    output.write(",\n\"labeledTransitions\":")
    list(model.labeledTransitions) { entry in
      output.write("\n[\(entry.state.index),\(entry.action.index),\(entry.successor.index),")
      list(entry.propositions) { output.write(quoted: $0) }
      output.write("]" as Unicode.Scalar)
    }
  }
}
