import Certificates
import ExactJSON

/// What the checker found, as one line or as JSON.
public struct VerdictReport: Report {
  private let verdict: Verdict

  public init(_ verdict: Verdict) {
    self.verdict = verdict
  }

  /// Writes `accepted: STATEMENT` or `rejected: CONDITION`.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    switch verdict {
    case .accepted(let statement, _): try text.line("accepted: \(statement)")
    case .rejected(let reason): try text.line("rejected: \(reason)")
    }
    try text.flush()
  }

  /// Writes an object of the format `rationale-verdict`.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-verdict")
    json.key("version")
    json.integer(1)
    switch verdict {
    case .accepted(let statement, let warnings):
      json.member("verdict", "accepted")
      json.member("statement", statement)
      json.key("warnings")
      json.beginArray()
      warnings.forEach(json.string)
      json.endArray()
    case .rejected(let reason):
      json.member("verdict", "rejected")
      json.member("reason", reason)
    }
    json.endObject()
    try json.finish()
  }
}
