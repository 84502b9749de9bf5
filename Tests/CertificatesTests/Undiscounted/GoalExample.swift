import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The models of the examples of the theory.
enum GoalExample {
  /// `s`: `loop` to `t`; `try` to `win` or `lose`. `t`: `loop` to `s`.
  static func reachability() throws -> FiniteMDP {
    try labeled(
      "s loop → t; s try → win:1/2, lose:1/2; t loop → s; win stay → win; lose stay → lose",
      ["goal": ["win"], "none": [], "all": ["s", "t", "win", "lose"]])
  }

  static func total() throws -> FiniteMDP {
    try labeled(
      """
      s go → end | -3; s wait → s | 0; s leap → pit:1/2, end:1/2 | 9
      t earn → t | 1; t go → s | 0; pit stay → pit; end stay → end
      """, ["goal": ["end"], "none": []])
  }

  static func average() throws -> FiniteMDP {
    try TinyModel.read(
      """
      start left → x | 50; start right → x:1/2, y:1/2 | 0
      x stay → x | 1; y move → z | 3; z move → y | 0
      """)
  }

  private static func labeled(_ text: String, _ labels: [String: [String]]) throws -> FiniteMDP {
    let plain = try TinyModel.read(text)
    var builder = try FiniteMDPBuilder(states: plain.states, actions: plain.actions)
    for choice in 0..<plain.choiceCount {
      for (successor, probability) in plain.transitions(of: Choice(choice)) {
        try builder.addTransition(
          from: plain.state(of: Choice(choice)), under: plain.action(of: Choice(choice)),
          to: successor, probability: probability)
      }
    }
    try builder.startReward(named: "default")
    let reward = plain.rewards[0].function.expected(in: plain)
    for choice in 0..<plain.choiceCount where !reward[choice].isZero {
      builder.addReward(
        state: plain.state(of: Choice(choice)), action: plain.action(of: Choice(choice)),
        successor: nil, value: reward[choice])
    }
    for (name, states) in labels.sorted(by: { $0.key < $1.key }) {
      try builder.addLabel(
        name, states: states.compactMap { plain.states.place(of: $0).map { State($0) } })
    }
    return try builder.build()
  }
}
