import Certificates
import ExactArithmetic
import Expressivity
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Search for a reward machine")
struct MachineSearchTests {
  private static let xor = """
    "acceptable":[{"s0":"a","s1":"b"},{"s0":"b","s1":"a"}]
    """

  private func answer(
    to task: ExpressTask, states: Int, _ alphabet: StepAlphabet.Kind = .steps
  ) throws -> ExpressAnswer {
    let answer = try expressWithMachine(
      task, search: MachineSearchOptions(stateLimit: states, alphabet: alphabet))
    let verdict = try document(fileText(of: answer, to: task)).verify(against: task)
    var isDecided = true
    if case .undecided = answer.outcome { isDecided = false }
    #expect(verdict.isAccepted == isDecided, "\(verdict)")
    return answer
  }

  /// The most states of machines that are refuted; larger ones are left open.
  private func refutedStates(_ answer: ExpressAnswer) -> Int? {
    guard case .noMachine(let refutation) = answer.outcome, answer.isExpressible == nil else {
      return nil
    }
    return refutation.stateCount
  }

  private func document(_ text: String) throws -> ExpressAnswerDocument {
    try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
  }

  @Test("two states repair entailment, one does not", .tags(.worked), arguments: ["MR", "RM"])
  func entailment(formalism: String) throws {
    let task = try WorkedTasks.task(
      "policy-set", formalism, on: WorkedTasks.entailment, Self.xor)
    #expect(refutedStates(try answer(to: task, states: 1)) == 1)
    let found = try answer(to: task, states: 3)
    #expect(found.isExpressible == true)
    #expect(found.search?.machine?.states.count == 2)
    #expect(found.search?.smaller?.stateCount == 1)
  }

