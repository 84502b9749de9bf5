import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// How well data cover what policies visit: the largest ratio of any policy, and that of one.
public struct CoverageReport: Report {
  private let model: FiniteMDP
  private let discount: Rational
  private let worst: (coefficient: Rational, choice: Choice)?
  private let best: Best?

  /// A best policy, with its own coefficient; `nil` where it visits what the data never show.
  public struct Best: Sendable {
    let actions: [Action]
    let coefficient: Rational?

    public init(actions: [Action], coefficient: Rational?) {
      self.actions = actions
      self.coefficient = coefficient
    }
  }

  /// - Parameters:
  ///   - worst: the concentrability, with the choice at which it is attained; `nil` where it is
  ///     infinite.
  ///   - best: `nil` without a reward.
  public init(
    of model: FiniteMDP, discount: Rational, worst: (coefficient: Rational, choice: Choice)?,
    best: Best?
  ) {
    self.model = model
    self.discount = discount
    self.worst = worst
    self.best = best
  }

  private static func text(_ coefficient: Rational?) -> String {
    coefficient?.description ?? "inf"
  }

  private func names(of choice: Choice) -> (state: String, action: String) {
    (
      model.states[Int(model.state(of: choice).index)],
      model.actions[Int(model.action(of: choice).index)]
    )
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("name", "coverage")
    json.member("discount", discount.description)
    json.member("concentrability", Self.text(worst?.coefficient))
    if let worst {
      let names = names(of: worst.choice)
      json.member("state", names.state)
      json.member("action", names.action)
    }
    if let best {
      json.member("policyCoverage", Self.text(best.coefficient))
      json.key("policy")
      json.beginObject()
      for (state, action) in best.actions.enumerated() {
        json.member(model.states[state], model.actions[Int(action.index)])
      }
      json.endObject()
    }
    json.endObject()
    try json.finish()
  }

  /// Writes a summary.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    if let worst {
      let names = names(of: worst.choice)
      summary.add(
        "Concentrability",
        "\(worst.coefficient), the largest ratio of visits to data, for \(names.action) at"
          + " \(names.state)")
    } else {
      summary.add("Concentrability", "inf: some policy visits what the data never show")
    }
    if let best {
      summary.add("Best policy", "coverage \(Self.text(best.coefficient))")
    }
    try summary.write(to: &text)
    try text.flush()
  }
}
