import Foundation
import TestSupport
import Testing

@Suite("rationale solve --objective blackwell", .tags(.commandLine))
struct BlackwellCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // C1, C8 and C9 of the notes.
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s","t"],"actions":["a","b","c"],
      "initial":"s","transitions":[["s","a","s","1/2"],["s","a","t","1/2"],["s","b","t",1],
      ["t","c","t",1]],"rewards":[["s","a",5],["s","b",10],["t","c",-1]]}
      """, to: "c1.json")
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s","p","q","e"],"actions":["a","b"],
      "transitions":[["s","a","e",1],["s","b","p",1],["p","a","q",1],["q","a","e",1],
      ["e","a","e",1]],"rewards":[["s","a",1],["q","a",3]]}
      """, to: "c9.json")
  }

  private func solve(_ arguments: String...) throws -> Run {
    try folder.run(["solve"] + arguments + ["--objective", "blackwell"])
  }

  @Test("the answer as JSON, a fraction for the start, and check accepts it")
  func json() throws {
    let run = try solve("c1.json", "--format", "json", "--decimals", "3")
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    #expect(solution["status"] as? String == "exact")
    #expect(solution["gain"] as? [String: String] == ["s": "-1", "t": "-1"])
    #expect(solution["bias"] as? [String: String] == ["s": "12", "t": "0"])
    #expect(solution["policy"] as? [String: String] == ["s": "a", "t": "c"])
    #expect(solution["optimalActions"] as? [String: [String]] == ["s": ["a"], "t": ["c"]])
    #expect(solution["blackwellStart"] as? String == "10/11")
    #expect(solution["blackwellStartDecimal"] as? String == "0.909")
    #expect(solution["optimalFrom"] as? String == "10/11")
    #expect(solution["aPrioriBound"] as? String == "17280/17281")
    #expect(solution["initialValue"] as? String == "-1")
    #expect(solution["pieces"] == nil)
    let check = try folder.run("check", "c1.json", "-", input: run.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    for (old, new) in [("\"10/11\"", "\"9/10\""), ("\"12\"", "\"13\""), ("\"-3\"", "\"-2\"")] {
      let spoiled = run.output.replacing(old, with: new)
      #expect(try folder.run("check", "c1.json", "-", input: spoiled).status == 1)
    }
  }

  @Test("an irrational start is enclosed, with its polynomial")
  func enclosure() throws {
    let run = try solve("c9.json", "--format", "json", "--breakpoints", "--order", "2")
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    let start = try #require(solution["blackwellStart"] as? [String: Any])
    #expect(start["polynomial"] as? [String] == ["-1", "0", "3"])
    #expect(start["upper"] as? String == solution["optimalFrom"] as? String)
    let pieces = try #require(solution["pieces"] as? [[String: Any]])
    #expect(pieces.count == 2)
    #expect((pieces[1]["numerators"] as? [String: [String]])?["s"] == ["0", "0", "3"])
    #expect((solution["laurentCoefficients"] as? [Any])?.count == 4)
    let check = try folder.run("check", "c9.json", "-", input: run.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    // 3γ² - 1 becomes 3γ² - 2: another number.
    let spoiled = run.output.replacing("\"-1\",", with: "\"-2\",")
    #expect(spoiled != run.output)
    #expect(try folder.run("check", "c9.json", "-", input: spoiled).status == 1)
  }

  @Test("text, a certificate in a file, a picture")
  func files() throws {
    let run = try solve(
      "c1.json", "--breakpoints", "--certificate", "c.json", "--plot", "p.svg")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Blackwell start   10/11"))
    #expect(run.output.contains("(-11d + 10)/(d^2 - 3d + 2)"))
    let check = try folder.run("check", "c1.json", "c.json")
    #expect(check.status == 0 && check.output.contains("2 rational functions"), "\(check.errors)")
    let picture = try String(
      contentsOf: folder.url.appending(path: "p.svg"), encoding: .utf8)
    #expect(picture.hasPrefix("<svg") && picture.contains("<title>10/11</title>"))
  }

  @Test("usage errors, and a model that is too large")
  func refusals() throws {
    #expect(try folder.run("solve", "c1.json", "--discount", "1/2", "--breakpoints").status == 64)
    #expect(try folder.run("solve", "c1.json", "--discount", "1/2", "--order", "1").status == 64)
    #expect(try solve("c1.json", "--order", "-2").status == 64)
    #expect(try solve("c1.json", "--method", "linear-program").status == 64)
    let made = try folder.run("generate", "chain", "--states", "3000", "--output", "m.json")
    #expect(made.status == 0)
    let run = try solve("m.json")
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.errors.contains("takes at most"))
  }

  @Test("the time limit ends it with 75")
  func limits() throws {
    let made = try folder.run("generate", "garnet", "--states", "250", "--output", "m.json")
    #expect(made.status == 0)
    let run = try solve("m.json", "--breakpoints", "--time-limit", "0.3")
    #expect(run.status == 75 && run.output.isEmpty, "\(run.status) \(run.errors)")
  }
}
