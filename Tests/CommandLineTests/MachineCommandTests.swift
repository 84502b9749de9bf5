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

  /// A ring of 20 states, where 'switch' turns on or off a machine that pays 1 a step while on.
  private static let ring = """
    {"format":"rationale-mdp","version":1,"states":20,"actions":["go","switch"],"discount":"9/10",
    "initial":0,"transitions":[\((0..<20).map { "[\($0),0,\(($0 + 1) % 20),1]" }
      .joined(separator: ",")),[0,1,1,1]]}
    """
  private static let lamp = """
    {"format":"rationale-machine","version":1,"machine":{"states":["off","on"],"initial":"off",
    "transitions":[["off",{"action":"switch"},"on"],["on",{"action":"switch"},"off"]]},
    "reward":[\((0..<20).map { "[\"on\",\($0),\"go\",1]" }.joined(separator: ","))]}
    """

  init() throws {
    folder = try ScratchFolder()
    try folder.write(text, to: "model.json")
    try folder.write(
      text.replacing("\"discount\":\"1/2\",", with: ""), to: "undiscounted.json")
    try folder.write(Self.ring, to: "ring.json")
    try folder.write(Self.lamp, to: "lamp.json")
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

  @Test("where runs are long, values to a few digits are the proof")
  func longRuns() throws {
    let run = try folder.run(
      "machine", "markov", "ring.json", "lamp.json", "--certificate", "proof.json")
    #expect(run.status == 0 && run.output.contains("apart by"), "\(run.output)\(run.errors)")
    let check = try folder.run("check", "ring.json", "proof.json")
    #expect(check.status == 0 && check.output.contains("no reward"), "\(check.output)")
    let proof = try folder.text(of: "proof.json")
    for (old, new, status) in [
      ("\"machines\": [\n    \"off\"", "\"machines\": [\n    \"on\"", 1),
      ("\"apart\": \"", "\"apart\": \"1", 1), ("\"values\"", "\"valuables\"", 65),
      ("\"go\",", "\"come\",", 1), ("\"switch\"\n", "\"go\"\n", 1),
    ] {
      let spoiled = proof.replacing(old, with: new)
      #expect(spoiled != proof, "\(old): \(proof.prefix(4000))")
      try folder.write(spoiled, to: "spoiled.json")
      let check = try folder.run("check", "ring.json", "spoiled.json")
      #expect(check.status == status, "\(old): \(check.output)\(check.errors)")
    }
  }

  @Test("the start decides what can be reached")
  func starts() throws {
    let start = ["--initial", "s1", "--format", "json", "--output", "answer.json"]
    for (question, key) in [("markov", "markov"), ("compare", "equivalent")] {
      let others = question == "compare" ? ["four.json"] : []
      let words = ["machine", question, "model.json", "gate.json"] + others
      let run = try folder.run(words + start)
      #expect(run.status == 0, "\(run.errors)")
      let answer = try jsonObject(folder.text(of: "answer.json"))
      // After the first step both machines are still where they begin.
      #expect(answer[key] as? Bool == true)
      #expect(answer["initial"] as? String == "s1")
      #expect(try folder.run("check", "model.json", "answer.json").status == 0)
      let elsewhere = try folder.text(of: "answer.json").replacing(
        "\"initial\": \"s1\"", with: "\"initial\": \"s0\"", maxReplacements: 1)
      try folder.write(elsewhere, to: "elsewhere.json")
      let check = try folder.run("check", "model.json", "elsewhere.json")
      #expect(check.status == 1, "\(check.output)")
      let wrong = try folder.run(words + ["--initial", "s9"])
      #expect(wrong.status == 64 && wrong.errors.contains("s9"), "\(wrong.errors)")
    }
  }

  @Test("the machine of a gate is written, and solved with", .tags(.worked))
  func gateMachine() throws {
    try folder.write(
      text.replacing(
        "\"transitions\"",
        with: #""labels":{"end":["P","F"]},"rewards":{"low":[["s0","one",1]],"#
          + #""outcome":[["s1","pass",2]]},"transitions""#), to: "rated.json")
    let words = ["machine", "gate", "rated.json", "--low", "low", "--outcome", "outcome", "--end"]
    for (threshold, value, isMarkov) in [("1", "3", false), ("0", "3", true), ("3", "2", true)] {
      let written = try folder.run(
        words + ["end", "--threshold", threshold, "--output", "gated.json"])
      try #require(written.status == 0, "\(written.errors)")
      let solved = try folder.run(
        "solve", "rated.json", "--machine", "gated.json", "--reward", "machine", "--objective",
        "total", "--goal", "end", "--format", "json")
      #expect(try jsonObject(solved.output)["initialValue"] as? String == value)
      let markov = try folder.run(
        "machine", "markov", "rated.json", "gated.json", "--format", "json")
      #expect(try jsonObject(markov.output)["markov"] as? Bool == isMarkov, "\(threshold)")
    }
    for (arguments, status, mention) in [
      (["ends", "--threshold", "1"], Int32(64), "ends"),
      (["end", "--threshold", "x"], 64, "--threshold"), (["end"], 64, "threshold"),
      (["end", "--threshold", "1", "--initial", "s9"], 64, "s9"),
    ] {
      let run = try folder.run(words + arguments)
      #expect(run.status == status && run.errors.contains(mention), "\(run.errors)")
    }
  }

  @Test("a penalty scales what comes later, for every objective and for check", .tags(.worked))
  func penalty() throws {
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s","t","end"],"actions":["careful","fast"],
      "discount":"1/2","initial":"s","transitions":[["s","careful","t",1],["s","fast","t",1],
      ["t","careful","end",1],["end","careful","end",1]],"labels":{"done":["end"]},
      "rewards":{"progress":[["s","fast",1],["t","careful",8]],"harm":[["s","fast","1/4"]]}}
      """, to: "work.json")
    for (objective, value) in [
      (["--objective", "finite-horizon", "--horizon", "2", "--discount", "1"], "8"),
      (["--objective", "discounted"], "4"),
      (["--objective", "total", "--goal", "done or stopped"], "8"),
      (["--objective", "discounted", "--minimize"], "4"),
      (["--objective", "finite-horizon", "--horizon", "2", "--discount", "1", "--minimize"], "7"),
      (["--objective", "reachability", "--goal", "stopped"], "1/4"),
      (["--objective", "average"], "0"),
    ] {
      let run = try folder.run(
        ["solve", "work.json", "--penalty", "harm", "--format", "json", "--output", "answer.json"]
          + objective)
      try #require(run.status == 0, "\(run.errors)")
      let answer = try jsonObject(folder.text(of: "answer.json"))
      #expect(answer["initialValue"] as? String == value, "\(objective)")
      let check = try folder.run("check", "work.json", "answer.json", "--penalty", "harm")
      #expect(check.status == 0, "\(check.output)\(check.errors)")
      #expect(try folder.run("check", "work.json", "answer.json").status != 0)
    }
    let unknown = try folder.run("solve", "work.json", "--penalty", "harms")
    #expect(unknown.status == 64 && unknown.errors.contains("harms"), "\(unknown.errors)")
    let large = try folder.run("solve", "work.json", "--penalty", "progress")
    #expect(large.status == 64 && large.errors.contains("between 0 and 1"), "\(large.errors)")
  }

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
