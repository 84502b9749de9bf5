import Foundation
import TestSupport
import Testing

@Suite("rationale convert and info", .tags(.commandLine))
struct ConvertInfoTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
  }

  @Test("a rationale file reads back as the same model")
  func roundTrip() throws {
    #expect(try folder.run("convert", "fork.json", "again.json").status == 0)
    #expect(try folder.run("convert", "again.json", "twice.json").status == 0)
    #expect(try folder.text(of: "again.json") == folder.text(of: "twice.json"))
    let model = try jsonObject(try folder.text(of: "again.json"))
    #expect(model["states"] as? [String] == ["a", "b"])
    #expect(model["discount"] as? String == "1/2")
  }

  @Test("values survive the formats of other programs", arguments: ["drn", "tra"])
  func otherFormats(suffix: String) throws {
    #expect(try folder.run("convert", "fork.json", "fork.\(suffix)").status == 0)
    let run = try folder.run(
      "solve", "fork.\(suffix)", "--discount", "1/2", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let values = try #require(jsonObject(run.output)["values"] as? [String: String])
    #expect(values.values.sorted() == ["8", "8/3"])
  }

  @Test("dot is written, to standard output too")
  func dot() throws {
    let run = try folder.run("convert", "fork.json", "-", "--to", "dot")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("digraph"))
  }

  @Test("Gymnasium's floats are snapped, and what was changed is told on standard error")
  func snapping() throws {
    let run = try folder.run(
      "convert", Fixture.path("gymnasium/frozenlake4x4.json"), "lake.json", "--from", "gymnasium")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("snapped"))
    #expect(try folder.text(of: "lake.json").contains("\"1/3\""))
  }

  @Test("rows that miss 1 after snapping name the row, the sum and --normalize; it helps")
  func normalizing() throws {
    try folder.write(
      #"{"P":{"0":{"0":[[0.5,0,0,false],[0.4,0,1,false]]}}}"#, to: "g.json")
    let refused = try folder.run("info", "g.json", "--from", "gymnasium")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("9/10") && refused.errors.contains("--normalize"))
    let normalized = try folder.run("info", "g.json", "--from", "gymnasium", "--normalize")
    #expect(normalized.status == 0, "\(normalized.errors)")
  }

  @Test(
    "other programs' files that are broken end with 65",
    .tags(.mutation),
    arguments: [
      ("m.drn", "@type: MDP\n@nr_states\n2\n@model\nstate 0\n\taction a\n\t\t0 : 1\n"),
      ("m.drn", "@type: MDP\n@nr_states\n1\n@model\nstate 0\n\taction a\n\t\t5 : 1\n"),
      ("m.drn", "@type: MDP\n@nr_states\n1\n@model\nstate 0\n\taction a\n\t\t0 : 0.9\n"),
      ("m.tra", "1 1 2\n0 0 0 1\n"), ("m.tra", "1 1 1\n0 0 7 1\n"), ("m.tra", "1 1 1\n0 0 0 0.9\n"),
    ])
  func brokenForeignFiles(name: String, text: String) throws {
    try folder.write(text, to: name)
    let run = try folder.run("info", name)
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: \(name): "))
  }

  @Test("info counts and classifies")
  func info() throws {
    let text = try folder.run("info", "fork.json")
    #expect(text.status == 0)
    #expect(text.output.contains("2"))
    let json = try jsonObject(try folder.run("info", "fork.json", "--format", "json").output)
    #expect(json["states"] as? Int == 2)
    #expect(json["actions"] as? Int == 2)
    #expect(json["choices"] as? Int == 3)
    #expect(json["transitions"] as? Int == 4)
    #expect(json["reachableStates"] as? Int == 2)
    #expect(json["largestDenominator"] as? String == "2")
    // `a` under `stay` and `b` are closed apart from each other.
    #expect(json["classification"] as? String == "multichain")
    #expect(json["communicating"] as? Bool == false)
  }

  @Test("info writes the matrices and hitting times of a small chain")
  func chainMatrices() throws {
    try folder.write(
      #"""
      {"format":"rationale-mdp","version":1,"states":["x","y"],"actions":1,
       "transitions":[["x",0,"y",1],["y",0,"x","1/2"],["y",0,"y","1/2"]]}
      """#, to: "chain.json")
    let run = try folder.run("info", "chain.json", "--format", "json")
    let json = try jsonObject(run.output)
    #expect(json["diameter"] as? String == "2")
    let chain = try #require(json["chain"] as? [String: Any])
    let row = ["x": "1/3", "y": "2/3"]
    #expect(chain["limitingMatrix"] as? [String: [String: String]] == ["x": row, "y": row])
    // D = (I - P) / (3/2)², since I - P has the eigenvalues 0 and 3/2.
    #expect(
      chain["deviationMatrix"] as? [String: [String: String]]
        == ["x": ["x": "4/9", "y": "-4/9"], "y": ["x": "-2/9", "y": "2/9"]])
    #expect(
      chain["hittingTimes"] as? [String: [String: String]]
        == ["x": ["x": "0", "y": "1"], "y": ["x": "2", "y": "0"]])
    #expect(try folder.run("info", "chain.json").output.contains("Deviation matrix"))
  }

  @Test("what an earlier model has left is not read with the next one of the same name")
  func prismLeftovers() throws {
    try folder.write(
      #"{"format":"rationale-mdp","version":1,"states":1,"actions":1,"transitions":[[0,0,0,1]]}"#,
      to: "plain.json")
    #expect(try folder.run("convert", "fork.json", "m.tra").status == 0)
    try folder.write("2 1\n0 5\n", to: "m.srew")
    let run = try folder.run("convert", "plain.json", "m.tra")
    #expect(run.status == 0 && run.errors.contains("removed m.srew"), "\(run.errors)")
    let again = try jsonObject(try folder.run("info", "m.tra", "--format", "json").output)
    #expect(again["states"] as? Int == 1)
    // Without a model that is replaced, such a file is somebody else's.
    try folder.write("1 1\n0 5\n", to: "n.srew")
    let refused = try folder.run("convert", "plain.json", "n.tra")
    #expect(refused.status == 73 && refused.errors.contains("n.srew"), "\(refused.errors)")
  }

  @Test(
    "--values none and initial leave the values out, for every objective",
    arguments: [
      ["finite-horizon", "--horizon", "2"], ["average"], ["blackwell"],
      ["ltl", "--formula", "true"],
    ])
  func limitedValues(objective: [String]) throws {
    for scope in ["none", "initial"] {
      let run = try folder.run(
        ["solve", "fork.json", "--values", scope, "--initial", "a", "--format", "json"]
          + ["--objective"] + objective)
      #expect(run.status == 0, "\(run.errors)")
      let json = try jsonObject(run.output)
      for key in ["values", "gain", "bias", "span", "optimalActions"] {
        #expect(json[key] == nil, "\(key)")
      }
      #expect((json["initialValue"] is String) == (scope == "initial"))
      try folder.write(run.output, to: "answer.json")
      #expect(try folder.run("check", "fork.json", "answer.json").status == 0)
    }
  }
}
