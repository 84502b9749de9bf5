import Certificates
import ExactArithmetic
import Expressivity
import TestSupport
import Testing

@Suite("Functions of trajectories and orders", .tags(.worked))
struct OrderDesignTests {
  @Test("never, slow, fast: a function of the run's beginning tells them apart")
  func eventually() throws {
    let task = try WorkedTasks.task(
      "policy-order", "FTR", on: WorkedTasks.leaving,
      """
      "policies":{"never":{"s":"stay"},"slow":{"s":{"stay":"9/10","go":"1/10"}},"fast":{"s":"go"}},
      "ranking":[["slow","fast"],["never"]]
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.isExpressible == true)
    let values = answer.values.map(\.value)
    #expect(values[1] == values[2])
    #expect(values[1] > values[0])
  }

  @Test("a coin that is tossed once is no better than its sides to any function of runs")
  func coinOnce() throws {
    let fields = """
      "policies":{"half":{"s":{"a":"1/2","b":"1/2"}},"a":{"s":"a"},"b":{"s":"b"}},
      "ranking":[["half"],["a","b"]]
      """
    let once = try WorkedTasks.task("policy-order", "FTR", on: WorkedTasks.oneShot, fields)
    #expect(try checkedAnswer(to: once).multipliers == [Rational(1, 2), 1])
    let again = try WorkedTasks.task(
      "policy-order", "FTR", on: WorkedTasks.bandit(["a", "b"]), fields)
    #expect(try checkedAnswer(to: again).isExpressible == true)
    let outer = try WorkedTasks.task("policy-order", "ONMR", on: WorkedTasks.oneShot, fields)
    let answer = try checkedAnswer(to: outer)
    guard case .ranks(let ranks) = answer.outcome else {
      Issue.record("\(answer.outcome)")
      return
    }
    #expect(ranks == [1, 0, 0])
  }

  @Test(
    "only the two classes of policies see an unreachable state",
    arguments: [
      ("TLO", false), ("OMO", false), ("MR", false), ("FTLR", false), ("FPR", true), ("PO", true),
    ])
  func unreachable(formalism: String, isExpressible: Bool) throws {
    let model = WorkedTasks.model(
      states: ["x", "u"], actions: ["a", "b"],
      transitions: [("x", "a", "x", "1"), ("u", "a", "u", "1"), ("u", "b", "u", "1")],
      initial: "x")
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: model,
      """
      "policies":{"p":{"u":"a"},"q":{"u":"b"}},"relations":[["p",">","q"]]
      """)
    #expect(try checkedAnswer(to: task).isExpressible == isExpressible)
  }

  @Test("a cycle of strict relations is found and is shortest")
  func cycle() throws {
    let task = try WorkedTasks.task(
      "policy-order", "PO", on: WorkedTasks.bandit(["a", "b", "c"]),
      """
      "policies":{"a":{"s":"a"},"b":{"s":"b"},"c":{"s":"c"},"d":{"s":{"a":"1/2","b":"1/2"}}},
      "relations":[["a",">=","b"],["b","=","c"],["c",">","d"],["d",">","a"],["c",">","a"]]
      """)
    guard case .cycle(let steps) = try checkedAnswer(to: task).outcome else {
      Issue.record("no cycle")
      return
    }
    #expect(steps.count == 3)
  }

  @Test("runs that are the same are merged, also where their cycles are written differently")
  func sameRuns() throws {
    let task = try WorkedTasks.task(
      "trajectory-order", "FTR", on: WorkedTasks.bandit(["a", "b"]),
      """
      "trajectories":{"A":{"steps":["s","a","s"],"cycle":["b","s","a","s"]},
        "B":{"steps":["s"],"cycle":["a","s","b","s","a","s","b","s"]}},
      "relations":[["A",">","B"]]
      """)
    #expect(try checkedAnswer(to: task).isExpressible == false)
  }
}
