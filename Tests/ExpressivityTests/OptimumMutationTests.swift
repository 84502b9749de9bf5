import Certificates
import ExactArithmetic
import Expressivity
import Foundation
import TestSupport
import Testing

/// Spoiled answers to requests about optimal policies are rejected.
@Suite("Spoiled answers about optimal policies", .tags(.mutation))
struct OptimumMutationTests {
  private func expectRejected(_ text: String, _ task: ExpressTask, _ what: String) throws {
    let document = try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
    #expect(!(try document.verify(against: task)).isAccepted, "\(what): \(text)")
  }

  private func numbersChanged(_ text: String) -> [String] {
    text.matches(of: /"-?[0-9]+(\/[0-9]+)?"/).map { match in
      let old = String(text[match.range].dropFirst().dropLast())
      return text.replacingCharacters(
        in: match.range, with: "\"\((Rational(old) ?? 0) + Rational(1, 7))\"")
    }
  }

  private func expectAllRejected(
    _ task: ExpressTask, isExpressible: Bool, _ replacements: [(String, String)]
  ) throws {
    let answer = try checkedAnswer(to: task)
    #expect(answer.isExpressible == isExpressible)
    let whole = try fileText(of: answer, to: task)
    for changed in numbersChanged(whole) { try expectRejected(changed, task, "number") }
    for (old, new) in replacements {
      try #require(whole.contains(old), "\(old) in \(whole)")
      try expectRejected(whole.replacing(old, with: new), task, "\(old) for \(new)")
    }
  }

  @Test("an only optimum: every number, another policy, a dropped potential")
  func unique() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      #""policies":{"aa":{"s0":"a","s1":"a"}},"uniqueOptimum":"aa""#)
    try expectAllRejected(
      task, isExpressible: true,
      [
        (#""optimum":{"s0":"a""#, #""optimum":{"s0":"b""#),
        (#""potential":{"s0":"2","s1":"2"}"#, #""potential":{"s0":"2"}"#),
        (#""s0","b","1"]"#, #""s1","b","1"]"#),
        (#""deviations":[["s0","a","-1"],["s0","b","1"]]"#, #""deviations":[]"#),
      ])
  }

  @Test("no only optimum: every number, fewer lines, another relation")
  func noUnique() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      """
      "policies":{"aa":{"s0":"a","s1":"a"},"ab":{"s0":"a","s1":"b"},"ba":{"s0":"b","s1":"a"}},
      "relations":[["aa","=","ab"]],"uniqueOptimum":"aa"
      """)
    try expectAllRejected(
      task, isExpressible: false,
      [("\"ab\"", "\"ba\""), ("\"=\"", "\">\""), ("[\"s1\",\"b\"", "[\"s0\",\"b\"")])
    let whole = try fileText(of: express(task), to: task)
    let other = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      """
      "policies":{"aa":{"s0":"a","s1":"a"},"ab":{"s0":"a","s1":"b"}},
      "relations":[["aa","=","ab"]],"uniqueOptimum":{"s0":"b","s1":"b"}
      """)
    try expectRejected(whole, other, "another only optimum")
  }

