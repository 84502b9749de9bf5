import TestSupport
import Testing

/// A file of a linear program that breaks a rule, and what the message must say.
struct MalformedProgram: CustomTestStringConvertible, Sendable {
  let rule: String
  let format: String
  let text: String
  let mentions: [String]

  static func lp(_ rule: String, _ text: String, _ mentions: String...) -> MalformedProgram {
    MalformedProgram(rule: rule, format: "lp", text: text, mentions: mentions)
  }

  /// ``dietText`` with a part replaced.
  static func lp(
    _ rule: String, _ part: String, by replacement: String, _ mentions: String...
  ) -> MalformedProgram {
    MalformedProgram(
      rule: rule, format: "lp", text: dietText.replacing(part, with: replacement),
      mentions: mentions)
  }

  /// ``dietMPSText`` with a part replaced.
  static func mps(
    _ rule: String, _ part: String, by replacement: String, _ mentions: String...
  ) -> MalformedProgram {
    MalformedProgram(
      rule: rule, format: "mps", text: dietMPSText.replacing(part, with: replacement),
      mentions: mentions)
  }

  var testDescription: String { "\(format): \(rule)" }
}

@Suite("Malformed linear programs end with 65", .tags(.commandLine, .mutation))
struct MalformedProgramTests {
  static let algebra: [MalformedProgram] = [
    .lp("empty", "", "line 1"),
    .lp("blank", " \n\n", "objective"),
    .lp("bad token", "x + y <= 4", by: "x ? y # 4", "line 4"),
    .lp("bad character", "+ y <= 4", by: "\0 y <= 4", "line 4"),
    .lp("no relation", "x + y <= 4", by: "x + y 4", "line 4"),
    .lp("no side", "x + y <= 4", by: "x + y <=", "line 5"),
    .lp("no objective", "Maximize\n profit: 3 x + 2 y\n", by: "", "objective", "line 1"),
    .lp("unknown column in the bounds", "x <= 3", by: "q <= 3", "'q'", "line 7"),
    .lp("row twice", "c2:", by: "c1:", "'c1'", "line 5"),
    .lp("entry twice", "x + 3 y", by: "x + 3 x", "'x'", "twice", "line 5"),
    .lp("entry twice in the objective", "3 x + 2 y", by: "3 x + 2 x", "'x'", "twice"),
    .lp("bad number", "3 x + 2 y", by: "3..5 x + 2 y", "line 2"),
    .lp("zero denominator", "x <= 3", by: "x <= 3/0", "zero denominator", "line 7"),
    .lp("huge exponent", "x <= 3", by: "x <= 1e999999999", "exponent", "line 7"),
    .lp("huge exponent of 0", "x <= 3", by: "x <= 0e999999999", "exponent", "line 7"),
    .lp(
      "too many digits", "x <= 3", by: "x <= 1\(String(repeating: "0", count: 1_000_000))",
      "digits", "1000000"),
    .lp("integer section", "End", by: "General\n x\nEnd", "integer", "General"),
    .lp("binary section", "End", by: "Binary\n x\nEnd", "Binary"),
    .lp("no End", "\nEnd", by: "", "End"),
    .lp("cut in the rows", String(dietText.prefix(60)), "line"),
  ]

  static let cards: [MalformedProgram] = [
    .mps("no ENDATA", "ENDATA", by: "", "ENDATA"),
    .mps("bad section", "BOUNDS", by: "BOUND", "BOUND", "line"),
    .mps("bad type of a row", " L c1", by: " Q c1", "Q", "line 6"),
    .mps("no objective", " N profit\n", by: "", "objective"),
    .mps("row twice", " L c2", by: " L c1", "'c1'", "line 7"),
    .mps("entry twice", "x c2 1", by: "x c1 1", "'c1'", "twice", "line 10"),
    .mps("unknown row", "x c2 1", by: "x c9 1", "'c9'", "line 10"),
    .mps("unknown row of a side", "c2 6", by: "c9 6", "'c9'", "line 14"),
    .mps("unknown column", "BND x 3", by: "BND q 3", "'q'", "line 16"),
    .mps("bad number", "BND x 3", by: "BND x three", "three", "line 16"),
    .mps("huge exponent", "BND x 3", by: "BND x 1e999999999", "exponent", "line 16"),
    .mps("bad type of a bound", " UP BND", by: " XX BND", "XX", "line 16"),
    .mps("integer bound", " UP BND", by: " UI BND", "UI", "line 16"),
    .mps("integer section", "    y profit", by: "    M 'MARKER' 'INTORG'\n    y profit", "integer"),
  ]

