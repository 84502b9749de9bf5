import TestSupport
import Testing

/// The example of the certificates: -3, inf, -inf and 0 until `goal`.
private let routeText = """
  {"format":"rationale-mdp","version":1,"states":["s","t","pit","end"],
  "actions":["go","wait","leap","earn"],"initial":"s",
  "transitions":[["s","go","end",1],["s","wait","s",1],["s","leap","pit","1/2"],
  ["s","leap","end","1/2"],["t","earn","t",1],["t","go","s",1],["pit","wait","pit",1],
  ["end","wait","end",1]],
  "rewards":[["s","go",-3],["s","leap",9],["t","earn",1]],
  "labels":{"goal":["end"],"trap":["pit"]}}
  """

@Suite("rationale solve, objectives about a goal", .tags(.commandLine))
struct GoalCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(routeText, to: "route.json")
    let grid = try folder.run(
      "generate", "gridworld", "--width", "5", "--holes", "3", "--output", "grid.json")
    #expect(grid.status == 0)
  }

  private func solved(_ arguments: String...) throws -> (json: [String: Any], text: String) {
    let run = try folder.run(["solve"] + arguments + ["--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    return (try jsonObject(run.output), run.output)
  }

  @Test("total reward has every field of the contract")
  func total() throws {
    let (solution, text) = try solved("route.json", "--objective", "total", "--goal", "goal")
    #expect(solution["objective"] as? String == "total")
    #expect(solution["direction"] as? String == "maximize")
    #expect(solution["reward"] as? String == "default")
    #expect(solution["goal"] as? String == "goal")
    #expect(solution["status"] as? String == "exact")
    #expect(
      solution["values"] as? [String: String] == [
        "s": "-3", "t": "inf", "pit": "-inf", "end": "0",
      ])
    #expect(solution["initialValue"] as? String == "-3")
    #expect(solution["policy"] as? [String: String] == ["s": "go", "t": "go"])
    #expect(solution["optimalActions"] as? [String: [String]] == ["s": ["go", "wait"]])
    let certificate = try #require(solution["certificate"] as? [String: Any])
    #expect(certificate["kind"] as? String == "total-exact")
    #expect(certificate["ray"] is [String: Any])
    try expectChecked(text, "route.json")
    #expect(
      try folder.run(
        "check", "route.json", "-", input: text.replacing("\"-3\"", with: "\"-2\"")
      ).status == 1)
  }

  @Test("reachability needs no reward and no discount")
  func reachability() throws {
    let (solution, text) = try solved(
      "route.json", "--objective", "reachability", "--goal", "trap", "--decimals", "3")
    #expect(solution["objective"] as? String == "reachability")
    #expect(solution["reward"] == nil && solution["discount"] == nil)
    #expect(
      solution["values"] as? [String: String] == [
        "s": "1/2", "t": "1/2", "pit": "1", "end": "0",
      ])
    #expect((solution["valuesDecimal"] as? [String: String])?["s"] == "0.500")
    try expectChecked(text, "route.json")
  }

  @Test("within a number of steps: policies and optimal actions are lists of steps")
  func bounded() throws {
    let (solution, text) = try solved(
      "route.json", "--objective", "reachability", "--goal", "trap", "--horizon", "2",
      "--initial", "t")
    #expect(solution["horizon"] as? Int == 2)
    #expect(solution["initial"] as? String == "t")
    #expect(solution["initialValue"] as? String == "1/2")
    #expect((solution["policy"] as? [[String: String]])?.count == 2)
    #expect((solution["optimalActions"] as? [[String: [String]]])?.count == 2)
    try expectChecked(text, "route.json")
  }

  @Test(
    "every way to ask gives an answer that check accepts",
    arguments: [
      "", "--minimize", "--values none", "--values initial", "--method linear-program",
      "--method value-iteration", "--method policy-iteration", "--minimize --values none",
    ])
  func checked(options: String) throws {
    for objective in ["reachability", "total"] {
      let run = try folder.run(
        ["solve", "grid.json", "--objective", objective, "--goal", "goal", "--format", "json"]
          + options.split(separator: " ").map(String.init))
      #expect(run.status == 0, "\(run.errors)")
      try expectChecked(run.output, "grid.json")
    }
  }

  @Test("certificate in a file, picture of a grid, text")
  func files() throws {
    let run = try folder.run(
      "solve", "grid.json", "--objective", "total", "--goal", "goal", "--certificate", "c.json",
      "--plot", "grid.svg")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("maximize the total of 'default' until 'goal'"))
    #expect(run.output.contains("-inf"))
    #expect(try folder.run("check", "grid.json", "c.json").status == 0)
    #expect(try folder.text(of: "grid.svg").hasPrefix("<svg"))
  }

  @Test(
    "what cannot be asked is refused with 64 and says what can",
    arguments: [
      ("--objective reachability", "there are: 'goal', 'trap'"),
      ("--objective total --goal home", "there are: 'goal', 'trap'"),
      ("--objective total --goal goal --horizon 3", "--horizon"),
      ("--objective reachability --goal goal --horizon -1", "--horizon"),
      ("--objective reachability --goal goal --discount 1/2", "--discount"),
      ("--goal goal --discount 1/2", "--goal"),
      ("--objective total --goal goal --reward cost", "there are: 'default'"),
    ])
  func refused(options: String, message: String) throws {
    let run = try folder.run(
      ["solve", "route.json"] + options.split(separator: " ").map(String.init))
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  private func expectChecked(_ solution: String, _ model: String) throws {
    let check = try folder.run("check", model, "-", input: solution)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }
}
