import Foundation
import TestSupport
import Testing

@Suite("rationale express: what is optimal", .tags(.commandLine))
struct ExpressOptimumTests {
  private let folder: ScratchFolder

  private let task = """
    {"format":"rationale-task","version":1,"kind":"policy-order","formalism":"MR",
     "model":{"format":"rationale-mdp","version":1,"states":["s","safe","lava"],"actions":["a","b"],
      "discount":"1/2","initial":"s","transitions":[["s","a","safe",1],["s","b","lava",1],
      ["safe","a","safe",1],["lava","a","safe",1]]},
     "policies":{"walk":{"s":"a"},"swim":{"s":"b"}},"uniqueOptimum":"walk"}
    """

  init() throws {
    folder = try ScratchFolder()
    try folder.write(task, to: "task.json")
  }

  private func text(of task: String) throws -> String {
    try folder.write(task, to: "other.json")
    let run = try folder.run(["express", "other.json", "--format", "json", "--output", "a.json"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.run(["check", "other.json", "a.json"]).status == 0)
    return try folder.run(["express", "other.json"]).output
  }

  @Test("an only optimum, in words and as a checked file")
  func unique() throws {
    let output = try text(of: task)
    #expect(
      output.contains(
        "walk is the only optimum: every other choice at a state that it reaches loses"))
    #expect(output.contains("the largest for rewards within [-1, 1]"))
    let impossible = try text(
      of: task.replacing(
        #""uniqueOptimum""#, with: #""relations":[["swim",">=","walk"]],"uniqueOptimum""#))
    #expect(impossible.hasPrefix("not expressible in MR, discount 1/2\n"))
    #expect(impossible.contains("[loss of b at s]"))
  }

  @Test("states to be avoided, in words")
  func avoid() throws {
    let avoiding = task.replacing(#""uniqueOptimum":"walk""#, with: #""avoid":["lava"]"#)
    #expect(
      try text(of: avoiding).contains("every optimal policy avoids lava: each discounted visit"))
    #expect(
      try text(of: avoiding.replacing(#"["lava"]"#, with: #"["safe"]"#)).contains(
        "every policy visits safe with a positive probability, from s on"))
    #expect(
      try text(of: avoiding.replacing(#"["lava"]"#, with: #"["s"]"#)).contains(
        "every policy visits s: runs start there"))
    #expect(
      try text(of: avoiding.replacing(#""formalism":"MR""#, with: #""formalism":"FTR""#)).contains(
        "every optimal policy among the deterministic ones avoids lava: {s: a}"))
  }

  @Test(
    "bad requests end with 65 and say what is wrong",
    arguments: [
      (#""walk"}"#, #""run"}"#, "nothing is called 'run' here"),
      (#""uniqueOptimum":"walk""#, #""avoid":["lave"]"#, "did you mean 'lava'"),
      (#""uniqueOptimum":"walk""#, #""avoid":[]"#, "at least one state"),
      (#""uniqueOptimum":"walk""#, #""avoid":"lava""#, "at least one state"),
      (#""uniqueOptimum":"walk""#, #""avoid":["lava","lava"]"#, "appears twice"),
      (#""kind":"policy-order""#, #""kind":"policy-set","acceptable":["walk"]"#, "no such field"),
      (#""uniqueOptimum""#, #""discount":"any","uniqueOptimum""#, "one discount"),
      (#""uniqueOptimum""#, #""discount":"0","uniqueOptimum""#, "positive discount"),
      (#""discount":"1/2","#, "", "needs a discount"),
    ])
  func malformed(old: String, new: String, message: String) throws {
    try #require(task.contains(old))
    try folder.write(task.replacing(old, with: new), to: "bad.json")
    let run = try folder.run(["express", "bad.json"])
    #expect(run.status == 65, "\(run.output) \(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.hasPrefix("error: bad.json: "), "\(run.errors)")
  }

  @Test("a machine is not searched for them")
  func machine() throws {
    let run = try folder.run(["express", "task.json", "--search-machine", "2"])
    #expect(run.status == 65)
    #expect(run.errors.contains("uniqueOptimum"))
  }
}
