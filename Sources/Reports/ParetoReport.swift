import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// A Pareto front as text and JSON.
public struct ParetoReport: Report {
  public struct Options: Sendable {
    /// Digits of the decimals beside the fractions; none when `nil`.
    public var decimals: Int?
    /// The state that replaces the model's law of the first one.
    public var initialState: State?

    public init() {}
  }

  private let front: ParetoFront
  private let model: FiniteMDP
  private let options: Options

  public init(_ front: ParetoFront, of model: FiniteMDP, options: Options = Options()) {
    self.front = front
    self.model = model
    self.options = options
  }

  // MARK: - Text

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("objective", "discounted, \(front.direction.rawValue)")
    summary.add("rewards", front.rewardNames.joined(separator: ", "))
    summary.add("discount", front.discount.description)
    if let state = options.initialState { summary.add("initial", name(state)) }
    summary.add("vertices", String(front.vertices.count))
    summary.add("facets", String(front.facets.count))
    summary.add("reference", tuple(front.reference))
    summary.add("hypervolume", shown(front.hypervolume))
    if let volume = front.deterministicHypervolume {
      summary.add("deterministic hypervolume", shown(volume))
    }
    try summary.write(to: &text)
    try text.line()
    try vertexTable.write(to: &text)
    try text.line()
    try facetTable.write(to: &text)
    if let points = front.deterministic {
      try text.line()
      try table(of: points).write(to: &text)
    }
    try text.flush()
  }

  private var vertexTable: TextTable {
    var table = TextTable([
      ("vertex", .right), ("point", .left), ("weight", .left), ("policy", .left),
    ])
    for (index, vertex) in front.vertices.enumerated() {
      table.add([
        String(index), tuple(vertex.point), tuple(vertex.weight, decimals: false),
        policyText(vertex.policy),
      ])
    }
    return table
  }

  private var facetTable: TextTable {
    var table = TextTable([
      ("facet normal", .left), (front.direction == .maximize ? "at most" : "at least", .left),
      ("points", .left), ("vertices", .left),
    ])
    for facet in front.facets {
      table.add([
        tuple(facet.normal, decimals: false), shown(facet.offset),
        facet.isParetoOptimal ? "optimal" : "weakly optimal",
        facet.vertices.map(String.init).joined(separator: " "),
      ])
    }
    return table
  }

  private func table(of points: [ParetoFront.DeterministicPoint]) -> TextTable {
    var table = TextTable([("deterministic point", .left), ("", .left), ("policy", .left)])
    for point in points {
      table.add([
        tuple(point.point), point.isSupported ? "supported" : "missed by every positive weight",
        policyText(point.policy),
      ])
    }
    return table
  }

  /// The actions of a small model, state by state.
  private func policyText(_ policy: [Action]) -> String {
    let limit = 8
    let parts = policy.prefix(limit).enumerated().map { state, action in
      "\(model.states[state]): \(model.actions[Int(action.index)])"
    }
    let rest = policy.count > limit ? ", … (\(policy.count - limit) more)" : ""
    return parts.joined(separator: ", ") + rest
  }

  private func tuple(_ numbers: [Rational], decimals: Bool = true) -> String {
    "(" + numbers.map { decimals ? shown($0) : $0.description }.joined(separator: ", ") + ")"
  }

  private func shown(_ value: Rational) -> String {
    guard let digits = options.decimals, !value.isInteger else { return value.description }
    return "\(value) ≈ \(decimalText(value, digits: digits))"
  }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }

  // MARK: - JSON

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    json.beginObject()
    json.member("format", "rationale-pareto")
    json.key("version")
    json.integer(1)
    json.member("objective", "discounted")
    json.member("direction", front.direction.rawValue)
    json.key("rewards")
    json.beginArray()
    front.rewardNames.forEach(json.string)
    json.endArray()
    json.member("discount", front.discount.description)
    if let state = options.initialState { json.member("initial", name(state)) }
    list("vertices", front.vertices, json) { write($0, to: json) }
    list("facets", front.facets, json) { write($0, to: json) }
    numbers("reference", front.reference, json)
    number("hypervolume", front.hypervolume, json)
    if let points = front.deterministic {
      list("deterministic", points, json) { write($0, to: json) }
    }
    if let volume = front.deterministicHypervolume {
      number("deterministicHypervolume", volume, json)
    }
    json.key("statistics")
    json.beginObject()
    json.key("solves")
    json.integer(front.solveCount)
    json.endObject()
    json.endObject()
    try json.finish()
  }

  private func write(_ vertex: ParetoFront.Vertex, to json: JSONWriter) {
    json.beginObject()
    numbers("point", vertex.point, json)
    list("weight", vertex.weight, json) { json.string($0.description) }
    write(vertex.policy, to: json)
    json.key("certificate")
    vertex.certificate.write(to: json, names: model)
    json.endObject()
  }

  private func write(_ facet: ParetoFront.Facet, to json: JSONWriter) {
    json.beginObject()
    list("normal", facet.normal, json) { json.string($0.description) }
    number("offset", facet.offset, json)
    list("vertices", facet.vertices, json) { json.integer($0) }
    write(facet.values, to: json)
    json.key("isParetoOptimal")
    json.bool(facet.isParetoOptimal)
    json.endObject()
  }

  /// By name, or a plain array for a large model.
  private func write(_ values: RationalVector, to json: JSONWriter) {
    if model.stateCount >= Certificate.arrayThreshold {
      return list("values", values.entries, json) { json.string($0.description) }
    }
    json.key("values")
    json.beginObject()
    for state in values.indices { json.member(model.states[state], values[state].description) }
    json.endObject()
  }

  private func write(_ point: ParetoFront.DeterministicPoint, to json: JSONWriter) {
    json.beginObject()
    numbers("point", point.point, json)
    write(point.policy, to: json)
    json.key("isSupported")
    json.bool(point.isSupported)
    json.endObject()
  }

  private func write(_ policy: [Action], to json: JSONWriter) {
    json.key("policy")
    json.beginObject()
    for (state, action) in policy.enumerated() {
      json.member(model.states[state], model.actions[Int(action.index)])
    }
    json.endObject()
  }

  private func list<Element>(
    _ key: String, _ elements: [Element], _ json: JSONWriter, _ write: (Element) -> Void
  ) {
    json.key(key)
    json.beginArray()
    elements.forEach(write)
    json.endArray()
  }

  private func numbers(_ key: String, _ values: [Rational], _ json: JSONWriter) {
    list(key, values, json) { json.string($0.description) }
    guard let digits = options.decimals else { return }
    list(key + "Decimal", values, json) { json.string(decimalText($0, digits: digits)) }
  }

  private func number(_ key: String, _ value: Rational, _ json: JSONWriter) {
    json.member(key, value.description)
    guard let digits = options.decimals else { return }
    json.member(key + "Decimal", decimalText(value, digits: digits))
  }
}
