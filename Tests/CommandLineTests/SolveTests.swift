import Foundation
import TestSupport
import Testing

@Suite("rationale solve", .tags(.commandLine))
struct SolveTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
  }

  private func solveJSON(_ arguments: String...) throws -> [String: Any] {
    let run = try folder.run(["solve", "fork.json", "--format", "json"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return try jsonObject(run.output)
  }

  // V* = (8/3, 8), see ``forkText``.
  @Test("the solution as JSON has every field of the contract")
  func json() throws {
    let solution = try solveJSON()
    #expect(solution["format"] as? String == "rationale-solution")
    #expect(solution["version"] as? Int == 1)
    #expect(solution["objective"] as? String == "discounted")
    #expect(solution["direction"] as? String == "maximize")
    #expect(solution["reward"] as? String == "default")
    #expect(solution["discount"] as? String == "1/2")
    #expect(solution["status"] as? String == "exact")
    #expect(solution["values"] as? [String: String] == ["a": "8/3", "b": "8"])
    #expect(solution["initialValue"] as? String == "8/3")
    #expect(solution["initialValueDecimal"] == nil)
    #expect(solution["initial"] == nil)
    #expect(solution["policy"] as? [String: String] == ["a": "go", "b": "stay"])
    #expect(
      solution["optimalActions"] as? [String: [String]] == ["a": ["go"], "b": ["stay"]])
    let certificate = try #require(solution["certificate"] as? [String: Any])
    #expect(certificate["kind"] as? String == "discounted-exact")
    #expect(certificate["values"] as? [String: String] == ["a": "8/3", "b": "8"])
    let statistics = try #require(solution["statistics"] as? [String: Any])
    #expect(statistics["seconds"] is Double)
    #expect(statistics["iterations"] is Int)
    #expect(statistics["denominatorBits"] is Int)
  }

  @Test("decimals are siblings, rounded to the nearest")
  func decimals() throws {
    let solution = try solveJSON("--decimals", "4")
    #expect(solution["valuesDecimal"] as? [String: String] == ["a": "2.6667", "b": "8.0000"])
    #expect(solution["initialValueDecimal"] as? String == "2.6667")
  }

  // Least values: `stay` at `a` earns 1/(1 - 1/2) = 2, `go` (8/2 + 2/2)/2 = 5/2; so 2 and 8.
  @Test("--minimize, --discount and --initial change the problem")
  func problem() throws {
    let least = try solveJSON("--minimize")
    #expect(least["direction"] as? String == "minimize")
    #expect(least["values"] as? [String: String] == ["a": "2", "b": "8"])
    let other = try solveJSON("--discount", "0.0", "--initial", "b")
    #expect(other["discount"] as? String == "0")
    #expect(other["initial"] as? String == "b")
    #expect(other["initialValue"] as? String == "4")
  }

  // With 2 steps to go at discount 1: a stays twice for 2, or goes for (4 + 1)/2; b stays for 8.
  @Test("a finite horizon has a policy a step")
  func finiteHorizon() throws {
    let solution = try solveJSON(
      "--objective", "finite-horizon", "--horizon", "2", "--discount", "1")
    #expect(solution["objective"] as? String == "finite-horizon")
    #expect(solution["horizon"] as? Int == 2)
    #expect(solution["values"] as? [String: String] == ["a": "5/2", "b": "8"])
    let policy = try #require(solution["policy"] as? [[String: String]])
    #expect(policy == [["a": "go", "b": "stay"], ["a": "stay", "b": "stay"]])
    let optimal = try #require(solution["optimalActions"] as? [[String: [String]]])
    #expect(optimal.count == 2 && optimal[1]["a"] == ["stay"])
    let none = try solveJSON("--objective", "finite-horizon", "--horizon", "0")
    #expect(none["values"] as? [String: String] == ["a": "0", "b": "0"])
    #expect((none["policy"] as? [Any])?.isEmpty == true)
  }

  @Test("the scope of the values decides what is there")
  func scopes() throws {
    let initial = try solveJSON("--values", "initial")
    #expect(initial["values"] == nil && initial["optimalActions"] == nil)
    #expect(initial["initialValue"] as? String == "8/3")
    let bounds = try solveJSON("--values", "none")
    #expect(bounds["values"] == nil)
    #expect((bounds["initialValue"] as? [String: String])?.keys.sorted() == ["lower", "upper"])
    for solution in [initial, bounds] {
      let certificate = try #require(solution["certificate"] as? [String: Any])
      #expect(certificate["kind"] as? String == "discounted-enclosed")
      #expect(solution["policy"] as? [String: String] == ["a": "go", "b": "stay"])
      #expect(solution["policyIsOptimal"] as? Bool == true)
    }
  }

  @Test("a certificate file is named from the solution's folder, and check follows it")
  func certificateFile() throws {
    for name in ["answers", "proofs"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: false)
    }
    let run = try folder.run(
      "solve", "fork.json", "--format", "json", "--output", "answers/s.json", "--certificate",
      "proofs/c.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    let solution = try jsonObject(try folder.text(of: "answers/s.json"))
    #expect(
      solution["certificate"] as? [String: String]
        == ["kind": "discounted-exact", "file": "../proofs/c.json"])
    for file in ["answers/s.json", "proofs/c.json"] {
      let check = try folder.run("check", "fork.json", file)
      #expect(check.status == 0, "\(check.output)\(check.errors)")
      #expect(check.output.hasPrefix("accepted: "))
    }
  }

  @Test("the text shows a summary and a line a state")
  func text() throws {
    let run = try folder.run("solve", "fork.json", "--decimals", "3")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("Initial value") && $0.contains("8/3 ≈ 2.667") })
    #expect(lines.contains { $0.split(separator: " ") == ["a", "go", "2.667", "8/3"] })
    #expect(lines.contains { $0.split(separator: " ") == ["b", "stay", "8.000", "8"] })
  }

  @Test("--plot draws a cell a state, and only grids")
  func plot() throws {
    let grid = try folder.run("generate", "gridworld", "--width", "3", "--output", "grid.json")
    #expect(grid.status == 0)
    let run = try folder.run("solve", "grid.json", "--plot", "grid.svg")
    #expect(run.status == 0, "\(run.errors)")
    let picture = try folder.text(of: "grid.svg")
    #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
    #expect(picture.split(separator: "<rect").count == 10)
    let other = try folder.run("solve", "fork.json", "--plot", "fork.svg")
    #expect(other.status == 64)
    #expect(other.output.isEmpty && other.errors.contains("--plot"))
  }

  @Test("a model without rewards is malformed input for an objective that needs one")
  func noRewards() throws {
    let run = try folder.run(
      "solve", "-", "--discount", "1/2", input: modelText())
    #expect(run.status == 65)
    #expect(run.errors.hasPrefix("error: <stdin>: rewards: "))
  }

  // The exact value of Taxi under its initial law was computed outside this package.
  @Test("Taxi as Gymnasium writes it has the stored exact value")
  func taxi() throws {
    let stored = try #require(
      Fixture.json("gymnasium-initial-values.json")["values"] as? [[String: Any]])
    let taxi = try #require(
      stored.first {
        $0["model"] as? String == "gymnasium/taxi.json" && $0["discount"] as? String == "9/10"
      })
    let run = try folder.run(
      "solve", Fixture.path("gymnasium/taxi.json"), "--from", "gymnasium", "--discount", "0.9",
      "--format", "json", "--output", "taxi.json")
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(try folder.text(of: "taxi.json"))
    #expect(solution["initialValue"] as? String == taxi["initialValue"] as? String)
    let check = try folder.run(
      "check", Fixture.path("gymnasium/taxi.json"), "taxi.json", "--from", "gymnasium")
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }
}
