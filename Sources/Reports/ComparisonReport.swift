import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RewardComparison

/// A comparison of rewards as text and JSON.
public struct ComparisonReport: Report {
  private let answer: ComparisonAnswer
  private let model: FiniteMDP
  private let decimals: Int?

  /// - Parameter decimals: digits of the decimals beside the fractions; none when `nil`.
  public init(_ answer: ComparisonAnswer, of model: FiniteMDP, decimals: Int? = nil) {
    self.answer = answer
    self.model = model
    self.decimals = decimals
  }

  // MARK: - Text

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("rewards", answer.rewards.map(\.name).joined(separator: ", "))
    summary.add("discount", answer.discount.description)
    if answer.direction == .minimize { summary.add("direction", "minimize (rewards negated)") }
    if let law = answer.initial {
      summary.add("initial", law.map { model.states[Int($0.state.index)] }.joined(separator: ", "))
    }
    summary.add("compared states", "\(answer.comparedStates.count) of \(model.stateCount)")
    summary.add(
      "distance",
      "canonicalization \(answer.settings.canonicalization.rawValue), normalization "
        + "\(answer.settings.normalization.rawValue), metric \(answer.settings.metric.rawValue)")
    try summary.write(to: &text)
    try text.line()
    try rewardTable.write(to: &text)
    for pair in answer.pairs {
      try text.line()
      try write(pair, to: &text)
    }
    try text.flush()
  }

  private var rewardTable: TextTable {
    var table = TextTable([
      ("reward", .left), ("minimum", .right), ("maximum", .right), ("span", .right),
      ("norm", .right), ("", .left),
    ])
    for reward in answer.rewards {
      table.add([
        reward.name, shown(reward.minimum), shown(reward.maximum), shown(reward.span),
        reward.norm.map(shown) ?? "none", reward.isTrivial ? "trivial" : "",
      ])
    }
    return table
  }

  private func write(_ pair: ComparisonAnswer.Pair, to text: inout TextWriter) throws {
    let names = [answer.rewards[pair.first].name, answer.rewards[pair.second].name]
    try text.line("\(names[0]) and \(names[1])")
    var summary = Summary()
    summary.add("  distance", shown(pair.distance))
    summary.add("  span distance", shown(pair.spanDistance))
    for direction in 0...1 {
      let arrow = "\(names[direction])->\(names[1 - direction])"
      let proxy = pair.proxyRegret[direction]
      summary.add("  worst-case regret \(arrow)", shown(pair.worstCaseRegret[direction]))
      summary.add(
        "  optimal for \(names[1 - direction]), loss in \(names[direction])",
        proxy.worst == proxy.best
          ? shown(proxy.worst) : "\(shown(proxy.best)) to \(shown(proxy.worst))")
    }
    summary.add("  ordering", orderingText(pair))
    summary.add("  same optimal policies", pair.sameOptimalPolicies ? "yes" : "no")
    if let constants = pair.boundConstants {
      summary.add(
        "  regret is at least, at most",
        "\(shown(constants.lower)) and \(shown(constants.upper)) times the distance")
    }
    try summary.write(to: &text)
    for direction in 0...1 {
      guard let regret = pair.regretPolicies[direction] else { continue }
      let arrow = "\(names[direction])->\(names[1 - direction])"
      try text.line("  worst change for \(arrow), multiplier \(shown(regret.multiplier)):")
      try text.line("    from  \(shown(regret.better))")
      try text.line("    to    \(shown(regret.worse))")
    }
  }

  private func orderingText(_ pair: ComparisonAnswer.Pair) -> String {
    if pair.reversedOrdering { return "reversed" }
    guard pair.sameOrdering else { return "different" }
    if case .equivalent(let scale, _, _) = pair.orderingCertificate, !scale.isZero {
      return "the same, scale \(shown(scale))"
    }
    return "the same"
  }

  private func shown(_ policy: Policy) -> String { fractions.shown(policy) }

  private func shown(_ number: ComparisonAnswer.Number) -> String {
    switch number {
    case .exact(let value): return shown(value)
    case .enclosed(let lower, let upper, let squared):
      let bounds = Enclosure(lower: lower, upper: upper)
      let root = squared.map { "√(\($0)) ≈ " } ?? "≈ "
      return root + bounds.decimal(digits: decimals ?? 12)
    }
  }

  private func shown(_ value: Rational) -> String { fractions.shown(value) }

  private var fractions: FractionText { FractionText(model: model, decimals: decimals) }

  // MARK: - JSON

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    var decimal: ((Rational) -> String)?
    if let decimals { decimal = { decimalText($0, digits: decimals) } }
    answer.write(to: json, names: model, decimal: decimal)
    try json.finish()
  }
}