  @Test("a mixture: every number, another policy")
  func mixture() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      #""policies":{"half":{"s0":{"a":"1/2","b":"1/2"},"s1":"a"}},"uniqueOptimum":"half""#)
    try expectAllRejected(
      task, isExpressible: false, [(#"{"s0":"a","s1":"a"}"#, #"{"s0":"a","s1":"b"}"#)])
    // The requirement is the task's only where the policy is asked for.
    let free = try WorkedTasks.task(
      "policy-order", "MR", on: WorkedTasks.entailment,
      #""policies":{"half":{"s0":{"a":"1/2","b":"1/2"},"s1":"a"}}"#)
    try expectRejected(try fileText(of: express(task), to: task), free, "another task")
  }

  @Test("states to be avoided: another margin or policy, no potential, no bound of one policy")
  func avoid() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: OptimumTests.lava, #""avoid":["lava"]"#)
    let answer = try checkedAnswer(to: task)
    let whole = try fileText(of: answer, to: task)
    let margin = try #require(answer.optimum?.reward.margin)
    for (old, new) in [
      (#""margin":"\#(margin)""#, #""margin":"\#(margin + 1)""#),
      (#""optimum":{"s":"a""#, #""optimum":{"s":"b""#),
      (
        #""expressible":true"#,
        #""expressible":true,"optimality":{"constraints":[],"deviations":[]}"#
      ),
    ] {
      try #require(whole.contains(old), "\(whole)")
      try expectRejected(whole.replacing(old, with: new), task, "\(old) for \(new)")
    }
    let zero = """
      {"format":"rationale-expressivity","version":1,"kind":"policy-order","formalism":"MR",
       "discount":"1/2","expressible":true,"margin":null,"reward":[],"values":{}}
      """
    try expectRejected(zero, task, "no potential")
  }

  @Test("relations that force a visit: every number, no conflict")
  func forced() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: OptimumTests.lava,
      """
      "policies":{"safe":{"s":"a","edge":"a"},"risky":{"s":"b","edge":"a"}},
      "relations":[["risky",">=","safe"]],"avoid":["lava"]
      """)
    try expectAllRejected(task, isExpressible: false, [("\"risky\"", "\"safe\"")])
    let none = """
      {"format":"rationale-expressivity","version":1,"kind":"policy-order","formalism":"MR",
       "discount":"1/2","expressible":false,"certificate":{"type":"deviations","conflicts":[]}}
      """
    try expectRejected(none, task, "no conflict")
  }

  @Test("ranks and runs that prove nothing")
  func unavoidable() throws {
    let task = try WorkedTasks.task(
      "policy-order", "MR", on: OptimumTests.lava, #""avoid":["lava"],"initial":"edge""#)
    let whole = try fileText(of: checkedAnswer(to: task), to: task)
    for (old, new) in [
      (#""edge":1,"#, ""), (#","lava":0"#, ""), (#""edge":1"#, #""edge":0"#),
      (#""edge":1"#, #""edge":-1"#), (#""edge":1"#, #""edge":1,"x":0"#),
    ] {
      try #require(whole.contains(old), "\(whole)")
      try expectRejected(whole.replacing(old, with: new), task, "\(old) for \(new)")
    }
    let visiting = try WorkedTasks.task(
      "policy-order", "PO", on: OptimumTests.lava,
      #""uniqueOptimum":{"s":"b","edge":"a"},"avoid":["lava"]"#)
    let run = try fileText(of: checkedAnswer(to: visiting), to: visiting)
    for (old, new) in [
      (#","a","lava"]"#, "]"), (#","a","lava"]"#, #","b","lava"]"#),
      (#"["s","b","edge","#, #"["edge","#), (#","a","lava"]"#, #","a","safe"]"#),
    ] {
      try #require(run.contains(old), "\(run)")
      try expectRejected(run.replacing(old, with: new), visiting, "\(old) for \(new)")
    }
  }

  @Test(
    "other formalisms: a policy left out, another one called optimal",
    arguments: ["LAR", "FTR", "PO"])
  func elsewhere(formalism: String) throws {
    let fields = """
      "policies":{"safe":{"s":"a","edge":"a"},"other":{"s":"a","edge":"b"},"risky":{"s":"b","edge":"b"}},
      "avoid":["lava"]
      """
    let free = try WorkedTasks.task("policy-order", formalism, on: OptimumTests.lava, fields)
    let answer = try checkedAnswer(to: free)
    // On the long run every run ends in `safe`.
    #expect(answer.isExpressible == (formalism != "LAR"))
    if formalism != "LAR" {
      let whole = try fileText(of: answer, to: free)
      try #require(whole.contains(#""optimum":{"s":"a""#), "\(whole)")
      try expectRejected(
        whole.replacing(#""optimum":{"s":"a""#, with: #""optimum":{"s":"b""#), free, "optimum")
      try expectRejected(
        whole.replacing(/,"optimum":\{[^}]*\}/, with: ""), free, "no optimum")
    }
    let forced = try WorkedTasks.task(
      "policy-order", formalism, on: OptimumTests.lava,
      fields + #","relations":[["risky",">=","safe"],["risky",">","other"]]"#)
    let refuted = try checkedAnswer(to: forced)
    #expect(refuted.isExpressible == false)
    let whole = try fileText(of: refuted, to: forced)
    try expectRejected(
      whole.replacing(/"policies":\[.*\]/, with: #""policies":[]"#), forced, "no policies")
    try expectRejected(whole, free, "another task")
  }
}
