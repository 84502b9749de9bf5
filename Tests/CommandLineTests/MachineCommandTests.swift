import Foundation
import TestSupport
import Testing

@Suite("rationale machine", .tags(.commandLine))
struct MachineCommandTests {
  /// A first step of 0 or 1, then pass or fail.
  private let text = """
    {"format":"rationale-mdp","version":1,"states":["s0","s1","P","F"],
    "actions":["zero","one","pass","fail"],"discount":"1/2","initial":"s0",
    "transitions":[["s0","zero","s1",1],["s0","one","s1",1],["s1","pass","P",1],
    ["s1","fail","F",1],["P","zero","P",1],["F","zero","F",1]]}
    """
  private let folder: ScratchFolder

  /// A gate: passing pays 2, and `bonus` after a first step of 1, which some states remember.
  private static func gate(_ bonus: String, open: String = "0") -> String {
    """
    {"format":"rationale-machine","version":1,"machine":{"states":["start","one","same"],
    "initial":"start","transitions":[["start",{"action":"one"},"one"],
    ["one",{"action":"pass"},"same"]]},
    "reward":[["start","s1","pass",2],["one","s1","pass","\(bonus)"],
    ["one","s1","fail","\(open)"],["same","s1","pass","\(bonus)"],["same","s1","fail","\(open)"]]}
    """
  }

  init() throws {
    folder = try ScratchFolder()
    try folder.write(text, to: "model.json")
    try folder.write(
      text.replacing("\"discount\":\"1/2\",", with: ""), to: "undiscounted.json")
    try folder.write(Self.gate("3"), to: "gate.json")
    try folder.write(Self.gate("4"), to: "four.json")
    try folder.write(Self.gate("3", open: "1"), to: "open.json")
    try folder.write(Self.gate("3").replacing("s1", with: "s9"), to: "foreign.json")
  }

  static let questions: [(arguments: String, mentions: [String], statement: String)] = [
    (
      "machine minimise model.json gate.json", ["3 states", "2 states", "one, same"],
      "of 2 states, pays the same"
    ),
    ("machine minimize model.json gate.json", ["2 states"], "no machine with fewer states"),
    (
      "machine compare model.json gate.json four.json", ["no: the last step", "3", "4", "one"],
      "pay 3 and 4 for the last step of a run of 2 steps"
    ),
    ("machine compare model.json gate.json gate.json", ["yes: both pay"], "on every run"),
    (
      "machine markov model.json gate.json", ["no: two uses of time", "paid apart"],
      "no reward on the model's own states"
    ),
    (
      "machine markov model.json open.json --discount 1/3 --decimals 2", ["yes: this reward"],
      "with discount 1/3, what the machine pays is worth the same"
    ),
  ]

