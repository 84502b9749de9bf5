import Certificates
import ExactArithmetic
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Tasks drawn at a size that no enumeration reaches.
@Suite("Larger tasks of reward design")
struct LargerTaskTests {
  private static let stateCount = 12
  private static let actionCount = 3

  /// Rows with thirds and a step to the next state, so that every state is visited.
  private func model(_ random: inout SplitMix64, dependsOnAction: Bool) -> String {
    var rows: [(String, String, String, String)] = []
    for state in 0..<Self.stateCount {
      let next = (state + 1) % Self.stateCount
      var other = 0
      for action in 0..<Self.actionCount {
        if action == 0 || dependsOnAction {
          other = (next + 1 + random.place(below: Self.stateCount - 1)) % Self.stateCount
        }
        rows.append(("s\(state)", "a\(action)", "s\(next)", "1/3"))
        rows.append(("s\(state)", "a\(action)", "s\(other)", "2/3"))
      }
    }
    return WorkedTasks.model(
      states: (0..<Self.stateCount).map { "s\($0)" },
      actions: (0..<Self.actionCount).map { "a\($0)" }, transitions: rows, initial: "s0",
      discount: "9/10")
  }

  private func policy(_ random: inout SplitMix64) -> [Int] {
    (0..<Self.stateCount).map { _ in random.place(below: Self.actionCount) }
  }

  private func text(_ policy: [Int]) -> String {
    "{" + policy.enumerated().map { "\"s\($0)\":\"a\($1)\"" }.joined(separator: ",") + "}"
  }

  private func isAccepted(_ text: String, _ task: ExpressTask) throws -> Bool {
    try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
      .verify(against: task).isAccepted
  }

