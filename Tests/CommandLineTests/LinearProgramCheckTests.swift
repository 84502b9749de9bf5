import TestSupport
import Testing

@Suite("rationale check of linear programs", .tags(.commandLine))
struct LinearProgramCheckTests {
  private static let optimal = """
    {"format":"rationale-lp-solution","version":1,"status":"optimal","direction":"maximize",
    "objectiveValue":"11","primal":{"x":"3","y":"1"},"dual":{"c1":"2"},
    "certificate":{"format":"rationale-certificate","version":1,"kind":"lp-optimal",
    "direction":"maximize","primal":{"x":"3","y":1},"dual":{"c1":2},"objectiveValue":11}}
    """
  private static let infeasible = """
    {"format":"rationale-certificate","version":1,"kind":"lp-infeasible","farkas":{"c1":"1"}}
    """
  private static let unbounded = """
    {"format":"rationale-certificate","version":1,"kind":"lp-unbounded","direction":"minimize",
    "primal":{},"ray":{"x":"1","y":"1"}}
    """

  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(dietText, to: "diet.lp")
    try folder.write(contradictionText, to: "contradiction.lp")
    try folder.write(unboundedText, to: "unbounded.lp")
    try folder.write(forkText, to: "fork.json")
    try folder.write(Self.optimal, to: "answer.json")
    try folder.write(Self.infeasible, to: "farkas.json")
  }

  @Test(
    "true answers are accepted",
    arguments: [
      ("diet.lp", optimal, "11"), ("contradiction.lp", infeasible, "no feasible point"),
      ("unbounded.lp", unbounded, "no lower bound"),
    ])
  func accepted(file: String, text: String, mention: String) throws {
    let run = try folder.run("check", file, "-", input: text)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.hasPrefix("accepted: "))
    #expect(run.output.contains(mention))
  }

  @Test(
    "spoiled answers are rejected with 1", .tags(.mutation),
    arguments: [
      ("diet.lp", optimal, #""objectiveValue":"11""#, #""objectiveValue":"12""#),
      ("diet.lp", optimal, #""objectiveValue":11"#, #""objectiveValue":12"#),
      ("diet.lp", optimal, #""x":"3","y":"1""#, #""x":"3","y":"2""#),
      ("diet.lp", optimal, #""x":"3","y":"1""#, #""x":"2","y":"1""#),
      ("diet.lp", optimal, #""x":"3","y":1"#, #""x":"3","y":"1000000000000000000001e-21""#),
      ("diet.lp", optimal, #""c1":"2""#, #""c1":"3""#),
      ("diet.lp", optimal, #""c1":2"#, #""c1":-2"#),
      ("diet.lp", optimal, #""c1":2"#, #""c9":2"#),
      ("diet.lp", optimal, #""y":"1""#, #""z":"1""#),
      ("diet.lp", optimal, #""status":"optimal""#, #""status":"unbounded""#),
      (
        "diet.lp", optimal, #""optimal","direction":"maximize""#,
        #""optimal","direction":"minimize""#
      ),
      ("contradiction.lp", infeasible, #""1""#, #""-1""#),
      ("contradiction.lp", infeasible, #""1""#, #""0""#),
      ("contradiction.lp", infeasible, #""farkas":{"c1":"1"}"#, #""crossed":{"row":"c1"}"#),
      ("contradiction.lp", infeasible, #""farkas":{"c1":"1"}"#, #""crossed":{"column":"q"}"#),
      ("unbounded.lp", unbounded, #""x":"1","y":"1""#, #""x":"2","y":"1""#),
      ("unbounded.lp", unbounded, #""x":"1","y":"1""#, #""y":"1""#),
      ("unbounded.lp", unbounded, #""primal":{}"#, #""primal":{"x":"2"}"#),
      ("unbounded.lp", unbounded, "minimize", "maximize"),
      ("diet.lp", infeasible, "c1", "c1"), ("diet.lp", unbounded, "minimize", "maximize"),
      ("contradiction.lp", optimal, "maximize", "minimize"),
    ])
  func rejected(file: String, text: String, part: String, replacement: String) throws {
    #expect(text.contains(part))
    let run = try folder.run("check", file, "-", input: text.replacing(part, with: replacement))
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.output.hasPrefix("rejected: "))
  }

  @Test(
    "malformed answers end with 65", .tags(.mutation),
    arguments: [
      ("", ":"), ("[]", "object"), ("{}", "format"),
      (optimal.replacing("lp-optimal", with: "lp-best"), "lp-best"),
      (optimal.replacing("\"11\"", with: "\"1/0\""), "zero denominator"),
      (optimal.replacing("\"dual\":{\"c1\":2}", with: "\"dal\":{\"c1\":2}"), "dual"),
      (optimal.replacing("\"dual\":{\"c1\":2}", with: "\"dual\":[2]"), "dual"),
      (infeasible.replacing("farkas", with: "x-farkas"), "farkas"),
      (optimal.replacing("\"primal\"", with: "\"primel\""), "primel"),
    ])
  func malformed(text: String, mention: String) throws {
    let run = try folder.run("check", "diet.lp", "-", input: text)
    #expect(run.status == 65, "\(run.output)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: <stdin>: "))
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  @Test(
    "files that were mixed up are told apart",
    arguments: [
      (
        "answer.json diet.lp", "answer.json: ",
        "an answer of a linear program, and diet.lp is a linear program"
      ),
      (
        "farkas.json contradiction.lp", "farkas.json: ",
        "a certificate, and contradiction.lp is a linear program"
      ),
      ("diet.lp diet.lp", "diet.lp: ", "this is a linear program"),
      ("diet.lp fork.json", "fork.json: ", "this is a model"),
      ("fork.json diet.lp", "diet.lp: ", "this is a linear program"),
      ("fork.json answer.json", "answer.json: ", "an answer of a linear program"),
      ("answer.json fork.json", "answer.json: ", "and fork.json is a model"),
    ])
  func mixedUp(arguments: String, file: String, mention: String) throws {
    let run = try folder.run(["check"] + arguments.split(separator: " ").map(String.init))
    #expect(run.status == 65, "\(run.output)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: \(file)"), "\(run.errors)")
    #expect(run.errors.contains(mention), "\(run.errors)")
  }
}
