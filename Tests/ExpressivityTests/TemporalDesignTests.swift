import Certificates
import ExactArithmetic
import Expressivity
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Formulas as objectives")
struct TemporalDesignTests {
  private static let chain = WorkedTasks.model(
    states: ["s0", "s1", "s2"], actions: ["a", "b"],
    transitions: [
      ("s0", "a", "s0", "1/2"), ("s0", "a", "s1", "1/4"), ("s0", "a", "s2", "1/4"),
      ("s0", "b", "s1", "1/2"), ("s0", "b", "s2", "1/2"), ("s1", "a", "s0", "1"),
      ("s2", "a", "s2", "1"),
    ], initial: "s0", labels: #"{"p":["s0"],"q":["s1"],"z":["s2"]}"#)

  private static let policies = """
    "policies":{"a":{"s0":"a"},"b":{"s0":"b"},"mix":{"s0":{"a":"1/3","b":"2/3"}}}
    """

  private func values(_ property: String) throws -> [Rational] {
    let task = try WorkedTasks.task(
      "policy-order", "LTL", on: Self.chain, "\(Self.policies),\(property)")
    return try checkedAnswer(to: task).values.map(\.value)
  }

  @Test(
    "the worked probabilities", .tags(.worked),
    arguments: [
      ("p U q", [Rational(1, 2), Rational(1, 2), Rational(1, 2)]),
      ("X X p", [Rational(1, 2), Rational(1, 2), Rational(4, 9)]),
      ("F (q & X X q)", [Rational(1, 6), Rational(1, 4), Rational(5, 22)]),
      ("F G z & !(X z)", [Rational(3, 4), Rational(1, 2), Rational(7, 12)]),
      ("G F p", [0, 0, 0]), ("G (q -> X p)", [1, 1, 1]),
    ])
  func worked(formula: String, expected: [Rational]) throws {
    #expect(try values("\"formula\":\"\(formula)\"") == expected)
    let automaton = try OmegaAutomaton(of: TemporalFormula(parsing: formula)).hoa()
    let text = automaton.replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    #expect(try values("\"automaton\":\"\(text)\"") == expected)
  }

  @Test("an automaton that is no automaton is malformed")
  func malformed() throws {
    #expect(throws: (any Error).self) { try values("\"automaton\":\"HOA: v1 Start: 0\"") }
  }

  @Test("a repeated coin and a door", .tags(.worked))
  func coins() throws {
    let coin = WorkedTasks.model(
      states: ["s"], actions: ["x", "y"],
      transitions: [("s", "x", "s", "1"), ("s", "y", "s", "1")], initial: "s",
      labels: nil
    ).replacing(
      "\"transitions\"",
      with: #""labeledTransitions":[["s","x","s",["a"]],["s","y","s",["b"]]],"transitions""#)
    let fields = """
      "policies":{"half":{"s":{"x":"1/2","y":"1/2"}},"a":{"s":"x"},"b":{"s":"y"}}
      """
    let once = try WorkedTasks.task(
      "policy-order", "LTL", on: coin,
      "\(fields),\"formula\":\"(a & X b) | (b & X a)\",\"ranking\":[[\"half\"],[\"a\",\"b\"]]")
    let answer = try checkedAnswer(to: once)
    #expect(answer.isExpressible == true)
    #expect(answer.values.map(\.value) == [Rational(1, 2), 0, 0])
    let forever = try WorkedTasks.task(
      "policy-order", "LTL", on: coin, "\(fields),\"formula\":\"F G a\"")
    #expect(try checkedAnswer(to: forever).values.map(\.value) == [0, 1, 0])
    let door = try WorkedTasks.task(
      "policy-order", "LTL", on: WorkedTasks.leaving,
      """
      "policies":{"never":{"s":"stay"},"slow":{"s":{"stay":"9/10","go":"1/10"}},"fast":{"s":"go"}},
      "formula":"F g","ranking":[["slow","fast"],["never"]]
      """)
    #expect(try checkedAnswer(to: door).values.map(\.value) == [0, 1, 1])
  }

  @Test(
    "the automaton and the elimination agree on random chains", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func agree(seed: UInt64) throws {
    var random = RandomFormula(seed: seed &+ 300)
    for index in 0..<30 {
      let model = try random.model(largestStateCount: 5)
      let formula = random.next(operators: 1 + random.draw(4))
      let laws = (0..<model.stateCount).map { state in
        let choices = Array(model.choices(at: State(state)))
        return choices.map {
          (action: model.action(of: $0), probability: Rational(1, choices.count))
        }
      }
      let policy = try Policy(laws: laws, in: model)
      var values: [Rational] = []
      for formula in [formula, .not(formula)] {
        let task = ExpressTask(
          model: model, kind: .policyOrder, formalism: .temporalLogic, discount: nil,
          initial: model.initial, rewardSupport: .stateAction,
          objects: [.init(name: "random", behaviour: .policy(policy))],
          temporal: .formula(formula.text))
        // The solver's way is the automaton, the checker's the elimination.
        values.append(try checkedAnswer(to: task).values[0].value)
      }
      #expect(values[0] + values[1] == 1, "seed \(seed), model \(index), \(formula.text)")
    }
  }

  /// Three states, two of which move by the action; many policies differ where no run comes.
  private func singleRuns(
    _ random: inout SplitMix64
  ) throws -> (model: String, policies: [String]) {
    let rows = (0..<3).flatMap { state in
      (0..<2).map { action in
        ("s\(state)", "a\(action)", "s\(random.next() % 3)", "1")
      }
    }
    let model = WorkedTasks.model(
      states: ["s0", "s1", "s2"], actions: ["a0", "a1"], transitions: rows, initial: "s0")
    let policies = (0..<8).map { bits in
      "{" + (0..<3).map { "\"s\($0)\":\"a\(bits >> $0 & 1)\"" }.joined(separator: ",") + "}"
    }
    return (model, policies)
  }

  @Test(
    "without a formula: some two levels of the runs, by trying all of them", .tags(.differential))
  func withoutFormula() throws {
    var random = SplitMix64(seed: 83)
    var counts: [Bool: Int] = [:]
    for _ in 0..<120 {
      let (model, policies) = try singleRuns(&random)
      let chosen = (0..<5).map { _ in policies[Int(random.below(8))] }
      let relations = (0..<(2 + random.below(4))).map { _ in
        "[\"p\(random.below(5))\",\"\([">", ">=", "=", ">"][Int(random.below(4))])\","
          + "\"p\(random.below(5))\"]"
      }
      let names = chosen.enumerated().map { "\"p\($0)\":\($1)" }
      let task = try WorkedTasks.task(
        "policy-order", "LTL", on: model,
        "\"policies\":{\(names.joined(separator: ","))},"
          + "\"relations\":[\(relations.joined(separator: ","))]")
      let runs = try task.objects.map { try #require($0.behaviour.singleRun(in: task)) }
      let isPossible = (0..<32).contains { levels in
        let value = { (place: Int) in Rational(levels >> place & 1) }
        return runs.indices.allSatisfy { a in
          runs.indices.allSatisfy { b in runs[a] != runs[b] || value(a) == value(b) }
        } && task.relations.allSatisfy { $0.relation.holds(value($0.left), value($0.right)) }
      }
      #expect(try checkedAnswer(to: task).isExpressible == isPossible)
      counts[isPossible, default: 0] += 1
      let set = try WorkedTasks.task(
        "policy-set", "LTL", on: model, "\"acceptable\":[\(chosen[0]),\(chosen[1])]")
      _ = try checkedAnswer(to: set)
    }
    #expect(counts.values.allSatisfy { $0 > 20 } && counts.count == 2, "\(counts)")
  }
}