  @Test("lp, check and convert say where", arguments: algebra + cards)
  func message(program: MalformedProgram) throws {
    let folder = try ScratchFolder()
    let file = "spoiled.\(program.format)"
    try folder.write(program.text, to: file)
    let run = try folder.run("lp", file)
    #expect(run.status == 65, "\(run.output)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: \(file): line "), "\(run.errors)")
    for mention in program.mentions { #expect(run.errors.contains(mention), "\(run.errors)") }
    // One line, no stack trace, and no more of the text than a reader needs.
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.utf8.count < 400)
  }

  @Test("the name of standard input, and the other commands")
  func otherCommands() throws {
    let folder = try ScratchFolder()
    let cut = String(dietText.dropLast(4))
    let run = try folder.run("lp", "-", "--from", "lp", input: cut)
    #expect(run.status == 65)
    #expect(run.errors.hasPrefix("error: <stdin>: line "))
    try folder.write(cut, to: "cut.lp")
    try folder.write("{}", to: "answer.json")
    #expect(try folder.run("check", "cut.lp", "answer.json").status == 65)
    #expect(try folder.run("convert", "cut.lp", "cut.mps").status == 65)
    #expect(try folder.files == ["answer.json", "cut.lp"])
    for command in ["solve", "info"] {
      let run = try folder.run(command, "cut.lp")
      #expect(run.status == 65)
      #expect(run.errors.contains("rationale lp"), "\(run.errors)")
    }
  }

  @Test("a byte order mark is skipped")
  func byteOrderMark() throws {
    let folder = try ScratchFolder()
    for (format, text) in [("lp", dietText), ("mps", dietMPSText)] {
      let run = try folder.run("lp", "-", "--from", format, input: "\u{FEFF}" + text)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test("--max-digits is a limit, and the message names it")
  func digits() throws {
    let folder = try ScratchFolder()
    let text = dietText.replacing("x <= 3", with: "x <= 300000")
    let run = try folder.run("lp", "-", "--max-digits", "5", input: text)
    #expect(run.status == 65)
    #expect(run.errors.contains("--max-digits"), "\(run.errors)")
    #expect(try folder.run("lp", "-", "--max-digits", "6", input: text).status == 0)
  }

  @Test(
    "usage errors end with 64",
    arguments: [
      Refusal("lp", "file"), Refusal("lp diet.lp more", "more"),
      Refusal("lp diet.lp --from drn", "drn", "mps"), Refusal("lp diet.lp --bogus", "--bogus"),
      Refusal("lp diet.lp --max-digits 0", "--max-digits"),
      Refusal("lp diet.lp --decimals -1", "--decimals"),
      Refusal("lp diet.lp --time-limit -1", "--time-limit"),
      Refusal("lp diet.lp --certificate x --output x", "x"),
      Refusal("convert fork.json out.lp", "lp"),
      Refusal("convert diet.lp out.json", "linear program", "mps"),
      Refusal("check diet.lp", "certificate"),
      Refusal("convert diet.lp out.lp --snap", "--snap"),
    ])
  func usage(refusal: Refusal) throws {
    let folder = try ScratchFolder()
    try folder.write(dietText, to: "diet.lp")
    try folder.write(forkText, to: "fork.json")
    let run = try folder.run(refusal.arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    for mention in refusal.mentions { #expect(run.errors.contains(mention), "\(run.errors)") }
  }
}
