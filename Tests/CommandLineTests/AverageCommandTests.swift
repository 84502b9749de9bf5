import TestSupport
import Testing

@Suite("rationale solve --objective average, bounds, info of a chain", .tags(.commandLine))
struct AverageCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // The example of the average certificates.
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["start","x","y","z"],
      "actions":["left","right","stay","move"],"initial":"start",
      "transitions":[["start","left","x",1],["start","right","x","1/2"],
      ["start","right","y","1/2"],["x","stay","x",1],["y","move","z",1],["z","move","y",1]],
      "rewards":[["start","left",50],["x","stay",1],["y","move",3]]}
      """, to: "m.json")
  }

  private func solve(_ arguments: String...) throws -> [String: Any] {
    let run = try folder.run(
      ["solve", "m.json", "--objective", "average", "--format", "json"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    let check = try folder.run("check", "m.json", "-", input: run.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    return try jsonObject(run.output)
  }

  @Test(
    "every field of the answer, by every method",
    arguments: [
      "auto", "policy-iteration", "linear-program", "enumeration",
    ])
  func answer(method: String) throws {
    let solution = try solve("--method", method)
    #expect(solution["objective"] as? String == "average")
    #expect(solution["status"] as? String == "exact")
    #expect(
      solution["gain"] as? [String: String] == ["start": "5/4", "x": "1", "y": "3/2", "z": "3/2"])
    #expect(
      solution["bias"] as? [String: String]
        == ["start": "-7/8", "x": "0", "y": "3/4", "z": "-3/4"])
    #expect(solution["span"] as? String == "13/8")
    #expect(solution["biasOptimal"] as? Bool == true)
    #expect(solution["initialValue"] as? String == "5/4")
    #expect(
      solution["policy"] as? [String: String]
        == ["start": "right", "x": "stay", "y": "move", "z": "move"])
    #expect((solution["optimalActions"] as? [String: [String]])?["start"] == ["right"])
    let certificate = solution["certificate"] as? [String: Any]
    #expect(certificate?["kind"] as? String == "average-exact")
    #expect(certificate?["biasWitness"] != nil)
    #expect(solution["discount"] == nil && solution["values"] == nil)
  }

  @Test("the least average, another start, bounds alone")
  func options() throws {
    let least = try solve("--minimize", "--initial", "y")
    #expect(least["initialValue"] as? String == "3/2")
    #expect((least["gain"] as? [String: String])?["start"] == "1")
    let initial = try solve("--values", "initial")
    #expect(initial["initialValue"] as? String == "5/4")
    #expect(initial["gain"] == nil && initial["optimalActions"] == nil)
    for arguments in [["--values", "none"], ["--method", "value-iteration"]] {
      let run = try folder.run(
        ["solve", "m.json", "--objective", "average", "--format", "json"] + arguments)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try folder.run("check", "m.json", "-", input: run.output).status == 0)
      let bounds = try jsonObject(run.output)["initialValue"] as? [String: String]
      #expect(bounds?["lower"] != nil && bounds?["upper"] != nil)
    }
  }

  @Test("a certificate in a file, text, and a spoiled answer")
  func certificateFile() throws {
    let run = try folder.run(
      "solve", "m.json", "--objective", "average", "--certificate", "c.json", "--decimals", "3")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("5/4") && run.output.contains("1.250"))
    #expect(try folder.run("check", "m.json", "c.json").status == 0)
    try folder.write(
      folder.text(of: "c.json").replacing("\"5/4\"", with: "\"6/5\""), to: "c.json")
    #expect(try folder.run("check", "m.json", "c.json").status == 1)
  }

  @Test("bounds computes gain, span and diameters")
  func bounds() throws {
    #expect(try folder.run("generate", "riverswim", "--output", "river.json").status == 0)
    let run = try folder.run("bounds", "--model", "river.json", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let numbers = try jsonObject(run.output)
    #expect(numbers["gain"] as? String == "7203/16805")
    #expect(numbers["span"] as? String == "21209/3361")
    #expect(numbers["diameter"] as? String == "106045/7203")
    #expect(numbers["oneWayDiameter"] as? String == "106045/7203")
    let text = try folder.run("bounds", "--model", "river.json")
    #expect(text.output.contains("106045/7203"))
    let multichain = try jsonObject(
      folder.run("bounds", "--model", "m.json", "--format", "json").output)
    #expect(multichain["diameter"] as? String == "inf")
    #expect(multichain["oneWayDiameter"] == nil)
    #expect((multichain["gain"] as? [String: String])?["start"] == "5/4")
  }

  @Test("info shows the long run of a chain: C13")
  func info() throws {
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["a","b","c"],"actions":1,
      "transitions":[["a","0","a","1/2"],["a","0","b","1/2"],["b","0","a","1/4"],
      ["b","0","b","1/2"],["b","0","c","1/4"],["c","0","b","1/3"],["c","0","c","2/3"]]}
      """, to: "chain.json")
    let run = try folder.run("info", "chain.json", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let chain = try #require(jsonObject(run.output)["chain"] as? [String: Any])
    #expect(chain["recurrentClasses"] as? [[String]] == [["a", "b", "c"]])
    #expect(chain["periods"] as? [Int] == [1])
    #expect(
      chain["stationary"] as? [[String: String]] == [["a": "2/9", "b": "4/9", "c": "1/3"]])
    #expect(chain["kemeny"] as? String == "32/9")
  }

  @Test(
    "what does not fit is refused",
    arguments: [
      ["solve", "m.json", "--objective", "average", "--plot", "p.svg"],
      ["solve", "m.json", "--objective", "average", "--subject-to", "default <= 1"],
      ["solve", "m.json", "--objective", "average", "--horizon", "3"],
      ["bounds"],
    ])
  func refused(arguments: [String]) throws {
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }
}
