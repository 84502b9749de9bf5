import ExactArithmetic

/// Formats of other programs: Storm's `drn`, PRISM's explicit files.
extension ModelFamily {
  /// One of the files that together are a model in PRISM's explicit format.
  public enum PrismPart: String, CaseIterable, Sendable {
    case transitions = "tra"
    case labels = "lab"
    case transitionRewards = "trew"

    /// The file name extension.
    public var fileExtension: String { rawValue }
  }

  /// Writes Storm's explicit text format with rational weights. It has no transition rewards, so
  /// each choice carries its expected reward.
  ///
  /// - Parameter sink: receives the bytes in order.
  public func writeDRN(to sink: @escaping ([UInt8]) throws -> Void) throws {
    let rewards = description.rewardNames ?? ["default"]
    let labels = stateLabels()
    var out = TextBuffer(sink: sink)
    writeDRNHead(rewards, &out)
    let zeros = rewards.map { _ in "0" }.joined(separator: ", ")
    var last = -1
    try description.forEachRow { (row: inout GeneratedRow) throws in
      if row.state != last {
        last = row.state
        let names = (labels[last] ?? []).map { " " + $0 }.joined()
        out.append("state \(last) [\(zeros)]\(names)\n")
      }
      out.append("\taction \(description.actions[row.action]) [")
      for function in rewards.indices {
        if function > 0 { out.append(", ") }
        out.append(row.terms.text(of: row.expectedReward(function: function)))
      }
      out.append("]\n")
      for (successor, probability) in zip(row.successors, row.probabilities) {
        out.append("\t\t")
        out.append(successor)
        out.append(" : ")
        out.append(row.terms.texts[Int(probability)])
        out.append("\n")
      }
      try out.flushIfFull()
    }
    try out.flush()
  }

  private func writeDRNHead(_ rewards: [String], _ out: inout TextBuffer) {
    out.append("// generator: \(title)\n// discount: \(discount?.description ?? "none")\n")
    out.append("@value_type: rational\n@type: MDP\n@parameters\n\n")
    out.append("@reward_models\n\(rewards.joined(separator: " "))\n")
    out.append("@nr_states\n\(stateCount)\n@nr_choices\n\(counts().choices)\n@model\n")
  }

  /// Writes one file of PRISM's explicit format.
  ///
  /// - Parameter sink: receives the bytes in order.
  /// - Throws: ``FamilyError/refused(_:)`` when there are several reward functions, and what
  ///   `sink` throws.
  public func writePrism(
    _ part: PrismPart, to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    try require(
      description.rewardNames == nil,
      "prism-explicit holds one reward function; use --rewards 1")
    var out = TextBuffer(sink: sink)
    switch part {
    case .transitions: try writePrismTransitions(&out)
    case .labels: try writePrismLabels(&out)
    case .transitionRewards: try writePrismRewards(&out)
    }
    try out.flush()
  }

  /// Writes the files of PRISM's explicit format one after the other, each after a line
  /// `==> model.EXTENSION <==`.
  public func writePrism(to sink: @escaping ([UInt8]) throws -> Void) throws {
    for part in PrismPart.allCases {
      var pending = Array("==> model.\(part.fileExtension) <==\n".utf8)
      try writePrism(part) { bytes in
        try sink(pending + bytes)
        pending = []
      }
    }
  }

  private func writePrismTransitions(_ out: inout TextBuffer) throws {
    let counts = counts()
    out.append("\(stateCount) \(counts.choices) \(counts.transitions)\n")
    try forEachNumberedRow { row, number in
      for (successor, probability) in zip(row.successors, row.probabilities) {
        writePlace(row.state, number, successor, &out)
        out.append(row.terms.texts[Int(probability)])
        out.append(" ")
        out.append(description.actions[row.action])
        out.append("\n")
      }
      try out.flushIfFull()
    }
  }

  private func writePrismLabels(_ out: inout TextBuffer) throws {
    let names = ["init", "deadlock"] + description.labels.map(\.name)
    let head = names.enumerated().map { "\($0.offset)=\"\($0.element)\"" }
    out.append(head.joined(separator: " ") + "\n")
    for (state, labels) in stateLabels().sorted(by: { $0.key < $1.key }) {
      let places = labels.map { String(names.firstIndex(of: $0) ?? 0) }
      out.append("\(state): \(places.joined(separator: " "))\n")
      try out.flushIfFull()
    }
  }

  private func writePrismRewards(_ out: inout TextBuffer) throws {
    var count = 0
    try forEachNumberedRow { row, _ in
      count += row.successors.count { !row.reward(of: $0).isZero }
    }
    out.append("\(stateCount) \(counts().choices) \(count)\n")
    try forEachNumberedRow { row, number in
      for successor in row.successors {
        let reward = row.reward(of: successor)
        if reward.isZero { continue }
        writePlace(row.state, number, successor, &out)
        out.append(row.terms.text(of: reward))
        out.append("\n")
      }
      try out.flushIfFull()
    }
  }

  private func writePlace(
    _ state: Int, _ number: Int, _ successor: Int, _ out: inout TextBuffer
  ) {
    out.append(state)
    out.append(" ")
    out.append(number)
    out.append(" ")
    out.append(successor)
    out.append(" ")
  }

  /// Visits the rows with their numbers at their states.
  private func forEachNumberedRow(
    _ body: (inout GeneratedRow, _ number: Int) throws -> Void
  ) throws {
    var (last, number) = (-1, 0)
    try description.forEachRow { (row: inout GeneratedRow) throws in
      number = row.state == last ? number + 1 : 0
      last = row.state
      try body(&row, number)
    }
  }

  private func counts() -> (choices: Int, transitions: Int) {
    var counts = (choices: 0, transitions: 0)
    description.forEachRow { row in
      counts.choices += 1
      counts.transitions += row.successors.count
    }
    return counts
  }

  /// The labels of each state that has one, `init` first.
  private func stateLabels() -> [Int: [String]] {
    var labels = [description.initial: ["init"]]
    for (name, states) in description.labels {
      for state in states { labels[state, default: []].append(name) }
    }
    return labels
  }
}

extension GeneratedRow {
  /// The reward of the transition to `successor` in the first reward function.
  fileprivate func reward(of successor: Int) -> Rational {
    var sum = Rational.zero
    for entry in rewards[0] where entry.successor == nil || entry.successor == successor {
      sum += terms[entry.value]
    }
    return sum
  }
}
