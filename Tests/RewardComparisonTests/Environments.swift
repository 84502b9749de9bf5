import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// The environments of the worked cases.
enum Environments {
  /// States `s`, `t`; `a` stays, `b` moves to the other; discount 1/2, initial ½, ½. Rewards by
  /// `(r(s,a), r(s,b), r(t,a), r(t,b))`.
  static func e1(_ rewards: [(String, [Rational])]) throws -> FiniteMDP {
    let model = try TinyModel.read(
      "s a → s; s b → t; t a → t; t b → s", discount: Rational(1, 2))
    return try withRewards(rewards, on: model, initial: [Rational(1, 2), Rational(1, 2)])
  }

  /// Rewards as tables, one entry a choice, and a law of the first state.
  static func withRewards(
    _ rewards: [(String, [Rational])], on model: FiniteMDP, initial: [Rational]
  ) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: model.states, actions: model.actions)
    for choice in (0..<model.choiceCount).map(Choice.init) {
      for (successor, probability) in model.transitions(of: choice) {
        try builder.addTransition(
          from: model.state(of: choice), under: model.action(of: choice), to: successor,
          probability: probability)
      }
    }
    for (name, table) in rewards {
      try builder.startReward(named: name)
      for (choice, value) in table.enumerated() where !value.isZero {
        builder.addReward(
          state: model.state(of: Choice(choice)), action: model.action(of: Choice(choice)),
          successor: nil, value: value)
      }
    }
    if let discount = model.discount { try builder.setDiscount(discount) }
    try builder.setInitial(initial.enumerated().map { (State($0.offset), $0.element) })
    return try builder.build()
  }

  static let tables: [String: [Rational]] = [
    "R": [0, 1, 2, 0], "D": [0, 2, 1, 0], "minusR": [0, -1, -2, 0], "zero": [0, 0, 0, 0],
    "B": [0, -2, 0, -2], "C": [0, 0, 1, 2], "E": [0, -2, 1, 0], "X": [0, 0, 1, 0],
    "Y": [0, 1, 1, -1], "Z": [0, 1, 1, 0], "F": [-1, 1, -3, 3], "G": [-1, 1, -1, 1],
  ]

  /// E1 with two of the rewards of ``tables``.
  static func e1(_ first: String, _ second: String) throws -> FiniteMDP {
    let table = { (name: String) in try #require(tables[name]) }
    return try e1([(first, table(first)), (second, table(second))])
  }
}

/// The comparison of a model's own rewards, judged by the checker.
func compared(
  _ model: FiniteMDP, _ rewards: [String]? = nil, settings: ComparisonSettings = .init(),
  discount: Rational? = nil, initial: State? = nil, direction: Direction = .maximize,
  policy: Policy? = nil
) throws -> ComparedRewards {
  var options = ComparisonOptions()
  options.settings = settings
  options.policy = policy
  let problem = try ComparisonProblem(
    model: model, rewards: rewards ?? model.rewards.map(\.name),
    discount: discount ?? #require(model.discount), direction: direction,
    initial: initial.map { [(state: $0, probability: Rational.one)] })
  let comparison = try compareRewards(problem, options: options)
  let verdict = try comparison.answer.verify(in: model)
  #expect(verdict.isAccepted, "\(verdict)")
  return comparison
}

/// The number that a text stands for.
func q(_ text: String) throws -> Rational { try #require(Rational(text)) }

extension FiniteMDP {
  /// The same model with rewards `main` and `other` of small whole numbers on most choices, where
  /// those of the random models are often trivial.
  func withDenseRewards(_ random: inout SplitMix64) throws -> FiniteMDP {
    let functions = (0..<2).map { _ in
      RewardFunction(
        summing: (0..<choiceCount).map {
          RewardFunction.Entry(
            state: state(of: Choice($0)), action: action(of: Choice($0)),
            value: Rational(Int(random.below(9)) - 4))
        })
    }
    return try replacingRewards([("main", functions[0]), ("other", functions[1])])
  }
}
