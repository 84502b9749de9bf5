import TestSupport
import Testing

/// A certificate of ``forkText`` that is true.
private let certificate = """
  {"format":"rationale-certificate","version":1,"kind":"discounted-exact",
  "objective":"discounted","direction":"maximize","reward":"default","discount":"1/2",
  "values":{"a":"8/3","b":"8"},"policy":{"a":"go","b":"stay"}}
  """

@Suite("rationale check", .tags(.commandLine))
struct CheckTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(forkText, to: "fork.json")
    try folder.write(certificate, to: "c.json")
  }

  @Test("a true certificate is accepted, as text and as JSON")
  func accepted() throws {
    let text = try folder.run("check", "fork.json", "c.json")
    #expect(text.status == 0)
    #expect(text.output.hasPrefix("accepted: "))
    #expect(text.errors.isEmpty)
    let json = try folder.run("check", "fork.json", "-", "--format", "json", input: certificate)
    #expect(json.status == 0)
    let verdict = try jsonObject(json.output)
    #expect(verdict["verdict"] as? String == "accepted")
    #expect(verdict["statement"] is String)
  }

  @Test("another discount than the model's is a warning")
  func warning() throws {
    // At discount 0 only the first reward counts.
    let other =
      certificate
      .replacing("\"discount\":\"1/2\"", with: "\"discount\":0")
      .replacing("\"8/3\"", with: "1").replacing("\"8\"", with: "4")
      .replacing("\"go\"", with: "\"stay\"")
    let run = try folder.run("check", "fork.json", "-", input: other)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.errors.hasPrefix("warning: "))
  }

  @Test(
    "a false or unfit certificate is rejected with 1",
    .tags(.mutation),
    arguments: [
      ("\"8/3\"", "\"8/3000\""), ("\"8/3\"", "\"9/3\""), ("\"go\"", "\"stay\""),
      ("\"go\"", "\"jump\""), ("\"b\":\"8\"", "\"c\":\"8\""), ("\"1/2\"", "\"1/3\""),
      ("\"maximize\"", "\"minimize\""), ("\"default\"", "\"other\""),
      ("{\"a\":\"8/3\",\"b\":\"8\"}", "[\"8/3\"]"), ("\"1/2\"", "\"3/2\""),
    ])
  func rejected(part: String, replacement: String) throws {
    let run = try folder.run(
      "check", "fork.json", "-", input: certificate.replacing(part, with: replacement))
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.hasPrefix("rejected: "))
    let json = try folder.run(
      "check", "fork.json", "-", "--format", "json",
      input: certificate.replacing(part, with: replacement))
    #expect(json.status == 1)
    #expect(try jsonObject(json.output)["verdict"] as? String == "rejected")
  }

  @Test(
    "a malformed certificate ends with 65 and empty standard output",
    .tags(.mutation),
    arguments: [
      ("", ":"), (String(certificate.dropLast(10)), ":"), ("[]", "object"), ("{}", "format"),
      (certificate.replacing("discounted-exact", with: "magic"), "magic"),
      (certificate.replacing("\"kind\"", with: "\"x-kind\""), "kind"),
      (certificate.replacing("\"values\"", with: "\"x-values\""), "values"),
      (certificate.replacing("\"8/3\"", with: "\"eight\""), "eight"),
      (certificate.replacing("\"8/3\"", with: "\"8/0\""), "zero denominator"),
      (certificate.replacing("\"policy\"", with: "\"polcy\""), "polcy"),
    ])
  func malformed(text: String, mention: String) throws {
    let run = try folder.run("check", "fork.json", "-", input: text)
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: <stdin>: "))
    #expect(run.errors.contains(mention), "\(run.errors)")
  }

  @Test("files that were mixed up are told apart")
  func mixedUp() throws {
    let exchanged = try folder.run("check", "c.json", "fork.json")
    #expect(exchanged.status == 65)
    #expect(exchanged.errors.hasPrefix("error: c.json: "))
    #expect(exchanged.errors.contains("this is a certificate, and fork.json is a model"))
    let models = try folder.run("check", "fork.json", "fork.json")
    #expect(models.status == 65)
    #expect(models.errors.hasPrefix("error: fork.json: "))
    #expect(models.errors.contains("this is a model"))
  }
}
