import ExactArithmetic

extension ModelFamily {
  /// Writes the model file (`rationale-mdp`), one choice a line.
  ///
  /// - Parameter sink: receives the bytes in order, in pieces of some 64 KiB.
  /// - Complexity: one pass over the rows and one more a reward function, in constant memory.
  public func writeRationale(to sink: @escaping ([UInt8]) throws -> Void) throws {
    var out = TextBuffer(sink: sink)
    try writeHead(&out)
    out.append("\"transitions\":[\n")
    try writeTransitions(&out)
    out.append("\n],\n\"rewards\":")
    if let names = description.rewardNames {
      for (function, name) in names.enumerated() {
        out.append(function == 0 ? "{" : ",\n")
        out.appendQuoted(name)
        out.append(":[")
        try writeRewards(function, &out)
      }
      out.append("}")
    } else {
      out.append("[")
      try writeRewards(0, &out)
    }
    writeLabels(&out)
    out.append("}\n")
    try out.flush()
  }

  private func writeHead(_ out: inout TextBuffer) throws {
    out.append("{\"format\":\"rationale-mdp\",\"version\":1,\n\"x-generator\":")
    out.appendQuoted(title)
    out.append(",\n\"states\":")
    try writeNames(description.states, &out)
    out.append(",\n\"actions\":")
    try writeNames(description.actions, &out)
    out.append(",\n")
    if let discount { out.append("\"discount\":\"\(discount)\",\n") }
    out.append("\"initial\":\(description.initial),\n")
  }

  private func writeNames(_ names: FamilyNames, _ out: inout TextBuffer) throws {
    guard case .list(let count, let name) = names else {
      out.append(names.count)
      return
    }
    for place in 0..<count {
      out.append(place == 0 ? "[" : ",")
      out.appendQuoted(name(place))
      try out.flushIfFull()
    }
    out.append("]")
  }

  private func writeTransitions(_ out: inout TextBuffer) throws {
    var isFirst = true
    try description.forEachRow { (row: inout GeneratedRow) throws in
      if !isFirst { out.append(",\n") }
      isFirst = false
      for place in row.successors.indices {
        if place > 0 { out.append(",") }
        writeEntry(row, row.successors[place], row.probabilities[place], &out)
      }
      try out.flushIfFull()
    }
  }

  private func writeRewards(_ function: Int, _ out: inout TextBuffer) throws {
    var isFirst = true
    try description.forEachRow { (row: inout GeneratedRow) throws in
      guard !row.rewards[function].isEmpty else { return }
      out.append(isFirst ? "\n" : ",\n")
      isFirst = false
      for (place, entry) in row.rewards[function].enumerated() {
        if place > 0 { out.append(",") }
        writeEntry(row, entry.successor, entry.value, &out)
      }
      try out.flushIfFull()
    }
    out.append("\n]")
  }

  /// Writes `[s,a,t,"x"]`, or `[s,a,"x"]`.
  private func writeEntry(
    _ row: borrowing GeneratedRow, _ successor: Int?, _ value: Term, _ out: inout TextBuffer
  ) {
    out.append("[")
    out.append(row.state)
    out.append(",")
    out.append(row.action)
    if let successor {
      out.append(",")
      out.append(successor)
    }
    out.append(",\"")
    out.append(row.terms.texts[Int(value)])
    out.append("\"]")
  }

  private func writeLabels(_ out: inout TextBuffer) {
    guard !description.labels.isEmpty else { return }
    out.append(",\n\"labels\":{")
    for (place, label) in description.labels.enumerated() {
      if place > 0 { out.append(",") }
      out.appendQuoted(label.name)
      out.append(":[")
      for (index, state) in label.states.enumerated() {
        if index > 0 { out.append(",") }
        out.append(state)
      }
      out.append("]")
    }
    out.append("}")
  }
}
