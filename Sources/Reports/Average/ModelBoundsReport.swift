import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// The numbers of a model that bounds on regret are made of, for people and for programs.
public struct ModelBoundsReport: Report {
  private let bounds: ModelBounds
  private let model: FiniteMDP
  private let decimals: Int?

  /// - Parameters:
  ///   - model: the model that they belong to, for the names.
  ///   - decimals: digits after the point of decimals beside the fractions; `nil` for none.
  public init(_ bounds: ModelBounds, of model: FiniteMDP, decimals: Int? = nil) {
    self.bounds = bounds
    self.model = model
    self.decimals = decimals
  }

  /// The gain where it is the same from every state.
  private func commonGain(_ reward: ModelBounds.OfReward) -> Rational? {
    let first = reward.gain[0]
    return reward.gain.indices.allSatisfy { reward.gain[$0] == first } ? first : nil
  }

  /// Writes one JSON object; a gain that depends on the start is an object by state.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    if let reward = bounds.reward {
      json.member("reward", reward.name)
      json.member("direction", reward.direction.rawValue)
      if let gain = commonGain(reward) {
        json.writeNumber("gain", .exact(gain), decimals: decimals)
      } else {
        json.key("gain")
        StateVectorWriter(json: json, model: model).exact(reward.gain)
      }
      json.writeNumber("span", .exact(reward.span), decimals: decimals)
    }
    write("diameter", bounds.diameter, to: json)
    if let distance = bounds.reward?.oneWayDiameter { write("oneWayDiameter", distance, to: json) }
    json.endObject()
    try json.finish()
  }

  private func write(_ key: String, _ distance: ModelBounds.Distance, to json: JSONWriter) {
    switch distance {
    case .finite(let steps): json.writeNumber(key, .exact(steps), decimals: decimals)
    case .infinite: json.member(key, "inf")
    }
  }

  /// Writes one line a number.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    if let reward = bounds.reward {
      summary.add("Reward", "\(reward.direction.rawValue) '\(reward.name)'")
      summary.add("Gain", gainText(reward))
      summary.add("Span of the bias", shown(reward.span))
    }
    summary.add("Diameter", shown(bounds.diameter))
    if let distance = bounds.reward?.oneWayDiameter {
      summary.add("One-way diameter", shown(distance))
    }
    try summary.write(to: &text)
    try text.flush()
  }

  private func gainText(_ reward: ModelBounds.OfReward) -> String {
    if let gain = commonGain(reward) { return shown(gain) }
    let entries = reward.gain.entries
    guard let least = entries.min(), let greatest = entries.max() else { return "" }
    return "between \(shown(least)) and \(shown(greatest)), depending on the start"
  }

  private func shown(_ distance: ModelBounds.Distance) -> String {
    switch distance {
    case .finite(let steps): shown(steps)
    case .infinite: "inf"
    }
  }

  private func shown(_ value: Rational) -> String {
    var options = SolutionReport.Options()
    options.decimals = decimals
    return options.text(of: .exact(value))
  }
}