  @Test("the gate needs a machine that remembers the first action", .tags(.worked))
  func gate() throws {
    let model = WorkedTasks.model(
      states: ["s0", "s1", "P", "F"], actions: ["0", "1", "p", "f"],
      transitions: [
        ("s0", "0", "s1", "1"), ("s0", "1", "s1", "1"), ("s1", "p", "P", "1"),
        ("s1", "f", "F", "1"), ("P", "0", "P", "1"), ("F", "0", "F", "1"),
      ], initial: "s0")
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: model,
      """
      "policies":{"0p":{"s0":"0","s1":"p"},"1p":{"s0":"1","s1":"p"},
      "0f":{"s0":"0","s1":"f"},"1f":{"s0":"1","s1":"f"}},"ranking":[["1p"],["0p"],["0f","1f"]]
      """)
    let found = try answer(to: task, states: 2)
    #expect(found.search?.machine?.states.count == 2)
    #expect(found.margin == 1)
    // The labels do not tell the actions apart, so that no machine sees the first one.
    #expect(refutedStates(try answer(to: task, states: 3, .labels)) == 3)
  }

  @Test("a machine that reads labels waits for one", .tags(.worked))
  func labels() throws {
    // The reward at the end depends on whether the run came through the labelled state.
    let model = WorkedTasks.model(
      states: ["s", "x", "y", "e", "f"], actions: ["a", "b"],
      transitions: [
        ("s", "a", "x", "1"), ("s", "b", "y", "1"), ("x", "a", "e", "1"), ("y", "a", "e", "1"),
        ("e", "a", "f", "1"), ("e", "b", "f", "1"), ("f", "a", "f", "1"),
      ], initial: "s", labels: "{\"seen\": [\"x\"]}")
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: model,
      """
      "policies":{"aa":{"s":"a","e":"a"},"ab":{"s":"a","e":"b"},
      "ba":{"s":"b","e":"a"},"bb":{"s":"b","e":"b"}},"ranking":[["aa","bb"],["ab","ba"]]
      """)
    for kind in StepAlphabet.Kind.allCases {
      let found = try answer(to: task, states: 2, kind)
      #expect(found.search?.machine?.states.count == 2, "\(kind)")
    }
  }

  @Test("trajectories: the order of pairs needs two states", .tags(.worked))
  func trajectories() throws {
    let task = try WorkedTasks.task(
      "trajectory-order", "MR", on: WorkedTasks.bandit(["a", "b"]),
      """
      "rewardOn":"state-action","trajectories":{"aa":["s","a","s","a","s"],
      "ab":["s","a","s","b","s"],"ba":["s","b","s","a","s"],"bb":["s","b","s","b","s"]},
      "relations":[["aa",">","ab"],["bb",">","ba"]]
      """)
    #expect(refutedStates(try answer(to: task, states: 1)) == 1)
    #expect(try answer(to: task, states: 2).search?.machine?.states.count == 2)
  }

  @Test("what no function of runs expresses is refused at once")
  func coin() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.oneShot,
      """
      "policies":{"half":{"s":{"a":"1/2","b":"1/2"}},"a":{"s":"a"},"b":{"s":"b"}},
      "ranking":[["half"],["a","b"]]
      """)
    let answer = try answer(to: task, states: 1000)
    #expect(answer.multipliers == [Rational(1, 2), 1])
    #expect(answer.isExpressible == false)
  }

  @Test("a discount of 0 leaves a machine nothing to say")
  func zeroDiscount() throws {
    let model = WorkedTasks.entailment.replacing("\"discount\":\"1/2\"", with: "\"discount\":0")
    let task = try WorkedTasks.task("policy-set", "RM", on: model, Self.xor)
    #expect(refutedStates(try answer(to: task, states: 5)) == 5)
  }

  @Test("a search that is stopped is undecided, and says how far it came")
  func undecided() throws {
    let task = try WorkedTasks.task("policy-set", "MR", on: WorkedTasks.entailment, Self.xor)
    let answer = try expressWithMachine(
      task, search: MachineSearchOptions(stateLimit: 2, isOver: { true }))
    #expect(answer.isExpressible == nil)
    let verdict = try document(fileText(of: answer, to: task)).verify(against: task)
    #expect(!verdict.isAccepted)
  }

  /// Every machine with so many states on the steps of a model.
  private func allMachines(_ states: Int, on model: FiniteMDP) throws -> [RewardMachine] {
    var steps: [RewardMachine.Guard] = []
    for number in 0..<model.choiceCount {
      let choice = Choice(number)
      for (successor, _) in model.transitions(of: choice) {
        steps.append(
          .init(
            states: [model.state(of: choice)], actions: [model.action(of: choice)],
            successors: [successor]))
      }
    }
    let count = steps.count * states
    let names = try NameTable((0..<states).map { "m\($0)" }, of: .state)
    var machines: [RewardMachine] = []
    var targets = [Int](repeating: 0, count: count)
    while true {
      machines.append(
        RewardMachine(
          states: names, initial: 0,
          transitions: targets.enumerated().map {
            .init(from: $0 / steps.count, when: steps[$0 % steps.count], to: $1)
          }))
      guard let place = targets.firstIndex(where: { $0 + 1 < states }) else { return machines }
      targets[place] += 1
      for lower in 0..<place { targets[lower] = 0 }
    }
  }

  @Test("all machines with two states, one by one", .tags(.differential), arguments: 0..<6)
  func bruteForce(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(100 + seed))
    for _ in 0..<4 {
      let next = { (random: inout SplitMix64) in "s\(random.next() % 2)" }
      let rows = ["s0", "s1"].flatMap { state in
        ["a", "b"].map { (state, $0, next(&random), "1") }
      }
      let model = WorkedTasks.model(
        states: ["s0", "s1"], actions: ["a", "b"], transitions: rows, initial: "s0")
      let policies = ["aa", "ab", "ba", "bb"].map { text in
        "\"\(text)\":{\"s0\":\"\(text.first!)\",\"s1\":\"\(text.last!)\"}"
      }
      var names = ["aa", "ab", "ba", "bb"]
      for place in names.indices {
        names.swapAt(place, place + Int(random.next() % UInt64(4 - place)))
      }
      let fields = """
        "policies":{\(policies.joined(separator: ","))},
        "ranking":[["\(names[0])","\(names[1])"],["\(names[2])","\(names[3])"]]
        """
      let task = try WorkedTasks.task("policy-order", "RM", on: model, fields)
      let found = try answer(to: task, states: 2)
      let exists = try allMachines(2, on: task.model).contains { machine in
        try express(task.asking(for: .rewardMachine, machine: machine)).isExpressible == true
      }
      #expect(found.isExpressible == exists, "\(model) \(fields)")
    }
  }

  @Test("answers with a changed number, fewer conflicts or another machine", .tags(.mutation))
  func mutations() throws {
    let task = try WorkedTasks.task("policy-set", "MR", on: WorkedTasks.entailment, Self.xor)
    let none = try fileText(of: answer(to: task, states: 1), to: task)
    let found = try fileText(of: answer(to: task, states: 2), to: task)
    var spoiled = [
      none.replacing("\"machineStates\":1", with: "\"machineStates\":2"),
      none.replacing("\"states\":1", with: "\"states\":2"),
      none.replacing("\"states\":1", with: "\"states\":2").replacing(
        "\"machineStates\":1", with: "\"machineStates\":2"),
      none.replacing(/"conflicts":\[.*\]\}/) { _ in "\"conflicts\":[]}" },
      found.replacing("\"machineStates\":2", with: "\"machineStates\":3"),
      found.replacing("\"initial\":\"u0\"", with: "\"initial\":\"u1\""),
      found.replacing("\"smaller\":{\"states\":1", with: "\"smaller\":{\"states\":2"),
    ]
    for whole in [none, found] {
      spoiled += whole.matches(of: /"-?[0-9]+(\/[0-9]+)?"/).map { match in
        let old = String(whole[match.range].dropFirst().dropLast())
        let new = (Rational(old) ?? 0) + Rational(1, 7)
        return whole.replacingCharacters(in: match.range, with: "\"\(new)\"")
      }
    }
    for changed in spoiled {
      try #require(changed != none && changed != found)
      let verdict = try document(changed).verify(against: task)
      #expect(!verdict.isAccepted, "\(changed)")
    }
    // An answer about free machines says nothing about a task with a machine of its own.
    let other = try WorkedTasks.task("policy-set", "LAR", on: WorkedTasks.entailment, Self.xor)
    #expect(!(try document(none).verify(against: other).isAccepted))
  }
}
