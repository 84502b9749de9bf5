import ExactArithmetic
import MarkovDecisionProcesses

/// A model in the short notation of the notes.
public enum TinyModel {
  /// Reads rows `s a → t:p, u:q | r`, divided by `;` or line ends; `:1` may be left out, `→` may be
  /// written `->`. States and actions are named in the order in which they first appear as the
  /// start of a row.
  ///
  /// - Parameter goal: the states with the label `goal`; `nil` for a model without labels.
  /// - Throws: what the builder throws; a row that is not understood stops the test.
  public static func read(
    _ text: String, discount: Rational? = nil, goal: [String]? = nil
  ) throws -> FiniteMDP {
    let rows = text.replacing("→", with: "->").split { $0 == ";" || $0.isNewline }
      .filter { !$0.allSatisfy(\.isWhitespace) }.map(Row.init)
    let states = unique(rows.map(\.state))
    let actions = unique(rows.map(\.action))
    var builder = try FiniteMDPBuilder(
      states: NameTable(states, of: .state), actions: NameTable(actions, of: .action))
    let place = { (name: String, names: [String]) in
      guard let place = names.firstIndex(of: name) else { fatalError("unknown name \(name)") }
      return place
    }
    for row in rows {
      for (successor, probability) in row.law {
        try builder.addTransition(
          from: State(place(row.state, states)), under: Action(place(row.action, actions)),
          to: State(place(successor, states)), probability: probability)
      }
    }
    try builder.startReward(named: "default")
    for row in rows where !row.reward.isZero {
      builder.addReward(
        state: State(place(row.state, states)), action: Action(place(row.action, actions)),
        successor: nil, value: row.reward)
    }
    if let discount { try builder.setDiscount(discount) }
    if let goal {
      try builder.addLabel("goal", states: goal.map { State(place($0, states)) })
    }
    return try builder.build()
  }

  private struct Row {
    let state: String
    let action: String
    let law: [(successor: String, probability: Rational)]
    let reward: Rational

    init(_ text: Substring) {
      let sides = text.split(separator: "->")
      let start = sides[0].split(separator: " ")
      let parts = sides[1].split(separator: "|")
      state = String(start[0])
      action = String(start[1])
      law = parts[0].split(separator: ",").map { entry in
        let pair = entry.split(separator: ":").map { $0.filter { !$0.isWhitespace } }
        return (pair[0], pair.count > 1 ? TinyModel.number(pair[1]) : 1)
      }
      reward = parts.count > 1 ? TinyModel.number(parts[1].filter { !$0.isWhitespace }) : 0
    }
  }

  private static func number(_ text: String) -> Rational {
    guard let value = Rational(text) else { fatalError("'\(text)' is no number") }
    return value
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
