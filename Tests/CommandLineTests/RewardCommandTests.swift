import Foundation
import TestSupport
import Testing

@Suite("rationale reward", .tags(.commandLine))
struct RewardCommandTests {
  private let text = """
    {"format":"rationale-mdp","version":1,"states":["s","t"],"actions":["a","b"],
    "discount":"1/2","initial":[["s","1/2"],["t","1/2"]],
    "transitions":[["s","a","s",1],["s","b","t",1],["t","a","t",1],["t","b","s",1]],
    "rewards":{"R":[["s","b",1],["t","a",2]],"D":[["s","b",2],["t","a",1]],
    "X":[["t","a",1]],"away":[["s","b",-1],["t","a",-2]]}}
    """
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(text, to: "e1.json")
    try folder.write(#"{"s":"a","t":{"b":"1"}}"#, to: "stay.json")
    try folder.write(#"{"s":{"a":"1/2","b":"1/2"},"t":"a"}"#, to: "mixed.json")
    try folder.write(#"{"one":{"s":"a","t":"a"},"two":{"s":"b","t":"b"}}"#, to: "two.json")
    try folder.write(#"[["s","a"],["s","b"],["t","a"],["t","b"]]"#, to: "all.json")
    try folder.write(#"[["s","b"]]"#, to: "support.json")
  }

  static let questions: [(arguments: String, mentions: [String])] = [
    ("reward hackable e1.json --rewards R,D", ["yes: D prefers", "loss in R"]),
    ("reward hackable e1.json --rewards R,D --policies two.json", ["yes", "two"]),
    ("reward hackable e1.json --rewards R,X --policies deterministic", ["yes, nontrivial"]),
    ("reward simplify e1.json --reward R --policies deterministic", ["there is a nontrivial one"]),
    ("reward simplify e1.json --reward R --policies two.json", ["no nontrivial one"]),
    ("reward add e1.json --reward R --auxiliary D", ["keeps the optimal policies"]),
    ("reward add e1.json --reward R --auxiliary away --decimals 2", ["7/2 ≈ 3.50"]),
    ("reward blend e1.json --reward R --auxiliary away", ["0 to 1", "above 1"]),
    ("reward blend e1.json --reward R --auxiliary away --planner lookahead:2:1", ["2 steps"]),
    ("reward blend e1.json --reward R --auxiliary D --planner optimal:1/4", ["discount 1/4"]),
    ("reward design e1.json --reward R --policy stay.json --margin 1/10", ["designed"]),
    ("reward design e1.json --reward R --policy stay.json --keep all.json", ["none"]),
    ("reward design e1.json --reward R --policy stay.json --norm linf --minimize", ["0 in linf"]),
    ("compare e1.json --rewards R --nearest support:support.json", ["8/3 in l1"]),
    ("compare e1.json --rewards R --nearest rewards:D,X", ["0 in l1"]),
  ]

  @Test("each question is answered, its proof is written and checked", arguments: questions)
  func answers(arguments: String, mentions: [String]) throws {
    let words = arguments.split(separator: " ").map(String.init)
    let run = try folder.run(words + ["--certificate", "proof.json"])
    try #require(run.status == 0, "\(run.errors)")
    for mention in mentions { #expect(run.output.contains(mention), "\(run.output)") }
    let json = try folder.run(words + ["--format", "json", "--output", "answer.json"])
    try #require(json.status == 0, "\(json.errors)")
    #expect(try folder.text(of: "answer.json") == folder.text(of: "proof.json"))
    let check = try folder.run("check", "e1.json", "answer.json")
    #expect(check.status == 0 && check.output.hasPrefix("accepted: "), "\(check.output)")
    let answer = try jsonObject(folder.text(of: "answer.json"))
    #expect(answer["format"] as? String == "rationale-reward-answer")
    // Another model: a reward is missing.
    try folder.write(text.replacing("\"R\":", with: "\"Q\":"), to: "other.json")
    let other = try folder.run("check", "other.json", "answer.json")
    #expect(other.status == 1 && other.output.contains("no reward 'R'"), "\(other.output)")
  }

  static let wrong: [(arguments: String, status: Int32, mention: String)] = [
    ("reward", 0, "hackable"), ("reward bogus", 64, "bogus"),
    ("reward hackable e1.json", 64, "--rewards"),
    ("reward hackable e1.json --rewards R", 64, "two different names"),
    ("reward hackable e1.json --rewards R,Q", 64, "'Q'"),
    ("reward hackable e1.json --rewards R,D --reward R", 64, "--rewards"),
    ("reward hackable e1.json --rewards R,D --policies none.json", 66, "none.json"),
    ("reward hackable e1.json --rewards R,D --policies stay.json", 65, "['s']"),
    ("reward simplify e1.json --policies two.json", 64, "--reward"),
    ("reward add e1.json --reward R --auxiliary Q", 64, "'Q'"),
    ("reward blend e1.json --reward R --auxiliary D --planner greedy", 64, "greedy"),
    ("reward blend e1.json --reward R --auxiliary D --planner lookahead", 64, "steps"),
    ("reward blend e1.json --reward R --auxiliary D --planner lookahead:0", 64, "steps"),
    ("reward blend e1.json --reward R --auxiliary D --planner optimal:1", 64, "less than 1"),
    ("reward design e1.json --reward R --policy mixed.json", 65, "randomises"),
    ("reward design e1.json --reward R --policy two.json", 65, "one"),
    ("reward design e1.json --reward R --policy stay.json --margin -1", 64, "negative"),
    ("reward design e1.json --reward R --policy stay.json --margin x", 64, "--margin"),
    ("reward design e1.json --reward R --policy stay.json --norm l2", 64, "l2"),
    ("reward design e1.json --reward R --policy stay.json --keep stay.json", 65, "array"),
    ("compare e1.json --rewards R --nearest family", 64, "state-only"),
    ("compare e1.json --rewards R --nearest rewards:D,D", 64, "twice"),
    ("compare e1.json --rewards R --nearest support:two.json", 65, "two.json"),
    ("compare e1.json --rewards R --nearest state-only --metric l2", 64, "l1"),
  ]

  @Test("what is wrong is named", arguments: wrong)
  func failures(arguments: String, status: Int32, mention: String) throws {
    let run = try folder.run(arguments.split(separator: " ").map(String.init))
    #expect(run.status == status, "\(run.errors)")
    #expect((run.errors + run.output).contains(mention), "\(run.errors)")
    if status != 0 { #expect(run.output.isEmpty) }
  }

  @Test(
    "a spoiled answer is rejected or malformed",
    arguments: [
      (#""hackable": true"#, #""hackable": 1"#, Int32(65)),
      (#""question": "hackable""#, #""question": "bogus""#, 65),
      (#""hacked": {"#, #""hacks": {"#, 65), (#""version": 1"#, #""version": 2"#, 65),
      (#""loss": "1""#, #""loss": "2""#, 1), (#""discount": "1/2""#, #""discount": "1""#, 1),
    ])
  func spoiled(old: String, new: String, status: Int32) throws {
    let run = try folder.run(
      "reward", "hackable", "e1.json", "--rewards", "R,D", "--format", "json")
    let spoiled = run.output.replacing(old, with: new)
    #expect(spoiled != run.output)
    try folder.write(spoiled, to: "spoiled.json")
    #expect(try folder.run("check", "e1.json", "spoiled.json").status == status)
  }
}
