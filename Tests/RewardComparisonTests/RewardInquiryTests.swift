import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Questions about rewards")
struct RewardInquiryTests {
  /// E1 with all rewards of the worked cases.
  private func worked() throws -> RewardInquiry {
    let names = Environments.tables.keys.sorted()
    let model = try Environments.e1(
      names.map { name in (name, try #require(Environments.tables[name])) }
        + [("twice", [0, 2, 4, 0])])
    return RewardInquiry(model, discount: Rational(1, 2))
  }

  private func deterministic(
    _ model: FiniteMDP
  ) throws -> [(name: String, policy: Policy)] {
    try DeterministicPolicies(of: model).enumerated().map { place, choices in
      (
        "policy \(place)",
        try Policy(choices.map { model.action(of: Choice(Int($0))) }, in: model)
      )
    }
  }

  /// One answer to each question, and to most in each of its forms.
  private func answers() throws -> [RewardAnswer] {
    let ask = try worked()
    let all = try deterministic(ask.model)
    let minimizing = RewardInquiry(
      ask.model, discount: Rational(2, 3), direction: .minimize, initial: [(State(1), 1)])
    return try [
      ask.hackability(of: "D", for: "R"), ask.hackability(of: "zero", for: "R"),
      ask.hackability(of: "R", for: "zero"), ask.hackability(of: "twice", for: "R"),
      ask.hackability(of: "D", for: "R", among: all),
      ask.hackability(of: "X", for: "R", among: all),
      ask.simplification(of: "R", among: all),
      ask.simplification(of: "R", among: Array(all.prefix(2))),
      ask.effect(ofAdding: "zero", to: "R"), ask.effect(ofAdding: "D", to: "R"),
      ask.effect(ofAdding: "minusR", to: "R"), minimizing.effect(ofAdding: "E", to: "F"),
      ask.blend(of: "R", with: "E", planner: .optimal(discount: Rational(1, 2))),
      minimizing.blend(of: "R", with: "E", planner: .optimal(discount: 0)),
      ask.blend(of: "R", with: "E", planner: .lookahead(steps: 3, discount: 1)),
      ask.design(
        from: "R", making: [Action(0), Action(1)], optimalWithMargin: Rational(1, 10), norm: .l1),
      ask.design(
        from: "R", making: [Action(0), Action(1)], optimalWithMargin: 1, norm: .linf,
        keeping: [Choice(1)]),
      ask.design(
        from: "R", making: [Action(0), Action(1)], optimalWithMargin: 0, norm: .linf,
        keeping: Set((0..<4).map(Choice.init))),
      minimizing.design(
        from: "D", making: [Action(1), Action(0)], optimalWithMargin: 3, norm: .l1),
      ask.nearest(to: "R", in: .stateOnly, norm: .l1),
      ask.nearest(to: "R", in: .support([Choice(1)]), norm: .linf),
      minimizing.nearest(to: "R", in: .rewards(["D", "G"]), norm: .l1),
    ]
  }

  private func text(_ answer: RewardAnswer, _ model: FiniteMDP) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    answer.write(to: writer, names: model) { _ in "0" }
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func verdict(of text: String, _ model: FiniteMDP) throws -> Verdict {
    try CertificateDocument.read(bytes: Array(text.utf8), path: "answer.json").verify(
      against: model)
  }

  @Test("written, read and checked; and no number of an answer can be another", .tags(.mutation))
  func mutations() throws {
    let model = try worked().model
    let answers = try answers()
    #expect(answers.count == 22)
    for answer in answers {
      let text = try text(answer, model)
      let whole = try verdict(of: text, model)
      #expect(whole.isAccepted, "\(whole)\n\(text)")
      // Strings stand between quotation marks; names of this model are no numbers.
      let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
      var changed = 0
      for place in stride(from: 1, to: parts.count, by: 2) {
        guard let value = Rational(parts[place]), !parts[place + 1].hasPrefix(":"),
          !parts[place - 2].hasSuffix("Decimal"),
          // Of a reward of 0, or where nothing is possible, these may be others and it stays true.
          !["discount", "margin"].contains(parts[place - 2])
        else { continue }
        var wrong = parts
        wrong[place] = "\(value + Rational(1, 7))"
        let spoiled = wrong.joined(separator: "\"")
        changed += 1
        #expect(
          try !verdict(of: spoiled, model).isAccepted,
          "\(answer.question.name), place \(place): \(value)\n\(text)")
      }
      #expect(changed >= 2)
    }
  }

  @Test("a truth value that is turned round is rejected", .tags(.mutation))
  func truthValues() throws {
    let model = try worked().model
    for answer in try answers() {
      let text = try text(answer, model)
      for key in ["hackable", "simplification", "nontrivial", "exists", "possible"] {
        for (old, new) in [("true", "false"), ("false", "true")] {
          let spoiled = text.replacing("\"\(key)\":\(old)", with: "\"\(key)\":\(new)")
          guard spoiled != text else { continue }
          // A field that the other truth value asks for, or refuses, makes the file malformed.
          let isAccepted = (try? verdict(of: spoiled, model).isAccepted) ?? false
          #expect(!isAccepted, "\(key) of \(text)")
        }
      }
    }
  }

  @Test("every question is answered on random models", arguments: 0..<3)
  func random(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 900)
    models.largestStateCount = 4
    var random = SplitMix64(seed: seed)
    for _ in 0..<8 {
      let model = try models.next().withDenseRewards(&random)
      let ask = try RewardInquiry(
        model, discount: #require(model.discount),
        direction: random.below(2) == 0 ? .maximize : .minimize)
      let all = Array(try deterministic(model).prefix(12))
      let actions = (0..<model.stateCount).map { state in
        let range = model.choiceRange(at: state)
        return model.action(of: Choice(range.lowerBound + Int(random.below(UInt64(range.count)))))
      }
      let support = (0..<model.choiceCount).filter { _ in random.below(2) == 0 }.map(Choice.init)
      // Each is checked before it is returned.
      let answers = try [
        ask.hackability(of: "other", for: "main"),
        ask.hackability(of: "other", for: "main", among: all),
        ask.simplification(of: "main", among: all), ask.effect(ofAdding: "other", to: "main"),
        ask.blend(of: "main", with: "other", planner: .optimal(discount: Rational(1, 3))),
        ask.blend(of: "main", with: "other", planner: .lookahead(steps: 2, discount: 1)),
        ask.design(
          from: "main", making: actions, optimalWithMargin: Rational(1, 3), norm: .linf,
          keeping: Set(support)),
        ask.nearest(to: "main", in: .stateOnly, norm: .l1),
        ask.nearest(to: "main", in: .support(support), norm: .linf),
        ask.nearest(to: "main", in: .rewards(["other"]), norm: .l1),
      ]
      for answer in answers {
        let verdict = try verdict(of: text(answer, model), model)
        #expect(verdict.isAccepted, "seed \(seed): \(verdict)")
      }
      try compareWithPairs(answers[1], ask.direction, model)
    }
  }

