import Certificates
import ExactArithmetic
import ExactJSON
import Expressivity
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Worked cases of "the only optimum" and "every optimal policy avoids".
@Suite("Requests about optimal policies")
struct OptimumTests {
  /// Alternating states: `aa` is the only optimum when a pays 1 and b takes 1.
  @Test("an only optimum in Markov rewards has the largest least loss")
  func alternating() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      #""policies":{"aa":{"s0":"a","s1":"a"}},"uniqueOptimum":"aa""#)
    let answer = try checkedAnswer(to: task)
    #expect(answer.optimum?.reward.margin == 2)
    #expect(answer.optimum?.bound != nil)
  }

  /// `{aa}` and `{ab}` start alike: `aa = ab` leaves no room for a loss of b at s1.
  @Test("a relation that says a deviation loses nothing contradicts an only optimum")
  func contradictedByEquality() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      """
      "policies":{"aa":{"s0":"a","s1":"a"},"ab":{"s0":"a","s1":"b"}},
      "relations":[["aa","=","ab"]],"uniqueOptimum":"aa"
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.isExpressible == false)
    guard case .noOptimum(let conflicts) = answer.outcome else {
      Issue.record("\(answer.outcome)")
      return
    }
    #expect(conflicts.count == 1)
    #expect(conflicts[0].constraints.count == 1)
  }

  @Test("policies that differ where the only optimum does not come have its lottery")
  func unreachable() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.fork,
      #""uniqueOptimum":{"s0":"a","s1":"a","s2":"a"}"#)
    #expect(try checkedAnswer(to: task).isExpressible == true)
    let relation = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.fork,
      """
      "policies":{"p":{"s0":"a","s1":"a","s2":"a"},"q":{"s0":"a","s1":"a","s2":"b"}},
      "relations":[["p",">","q"]],"uniqueOptimum":"p"
      """)
    #expect(try checkedAnswer(to: relation).isExpressible == false)
  }

  @Test("a reward on states cannot tell actions with the same successors apart")
  func rewardOnStates() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      #""rewardOn":"state","uniqueOptimum":{"s0":"a","s1":"a"}"#)
    #expect(try checkedAnswer(to: task).isExpressible == false)
    let roads = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.roads,
      #""rewardOn":"state","policies":\#(WorkedTasks.roadPolicies),"uniqueOptimum":"longX""#)
    #expect(try checkedAnswer(to: roads).isExpressible == true)
  }

  @Test("a policy that draws its action is a mixture of others")
  func drawn() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      """
      "uniqueOptimum":{"s0":{"a":"1/2","b":"1/2"},"s1":{"a":"1/3","b":"2/3"}}
      """)
    let answer = try checkedAnswer(to: task)
    guard case .farkas(let conflict) = answer.outcome else {
      Issue.record("\(answer.outcome)")
      return
    }
    #expect(conflict.count == 3)
    #expect(conflict.reduce(Rational.zero) { $0 + $1.multiplier } == 1)
  }

  /// `s -> safe or lava`, and `s2` whose every action may lead to lava.
  static let lava = WorkedTasks.model(
    states: ["s", "safe", "edge", "lava"], actions: ["a", "b"],
    transitions: [
      ("s", "a", "safe", "1"), ("s", "b", "edge", "1"), ("safe", "a", "safe", "1"),
      ("edge", "a", "lava", "1/2"), ("edge", "a", "safe", "1/2"), ("edge", "b", "lava", "1"),
      ("lava", "a", "safe", "1"),
    ], initial: "s")

  @Test("states that can be avoided")
  func avoidable() throws {
    let task = try WorkedTasks.task("policy-order", "MR", on: Self.lava, #""avoid":["lava"]"#)
    let answer = try checkedAnswer(to: task)
    #expect(answer.optimum?.reward.margin == 1)
    #expect(answer.optimum?.policy.first?.action == Action(0))
  }

  @Test("states that cannot be avoided, with ranks", arguments: ["MR", "LAR", "PO", "FTR"])
  func unavoidable(formalism: String) throws {
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: Self.lava, #""avoid":["lava"],"initial":"edge""#)
    guard case .unavoidable(let ranks) = try checkedAnswer(to: task).outcome else {
      Issue.record("it can be avoided")
      return
    }
    #expect(ranks.map(\.rank) == [1, 0])
  }

  @Test("relations that force a visit refute every policy that avoids the states")
  func forced() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: Self.lava,
      """
      "policies":{"safe":{"s":"a","edge":"a"},"risky":{"s":"b","edge":"a"}},
      "relations":[["risky",">=","safe"]],"avoid":["lava"]
      """)
    guard case .noOptimum(let conflicts) = try checkedAnswer(to: task).outcome else {
      Issue.record("it can be expressed")
      return
    }
    #expect(conflicts.count == 1)
  }

  @Test("an only optimum that visits what is to be avoided", arguments: ["MR", "RRL", "ONMR"])
  func visit(formalism: String) throws {
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: Self.lava,
      #""uniqueOptimum":{"s":"b","edge":"a"},"avoid":["lava"]"#)
    guard case .visit(let run) = try checkedAnswer(to: task).outcome else {
      Issue.record("it does not visit them")
      return
    }
    #expect(run.steps.count == 2)
  }

  /// Three roads from `s`; one goes through lava. Values of `swim` above those of both others.
  @Test("one conflict for each policy that goes round lava; a limit leaves the task undecided")
  func severalWays() throws {
    let model = WorkedTasks.model(
      states: ["s", "left", "right", "lava", "end"], actions: ["a", "b", "c"],
      transitions: [
        ("s", "a", "left", "1"), ("s", "b", "right", "1"), ("s", "c", "lava", "1"),
        ("left", "a", "end", "1"), ("left", "b", "end", "1"), ("right", "a", "end", "1"),
        ("right", "b", "end", "1"), ("lava", "a", "end", "1"), ("end", "a", "end", "1"),
      ], initial: "s")
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: model,
      """
      "policies":{"la":{"s":"a","left":"a","right":"a"},"lb":{"s":"a","left":"b","right":"a"},
       "ra":{"s":"b","left":"a","right":"a"},"rb":{"s":"b","left":"a","right":"b"},
       "swim":{"s":"c","left":"a","right":"a"}},
      "ranking":[["swim"],["la","lb"],["ra","rb"]],"avoid":["lava"]
      """)
    guard case .noOptimum(let conflicts) = try checkedAnswer(to: task).outcome else {
      Issue.record("it can be expressed")
      return
    }
    #expect(conflicts.count == 4)
    var options = ExpressOptions()
    options.maximumPolicies = 1
    #expect(try express(task, options: options).isExpressible == nil)
  }

  @Test(
    "a given formula has the only optimum, or avoids the state, or does not",
    arguments: [
      ("F g", #""uniqueOptimum":{"s":"go"}"#, true), ("F g", #""avoid":["g"]"#, false),
      ("G !g", #""uniqueOptimum":{"s":"go"}"#, false), ("G !g", #""avoid":["g"]"#, true),
      ("true", #""avoid":["g"]"#, false),
    ])
  func formulas(formula: String, request: String, isExpressible: Bool) throws {
    let task = try WorkedTasks.task(
      "policy-order", "LTL", on: WorkedTasks.leaving, "\"formula\":\"\(formula)\",\(request)")
    #expect(try checkedAnswer(to: task).isExpressible == isExpressible)
  }

  @Test("without a formula a single run without a name may have the value 1")
  func twoLevels() throws {
    for (fields, isExpressible) in [
      (#""policies":{"go":{"s":"go"}},"avoid":["g"]"#, true),
      (
        #""policies":{"go":{"s":"go"},"stay":{"s":"stay"}},"relations":[["go",">=","stay"]],"avoid":["g"]"#,
        false
      ),
      (#""uniqueOptimum":{"s":"go"}"#, true),
    ] {
      let task = try WorkedTasks.task("policy-order", "LTL", on: WorkedTasks.leaving, fields)
      #expect(try checkedAnswer(to: task).isExpressible == isExpressible, "\(fields)")
    }
  }

  /// The first action decides which second one pays: `ab` is the best of four, and so is `ba`, as equals.
  @Test("a machine's only optimum among deterministic policies, and none where another one ties")
  func machine() throws {
    let fields = """
      "policies":{"ab":{"s0":"a","s1":"b"},"ba":{"s0":"b","s1":"a"}},
      "machine":{"states":["start","A","B"],"initial":"start",
       "transitions":[["start",{"action":"a"},"A"],["start",{"action":"b"},"B"]]}
      """
    let task = try WorkedTasks.task(
      "policy-order", "RM", on: WorkedTasks.entailment, fields + #","uniqueOptimum":"ab""#)
    #expect(try checkedAnswer(to: task).isExpressible == true)
    let tied = try WorkedTasks.task(
      "policy-order", "RM", on: WorkedTasks.entailment,
      fields + #","relations":[["ba",">=","ab"]],"uniqueOptimum":"ab""#)
    #expect(try checkedAnswer(to: tied).isExpressible == false)
  }

  @Test("what cannot be reached is avoided by all")
  func nothingToAvoid() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: Self.lava,
      #""policies":{"p":{"s":"a","edge":"a"},"q":{"s":"b","edge":"a"}},"initial":"safe","avoid":["lava"]"#
    )
    #expect(try checkedAnswer(to: task).isExpressible == true)
    let strict = try WorkedTasks.task(
      "policy-order", "MR", on: Self.lava,
      #""policies":{"p":{"s":"a","edge":"a"},"q":{"s":"b","edge":"a"}},"initial":"safe","avoid":["lava"],"relations":[["p",">","q"]]"#
    )
    #expect(try checkedAnswer(to: strict).isExpressible == false)
  }

  @Test(
    "an only optimum among deterministic policies", arguments: ["LAR", "RRL", "FTR", "ONMR", "PO"])
  func otherFormalisms(formalism: String) throws {
    let model = formalism == "LAR" ? WorkedTasks.entailment : WorkedTasks.roads
    let policy = formalism == "LAR" ? #"{"s0":"a","s1":"b"}"# : #"{"s0":"b","c":"a"}"#
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: model, "\"uniqueOptimum\":\(policy)")
    #expect(try checkedAnswer(to: task).isExpressible == true)
  }

  @Test("a policy of the same lottery may be as good, not better", arguments: ["PO", "FPR", "TLO"])
  func sameLottery(formalism: String) throws {
    // p and q differ at a state that neither reaches.
    let model = WorkedTasks.model(
      states: ["s", "t"], actions: ["a", "b"],
      transitions: [
        ("s", "a", "s", "1"), ("s", "b", "s", "1"), ("t", "a", "t", "1"), ("t", "b", "t", "1"),
      ], initial: "s")
    let policies = """
      "policies":{"p":{"s":"a","t":"a"},"q":{"s":"a","t":"b"},"r":{"s":"b","t":"b"}},
      "uniqueOptimum":"p"
      """
    for (relation, isPossible) in [
      (#"["q",">","p"]"#, false), (#"["q",">=","p"]"#, true),
      (#"["p",">","q"]"#, formalism != "TLO"),
    ] {
      let task = try WorkedTasks.task(
        "policy-order", formalism, on: model, policies + ",\"relations\":[\(relation)]")
      #expect(try checkedAnswer(to: task).isExpressible == isPossible, "\(relation)")
    }
  }
}

extension ExpressAnswer {
  var optimum: Optimum? {
    if case .optimum(let optimum) = outcome { optimum } else { nil }
  }
}
