import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Spoiled certificates", .tags(.mutation))
struct MutationTests {
  /// A random model with a true certificate, and what is optimal there.
  struct Case {
    let model: FiniteMDP
    let answer: TinySolver.Answer
    let direction: Direction
    let discount: Rational
    let object: Object
  }

  static func makeCase(_ random: inout SplitMix64) throws -> Case {
    let model = try RandomModel.make(using: &random)
    let direction = random.below(2) == 0 ? Direction.maximize : .minimize
    let discount = Rational(Int(random.below(9)) + 1, 10)
    let answer = TinySolver.solve(
      model, model.rewards[0].function.expected(in: model), discount: discount, direction)
    let object = try TrueCertificate.exact(model, answer, direction, discount).object(model)
    return Case(
      model: model, answer: answer, direction: direction, discount: discount, object: object)
  }

  @Test("a value one unit off in its last place is rejected, up and down")
  func value() throws {
    var random = SplitMix64(seed: 31)
    for _ in 0..<60 {
      let base = try Self.makeCase(&random)
      for (s, value) in base.answer.values.enumerated() {
        let unit = Rational(1, value.denominator)
        for wrong in [value + unit, value - unit] {
          let spoiled = base.object.with("values", base.model.states[s], "\(wrong)")
          #expect(try check(spoiled, base.model).isRejected)
        }
      }
    }
  }

  @Test("shifted values and swapped states are rejected")
  func vectors() throws {
    var random = SplitMix64(seed: 32)
    for _ in 0..<60 {
      let base = try Self.makeCase(&random)
      let values = base.answer.values
      for shift in [Rational(1), Rational(-1, 1_000_000_007)] {
        let spoiled = base.object.with("values", values.map { "\($0 + shift)" })
        #expect(try check(spoiled, base.model).isRejected)
      }
      for s in values.indices.dropFirst() {
        var swapped = values
        swapped.swapAt(0, s)
        let outcome = try check(base.object.with("values", swapped.map { "\($0)" }), base.model)
        #expect(outcome.isAccepted == (swapped == values))
      }
    }
  }

  @Test("a policy entry is accepted exactly when its action is optimal")
  func policy() throws {
    var random = SplitMix64(seed: 33)
    for _ in 0..<60 {
      let base = try Self.makeCase(&random)
      for s in 0..<base.model.stateCount {
        for a in 0..<base.model.actions.count {
          let name = base.model.actions[a]
          let outcome = try check(
            base.object.with("policy", base.model.states[s], name), base.model)
          let isOptimal = base.answer.optimalActions[s].contains(Action(a))
          try #require(outcome.isAccepted == isOptimal, "\(outcome)")
        }
      }
    }
  }

  @Test("another discount, direction or model is accepted exactly when it has the same answer")
  func meaning() throws {
    var random = SplitMix64(seed: 34)
    for round in 0..<80 {
      let base = try Self.makeCase(&random)
      let other = try Self.twin(of: base.model, &random)
      let variants: [(Object, FiniteMDP, Direction, Rational)] = [
        (base.object.with("discount", "1/3"), base.model, base.direction, Rational(1, 3)),
        (
          base.object.with("direction", base.direction == .maximize ? "minimize" : "maximize"),
          base.model, base.direction == .maximize ? .minimize : .maximize, base.discount
        ),
        (base.object, other, base.direction, base.discount),
      ]
      for (object, model, direction, discount) in variants {
        let truth = TinySolver.solve(
          model, model.rewards[0].function.expected(in: model), discount: discount, direction)
        let isTrue =
          truth.values == base.answer.values
          && zip(truth.optimalActions, base.answer.policy).allSatisfy { $0.contains($1) }
        let outcome = try check(object, model)
        try #require(outcome.isAccepted == isTrue, "round \(round): \(outcome)")
      }
    }
  }

