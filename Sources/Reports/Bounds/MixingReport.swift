import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RegretBounds

/// How fast the chain of a policy forgets its start, step by step.
public struct MixingReport: Report {
  private let model: FiniteMDP
  private let profile: MixingProfile
  private let threshold: Rational
  private let decimals: Int?

  /// - Parameter threshold: the distance below which the chain counts as mixed.
  public init(
    _ profile: MixingProfile, of model: FiniteMDP, threshold: Rational, decimals: Int? = nil
  ) {
    self.profile = profile
    self.model = model
    self.threshold = threshold
    self.decimals = decimals
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("name", "mixing")
    json.key("stationary")
    json.beginObject()
    for (state, mass) in profile.stationary.enumerated() where !mass.isZero {
      json.member(model.states[state], mass.description)
    }
    json.endObject()
    json.key("distances")
    json.beginArray()
    for distance in profile.distances { json.string(distance.description) }
    json.endArray()
    json.member("threshold", threshold.description)
    json.key("mixingTime")
    if let time = profile.mixingTime(threshold: threshold) {
      json.integer(time)
    } else {
      json.null()
    }
    json.endObject()
    try json.finish()
  }

  /// Writes the mixing time and a table of distances.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    let time = profile.mixingTime(threshold: threshold)
    summary.add(
      "Mixing time",
      time.map { "\($0) steps to a distance of at most \(threshold)" }
        ?? "more than \(profile.distances.count - 1) steps to a distance of at most \(threshold)")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([("step", .right), ("decimal", .right), ("distance", .left)])
    for (step, distance) in profile.distances.enumerated() {
      let fraction = distance.description
      table.add([
        "\(step)", decimalText(distance, digits: decimals ?? 9),
        fraction.count <= 60 ? fraction : "",
      ])
    }
    try table.write(to: &text)
    try text.flush()
  }
}
