import Certificates
import ExactArithmetic
import Expressivity
import Foundation
import TestSupport
import Testing

/// Spoiled answers are rejected.
@Suite("Spoiled answers of reward design", .tags(.mutation))
struct ExpressMutationTests {
  private func expectRejected(
    _ text: String, _ task: ExpressTask, _ what: String
  ) throws {
    let document = try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
    let verdict = try document.verify(against: task)
    #expect(!verdict.isAccepted, "\(what): \(text)")
  }

  /// Every answer with one of its numbers changed.
  private func numbersChanged(_ text: String) -> [String] {
    let pattern = /"-?[0-9]+(\/[0-9]+)?"/
    return text.matches(of: pattern).map { match in
      let old = String(text[match.range].dropFirst().dropLast())
      let new = (Rational(old) ?? 0) + Rational(1, 7)
      return text.replacingCharacters(in: match.range, with: "\"\(new)\"")
    }
  }

  @Test("a margin, an entry, a value or a multiplier that is changed")
  func expressible() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.bandit(["a", "b", "c"]),
      """
      "policies":{"a":{"s":"a"},"b":{"s":"b"},"c":{"s":"c"}},"ranking":[["a"],["b"],["c"]]
      """)
    let answer = try checkedAnswer(to: task)
    for changed in numbersChanged(try fileText(of: answer, to: task))
    where !changed.contains("\"discount\":\"9/14\"") {
      try expectRejected(changed, task, "number")
    }
  }

  @Test("a contradiction with a changed multiplier, other signs, other policies, fewer lines")
  func inexpressible() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.roads,
      """
      "policies":\(WorkedTasks.roadPolicies),
      "ranking":[["shortX","longX"],["shortY","longY"]]
      """)
    let whole = try fileText(of: try checkedAnswer(to: task), to: task)
    for changed in numbersChanged(whole) { try expectRejected(changed, task, "number") }
    for (old, new) in [
      ("\"longX\"", "\"longY\""), ("\"shortX\"", "\"shortY\""), ("\"MR\"", "\"LAR\""),
      ("\"MR\"", "\"RRL\""), ("policy-order", "policy-set"), ("\"1/2\"", "\"1/3\""),
    ] {
      let changed = whole.replacing(old, with: new)
      if changed == whole || (old == "\"MR\"" && new == "\"RRL\"") { continue }
      try expectRejected(changed, task, "\(old) for \(new)")
    }
    let negated = whole.replacing(/"multiplier":"(-?)/) { match in
      match.1.isEmpty ? "\"multiplier\":\"-" : "\"multiplier\":\""
    }
    try expectRejected(negated, task, "negated")
  }

  @Test("a conflict of another task")
  func otherTask() throws {
    let fields = """
      "policies":{"half":{"s":{"a":"1/2","b":"1/2"}},"a":{"s":"a"},"b":{"s":"b"}},
      "ranking":[["half"],["a","b"]]
      """
    let once = try WorkedTasks.task("policy-order", "FTR", on: WorkedTasks.oneShot, fields)
    let again = try WorkedTasks.task(
      "policy-order", "FTR", on: WorkedTasks.bandit(["a", "b"]), fields)
    try expectRejected(try fileText(of: express(once), to: once), again, "once for again")
    let whole = try fileText(of: try checkedAnswer(to: again), to: again)
    for changed in numbersChanged(whole) { try expectRejected(changed, again, "number") }
  }

  @Test("ranks that break a relation, and cycles that do not close")
  func orders() throws {
    let task = try WorkedTasks.task(
      "policy-order", "PO", on: WorkedTasks.bandit(["a", "b"]),
      """
      "policies":{"a":{"s":"a"},"b":{"s":"b"}},"relations":[["a",">","b"]]
      """)
    let whole = try fileText(of: try checkedAnswer(to: task), to: task)
    try expectRejected(whole.replacing("\"a\":1", with: "\"a\":0"), task, "rank")
    let cyclic = try WorkedTasks.task(
      "policy-order", "PO", on: WorkedTasks.bandit(["a", "b"]),
      """
      "policies":{"a":{"s":"a"},"b":{"s":"b"}},"relations":[["a",">","b"],["b",">=","a"]]
      """)
    let cycle = try fileText(of: try checkedAnswer(to: cyclic), to: cyclic)
    try expectRejected(cycle, task, "a relation that is not required")
    try expectRejected(cycle.replacing("\">=\"", with: "\">\""), cyclic, "a stricter relation")
  }

  @Test("ranks of a set of policies: a named policy that is not acceptable is below, `equal` holds")
  func ranksOfSets() throws {
    let policies = """
      "policies":{"P":{"s0":"a","s1":"b"},"Q":{"s0":"b","s1":"a"},"B":{"s0":"a","s1":"a"},
      "C":{"s0":{"a":"1/2","b":"1/2"},"s1":"a"}},"acceptable":["P","Q"]
      """
    for (variant, spoiled) in [("range", ["P", "B"]), ("equal", ["P", "Q", "B"])] {
      let task = try WorkedTasks.task(
        "policy-set", "FTLR", on: WorkedTasks.entailment,
        policies + ",\"variant\":\"\(variant)\"")
      let whole = try fileText(of: try checkedAnswer(to: task), to: task)
      #expect(whole.contains(#""P":1"#) && whole.contains(#""Q":1"#) && whole.contains(#""B":0"#))
      for name in spoiled {
        let (old, new) = name == "B" ? ("0", "1") : ("1", name == "P" ? "0" : "2")
        try expectRejected(
          whole.replacing("\"\(name)\":\(old)", with: "\"\(name)\":\(new)"), task, variant)
      }
      // A randomized policy is none of those in question.
      let free = whole.replacing("\"C\":0", with: "\"C\":5")
      let document = try ExpressAnswerDocument.read(bytes: [UInt8](free.utf8), path: "answer")
      #expect(try document.verify(against: task).isAccepted)
    }
  }

  @Test("probabilities of a formula that are wrong")
  func formulas() throws {
    let fields = """
      "policies":{"never":{"s":"stay"},"slow":{"s":{"stay":"9/10","go":"1/10"}},"fast":{"s":"go"}},
      "formula":"F g","ranking":[["slow","fast"],["never"]]
      """
    let task = try WorkedTasks.task("policy-order", "LTL", on: WorkedTasks.leaving, fields)
    let answer = try checkedAnswer(to: task)
    #expect(answer.values.map(\.value) == [0, 1, 1])
    for changed in numbersChanged(try fileText(of: answer, to: task)) {
      try expectRejected(changed, task, "number")
    }
    let other = try WorkedTasks.task(
      "policy-order", "LTL", on: WorkedTasks.leaving,
      fields.replacing("F g", with: "F (g & X g)"))
    #expect(try checkedAnswer(to: other).isExpressible == true)
    let broken = try WorkedTasks.task(
      "policy-order", "LTL", on: WorkedTasks.leaving, fields.replacing("F g", with: "X g"))
    let violated = try checkedAnswer(to: broken)
    #expect(violated.isExpressible == false)
    for changed in numbersChanged(try fileText(of: violated, to: broken)) {
      try expectRejected(changed, broken, "number")
    }
  }
}
