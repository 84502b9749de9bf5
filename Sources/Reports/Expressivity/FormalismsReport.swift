import Certificates
import ExactJSON
import Expressivity

/// The seventeen formalisms and which expresses at least which.
public struct FormalismsReport: Report {
  private let preorder: FormalismPreorder
  private let checks: [WitnessCheck]?
  private let arrows: [InclusionCheck]?

  /// - Parameters:
  ///   - checks: what recomputing the witnesses gave, if it was asked for.
  ///   - arrows: what trying the arrows gave, if it was asked for.
  public init(
    _ preorder: FormalismPreorder, checks: [WitnessCheck]? = nil,
    arrows: [InclusionCheck]? = nil
  ) {
    self.preorder = preorder
    self.checks = checks
    self.arrows = arrows
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
    if let arrows { write(arrows, to: json) }
    json.endObject()
    try json.finish()
  }

  private func write(_ relation: FormalismPreorder.Relation, to json: JSONWriter) {
    json.beginObject()
    json.member("from", relation.from.rawValue)
    json.member("to", relation.to.rawValue)
    json.key("holds")
    json.bool(relation.holds)
    json.member("evidence", evidence(of: relation).name)
    if let isVerified = evidence(of: relation).isVerified {
      write(isVerified, by: relation.witness, to: json)
    }
    if let (weaker, stronger) = relation.separation {
      json.key("separation")
      json.beginObject()
      json.member("fails", weaker.rawValue)
      json.member("expresses", stronger.rawValue)
      json.endObject()
    }
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

  /// Whether what was recomputed is right; a counterexample that only an argument proves is said to
  /// be argued, though its example was recomputed.
  private func write(_ isVerified: Bool, by witness: Witness?, to json: JSONWriter) {
    json.key(isVerified && witness?.evidence == .cardinality ? "argued" : "verified")
    json.bool(isVerified)
  }

  private func words(_ isVerified: Bool, by witness: Witness?) -> String {
    guard isVerified else { return "NOT VERIFIED" }
    return witness?.evidence == .cardinality ? "argued, its example verified" : "verified"
  }

  /// What a pair rests on, and whether that was recomputed with success, if it was asked for.
  private func evidence(
    of relation: FormalismPreorder.Relation
  ) -> (name: String, isVerified: Bool?) {
    switch relation.reason {
    case .inclusions(let chain):
      let isVerified = arrows.map { arrows in
        chain.allSatisfy { link in arrows.contains { $0.inclusion == link && $0.isVerified } }
      }
      return ("construction", isVerified)
    case .witness(let witness):
      let check = checks?.first { $0.witness == witness }
      return (witness.evidence.rawValue, check?.isVerified)
    }
  }

  private func write(_ checks: [WitnessCheck], to json: JSONWriter) {
    json.key("witnesses")
    json.beginArray()
    for check in checks {
      json.beginObject()
      json.member("name", check.witness.rawValue)
      json.member("evidence", check.witness.evidence.rawValue)
      write(check.isVerified, by: check.witness, to: json)
      json.key("lines")
      json.beginArray()
      check.lines.forEach(json.string)
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ arrows: [InclusionCheck], to json: JSONWriter) {
    json.key("arrows")
    json.beginArray()
    for check in arrows {
      json.beginObject()
      json.member("weaker", check.inclusion.weaker.rawValue)
      json.member("stronger", check.inclusion.stronger.rawValue)
      json.member("construction", check.inclusion.construction)
      json.key("trials")
      json.integer(check.trialCount)
      json.key("agreements")
      json.integer(check.agreementCount)
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
        try text.line("    " + words(check.isVerified, by: check.witness))
        for line in check.lines { try text.line("    \(line)") }
      }
    }
    if let arrows { try write(arrows, to: &text) }
    try text.flush()
  }

  /// The arrows, and what every one of the 272 pairs rests on.
  private func write(_ arrows: [InclusionCheck], to text: inout TextWriter) throws {
    try text.line("")
    try text.line("Arrows, applied to specifications drawn at random: the same order of policies?")
    for check in arrows {
      let link = check.inclusion
      try text.line(
        "  \(link.weaker.rawValue) <= \(link.stronger.rawValue): \(check.agreementCount) of"
          + " \(check.trialCount); \(link.construction)")
    }
    try text.line("")
    try text.line("What each of the \(preorder.relations.count) entries rests on:")
    for relation in preorder.relations {
      let verified = words(evidence(of: relation).isVerified == true, by: relation.witness)
      let (from, to) = (relation.from.rawValue, relation.to.rawValue)
      switch relation.reason {
      case .inclusions(let chain):
        let path = [to] + chain.map(\.stronger.rawValue)
        try text.line("  \(from) >= \(to): \(path.joined(separator: " <= ")), \(verified)")
      case .witness(let witness):
        let through = relation.separation.map {
          ": \($0.weaker.rawValue) fails \($0.stronger.rawValue)"
        }
        try text.line(
          "  \(from) fails \(to): \(witness.rawValue)\(through ?? ""),"
            + " \(witness.evidence.rawValue), \(verified)")
      }
    }
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

extension FormalismPreorder.Relation {
  /// The counterexample that refutes the relation, if one does.
  fileprivate var witness: Witness? {
    guard case .witness(let witness) = reason else { return nil }
    return witness
  }
}