  @Test("one acceptable policy: as with its neighbours listed, and spoiled answers are rejected")
  func single() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<4 {
      let model = model(&random, dependsOnAction: true)
      let policy = policy(&random)
      let task = try WorkedTasks.task(
        "policy-set", "MR", on: model, "\"acceptable\":[\(text(policy))]")
      let answer = try express(task)
      let neighbours = policy.indices.flatMap { state in
        (0..<Self.actionCount).filter { $0 != policy[state] }.map { action -> String in
          var changed = policy
          changed[state] = action
          return text(changed)
        }
      }
      let listed = try WorkedTasks.task(
        "policy-set", "MR", on: model,
        """
        "acceptable":[\(text(policy))],"candidates":[\(neighbours.joined(separator: ","))]
        """)
      let reference = try express(listed)
      let margin = try #require(answer.margin)
      #expect(margin == reference.margin)
      let whole = try fileText(of: answer, to: task)
      #expect(try isAccepted(whole, task))
      // The check of listed candidates goes another way, and has to accept the same reward.
      #expect(try isAccepted(whole, listed))
      #expect(try isAccepted(fileText(of: reference, to: listed), listed))
      try expectSpoiledRejected(answer, margin, task)
    }
  }

  private func expectSpoiledRejected(
    _ answer: ExpressAnswer, _ margin: Rational, _ task: ExpressTask
  ) throws {
    guard case .reward(let reward) = answer.outcome else { return }
    func spoiled(
      _ entries: [(coordinate: RewardCoordinate, value: Rational)], _ margin: Rational,
      _ optimality: [ExpressAnswer.WeightedRequirement]
    ) throws -> Bool {
      let changed = ExpressAnswer(
        kind: answer.kind, formalism: answer.formalism, discount: answer.discount,
        rewardSupport: answer.rewardSupport,
        outcome: .reward(
          ExpressAnswer.Reward(
            support: reward.support, entries: entries, margin: margin, optimality: optimality)))
      return try isAccepted(fileText(of: changed, to: task), task)
    }
    #expect(try spoiled(reward.entries, margin, reward.optimality))
    for factor in [Rational(9, 10), Rational(11, 10)] {
      #expect(try !spoiled(reward.entries, margin * factor, reward.optimality))
      let scaled = reward.entries.map { (coordinate: $0.coordinate, value: $0.value * factor) }
      #expect(try !spoiled(scaled, margin, reward.optimality))
    }
    for place in reward.optimality.indices {
      var optimality = reward.optimality
      optimality[place] = ExpressAnswer.WeightedRequirement(
        optimality[place].requirement, optimality[place].multiplier * 2)
      // Of one multiplier alone every positive multiple is as good.
      if optimality.count == 1 { continue }
      #expect(try !spoiled(reward.entries, margin, optimality))
    }
  }

  @Test("an order that a drawn reward induces is expressible")
  func drawn() throws {
    var random = SplitMix64(seed: 11)
    let model = model(&random, dependsOnAction: true)
    let policies = (0..<10).map { _ in policy(&random) }
    let reward = (0..<Self.stateCount).map { _ in
      (0..<Self.actionCount).map { _ in random.place(below: 9) - 4 }
    }
    let fields = policies.enumerated().map { "\"p\($0)\":\(text($1))" }.joined(separator: ",")
    let unordered = try WorkedTasks.task(
      "policy-order", "MR", on: model, "\"policies\":{\(fields)}")
    let values = unordered.objects.map { object -> Double in
      guard case .policy(let policy) = object.behaviour else { return 0 }
      var values = [Double](repeating: 0, count: Self.stateCount)
      for _ in 0..<400 {
        values = values.indices.map { state in
          let choice = policy.choices(at: State(state))[0].choice
          let pay = reward[state][Int(unordered.model.action(of: choice).index)]
          return unordered.model.transitions(of: choice).reduce(Double(pay)) {
            $0 + 0.9 * Double($1.probability) * values[Int($1.successor.index)]
          }
        }
      }
      return values[0]
    }
    let order = values.indices.sorted { values[$0] > values[$1] }
    let ranking = order.map { "[\"p\($0)\"]" }.joined(separator: ",")
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: model, "\"policies\":{\(fields)},\"ranking\":[\(ranking)]")
    let answer = try express(task)
    #expect(answer.isExpressible == true)
    #expect(try isAccepted(fileText(of: answer, to: task), task))
  }

  @Test("two policies that exchange some of their actions violate convexity")
  func convexity() throws {
    var random = SplitMix64(seed: 13)
    for _ in 0..<3 {
      // Where actions do not move anything, occupancies add up action by action.
      let model = model(&random, dependsOnAction: false)
      let p = policy(&random)
      let q = p.map { ($0 + 1 + random.place(below: Self.actionCount - 1)) % Self.actionCount }
      let swapped = Set([1, 4, 5, 9])
      let first = p.indices.map { swapped.contains($0) ? q[$0] : p[$0] }
      let second = p.indices.map { swapped.contains($0) ? p[$0] : q[$0] }
      let named = zip(["p", "q", "r", "t"], [p, q, first, second])
        .map { "\"\($0)\":\(text($1))" }.joined(separator: ",")
      let relations = [#"["p",">","r"]"#, #"["q",">=","t"]"#]
      func task(_ relations: [String]) throws -> ExpressTask {
        try WorkedTasks.task(
          "policy-order", "MR", on: model,
          "\"policies\":{\(named)},\"relations\":[\(relations.joined(separator: ","))]")
      }
      let whole = try task(relations)
      let answer = try express(whole)
      #expect(answer.multipliers == [1, 1])
      let written = try fileText(of: answer, to: whole)
      #expect(try isAccepted(written, whole))
      for spoiled in [
        written.replacing("\"multiplier\":\"1\"", with: "\"multiplier\":\"2\"", maxReplacements: 1),
        written.replacing("\"multiplier\":\"1\"", with: "\"multiplier\":\"-1\""),
        written.replacing("\"left\":\"q\"", with: "\"left\":\"p\""),
        written.replacing("\"right\":\"r\"", with: "\"right\":\"t\""),
      ] {
        #expect(spoiled != written)
        #expect(try !isAccepted(spoiled, whole))
      }
      #expect(try express(task([relations[0]])).isExpressible == true)
      #expect(try express(task([relations[1]])).isExpressible == true)
    }
  }
}

extension SplitMix64 {
  fileprivate mutating func place(below bound: Int) -> Int { Int(below(UInt64(bound))) }
}
