import Foundation
import TestSupport
import Testing

@Suite("solve --induced", .tags(.commandLine))
struct InducedTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
  }

  // The best policy goes at `a` and stays at `b`; see ``forkText``.
  @Test("the chain of the policy has the names, labels, rewards and values of the model")
  func chain() throws {
    let run = try folder.run(["solve", "fork.json", "--induced", "chain.drn"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let text = try String(contentsOf: folder.url.appending(path: "chain.drn"), encoding: .utf8)
    #expect(
      text == """
        // discount: 1/2
        @value_type: rational
        @type: DTMC
        @parameters

        @reward_models
        default
        @nr_states
        2
        @nr_choices
        2
        @model
        state 0 [0] init
        //[a]
        \taction go [0]
        \t\t0 : 1/2
        \t\t1 : 1/2
        state 1 [0] goal
        //[b]
        \taction stay [4]
        \t\t1 : 1

        """)
    let again = try folder.run(["solve", "chain.drn", "--format", "json"])
    let solution = try jsonObject(again.output)
    #expect(solution["values"] as? [String: String] == ["a": "8/3", "b": "8"])
    #expect(solution["policy"] as? [String: String] == ["a": "go", "b": "stay"])
  }

  @Test("discount and first state of the question are those of the chain")
  func overrides() throws {
    let run = try folder.run([
      "solve", "fork.json", "--discount", "1/3", "--initial", "b", "--induced", "chain.drn",
    ])
    #expect(run.status == 0)
    let text = try String(contentsOf: folder.url.appending(path: "chain.drn"), encoding: .utf8)
    #expect(text.hasPrefix("// discount: 1/3\n") && text.contains("state 1 [0] init goal\n"))
  }

  @Test(
    "an option that cannot be kept is a usage error, and nothing is written",
    arguments: [
      ["--objective", "finite-horizon", "--horizon", "2", "--induced", "chain.drn"],
      ["--induced", "chain.drn", "--output", "chain.drn"],
      ["--induced", "chain.drn", "--certificate", "chain.drn"], ["--induced", "-"],
    ])
  func refused(arguments: [String]) throws {
    let run = try folder.run(["solve", "fork.json"] + arguments)
    #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "chain.drn").path))
  }

  @Test("a randomised policy has a chain too; where nothing is feasible there is none")
  func constrained() throws {
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s"],"actions":["work","rest"],
      "discount":"1/2","initial":"s","transitions":[["s","work","s",1],["s","rest","s",1]],
      "rewards":{"gain":[["s","work",1]],"cost":[["s","work",1]]}}
      """, to: "work.json")
    // Half of the steps may work: cost 1/2 a step, 1 in all.
    let arguments = ["solve", "work.json", "--reward", "gain", "--induced", "chain.drn"]
    let run = try folder.run(arguments + ["--subject-to", "cost <= 1"])
    #expect(run.status == 0, "\(run.errors)")
    let path = folder.url.appending(path: "chain.drn")
    let text = try String(contentsOf: path, encoding: .utf8)
    #expect(text.contains("action work+rest [1/2, 1/2]\n") && text.contains("@type: DTMC\n"))
    try FileManager.default.removeItem(at: path)
    let none = try folder.run(arguments + ["--subject-to", "cost <= -1"])
    #expect(none.status == 0 && none.errors.contains("--induced writes nothing"))
    #expect(!FileManager.default.fileExists(atPath: path.path))
  }

  // From `a` the label at `b` is reached by `go` alone; at `b` it is over.
  @Test("objectives about a goal have a chain that ends there")
  func goal() throws {
    for objective in ["reachability", "total"] {
      let run = try folder.run([
        "solve", "fork.json", "--objective", objective, "--goal", "goal", "--induced", "chain.drn",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let text = try String(contentsOf: folder.url.appending(path: "chain.drn"), encoding: .utf8)
      #expect(text.contains("//[a]\n\taction go [0]\n\t\t0 : 1/2\n\t\t1 : 1/2\n"))
      #expect(text.contains("state 1 [0] goal\n//[b]\n\taction stop [0]\n\t\t1 : 1\n"))
    }
  }
}
