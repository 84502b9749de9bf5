import ExactArithmetic
import ExactJSON
import RegretBounds

/// The catalogue of bounds, or what one entry needs.
public struct BoundListReport: Report {
  private let bounds: [Bound]

  /// - Parameter bounds: what is listed; with a single one the text explains it in full.
  public init(_ bounds: [Bound] = BoundCatalogue.all) { self.bounds = bounds }

  /// Writes one JSON object with the key `bounds`.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.key("bounds")
    json.beginArray()
    for bound in bounds { write(bound, to: json) }
    json.endArray()
    json.endObject()
    try json.finish()
  }

  private func write(_ bound: Bound, to json: JSONWriter) {
    json.beginObject()
    writeHead(of: bound, to: json)
    json.key("parameters")
    json.beginArray()
    for parameter in bound.description.parameters {
      json.beginObject()
      json.member("name", parameter.name)
      json.member("meaning", parameter.meaning)
      json.member("unit", parameter.unit.rawValue)
      json.member("range", parameter.range.rule)
      json.key("required")
      json.bool(parameter.presence == .required)
      if case .byDefault(let formula) = parameter.presence {
        json.member("default", formula.description)
      }
      json.endObject()
    }
    json.endArray()
    json.key("conditions")
    json.beginArray()
    for condition in bound.description.conditions { json.string(condition.text) }
    json.endArray()
    json.key("assumptions")
    json.beginArray()
    for assumption in bound.description.assumptions { json.string(assumption) }
    json.endArray()
    json.endObject()
  }

  /// Writes one line a bound; of a single one all that is known.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    if bounds.count == 1 {
      try write(bounds[0], to: &text)
    } else {
      var table = TextTable([
        ("name", .left), ("kind", .left), ("parameters", .left), ("formula", .left),
      ])
      for bound in bounds {
        table.add([
          bound.name, bound.kind, Self.signature(bound.description),
          bound.description.formula.description,
        ])
      }
      try table.write(to: &text)
    }
    try text.flush()
  }

  /// The parameters, optional ones in brackets.
  private static func signature(_ description: BoundDescription) -> String {
    description.parameters.map {
      $0.presence == .required ? $0.name : "[\($0.name)]"
    }.joined(separator: " ")
  }

  private func write(_ bound: Bound, to text: inout TextWriter) throws {
    let description = bound.description
    var summary = Summary()
    summary.add("Bound", "\(bound.name) (\(bound.kind)): \(description.quantity.rawValue)")
    summary.add("Formula", description.formula.explained)
    summary.add("LaTeX", description.formula.latexExplained)
    for (place, condition) in (description.conditions.map(\.text) + description.assumptions)
      .enumerated()
    {
      summary.add(place == 0 ? "Under" : "", condition)
    }
    summary.add("Source", description.source)
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("has to be", .left), ("default", .left),
      ("meaning", .left),
    ])
    for parameter in description.parameters {
      let given =
        switch parameter.presence {
        case .required: ""
        case .byDefault(let formula): formula.description
        case .optional: "none"
        }
      table.add([
        parameter.name, parameter.unit.rawValue, parameter.range.rule, given, parameter.meaning,
      ])
    }
    try table.write(to: &text)
  }
}
