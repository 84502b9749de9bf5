import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// A generated hard instance and the stored model that it has to be.
struct HardInstance: Sendable, CustomTestStringConvertible {
  let family: String
  let options: [String: String]
  let file: String

  var testDescription: String { file }

  static let all = [
    HardInstance(family: "hard-chain", options: [:], file: "hard-chain-3"),
    HardInstance(
      family: "hard-chain", options: ["H": "4", "d": "2", "delta": "1/4", "Delta": "1/12"],
      file: "hard-chain-4"),
    HardInstance(
      family: "hard-chain", options: ["H": "2", "d": "2", "delta": "1/2", "Delta": "1/6"],
      file: "hard-chain-2"),
    HardInstance(
      family: "hard-chain",
      options: ["H": "10", "d": "3", "delta": "1/10", "Delta": "1/60", "mu": "++"],
      file: "hard-chain-10"),
    HardInstance(
      family: "hard-fork", options: ["H": "2", "Delta": "1/8", "mu": "+-"], file: "hard-fork-2"),
    HardInstance(family: "hard-fork", options: ["mu": "+-"], file: "hard-fork-5"),
    HardInstance(
      family: "hard-fork", options: ["H": "9", "Delta": "1/24", "mu": "+-"],
      file: "hard-fork-9"),
    HardInstance(family: "hard-two-state", options: [:], file: "hard-two-state"),
  ]
}

@Suite("Hard instances")
struct HardInstanceTests {
  @Test("the stored models of the note", .tags(.worked), arguments: HardInstance.all)
  func stored(instance: HardInstance) throws {
    let model = try ModelFamily(instance.family, options: instance.options).model()
    let stored = try Fixture.json("worked/\(instance.file).json")
    #expect(Array(model.states.names) == stored["states"] as? [String])
    #expect(Array(model.actions.names) == stored["actions"] as? [String])
    #expect(model.discount?.description == stored["discount"] as? String)
    let start = try #require(model.initial?.first).state
    #expect(model.states[Int(start.index)] == stored["initial"] as? String)
    var transitions: Set<[String]> = []
    for choice in (0..<model.choiceCount).map(Choice.init) {
      for (successor, probability) in model.transitions(of: choice) {
        transitions.insert([
          model.states[Int(model.state(of: choice).index)],
          model.actions[Int(model.action(of: choice).index)],
          model.states[Int(successor.index)], probability.description,
        ])
      }
    }
    #expect(transitions == Set(stored["transitions"] as? [[String]] ?? []))
    let rewards = model.rewards[0].function.entries.map { entry in
      [
        model.states[Int(entry.state.index)], model.actions[Int(entry.action.index)],
        entry.value.description,
      ]
    }
    #expect(Set(rewards) == Set(stored["rewards"] as? [[String]] ?? []))
  }

  @Test(
    "the value of the chain in closed form, also with signs that change", .tags(.worked),
    arguments: ["++", "-+", "++,+-,--,-+"])
  func chainValue(signs: String) throws {
    let model = try ModelFamily(
      "hard-chain",
      options: ["H": "4", "d": "3", "delta": "1/3", "Delta": "1/24", "mu": signs]
    ).model()
    let bellman = BellmanOperator(model: model, reward: model.rewards[0].function, discount: 1)
    var values = RationalVector(Array(repeating: Rational.zero, count: model.stateCount))
    for _ in 0..<4 { values = bellman.applied(to: values) }
    // p = 1/3 + 2/24 = 5/12; H - (1 - (1 - p)^H) / p
    let p = Rational(5, 12)
    #expect(values[0] == 4 - (1 - (1 - p).power(4)) / p)
  }

  @Test(
    "parameters that give no probability, and signs that do not fit",
    arguments: [
      ("hard-chain", "Delta", "1/5", "hard-chain: (d-1)*Delta must be at most min(delta, 1-delta)"),
      ("hard-fork", "Delta", "1/3", "hard-fork: (d-1)*Delta must be at most 1/2"),
      ("hard-fork", "H", "1", "hard-fork: H must be at least 2"),
      ("hard-two-state", "gamma", "1", "hard-two-state: gamma must be in [0, 1)"),
      ("hard-two-state", "mu", "+", "hard-two-state: mu must be 2 signs + or -"),
      (
        "hard-chain", "mu", "++,--",
        "hard-chain: mu must be 2 signs + or -, or 3 such strings with commas between"
      ),
      (
        "hard-chain", "mu", "+x",
        "hard-chain: mu must be 2 signs + or -, or 3 such strings with commas between"
      ),
      ("hard-chain", "d", "1", "hard-chain: d must be between 2 and 21"),
      ("hard-chain", "Delta", "-1/9", "hard-chain: Delta must not be negative"),
      ("hard-chain", "delta", "x", "--delta: 'x' is not a number"),
    ])
  func refusals(family: String, option: String, text: String, message: String) {
    let error = #expect(throws: FamilyError.self) {
      try ModelFamily(family, options: [option: text])
    }
    #expect(error?.description == message)
  }
}
