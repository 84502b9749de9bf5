import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("rationale express and formalisms", .tags(.commandLine))
struct ExpressTests {
  private let folder: ScratchFolder

  /// States that alternate whatever the action; ab and ba are acceptable.
  private let entailment = """
    {"format":"rationale-task","version":1,"kind":"policy-set","formalism":"MR","variant":"range",
     "model":{"format":"rationale-mdp","version":1,"states":["s0","s1"],"actions":["a","b"],
      "discount":"1/2","initial":"s0","transitions":[["s0","a","s1",1],["s0","b","s1",1],
      ["s1","a","s0",1],["s1","b","s0",1]]},
     "acceptable":[{"s0":"a","s1":"b"},{"s0":"b","s1":"a"}]}
    """

  init() throws {
    folder = try ScratchFolder()
    try folder.write(entailment, to: "task.json")
  }

  @Test("an impossible task has a certificate that check accepts and a sentence in words")
  func inexpressible() throws {
    let run = try folder.run(["express", "task.json", "--format", "json", "--output", "a.json"])
    #expect(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(
      String(contentsOf: folder.url.appending(path: "a.json"), encoding: .utf8))
    #expect(answer["format"] as? String == "rationale-expressivity")
    #expect(answer["expressible"] as? Bool == false)
    let certificate = try #require(answer["certificate"] as? [String: Any])
    #expect(certificate["type"] as? String == "farkas")
    let constraints = try #require(certificate["constraints"] as? [[String: Any]])
    #expect(constraints.compactMap { $0["multiplier"] as? String } == ["1/2", "1/2"])
    #expect(try folder.run(["check", "task.json", "a.json"]).status == 0)
    let text = try folder.run(["express", "task.json"])
    #expect(text.output.contains("both sides have the same occupancy"))
  }

  @Test("a possible task has a reward of the largest margin")
  func expressible() throws {
    try folder.write(
      entailment.replacing(",{\"s0\":\"b\",\"s1\":\"a\"}", with: ""), to: "one.json")
    let run = try folder.run(["express", "one.json", "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect(answer["margin"] as? String == "4/3")
    try folder.write(run.output, to: "a.json")
    let check = try folder.run(["check", "one.json", "a.json"])
    #expect(check.status == 0)
    #expect(check.output.contains("largest"))
    try folder.write(run.output.replacing("\"4/3\"", with: "\"5/3\""), to: "b.json")
    let spoiled = try folder.run(["check", "one.json", "b.json"])
    #expect(spoiled.status == 1)
    #expect(spoiled.output.hasPrefix("rejected: margin"))
  }

  @Test(
    "bad tasks end with 65 and say what is wrong",
    arguments: [
      ("\"kind\":\"policy-set\"", "\"kind\":\"policies\"", "policy-set"),
      ("\"formalism\":\"MR\"", "\"formalism\":\"XR\"", "MR, LAR"),
      ("\"s0\":\"a\",\"s1\":\"b\"", "\"s0\":\"a\"", "no entry for the state 's1'"),
      ("\"s0\":\"a\",\"s1\":\"b\"", "\"s0\":\"a\",\"s2\":\"b\"", "unknown state 's2'"),
      ("\"s0\":\"a\",\"s1\":\"b\"", "\"s0\":\"c\",\"s1\":\"b\"", "unknown action 'c'"),
      ("\"discount\":\"1/2\"", "\"discount\":\"2\"", "discount"),
      ("\"initial\":\"s0\",", "", "initial"),
      ("\"variant\":\"range\"", "\"variants\":\"range\"", "variant"),
      ("[\"s0\",\"a\",\"s1\",1]", "[\"s0\",\"a\",\"s1\",\"1/2\"]", "model"),
      ("\"formalism\":\"MR\"", "\"formalism\":\"LTL\",\"formula\":\"F (\"", "column"),
      (
        "\"formalism\":\"MR\"", "\"formalism\":\"LTL\",\"formula\":\"F goal\"",
        "formula: there is no label 'goal'; the model has none"
      ),
      (
        "\"formalism\":\"MR\"",
        "\"formalism\":\"RM\",\"machine\":{\"states\":[\"u\"],\"initial\":\"u\","
          + "\"transitions\":[[\"u\",{\"on\":[\"!wet\"]},\"u\"]]}",
        "machine.transitions[0][1].on: there is no label 'wet'"
      ),
    ])
  func malformed(old: String, new: String, message: String) throws {
    try folder.write(entailment.replacing(old, with: new), to: "bad.json")
    let run = try folder.run(["express", "bad.json"])
    #expect(run.status == 65, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.hasPrefix("error: bad.json: "), "\(run.errors)")
  }

  @Test("a model may be named by its path, from the task's folder; arguments may be exchanged")
  func paths() throws {
    let object = try jsonObject(entailment)
    let model = try JSONSerialization.data(withJSONObject: object["model"] ?? [:])
    try folder.write(String(decoding: model, as: UTF8.self), to: "model.json")
    var task = object
    task["model"] = "model.json"
    let text = try JSONSerialization.data(withJSONObject: task)
    try folder.write(String(decoding: text, as: UTF8.self), to: "named.json")
    let run = try folder.run(["express", "named.json", "--format", "json", "--output", "a.json"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.run(["check", "task.json", "a.json"]).status == 0)
    #expect(try folder.run(["check", "a.json", "task.json"]).status == 65)
    #expect(try folder.run(["express", "missing.json"]).status == 66)
  }

  @Test("a task and its answer on standard input")
  func standardInput() throws {
    let run = try folder.run(["express", "-", "--format", "json"], input: entailment)
    #expect(run.status == 0, "\(run.errors)")
    try folder.write(run.output, to: "a.json")
    #expect(try folder.run(["check", "-", "a.json"], input: entailment).status == 0)
    #expect(try folder.run(["check", "task.json", "-"], input: run.output).status == 0)
  }

  @Test("a search for a machine: what is refuted, and a machine that solve reads")
  func machineSearch() throws {
    let none = try folder.run(["express", "task.json", "--search-machine", "1"])
    #expect(
      none.output.hasPrefix("not expressible by a reward machine with at most 1 state"),
      "\(none.output)")
    let json = try folder.run([
      "express", "task.json", "--search-machine", "1", "--format", "json", "--save-machine", "m",
    ])
    #expect(json.errors.contains("--save-machine writes nothing"))
    #expect(try jsonObject(json.output)["expressible"] is NSNull)
    try folder.write(json.output, to: "none.json")
    #expect(try folder.run(["check", "task.json", "none.json"]).status == 0)
    try folder.write(
      json.output.replacing("\"expressible\": null", with: "\"expressible\": false"), to: "no.json")
    #expect(try folder.run(["check", "task.json", "no.json"]).status == 65)
    let found = try folder.run([
      "express", "task.json", "--search-machine", "2", "--decimals", "3", "--format", "json",
      "--save-machine", "two.json", "--output", "found.json",
    ])
    #expect(found.status == 0, "\(found.errors)")
    #expect(try folder.run(["check", "task.json", "found.json"]).status == 0)
    let text = try String(contentsOf: folder.url.appending(path: "found.json"), encoding: .utf8)
    let answer = try jsonObject(text)
    let margin = try #require((answer["margin"] as? String).flatMap { Rational($0) })
    #expect(answer["marginDecimal"] as? String == margin.decimal(digits: 3))
    try folder.write(
      text.replacing("\(margin.decimal(digits: 3))\"", with: "9.999\""), to: "spoiled.json")
    #expect(try folder.run(["check", "task.json", "spoiled.json"]).status == 1)
    let model = try JSONSerialization.data(
      withJSONObject: try jsonObject(entailment)["model"] ?? [:])
    try folder.write(String(decoding: model, as: UTF8.self), to: "model.json")
    let solved = try folder.run([
      "solve", "model.json", "--machine", "two.json", "--format", "json",
    ])
    #expect(solved.status == 0, "\(solved.errors)")
    // A policy with the machine's state as memory does at least as well as the acceptable ones.
    let values = try #require(answer["values"] as? [String: String]).values
    let best = try #require(values.compactMap { Rational($0) }.max())
    let value = try jsonObject(solved.output)["initialValue"] as? String
    #expect(try #require(value.flatMap { Rational($0) }) >= best)
  }

  @Test("fields that the formalism does not use are named")
  func unusedFields() throws {
    let automaton =
      "HOA: v1\\nStates: 1\\nStart: 0\\nAP: 0\\nAcceptance: 0 t\\n--BODY--\\nState: 0\\n[t] 0\\n--END--"
    try folder.write(
      entailment.replacing("\"MR\"", with: "\"MR\",\"automaton\":\"\(automaton)\""),
      to: "extra.json")
    let run = try folder.run(["express", "extra.json"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("warning: the field 'automaton' is not used: the task is in MR"))
  }

  @Test("too many policies end with 75 and name the option")
  func limits() throws {
    try folder.write(entailment.replacing("\"MR\"", with: "\"FTR\""), to: "ftr.json")
    let run = try folder.run(["express", "ftr.json", "--max-policies", "1"])
    #expect(run.status == 75)
    #expect(run.errors.contains("--max-policies"))
  }

  @Test("formalisms lists 17 names and 272 decided pairs, and verifies the witnesses")
  func formalisms() throws {
    let run = try folder.run([
      "formalisms", "--verify", "--format", "json", "--plot", "h.svg", "--dot", "h.dot",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect((answer["formalisms"] as? [Any])?.count == 17)
    let relations = try #require(answer["relations"] as? [[String: Any]])
    #expect(relations.count == 272)
    for relation in relations {
      let holds = try #require(relation["holds"] as? Bool)
      #expect((relation["witness"] == nil) == holds)
    }
    let witnesses = try #require(answer["witnesses"] as? [[String: Any]])
    // W1 is proved by an argument; its example alone is recomputed.
    for witness in witnesses {
      let key = witness["name"] as? String == "W1" ? "argued" : "verified"
      #expect(witness[key] as? Bool == true)
      #expect(witness["argued"] == nil || witness["verified"] == nil)
    }
    let svg = try String(contentsOf: folder.url.appending(path: "h.svg"), encoding: .utf8)
    #expect(svg.hasPrefix("<svg"))
    let dot = try String(contentsOf: folder.url.appending(path: "h.dot"), encoding: .utf8)
    #expect(dot.contains("digraph"))
  }
}

@Suite("rationale formalisms --given", .tags(.commandLine))
struct FormalismsGivenTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s","g"],"actions":["stay","go"],
       "discount":"1/2","initial":"s",
       "transitions":[["s","stay","s",1],["s","go","g",1],["g","stay","g",1]]}
      """, to: "leaving.json")
  }

  @Test("discount 0 is refused: values would see the first step alone")
  func discountZero() throws {
    let run = try folder.run(["formalisms", "--given", "leaving.json", "--discount", "0"])
    #expect(run.status == 64)
    #expect(run.errors.contains("above 0"), "\(run.errors)")
  }

  @Test("the 272 pairs on a model, with the separations they refer to")
  func json() throws {
    let run = try folder.run(["formalisms", "--given", "leaving.json", "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    let relations = try #require(answer["relations"] as? [[String: Any]])
    let separations = try #require(answer["separations"] as? [[String: Any]])
    #expect(relations.count == 272)
    #expect(separations.allSatisfy { $0["verified"] as? Bool == true })
    let pair = relations.first { $0["from"] as? String == "RM" && $0["to"] as? String == "LTL" }
    let place = try #require(pair?["separation"] as? Int)
    #expect(separations[place]["evidence"] as? String == "continuity")
  }

  @Test("what is asked of all models and of one do not mix")
  func usage() throws {
    #expect(try folder.run(["formalisms", "--given", "leaving.json", "--verify"]).status == 64)
    #expect(try folder.run(["formalisms", "--discount", "1/2"]).status == 64)
    #expect(
      try folder.run(["formalisms", "--given", "leaving.json", "--discount", "2"]).status == 65)
    #expect(try folder.run(["formalisms", "--given", "missing.json"]).status == 66)
  }
}