  /// A model with the same names and actions and other numbers.
  static func twin(of model: FiniteMDP, _ random: inout SplitMix64) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(states: model.states, actions: model.actions)
    try builder.startReward(named: "r")
    for c in 0..<model.choiceCount {
      let (s, a) = (model.state(of: Choice(c)), model.action(of: Choice(c)))
      let next = State(Int(random.below(UInt64(model.stateCount))))
      try builder.addTransition(from: s, under: a, to: next, probability: 1)
      builder.addReward(
        state: s, action: a, successor: nil, value: Rational(Int(random.below(3)) - 1))
    }
    return try builder.build()
  }

  @Test(
    "a false field of the worked certificates is rejected",
    arguments: [
      (WorkedModel.exact, "1/2", "1"), (WorkedModel.exact, "1/2", "-1/2"),
      (WorkedModel.exact, "1/2", "5/2"), (WorkedModel.exact, "default", "defualt"),
      (WorkedModel.exact, "default", "other"), (WorkedModel.exact, "maximize", "minimize"),
      (WorkedModel.exact, "\"discounted\"", "\"average\""),
      (WorkedModel.exact, #""b":"8""#, #""c":"8""#),
      (WorkedModel.exact, #","b":"8""#, ""),
      (WorkedModel.exact, #"{"a":"8/3","b":"8"}"#, #"["8/3"]"#),
      (WorkedModel.exact, #"{"a":"8/3","b":"8"}"#, #"["8/3",8,8]"#),
      (WorkedModel.exact, #"{"a":"8/3","b":"8"}"#, #"["8","8/3"]"#),
      (WorkedModel.exact, #"{"a":"8/3","b":"8"}"#, #"{"denominator":3,"numerators":[8]}"#),
      (WorkedModel.exact, #"{"a":"8/3","b":"8"}"#, #"{"denominator":3,"numerators":[8,25]}"#),
      (WorkedModel.exact, #""a":"go""#, #""a":"stay""#),
      (WorkedModel.exact, #""b":"stay""#, #""b":"go""#),
      (WorkedModel.exact, #""b":"stay""#, #""b":"jump""#),
      (WorkedModel.exact, #""b":"stay""#, #""b":2"#),
      (WorkedModel.exact, #""b":"stay""#, #""b":-1"#),
      (WorkedModel.exact, #""b":"stay""#, #""b":1e30"#),
      (WorkedModel.enclosed, #""lower":["21/8""#, #""lower":["8/3""#),
      (WorkedModel.enclosed, #""upper":["11/4""#, #""upper":["21/8""#),
      (WorkedModel.enclosed, #"["go","stay"]"#, #"["stay","stay"]"#),
      (WorkedModel.enclosed, #"["go","stay"]"#, #"["go"]"#),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":["c"]"#),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":["a"]"#),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":[],"partition":[0,0]"#),
      (WorkedModel.enclosed, #""undecided":[]"#, #""undecided":[],"partition":[0]"#),
      (WorkedModel.enclosed, "maximize", "minimize"),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":1"#),
      (WorkedModel.horizon, #""horizon":2"#, #""horizon":9223372036854775807"#),
      (WorkedModel.horizon, #""discount":"1""#, #""discount":"1/2""#),
      (WorkedModel.horizon, #""discount":"1""#, #""discount":"3/2""#),
      (WorkedModel.horizon, #"{"a":"0","b":"0"}"#, #"{"a":"0","b":"1"}"#),
      (WorkedModel.horizon, #"{"a":"0","b":"0"}"#, #"[0]"#),
      (WorkedModel.horizon, #"{"a":"1","b":"4"}"#, #"{"a":"4","b":"1"}"#),
      (WorkedModel.horizon, #"{"a":"go","b":"stay"}"#, #"{"a":"stay","b":"stay"}"#),
      (WorkedModel.horizon, #""policy":[{"a":"go","b":"stay"},"#, #""policy":["#),
    ])
  func field(text: String, part: String, replacement: String) throws {
    let model = try WorkedModel.make()
    #expect(check(text, model).isAccepted)
    let outcome = check(text.replacing(part, with: replacement), model)
    #expect(outcome.isRejected, "\(outcome)")
  }

  @Test("lower and upper exchanged are rejected")
  func exchangedBounds() throws {
    let text = WorkedModel.enclosed.replacing("lower", with: "tmp")
      .replacing("upper", with: "lower").replacing("tmp", with: "upper")
    #expect(check(text, try WorkedModel.make()).isRejected)
  }

  @Test("what is accepted of a spoiled enclosure is true", .tags(.differential), arguments: 0..<4)
  func enclosureSoundness(seed: UInt64) throws {
    var random = SplitMix64(seed: 35 + seed)
    var accepted = 0
    for round in 0..<250 {
      let base = try Self.makeCase(&random)
      let width = [Rational(0), Rational(1, 50), Rational(1, 2)][round % 3]
      var object = try TrueCertificate.enclosed(
        base.model, base.answer, base.direction, base.discount, width: width
      ).object(base.model)
      for _ in 0..<random.below(3) + 1 { try spoil(&object, base.model, &random) }
      guard try check(object, base.model).isAccepted else { continue }
      accepted += 1
      try requireTruth(object, base, "round \(round): \(object)")
    }
    #expect(accepted > 0)
  }

  /// Changes a random field by a little.
  private func spoil(
    _ object: inout Object, _ model: FiniteMDP, _ random: inout SplitMix64
  ) throws {
    let state = model.states[Int(random.below(UInt64(model.stateCount)))]
    switch random.below(5) {
    case 0, 1:
      let key = random.below(2) == 0 ? "lower" : "upper"
      let old = try Rational(json: (object[key] as? Object)?[state])
      let step = Rational(Int(random.below(7)) - 3, 100)
      object = object.with(key, state, "\(old + step)")
    case 2:
      let action = model.actions[Int(random.below(UInt64(model.actions.count)))]
      object = object.with("policy", state, action)
    case 3:
      let undecided = object["undecided"] as? [String] ?? []
      object["undecided"] = undecided.isEmpty ? [state] : []
      object["policyIsOptimal"] = random.below(2) == 0
    default:
      object["partition"] = (0..<model.stateCount).map { _ in Int(random.below(3)) }
    }
  }

  /// The statement of an enclosure, by the exact answer.
  private func requireTruth(_ object: Object, _ base: Case, _ message: String) throws {
    let model = base.model
    let reward = model.rewards[0].function.expected(in: model)
    let policy = object["policy"] as? [String: String] ?? [:]
    let choices = try (0..<model.stateCount).map { s in
      let name = try #require(policy[model.states[s]])
      let action = Action(try #require(model.actions.place(of: name)))
      return Int(try #require(model.choice(of: action, at: State(s))).index)
    }
    let own = TinySolver.evaluate(model, reward, base.discount, choices)
    let undecided = object["undecided"] as? [String] ?? []
    for s in 0..<model.stateCount {
      let lower = try Rational(json: (object["lower"] as? Object)?[model.states[s]])
      let upper = try Rational(json: (object["upper"] as? Object)?[model.states[s]])
      for value in [own[s], base.answer.values[s]] {
        try #require(lower <= value && value <= upper, "\(message)")
      }
      let action = model.action(of: Choice(choices[s]))
      try #require(
        undecided.contains(model.states[s]) || base.answer.optimalActions[s].contains(action),
        "\(message)")
    }
    if object["policyIsOptimal"] as? Bool == true {
      try #require(own == base.answer.values, "\(message)")
    }
  }
}
