import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RewardComparison

/// The nearest reward that depends on the state alone, as text and JSON.
public struct NearestRewardReport: Report {
  private let nearest: NearestReward
  private let reward: String
  private let norm: String
  private let states: NameTable
  private let decimals: Int?

  /// - Parameters:
  ///   - nearest: with one coefficient a state.
  ///   - reward: the name of the reward that it is near to.
  ///   - norm: the name of the norm in which it is.
  ///   - decimals: digits of the decimals beside the fractions; none when `nil`.
  public init(
    _ nearest: NearestReward, reward: String, norm: String, states: NameTable,
    decimals: Int? = nil
  ) {
    precondition(nearest.coefficients.count == states.count, "one coefficient a state")
    self.nearest = nearest
    self.reward = reward
    self.norm = norm
    self.states = states
    self.decimals = decimals
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("nearest to \(reward)", "of the rewards that depend on the state alone")
    summary.add("distance", "\(shown(nearest.distance)) in \(norm), between levelled rewards")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([("state", .left), ("reward", .right)])
    for (state, value) in nearest.coefficients.enumerated() {
      table.add([states[state], shown(value)])
    }
    try table.write(to: &text)
    try text.flush()
  }

  private func shown(_ value: Rational) -> String {
    guard let decimals else { return value.description }
    return "\(value) ≈ \(decimalText(value, digits: decimals))"
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("format", "rationale-nearest-reward")
    json.key("version")
    json.integer(1)
    json.member("reward", reward)
    json.member("family", "state-only")
    json.member("norm", norm)
    json.member("distance", nearest.distance.description)
    if let decimals {
      json.member("distanceDecimal", decimalText(nearest.distance, digits: decimals))
    }
    json.key("nearest")
    json.beginObject()
    for (state, value) in nearest.coefficients.enumerated() {
      json.member(states[state], value.description)
    }
    json.endObject()
    json.endObject()
    try json.finish()
  }
}
