import TestSupport
import Testing

@Suite("rationale solve --subject-to", .tags(.commandLine))
struct ConstrainedCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // K13 and the example of the certificates: play (1, cost 1) or rest, at γ = ½.
    try folder.write(
      """
      {"format":"rationale-mdp","version":1,"states":["s"],"actions":["play","rest"],
      "discount":"1/2","initial":"s","transitions":[["s","play","s",1],["s","rest","s",1]],
      "rewards":{"win":[["s","play",1]],"cost":[["s","play",1]]}}
      """, to: "m.json")
  }

  @Test("the budget is spent, the policy randomises, and check accepts it")
  func optimal() throws {
    let run = try folder.run(
      "solve", "m.json", "--reward", "win", "--subject-to", "cost <= 2/3", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    #expect(solution["status"] as? String == "exact")
    #expect(solution["initialValue"] as? String == "2/3")
    let policy = solution["policy"] as? [String: [String: String]]
    #expect(policy == ["s": ["play": "1/3", "rest": "2/3"]])
    let certificate = solution["certificate"] as? [String: Any]
    #expect(certificate?["kind"] as? String == "constrained-optimal")
    let check = try folder.run("check", "m.json", "-", input: run.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    let spoiled = run.output.replacing("\"1/3\"", with: "\"1/4\"")
    #expect(try folder.run("check", "m.json", "-", input: spoiled).status == 1)
  }

  @Test("several constraints, a state to start in, a certificate in a file, text")
  func certificateFile() throws {
    let run = try folder.run(
      "solve", "m.json", "--reward", "win", "--minimize", "--initial", "s", "--subject-to",
      "cost>=1/2", "--subject-to", "win <= 1", "--certificate", "c.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("1/2"))
    let check = try folder.run("check", "m.json", "c.json")
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    #expect(check.output.contains("from the state 's'"))
  }

  @Test("what nothing keeps is answered, with a proof")
  func infeasible() throws {
    let run = try folder.run(
      "solve", "m.json", "--reward", "win", "--subject-to", "cost >= 3", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let solution = try jsonObject(run.output)
    #expect(solution["status"] as? String == "infeasible")
    #expect(solution["initialValue"] == nil && solution["policy"] == nil)
    let check = try folder.run("check", "m.json", "-", input: run.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }
}
