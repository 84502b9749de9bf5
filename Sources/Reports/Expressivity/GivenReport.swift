import Certificates
import ExactJSON
import Expressivity

/// Which formalisms are really weaker than others on one environment.
public struct GivenReport: Report {
  private let comparison: GivenComparison
  private let preorder = FormalismPreorder()

  public init(_ comparison: GivenComparison) {
    self.comparison = comparison
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-formalisms-given")
    json.key("version")
    json.integer(1)
    json.member("discount", "\(comparison.discount)")
    json.key("policies")
    json.beginArray()
    for policy in comparison.policies { json.string(policy.name) }
    json.endArray()
    json.key("deterministic")
    json.integer(comparison.deterministicCount)
    json.key("complete")
    json.bool(comparison.isComplete)
    json.key("stopped")
    json.bool(comparison.isCutShort)
    json.key("relations")
    json.beginArray()
    for relation in comparison.relations { write(relation, to: json) }
    json.endArray()
    json.key("separations")
    json.beginArray()
    for separation in comparison.separations { write(separation, to: json) }
    json.endArray()
    json.endObject()
    try json.finish()
  }

  private func write(_ relation: GivenComparison.Relation, to json: JSONWriter) {
    json.beginObject()
    json.member("from", relation.from.rawValue)
    json.member("to", relation.to.rawValue)
    switch relation.finding {
    case .holds: json.member("here", "holds")
    case .expressed(let reason):
      json.member("here", "expressed")
      json.member("reason", reason)
    case .separated(let place):
      json.member("here", "separated")
      json.key("separation")
      json.integer(place)
      if let discount = comparison.separations[place].discount {
        json.member("discount", "\(discount)")
      }
    case .expressedOnPolicies: json.member("here", "expressed-on-policies")
    case .undecided(let reason):
      json.member("here", "undecided")
      json.member("reason", reason)
    }
    json.endObject()
  }

  private func write(_ separation: GivenSeparation, to json: JSONWriter) {
    json.beginObject()
    json.member("evidence", separation.evidence.rawValue)
    json.member("fails", separation.weaker.rawValue)
    json.member("expresses", separation.stronger.rawValue)
    if let discount = separation.discount { json.member("discount", "\(discount)") }
    json.key("verified")
    json.bool(separation.isVerified)
    json.key("ranking")
    json.beginArray()
    for tier in separation.tiers {
      json.beginArray()
      for member in tier { json.string(member.name) }
      json.endArray()
    }
    json.endArray()
    json.key("lines")
    json.beginArray()
    separation.lines.forEach(json.string)
    json.endArray()
    json.endObject()
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try text.line(
      "Does a row express on this model all that a column does? (MR and RRL: at the discount"
        + " \(comparison.discount))")
    try text.line("")
    let classes = preorder.classes
    var table = TextTable(
      [(heading: "", alignment: .left)]
        + classes.map { (FormalismsReport.name($0), .right) })
    for row in classes {
      table.add([FormalismsReport.name(row)] + classes.map { cell(row[0], $0[0]) })
    }
    try table.write(to: &text)
    try text.line("")
    try text.line(
      "≥  in general    =  on this model, for all policies    S1, S2, ...  no, see below")
    try text.line("~  on all the policies searched, proved    ?  no separation found")
    try text.line("")
    try text.line(
      "Searched: \(comparison.deterministicCount) deterministic policies"
        + (comparison.isComplete ? " (all lotteries of such policies)" : " (not all)")
        + " and \(comparison.policies.count - comparison.deterministicCount) with a coin, in sets"
        + " of at most four."
        + (comparison.isCutShort ? " The time limit ended the search." : ""))
    for (place, separation) in comparison.separations.enumerated() {
      try text.line("")
      try write(separation, number: place + 1, to: &text)
    }
    let reasons = Set(
      comparison.relations.compactMap { relation -> String? in
        if case .expressed(let reason) = relation.finding { reason } else { nil }
      })
    for reason in reasons.sorted() {
      try text.line("")
      try text.line("=  \(reason)")
    }
    try text.flush()
  }

  private func write(
    _ separation: GivenSeparation, number: Int, to text: inout TextWriter
  ) throws {
    let limit = separation.discount.map { " at the discount \($0)" } ?? ""
    try text.line(
      "S\(number)  \(separation.weaker.rawValue) fails \(separation.stronger.rawValue)\(limit):"
        + " \(separation.evidence.rawValue)" + (separation.isVerified ? "" : ", NOT VERIFIED"))
    if !separation.tiers.isEmpty {
      try text.line(
        "    "
          + separation.tiers.map { tier in
            tier.map { "[\($0.name)]" }.joined(separator: " = ")
          }.joined(separator: " > "))
    }
    for line in separation.lines { try text.line("    \(line)") }
  }

  private func cell(_ from: Formalism, _ to: Formalism) -> String {
    guard from != to else { return "≥" }
    let relation = comparison.relations.first { $0.from == from && $0.to == to }
    switch relation?.finding {
    case .holds?: return "≥"
    case .expressed?: return "="
    case .separated(let place)?: return "S\(place + 1)"
    case .expressedOnPolicies?: return "~"
    case .undecided?, nil: return "?"
    }
  }
}
