import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An enclosed comparison of rewards as text and JSON.
public struct EnclosedComparisonReport: Report {
  private let answer: EnclosedComparison
  private let model: FiniteMDP
  private let digits: Int

  /// - Parameter decimals: digits of the bounds in the text; 12 when `nil`.
  public init(_ answer: EnclosedComparison, of model: FiniteMDP, decimals: Int? = nil) {
    self.answer = answer
    self.model = model
    digits = decimals ?? 12
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("status", "enclosed: every number lies between the two that are printed")
    summary.add("rewards", answer.rewards.map(\.name).joined(separator: ", "))
    summary.add("discount", answer.discount.description)
    if let law = answer.initial {
      summary.add("initial", law.map { model.states[Int($0.state.index)] }.joined(separator: ", "))
    }
    summary.add(
      "distance", "canonicalization value-adjusted-levelling, normalization and metric span")
    try summary.write(to: &text)
    try text.line()
    var table = TextTable([
      ("reward", .left), ("minimum", .right), ("maximum", .right), ("span", .right),
    ])
    for reward in answer.rewards {
      table.add([reward.name, shown(reward.minimum), shown(reward.maximum), shown(reward.span)])
    }
    try table.write(to: &text)
    for pair in answer.pairs {
      try text.line()
      try write(pair, to: &text)
    }
    try text.flush()
  }

  private func write(_ pair: EnclosedComparison.Pair, to text: inout TextWriter) throws {
    let names = [answer.rewards[pair.first].name, answer.rewards[pair.second].name]
    try text.line("\(names[0]) and \(names[1])")
    var summary = Summary()
    summary.add("  span distance", shown(pair.spanDistance))
    for direction in 0...1 {
      summary.add(
        "  worst-case regret \(names[direction])->\(names[1 - direction])",
        shown(pair.worstCaseRegret[direction]))
    }
    summary.add(
      "  ordering", pair.isOrderProvedDifferent ? "different" : "not decided by enclosures")
    try summary.write(to: &text)
  }

  private func shown(_ enclosure: Enclosure) -> String {
    if let agreed = enclosure.agreedDecimal(digits: digits) { return agreed }
    return "\(decimalText(enclosure.lower, digits: digits)) to "
      + decimalText(enclosure.upper, digits: digits)
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    answer.write(to: json, names: model)
    try json.finish()
  }
}
