import ExactArithmetic
import ExactJSON
import RegretBounds

/// The values of a bound along one parameter, as a table or as JSON.
public struct SweepReport: Report {
  private let sweep: Sweep
  private let decimals: Int?

  /// - Parameter decimals: digits after the point of decimals beside the fractions.
  public init(_ sweep: Sweep, decimals: Int? = nil) {
    self.sweep = sweep
    self.decimals = decimals
  }

  /// Writes one JSON object with the key `points`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    writeHead(of: sweep.bound, to: json)
    json.member("parameter", sweep.parameter.name)
    json.key("points")
    json.beginArray()
    for point in sweep.points {
      json.beginObject()
      json.member(sweep.parameter.name, point.argument.description)
      json.writeEnclosure("value", point.value, decimals: decimals)
      json.key("trivial")
      if let trivial = point.trivial { json.string(trivial.description) } else { json.null() }
      json.endObject()
    }
    json.endArray()
    json.key("skipped")
    json.integer(sweep.skipped.count)
    if let reason = sweep.skipped.reason { json.member("skippedBecause", "\(reason)") }
    json.endObject()
    try json.finish()
  }

  /// Writes a table.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("Bound", "\(sweep.bound.name) (\(sweep.bound.kind))")
    summary.add("Formula", sweep.bound.description.formula.explained)
    if let reason = sweep.skipped.reason {
      summary.add("Left out", "\(sweep.skipped.count) points, as \(reason)")
    }
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([(sweep.parameter.name, .right), ("value", .right), ("trivial", .left)])
    for point in sweep.points {
      table.add([
        point.argument.isInteger
          ? point.argument.description : decimalText(point.argument, digits: decimals ?? 6),
        point.value.decimal(digits: decimals ?? 6),
        point.trivial.map { decimalText($0, digits: decimals ?? 6) } ?? "",
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
