import TestSupport
import Testing

/// Arguments that are refused before any file is read, and what the message must say.
struct Refusal: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let mentions: [String]

  init(_ arguments: String, _ mentions: String...) {
    self.arguments = arguments.split(separator: " ").map(String.init)
    self.mentions = mentions
  }

  var testDescription: String { arguments.joined(separator: " ") }
}

@Suite("Usage errors end with 64", .tags(.commandLine))
struct UsageTests {
  @Test(
    "what is wrong is named, with the usage line",
    arguments: [
      Refusal("bogus", "'bogus'", "solve, check, convert, info, generate"),
      Refusal("bogus fork.json", "no subcommand 'bogus'"),
      Refusal("help bogus", "no subcommand 'bogus'"),
      Refusal("solve", "model"),
      Refusal("solve fork.json extra", "extra"),
      Refusal("solve fork.json --bogus", "--bogus"),
      Refusal("solve fork.json --objective bogus", "bogus", "discounted"),
      Refusal("solve fork.json --method bogus", "bogus", "policy-iteration"),
      Refusal(
        "solve fork.json --method linear-program --objective finite-horizon --horizon 2",
        "backward induction"),
      Refusal("solve fork.json --subject-to default", "<="),
      Refusal("solve fork.json --subject-to cost<=1", "'default'"),
      Refusal("solve fork.json --subject-to default<=1/0", "zero"),
      Refusal("solve fork.json --subject-to default<=1 --method enumeration", "linear-program"),
      Refusal("solve fork.json --subject-to default<=1 --values none", "--values"),
      Refusal("solve fork.json --format xml", "xml"),
      Refusal("solve fork.json --values some", "some"),
      Refusal("solve fork.json --from xml", "xml", "prism-explicit"),
      Refusal("solve fork.json --from dot", "'dot' is written only"),
      Refusal("solve fork.json --discount 1", "discount", "--discount 99/100"),
      Refusal("solve fork.json --discount 3/2", "discount"),
      Refusal("solve fork.json --discount -1/2", "discount"),
      Refusal("solve fork.json --discount zero", "discount", "zero"),
      Refusal("solve fork.json --discount 1/0", "discount", "zero denominator"),
      Refusal("solve fork.json --discount 1e99999", "discount", "exponent"),
      Refusal("solve fork.json --objective finite-horizon", "--horizon"),
      Refusal("solve fork.json --objective finite-horizon --horizon -1", "--horizon"),
      Refusal("solve fork.json --objective finite-horizon --horizon x", "--horizon"),
      Refusal("solve fork.json --objective finite-horizon --horizon 2 --discount 2", "discount"),
      Refusal("solve fork.json --horizon 3", "--horizon", "finite-horizon"),
      Refusal("solve fork.json --decimals -1", "--decimals"),
      Refusal("solve fork.json --time-limit -1", "--time-limit"),
      Refusal("solve fork.json --time-limit soon", "--time-limit", "soon"),
      Refusal("solve fork.json --memory-limit 0", "--memory-limit"),
      Refusal("solve fork.json --max-digits 0", "--max-digits"),
      Refusal("solve fork.json --reward proxy", "proxy", "'default'"),
      Refusal("solve fork.json --initial c", "'c'", "'a', 'b'"),
      Refusal("solve fork.json --output x --certificate x", "x"),
      Refusal("solve two.json", "--reward", "'r', 's'"),
      Refusal("solve bare.json", "discount", "--discount"),
      Refusal("solve bare.json --objective discounted", "discount"),
      Refusal("check fork.json", "certificate"),
      Refusal("check - -", "standard input"),
      Refusal("convert fork.json", "OUT"),
      Refusal("convert fork.json out.txt", "--to", "drn"),
      Refusal("convert fork.json out.json --to gymnasium", "gymnasium"),
      Refusal("generate", "family"),
      Refusal("generate bogus", "bogus", "garnet"),
      Refusal("generate garnet --states x", "--states", "x"),
      Refusal("generate garnet --discount 1", "--discount"),
      Refusal("generate hard-chain --parameter Q=1", "Q"),
    ])
  func refusal(_ refusal: Refusal) throws {
    let folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
    try folder.write(modelText(more: #""rewards":{"r":[],"s":[]},"discount":0.9"#), to: "two.json")
    try folder.write(modelText(more: #""rewards":[]"#), to: "bare.json")
    let before = try folder.files
    let run = try folder.run(refusal.arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: "))
    #expect(run.errors.contains("Usage: rationale"))
    for mention in refusal.mentions {
      #expect(run.errors.contains(mention), "\(run.errors)")
    }
    #expect(try folder.files == before)
  }

  @Test(
    "every help page has a worked example",
    arguments: ["", "solve", "check", "convert", "info", "generate", "bounds"])
  func help(subcommand: String) throws {
    let folder = try ScratchFolder()
    let run = try folder.run([subcommand, "--help"].filter { !$0.isEmpty })
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("Example"))
    #expect(run.output.contains("rationale \(subcommand)"))
  }

  @Test("the version is printed")
  func version() throws {
    let run = try ScratchFolder().run("--version")
    #expect(run.status == 0)
    #expect(run.output.split(separator: ".").count == 3)
  }
}