  /// Hackable, by all pairs of policies.
  private func compareWithPairs(
    _ answer: RewardAnswer, _ direction: Direction, _ model: FiniteMDP
  ) throws {
    guard case .hackableOnSet(let answer) = answer.question else { return }
    let (truth, proxy) = (answer.values[0], answer.values[1])
    let isHackable = truth.indices.contains { a in
      truth.indices.contains { truth[a] < truth[$0] && proxy[a] > proxy[$0] }
    }
    #expect(isHackable == (answer.witness != nil))
  }

  @Test("a policy that a reward makes optimal is optimal under the designed one")
  func designed() throws {
    let ask = try worked()
    guard
      case .design(let answer) = try ask.design(
        from: "R", making: [Action(0), Action(1)], optimalWithMargin: Rational(1, 10), norm: .l1
      ).question, case .found(let table, _, _) = answer.outcome
    else {
      Issue.record("a design is expected")
      return
    }
    let designed = try Environments.e1([("designed", table), ("zero", [0, 0, 0, 0])])
    let order = try PolicySetOrder(
      ComparisonProblem(
        model: designed, rewards: ["designed", "zero"], discount: Rational(1, 2)),
      policies: deterministic(designed).map(\.policy))
    let values = order.values(ofReward: 0)
    let target = try PolicySetOrder(
      order.problem, policies: [Policy([Action(0), Action(1)], in: designed)]
    ).values(ofReward: 0)[0]
    #expect(values.max() == target && values.filter { $0 == target }.count == 1)
  }
}