  @Test("each question is answered, its proof is written and checked", arguments: questions)
  func answers(arguments: String, mentions: [String], statement: String) throws {
    let words = arguments.split(separator: " ").map(String.init)
    let run = try folder.run(words + ["--certificate", "proof.json"])
    try #require(run.status == 0, "\(run.errors)")
    for mention in mentions { #expect(run.output.contains(mention), "\(run.output)") }
    let json = try folder.run(words + ["--format", "json", "--output", "answer.json"])
    try #require(json.status == 0, "\(json.errors)")
    #expect(try folder.text(of: "answer.json") == folder.text(of: "proof.json"))
    let answer = try jsonObject(folder.text(of: "answer.json"))
    #expect(answer["format"] as? String == "rationale-machine-answer")
    let check = try folder.run("check", "model.json", "answer.json")
    #expect(check.status == 0 && check.output.hasPrefix("accepted: "), "\(check.output)")
    #expect(check.output.contains(statement), "\(check.output)")
    // Another model: a state is missing.
    try folder.write(text.replacing("s1", with: "other"), to: "other.json")
    let other = try folder.run("check", "other.json", "answer.json")
    #expect(other.status == 1 && other.output.contains("s1"), "\(other.output)")
  }

  @Test("the minimal machine is read again, and solving with it gives the same values")
  func minimalMachine() throws {
    let run = try folder.run(
      "machine", "minimise", "model.json", "gate.json", "--minimal", "small.json")
    try #require(run.status == 0, "\(run.errors)")
    var values: [String] = []
    for machine in ["gate.json", "small.json"] {
      let solved = try folder.run(
        "solve", "model.json", "--machine", machine, "--format", "json", "--output", "answer.json")
      try #require(solved.status == 0, "\(solved.errors)")
      let answer = try jsonObject(folder.text(of: "answer.json"))
      values.append(try #require(answer["initialValue"] as? String))
      #expect(
        try folder.run("check", "model.json", "answer.json", "--machine", machine).status == 0)
    }
    #expect(values == ["3/2", "3/2"])
    let same = try folder.run("machine", "compare", "model.json", "gate.json", "small.json")
    #expect(same.output.contains("yes"), "\(same.output)")
    let again = try folder.run(
      "machine", "minimise", "model.json", "small.json", "--minimal", "again.json")
    #expect(again.status == 0)
    #expect(try folder.text(of: "small.json") == folder.text(of: "again.json"))
  }

  static let wrong: [(arguments: String, status: Int32, mention: String)] = [
    ("machine", 0, "minimise"), ("machine bogus", 64, "bogus"),
    ("machine minimise model.json", 64, "machine"),
    ("machine minimise model.json none.json", 66, "none.json"),
    ("machine minimise model.json model.json", 65, "rationale-machine"),
    ("machine minimise model.json foreign.json", 65, "s9"),
    ("machine minimise model.json gate.json --minimal x.json --output x.json", 64, "both go to"),
    ("machine minimise model.json gate.json --minimal x.json --certificate x.json", 64, "both go"),
    ("machine minimise model.json gate.json --minimal -", 64, "both go to"),
    ("machine compare model.json gate.json", 64, "other"),
    ("machine compare model.json gate.json none.json", 66, "none.json"),
    ("machine compare model.json - -", 64, "standard input"),
    ("machine markov - -", 64, "standard input"),
    ("machine markov undiscounted.json gate.json", 65, "--discount"),
    ("machine markov model.json gate.json --discount 1", 64, "less than 1"),
    ("machine markov model.json gate.json --discount x", 64, "--discount"),
    ("check model.json gate.json", 65, "proves nothing"),
  ]

  @Test("what is wrong is named", arguments: wrong)
  func failures(arguments: String, status: Int32, mention: String) throws {
    let run = try folder.run(arguments.split(separator: " ").map(String.init))
    #expect(run.status == status, "\(run.errors)")
    #expect((run.errors + run.output).contains(mention), "\(run.errors)")
    if status != 0 { #expect(run.output.isEmpty) }
  }

  static let mutations: [(arguments: String, old: String, new: String, status: Int32)] = [
    ("minimise model.json gate.json", "\"same\": \"one\"", "\"same\": \"start\"", 1),
    ("minimise model.json gate.json", "\"same\": \"one\"", "\"same\": \"bogus\"", 1),
    ("minimise model.json gate.json", "\"rounds\"", "\"ranks\"", 65),
    ("minimise model.json gate.json", "\"version\": 1", "\"version\": 2", 65),
    ("minimise model.json gate.json", "\"question\": \"minimise\"", "\"question\": \"x\"", 65),
    ("compare model.json gate.json four.json", "\"4\"\n  ]", "\"5\"\n  ]", 1),
    ("compare model.json gate.json four.json", "\"equivalent\": false", "\"equivalent\": 0", 65),
    ("markov model.json gate.json", "\"discount\": \"1/2\"", "\"discount\": \"1/3\"", 1),
    ("markov model.json gate.json", "\"difference\"", "\"difference\": \"7\", \"x-old\"", 1),
    ("markov model.json gate.json", "\"markov\": false", "\"markov\": true", 65),
    ("markov model.json open.json", "\"discount\": \"1/2\"", "\"discount\": \"1\"", 1),
    ("markov model.json open.json", "\"potential\"", "\"potentials\"", 65),
  ]

  @Test("a spoiled answer is rejected or malformed", .tags(.mutation), arguments: mutations)
  func spoiled(arguments: String, old: String, new: String, status: Int32) throws {
    let words = arguments.split(separator: " ").map(String.init)
    let run = try folder.run(["machine"] + words + ["--format", "json"])
    let spoiled = run.output.replacing(old, with: new)
    #expect(spoiled != run.output, "\(run.output)")
    try folder.write(spoiled, to: "spoiled.json")
    let check = try folder.run("check", "model.json", "spoiled.json")
    #expect(check.status == status, "\(check.output)\(check.errors)")
  }
}
