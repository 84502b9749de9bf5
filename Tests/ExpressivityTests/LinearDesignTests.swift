import Certificates
import ExactArithmetic
import ExactJSON
import Expressivity
import TestSupport
import Testing

/// Cases E1 to E13 of the note on expressivity, as far as they are linear.
@Suite("Linear reward design", .tags(.worked))
struct LinearDesignTests {
  @Test(
    "entailment: which sets of policies a Markov reward expresses",
    arguments: [
      ("[\"aa\"]", "range", "4/3"), ("[\"ab\",\"ba\"]", "range", nil),
      ("[\"ab\",\"ba\"]", "equal", nil), ("[\"aa\",\"ab\",\"ba\"]", "range", "4/3"),
      ("[\"aa\",\"ab\",\"ba\"]", "equal", nil),
    ])
  func entailment(acceptable: String, variant: String, margin: String?) throws {
    let task = try WorkedTasks.task(
      "policy-set", "MR", on: WorkedTasks.entailment,
      """
      "variant":"\(variant)","acceptable":\(acceptable),
      "policies":{"aa":{"s0":"a","s1":"a"},"ab":{"s0":"a","s1":"b"},
                  "ba":{"s0":"b","s1":"a"},"bb":{"s0":"b","s1":"b"}}
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.isExpressible == (margin != nil))
    #expect(answer.margin == margin.flatMap { Rational($0) })
    if variant == "range", margin == nil {
      #expect(answer.multipliers == [Rational(1, 2), Rational(1, 2)])
    }
  }

  @Test("entailment in the limit average: margin 1 for one policy, the same contradiction for two")
  func entailmentLimitAverage() throws {
    let one = try WorkedTasks.task(
      "policy-set", "LAR", on: WorkedTasks.entailment,
      "\"acceptable\":[{\"s0\":\"a\",\"s1\":\"a\"}]")
    #expect(try checkedAnswer(to: one).margin == 1)
    let two = try WorkedTasks.task(
      "policy-set", "LAR", on: WorkedTasks.entailment,
      "\"acceptable\":[{\"s0\":\"a\",\"s1\":\"b\"},{\"s0\":\"b\",\"s1\":\"a\"}]")
    #expect(try checkedAnswer(to: two).multipliers == [Rational(1, 2), Rational(1, 2)])
  }

  @Test("two policies of one occupancy cannot be separated")
  func sameOccupancy() throws {
    let one = "{\"s0\":\"a\",\"s1\":\"a\",\"s2\":\"a\"}"
    let two = "{\"s0\":\"a\",\"s1\":\"a\",\"s2\":\"b\"}"
    let alone = try WorkedTasks.task(
      "policy-set", "MR", on: WorkedTasks.fork, "\"acceptable\":[\(one)]")
    #expect(try checkedAnswer(to: alone).multipliers == [1])
    let both = try WorkedTasks.task(
      "policy-set", "MR", on: WorkedTasks.fork, "\"acceptable\":[\(one),\(two)]")
    #expect(try checkedAnswer(to: both).margin == 2)
  }

  @Test("trajectories: two comparisons contradict each other, a chain has margin 1")
  func trajectories() throws {
    let runs = """
      "rewardOn":"state-action","trajectories":{"aa":["s","a","s","a","s"],
      "ab":["s","a","s","b","s"],"ba":["s","b","s","a","s"],"bb":["s","b","s","b","s"]}
      """
    let contradiction = try WorkedTasks.task(
      "trajectory-order", "MR", on: WorkedTasks.bandit(["a", "b"]),
      runs + ",\"relations\":[[\"aa\",\">\",\"ab\"],[\"bb\",\">\",\"ba\"]]")
    #expect(try checkedAnswer(to: contradiction).multipliers == [Rational(1, 2), Rational(1, 2)])
    let chain = try WorkedTasks.task(
      "trajectory-order", "MR", on: WorkedTasks.bandit(["a", "b"]),
      runs + ",\"ranking\":[[\"aa\"],[\"ab\"],[\"ba\"],[\"bb\"]]")
    let answer = try checkedAnswer(to: chain)
    #expect(answer.margin == 1)
    #expect(
      answer.values.map(\.value) == [
        Rational(3, 2), Rational(1, 2), Rational(-1, 2), Rational(-3, 2),
      ])
  }

  @Test(
    "two roads: the limit average sees the end alone, a Markov reward sees when it comes",
    arguments: [("LAR", "2"), ("MR", nil), ("RRL", nil)])
  func roads(formalism: String, margin: String?) throws {
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: WorkedTasks.roads,
      """
      "policies":\(WorkedTasks.roadPolicies),
      "ranking":[["shortX","longX"],["shortY","longY"]]
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.margin == margin.flatMap { Rational($0) })
    if margin == nil { #expect(answer.multipliers == [-2, 1, 2]) }
  }

  @Test("two roads with a machine that notices the detour: margin 1")
  func roadsWithMachine() throws {
    let task = try WorkedTasks.task(
      "policy-order", "RM", on: WorkedTasks.roads,
      """
      "policies":\(WorkedTasks.roadPolicies),
      "ranking":[["shortX","longX"],["shortY","longY"]],
      "machine":{"states":["u","v"],"initial":"u","transitions":[["u",{"state":"w"},"v"]]}
      """)
    #expect(try checkedAnswer(to: task).margin == 1)
  }

  @Test("two roads, all strict but one equality: a Markov reward of margin 1")
  func strictRoads() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.roads,
      """
      "policies":\(WorkedTasks.roadPolicies),
      "relations":[["shortX",">","shortY"],["shortX",">","longY"],["longX",">","shortY"],
                   ["longX",">","longY"],["shortX","=","longX"]]
      """)
    #expect(try checkedAnswer(to: task).margin == 1)
  }

  @Test(
    "a coin is best: not linear in the occupancy, but in the laws of actions",
    arguments: [("MR", nil), ("LAR", nil), ("RRL", "2")])
  func coin(formalism: String, margin: String?) throws {
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: WorkedTasks.oneShot,
      """
      "policies":{"half":{"s":{"a":"1/2","b":"1/2"}},"a":{"s":"a"},"b":{"s":"b"}},
      "ranking":[["half"],["a","b"]]
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.margin == margin.flatMap { Rational($0) })
    if formalism == "MR" { #expect(answer.multipliers == [Rational(1, 2), 1]) }
    if formalism == "LAR" { #expect(answer.multipliers == [1]) }
  }

  @Test("a machine that remembers the first action repairs entailment: margin 4/3")
  func machineRepairsEntailment() throws {
    let task = try WorkedTasks.task(
      "policy-set", "RM", on: WorkedTasks.entailment,
      """
      "variant":"equal","acceptable":[{"s0":"a","s1":"b"},{"s0":"b","s1":"a"}],
      "machine":{"states":["start","A","B"],"initial":"start","transitions":[
        ["start",{"state":"s0","action":"a"},"A"],["start",{"state":"s0","action":"b"},"B"]]}
      """)
    #expect(try checkedAnswer(to: task).margin == Rational(4, 3))
  }

  @Test(
    "eventually: no Markov reward, but the limit average",
    arguments: [("MR", nil), ("LAR", "2")])
  func eventually(formalism: String, margin: String?) throws {
    let task = try WorkedTasks.task(
      "policy-order", formalism, on: WorkedTasks.leaving,
      """
      "policies":{"never":{"s":"stay"},"slow":{"s":{"stay":"9/10","go":"1/10"}},"fast":{"s":"go"}},
      "ranking":[["slow","fast"],["never"]]
      """)
    let answer = try checkedAnswer(to: task)
    #expect(answer.margin == margin.flatMap { Rational($0) })
    if formalism == "MR" {
      #expect(Set((answer.multipliers ?? []).map { $0.magnitude }) == [Rational(2, 9), 1])
    }
  }

  @Test(
    "lexicographic grids have the margin 4/(n(n+1))",
    arguments: [(2, "2/3"), (3, "1/3"), (4, "1/5"), (5, "2/15")])
  func lexicographic(steps: Int, margin: String) throws {
    var policies: [String] = []
    var order: [String] = []
    for a in stride(from: steps, through: 0, by: -1) {
      for b in stride(from: steps - a, through: 0, by: -1) {
        let name = "p\(a)_\(b)"
        policies.append(
          """
          "\(name)":{"s":{"a":"\(a)/\(steps)","b":"\(b)/\(steps)","c":"\(steps - a - b)/\(steps)"}}
          """)
        order.append("[\"\(name)\"]")
      }
    }
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.bandit(["a", "b", "c"]),
      """
      "policies":{\(policies.joined(separator: ","))},"ranking":[\(order.joined(separator: ","))]
      """)
    #expect(try checkedAnswer(to: task).margin == Rational(margin))
  }

  @Test("preference reversal: multipliers γ/(1+γ) and 1/(1+γ)")
  func reversal() throws {
    let model = WorkedTasks.model(
      states: ["x", "y", "e"], actions: ["take", "invest", "wait"],
      transitions: [
        ("x", "take", "e", "1"), ("x", "invest", "y", "1"), ("x", "wait", "x", "1"),
        ("y", "take", "e", "1"), ("e", "wait", "e", "1"),
      ], initial: "x", discount: "9/10")
    let task = try WorkedTasks.task(
      "trajectory-order", "MR", on: model,
      """
      "trajectories":{"now":["x","take","e"],"later":["x","invest","y","take","e"],
        "wnow":["x","wait","x","take","e"],"wlater":["x","wait","x","invest","y","take","e"]},
      "relations":[["now",">","later"],["wlater",">","wnow"]]
      """)
    #expect(try checkedAnswer(to: task).multipliers == [Rational(9, 19), Rational(10, 19)])
  }

  @Test("three levels of a bandit: margin 2 over pairs of neighbours")
  func threeLevels() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.bandit(["a", "b", "c"]),
      """
      "policies":{"a":{"s":"a"},"b":{"s":"b"},"c":{"s":"c"}},"ranking":[["a"],["b"],["c"]]
      """)
    #expect(try checkedAnswer(to: task).margin == 2)
  }

  @Test("one acceptable arm: multipliers that add up to 1")
  func oneArm() throws {
    for arms in [["a", "b"], ["a", "b", "c"]] {
      let task = try WorkedTasks.task(
        "policy-set", "MR", on: WorkedTasks.bandit(arms), #""acceptable":[{"s":"a"}]"#)
      guard case .reward(let reward) = try checkedAnswer(to: task).outcome else {
        Issue.record("a reward is expected")
        continue
      }
      // The arm pays 1 and the others −1, each for 1/(1 − 1/2) steps.
      #expect(reward.margin == 4)
      #expect(reward.optimality.reduce(Rational.zero) { $0 + $1.multiplier } == 1)
    }
  }
}

/// The answer, after the checker has accepted it as a file.
func checkedAnswer(to task: ExpressTask) throws -> ExpressAnswer {
  let answer = try express(task)
  let bytes = [UInt8](try fileText(of: answer, to: task).utf8)
  let document = try ExpressAnswerDocument.read(bytes: bytes, path: "answer.json")
  let verdict = try document.verify(against: task)
  #expect(verdict.isAccepted, "\(verdict)")
  return answer
}

/// The answer as its file has it.
func fileText(of answer: ExpressAnswer, to task: ExpressTask) throws -> String {
  var bytes: [UInt8] = []
  let json = JSONWriter { bytes += $0 }
  answer.write(to: json, for: task)
  try json.finish()
  return String(decoding: bytes, as: UTF8.self)
}
