import TestSupport
import Testing

@Suite("rationale generate", .tags(.commandLine))
struct GenerateTests {
  @Test("the same bytes go to standard output and to a file")
  func sameBytes() throws {
    let folder = try ScratchFolder()
    let printed = try folder.run("generate", "garnet", "--states", "20", "--seed", "3")
    let written = try folder.run(
      "generate", "garnet", "--states", "20", "--seed", "3", "--output", "g.json")
    #expect(printed.status == 0 && written.status == 0)
    #expect(written.output.isEmpty)
    #expect(try folder.text(of: "g.json") == printed.output)
    #expect(printed.output.contains("garnet --states 20 --actions 4"))
  }

  @Test("the format follows the extension or --to; PRISM's explicit format is three files")
  func formats() throws {
    let folder = try ScratchFolder()
    #expect(try folder.run("generate", "chain", "--output", "c.drn").status == 0)
    #expect(try folder.text(of: "c.drn").contains("@type: MDP"))
    let prism = try folder.run(
      "generate", "chain", "--to", "prism-explicit", "--output", "prism")
    #expect(prism.status == 0, "\(prism.errors)")
    #expect(try folder.files == ["c.drn", "prism.lab", "prism.tra", "prism.trew"])
    let dot = try folder.run("generate", "riverswim", "--to", "dot")
    #expect(dot.output.hasPrefix("digraph"))
  }

  @Test("a hard instance takes its parameters by name")
  func parameters() throws {
    let run = try ScratchFolder().run(
      "generate", "hard-chain", "--parameter", "H=4", "--parameter", "d=2", "--parameter",
      "delta=1/4", "--parameter", "Delta=1/12", "--parameter", "mu=+")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("x4"))
  }
}
