import Certificates
import ExactJSON
import Expressivity

/// The seventeen formalisms and which expresses at least which.
public struct FormalismsReport: Report {
  private let preorder: FormalismPreorder
  private let checks: [WitnessCheck]?

  /// - Parameter checks: what recomputing the witnesses gave, if it was asked for.
  public init(_ preorder: FormalismPreorder, checks: [WitnessCheck]? = nil) {
    self.preorder = preorder
    self.checks = checks
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-formalisms")
    json.key("version")
    json.integer(1)
    json.key("formalisms")
    json.beginArray()
    for formalism in Formalism.allCases {
      json.beginObject()
      json.member("name", formalism.rawValue)
      json.member("specification", formalism.specification)
      json.member("value", formalism.value)
      json.endObject()
    }
    json.endArray()
    json.key("relations")
    json.beginArray()
    for relation in preorder.relations { write(relation, to: json) }
    json.endArray()
    json.key("classes")
    json.beginArray()
    for members in preorder.classes {
      json.beginArray()
      for member in members { json.string(member.rawValue) }
      json.endArray()
    }
    json.endArray()
    if let checks { write(checks, to: json) }
    json.endObject()
    try json.finish()
  }

  private func write(_ relation: FormalismPreorder.Relation, to json: JSONWriter) {
    json.beginObject()
    json.member("from", relation.from.rawValue)
    json.member("to", relation.to.rawValue)
    json.key("holds")
    json.bool(relation.holds)
    switch relation.reason {
    case .inclusions(let chain):
      json.member(
        "source",
        chain.map { "\($0.weaker.rawValue) <= \($0.stronger.rawValue): \($0.construction)" }
          .joined(separator: "; "))
    case .witness(let witness):
      json.member("witness", witness.rawValue)
      json.member("source", "\(witness.evidence.rawValue) evidence: \(witness.summary)")
    }
    json.endObject()
  }

  private func write(_ checks: [WitnessCheck], to json: JSONWriter) {
    json.key("witnesses")
    json.beginArray()
    for check in checks {
      json.beginObject()
      json.member("name", check.witness.rawValue)
      json.member("evidence", check.witness.evidence.rawValue)
      json.key("verified")
      json.bool(check.isVerified)
      json.key("lines")
      json.beginArray()
      check.lines.forEach(json.string)
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let classes = preorder.classes
    try text.line("A row expresses at least a column (≥), or the witness that refutes it.")
    try text.line("")
    var table = TextTable(
      [(heading: "", alignment: .left)] + classes.map { (Self.name($0), .right) })
    for row in classes {
      table.add([Self.name(row)] + classes.map { cell(row[0], $0[0]) })
    }
    try table.write(to: &text)
    try text.line("")
    for members in classes where members.count > 1 {
      try text.line(
        "\(Self.name(members))  = \(members.map(\.rawValue).joined(separator: " = "))")
    }
    try text.line("")
    for witness in Witness.allCases {
      try text.line("\(witness.rawValue)  \(witness.evidence.rawValue): \(witness.summary)")
      for check in checks ?? [] where check.witness == witness {
        try text.line(check.isVerified ? "    verified" : "    NOT VERIFIED")
        for line in check.lines { try text.line("    \(line)") }
      }
    }
    try text.flush()
  }

  private func cell(_ from: Formalism, _ to: Formalism) -> String {
    if preorder.expresses(from, to) { return "≥" }
    let relation = preorder.relations.first { $0.from == from && $0.to == to }
    guard case .witness(let witness)? = relation?.reason else { return "" }
    return witness.rawValue
  }

  /// A class by its member with the shortest story.
  static func name(_ members: [Formalism]) -> String {
    let preferred: [Formalism] = [.trajectoryFunction, .lotteryFunction, .lotteryOrder]
    guard let found = preferred.first(where: members.contains) else { return members[0].rawValue }
    return found.rawValue + "*"
  }
}
