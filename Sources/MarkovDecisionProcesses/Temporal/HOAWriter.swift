extension OmegaAutomaton {
  /// The automaton in the Hanoi omega-automata format (version 1), with marks on edges.
  ///
  /// - Parameter name: what the automaton is of, e.g. a formula.
  public func hoa(name: String? = nil) -> String {
    var lines = ["HOA: v1"]
    if let name { lines.append("name: \(Self.quoted(name))") }
    lines.append("States: \(stateCount)")
    lines.append("Start: \(initial)")
    let names = propositions.map { " " + Self.quoted($0) }.joined()
    lines.append("AP: \(propositions.count)\(names)")
    lines.append("Acceptance: \(markCount) \(acceptance)")
    lines.append("properties: trans-labels explicit-labels trans-acc complete deterministic")
    lines.append("--BODY--")
    for state in edges.indices {
      lines.append("State: \(state)")
      for edge in edges[state] {
        let marks = edge.marks.marks.map(String.init).joined(separator: " ")
        lines.append(
          "[\(edge.label.hoa)] \(edge.target)" + (marks.isEmpty ? "" : " {\(marks)}"))
      }
    }
    lines.append("--END--")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "\""
  }
}

extension EdgeLabel {
  fileprivate var hoa: String {
    switch self {
    case .constant(let value): value ? "t" : "f"
    case .proposition(let p): String(p)
    case .not(let inner): "!" + inner.hoaOperand
    case .and(let a, let b): a.hoaFactor + "&" + b.hoaFactor
    case .or(let a, let b): a.hoa + " | " + b.hoa
    }
  }

  private var hoaFactor: String {
    switch self {
    case .or: "(\(hoa))"
    case .not, .and, .constant, .proposition: hoa
    }
  }

  private var hoaOperand: String {
    switch self {
    case .or, .and: "(\(hoa))"
    case .not, .constant, .proposition: hoa
    }
  }
}
