import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// An answer to a question about rewards as text and JSON.
public struct RewardAnswerReport: Report {
  private let answer: RewardAnswer
  private let model: FiniteMDP
  private let decimals: Int?

  /// - Parameter decimals: digits of the decimals beside the fractions; none when `nil`.
  public init(_ answer: RewardAnswer, of model: FiniteMDP, decimals: Int? = nil) {
    self.answer = answer
    self.model = model
    self.decimals = decimals
  }

  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: model.stateCount < Certificate.arrayThreshold, sink: sink)
    var decimal: ((Rational) -> String)?
    if let decimals { decimal = { decimalText($0, digits: decimals) } }
    answer.write(to: json, names: model, decimal: decimal)
    try json.finish()
  }

  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    var table: TextTable?
    switch answer.question {
    case .hackable(let answer): describe(answer, &summary)
    case .hackableOnSet(let answer): table = describe(answer, &summary)
    case .simplification(let answer): table = describe(answer, &summary)
    case .auxiliary(let answer): table = describe(answer, &summary)
    case .blend(let answer): table = describe(answer, &summary)
    case .design(let answer): table = describe(answer, &summary)
    case .nearest(let answer): table = describe(answer, &summary)
    }
    if answer.direction == .minimize { summary.add("direction", "minimize (rewards negated)") }
    try summary.write(to: &text)
    if let table {
      try text.line()
      try table.write(to: &text)
    }
    try text.flush()
  }

  private var fractions: FractionText { FractionText(model: model, decimals: decimals) }
  private func shown(_ value: Rational) -> String { fractions.shown(value) }

  // MARK: - Hackable

  private func describe(_ answer: HackabilityAnswer, _ summary: inout Summary) {
    let (truth, proxy) = (answer.trueReward, answer.proxy)
    switch answer.outcome {
    case .hackable(let hacked, let honest, let loss, let gain):
      summary.add("hackable", "yes: \(proxy) prefers a policy that \(truth) finds worse")
      summary.add("loss in \(truth)", shown(loss))
      summary.add("gain in \(proxy)", shown(gain))
      summary.add("from", fractions.shown(honest.policy))
      summary.add("to", fractions.shown(hacked.policy))
    case .sameOrdering(let scale, _):
      summary.add("hackable", "no: both order all policies alike, scale \(shown(scale))")
    case .trivialProxy:
      summary.add("hackable", "no: \(proxy) gives all policies the same value")
    case .trivialTruth:
      summary.add("hackable", "no: \(truth) gives all policies the same value")
    }
  }

  private func describe(_ answer: PolicySetAnswer, _ summary: inout Summary) -> TextTable {
    let (truth, proxy) = (answer.trueReward, answer.proxy)
    if let (hacked, honest) = answer.witness {
      summary.add(
        "hackable",
        "yes: \(proxy) prefers \(answer.policies[hacked].name) to "
          + "\(answer.policies[honest].name), \(truth) the other way round")
    } else {
      summary.add("hackable", "no, on these \(answer.policies.count) policies")
    }
    summary.add(
      "simplification",
      answer.isNontrivial
        ? "yes, nontrivial: \(proxy) makes ties of some differences and turns none round"
        : answer.isSimplification ? "yes, a trivial one" : "no")
    var table = TextTable([("policy", .left), (truth, .right), (proxy, .right)])
    for (place, policy) in answer.policies.enumerated() {
      table.add([policy.name] + answer.values.map { shown($0[place]) })
    }
    return table
  }

  private func describe(_ answer: SimplificationAnswer, _ summary: inout Summary) -> TextTable {
    summary.add(
      "simplification of \(answer.reward)",
      answer.simple == nil
        ? "there is no nontrivial one on these \(answer.policies.count) policies"
        : "there is a nontrivial one")
    summary.add(
      "dimensions",
      "\(answer.dimensions.all) of all differences, \(answer.dimensions.ties) of ties")
    if let simple = answer.simple {
      let parts = simple.table.entries.prefix(12).map { choice, value in
        let names = fractions.names(choice)
        return "\(names.state) \(names.action): \(shown(value))"
      }
      let rest = simple.table.entries.count - parts.count
      summary.add(
        "simpler reward", parts.joined(separator: ", ") + (rest > 0 ? ", … (\(rest) more)" : ""))
    }
    var table = TextTable(
      [("policy", .left), (answer.reward, .right)]
        + (answer.simple == nil ? [] : [("simpler", .right)]))
    for (place, policy) in answer.policies.enumerated() {
      let simple = answer.simple.map { [shown($0.values[place])] } ?? []
      table.add([policy.name, shown(answer.values[place])] + simple)
    }
    return table
  }

  // MARK: - Sums of rewards

  private func describe(_ answer: AuxiliaryAnswer, _ summary: inout Summary) -> TextTable? {
    let what = "adding \(answer.auxiliary) to \(answer.reward)"
    switch answer.effect {
    case .shaping(let potential):
      summary.add(what, "is potential shaping: every policy's value changes by the same number")
      var table = TextTable([("state", .left), ("potential", .right)])
      for state in 0..<model.stateCount {
        table.add([model.states[state], shown(potential[state])])
      }
      return table
    case .sameOptimalPolicies:
      summary.add(what, "keeps the optimal policies, but is no potential shaping")
    case .changesOptimum(_, let worst, let loss):
      summary.add(what, "changes the optimal policies")
      summary.add("largest loss in \(answer.reward)", shown(loss))
      summary.add("by the policy", fractions.shown(worst.policy))
    }
    return nil
  }

  private func describe(_ answer: BlendAnswer, _ summary: inout Summary) -> TextTable {
    summary.add("blend", "\(answer.reward) + w \(answer.auxiliary), w ≥ 0")
    switch answer.planner {
    case .optimal(let discount): summary.add("planner", "optimal, discount \(shown(discount))")
    case .lookahead(let steps, let discount):
      summary.add(
        "planner",
        "looks \(steps) step\(steps == 1 ? "" : "s") ahead, discount \(shown(discount))")
    }
    let best = answer.stretches.map(\.best).max() ?? 0
    summary.add("most attained of \(answer.reward)", shown(best))
    var table = TextTable([
      ("weight", .left), ("least", .right), ("most", .right), ("a policy", .left),
    ])
    for stretch in answer.stretches {
      let weight =
        stretch.isSingleWeight
        ? shown(stretch.from)
        : stretch.to.map { "\(shown(stretch.from)) to \(shown($0))" }
          ?? "above \(shown(stretch.from))"
      table.add([
        weight, shown(stretch.worst), shown(stretch.best), fractions.shown(stretch.policy),
      ])
    }
    return table
  }

  // MARK: - Nearest rewards

  private func describe(_ answer: DesignAnswer, _ summary: inout Summary) -> TextTable? {
    summary.add("policy", fractions.shown(answer.policy))
    summary.add("margin", shown(answer.margin))
    guard case .found(let table, _, let distance) = answer.outcome else {
      summary.add("nearest to \(answer.reward)", "none: what is kept rules out every such reward")
      return nil
    }
    summary.add("distance from \(answer.reward)", "\(shown(distance)) in \(answer.norm.rawValue)")
    var lines = TextTable([
      ("state", .left), ("action", .left), (answer.reward, .right), ("designed", .right),
    ])
    let reference = model.reward(named: answer.reward)?.expected(in: model)
    let sign: Rational = self.answer.direction == .maximize ? 1 : -1
    for (choice, value) in table.enumerated() {
      let names = fractions.names(Choice(choice))
      lines.add([
        names.state, names.action, shown(sign * (reference?[choice] ?? 0)), shown(value),
      ])
    }
    return lines
  }

  private func describe(_ answer: NearestAnswer, _ summary: inout Summary) -> TextTable {
    let distance = "\(shown(answer.distance)) in \(answer.norm.rawValue), between levelled rewards"
    switch answer.family {
    case .stateOnly:
      summary.add("nearest to \(answer.reward)", "of the rewards that depend on the state alone")
      summary.add("distance", distance)
      var table = TextTable([("state", .left), ("reward", .right)])
      for (state, value) in answer.coefficients.enumerated() {
        table.add([model.states[state], shown(value)])
      }
      return table
    case .support(let choices):
      summary.add(
        "nearest to \(answer.reward)",
        "of the rewards that are 0 but on \(choices.count) pair\(choices.count == 1 ? "" : "s")")
      summary.add("distance", distance)
      var table = TextTable([("state", .left), ("action", .left), ("reward", .right)])
      for (choice, value) in zip(choices, answer.coefficients) {
        let names = fractions.names(choice)
        table.add([names.state, names.action, shown(value)])
      }
      return table
    case .rewards(let rewards):
      summary.add(
        "nearest to \(answer.reward)",
        "of the combinations of \(rewards.joined(separator: ", "))")
      summary.add("distance", distance)
      var table = TextTable([("reward", .left), ("factor", .right)])
      for (name, value) in zip(rewards, answer.coefficients) { table.add([name, shown(value)]) }
      return table
    }
  }
}
