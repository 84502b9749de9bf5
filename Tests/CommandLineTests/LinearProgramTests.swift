import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("rationale lp", .tags(.commandLine))
struct LinearProgramTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for (name, text) in [
      ("diet.lp", dietText), ("diet.mps", dietMPSText), ("contradiction.lp", contradictionText),
      ("unbounded.lp", unboundedText), ("edge.lp", edgeText), ("crossed.lp", crossedText),
    ] {
      try folder.write(text, to: name)
    }
  }

  /// The answer as JSON.
  private func answer(_ arguments: String..., input: String = "") throws -> [String: Any] {
    let run = try folder.run(["lp"] + arguments + ["--format", "json"], input: input)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    return try jsonObject(run.output)
  }

  @Test("an optimum, from both formats and from standard input")
  func optimum() throws {
    for json in [
      try answer("diet.lp"), try answer("diet.mps"),
      try answer("-", "--from", "lp", input: dietText), try answer("-", input: dietMPSText),
      try answer("-", "--from", "mps", input: dietMPSText),
    ] {
      #expect(json["format"] as? String == "rationale-lp-solution")
      #expect(json["version"] as? Int == 1)
      #expect(json["status"] as? String == "optimal")
      #expect(json["direction"] as? String == "maximize")
      #expect(json["objectiveValue"] as? String == "11")
      #expect(json["primal"] as? [String: String] == ["x": "3", "y": "1"])
      #expect(json["dual"] is [String: String])
      #expect(json["isUnique"] as? Bool == true)
      let certificate = try #require(json["certificate"] as? [String: Any])
      #expect(certificate["kind"] as? String == "lp-optimal")
    }
  }

  @Test(
    "no optimum: 0 all the same, and neither value nor points",
    arguments: [
      ("contradiction.lp", "infeasible"), ("crossed.lp", "infeasible"),
      ("unbounded.lp", "unbounded"),
    ])
  func noOptimum(file: String, status: String) throws {
    let json = try answer(file, "--decimals", "3")
    #expect(json["status"] as? String == status)
    for key in ["objectiveValue", "objectiveValueDecimal", "primal", "dual", "reducedCosts"] {
      #expect(json[key] == nil, "\(key)")
    }
    let certificate = try #require(json["certificate"] as? [String: Any])
    #expect(certificate["kind"] as? String == "lp-\(status)")
  }

  @Test("text: a summary and what is not zero")
  func text() throws {
    let run = try folder.run("lp", "diet.lp", "--decimals", "2")
    #expect(run.status == 0)
    #expect(
      run.output.hasPrefix(
        """
        Program          maximize (2 rows, 2 columns, 4 coefficients)
        Status           optimal
        Objective value  11
        Optimum          unique
        """), "\(run.output)")
    #expect(
      run.output.contains(
        """
        Certificate      lp-optimal

        column  decimal  value
        x          3.00  3
        y          1.00  1
        """), "\(run.output)")
    let edge = try folder.run("lp", "edge.lp").output
    #expect(edge.contains("not unique: one of a face of dimension 1, 2 vertices"), "\(edge)")
    #expect(edge.contains("column, reduced cost: all 0"))
    let ray = try folder.run("lp", "unbounded.lp").output
    #expect(ray.contains("Status       unbounded"))
    #expect(ray.contains("column  ray\nx       1\ny       1\n"), "\(ray)")
    let contradiction = try folder.run("lp", "contradiction.lp").output
    #expect(contradiction.contains("row  Farkas multiplier\nc1   1\n"), "\(contradiction)")
    #expect(try folder.run("lp", "crossed.lp").output.contains("bounds of column 'x'"))
  }

  @Test("decimals are siblings, rounded")
  func decimals() throws {
    let json = try answer(
      "-", "--decimals", "3", input: "Minimize\n o: x\nSubject To\n c: 3 x >= 2\nEnd\n")
    #expect(json["objectiveValue"] as? String == "2/3")
    #expect(json["objectiveValueDecimal"] as? String == "0.667")
    #expect(json["primalDecimal"] as? [String: String] == ["x": "0.667"])
    #expect(json["dualDecimal"] as? [String: String] == ["c": "0.333"])
  }

  @Test("large programs have no sensitivity unless it is asked for")
  func sensitivity() throws {
    let rows = (0..<101).map { " c\($0): x\($0) >= 1\n" }.joined()
    let objective = (0..<101).map { " + x\($0)\n" }.joined()
    let text = "Minimize\n o:\(objective)Subject To\n\(rows)End\n"
    #expect(try answer("-", input: text)["isUnique"] == nil)
    #expect(try answer("-", "--sensitivity", input: text)["isUnique"] as? Bool == true)
  }

  @Test(
    "every answer is accepted: whole, with its certificate apart, and the certificate alone",
    arguments: ["diet.lp", "diet.mps", "contradiction.lp", "crossed.lp", "unbounded.lp", "edge.lp"])
  func checked(file: String) throws {
    let whole = try folder.run("lp", file, "--format", "json", "--decimals", "2")
    let check = try folder.run("check", file, "-", input: whole.output)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    #expect(check.output.hasPrefix("accepted: "))
    let apart = try folder.run(
      "lp", file, "--format", "json", "--certificate", "c.json", "--output", "a.json")
    #expect(apart.status == 0)
    #expect(apart.output.isEmpty)
    let reference = try jsonObject(folder.text(of: "a.json"))["certificate"] as? [String: Any]
    #expect(reference?["file"] as? String == "c.json")
    for answer in ["a.json", "c.json"] {
      #expect(try folder.run("check", file, answer).status == 0, "\(answer)")
    }
    let input = try folder.text(of: file)
    let from = file.hasSuffix("mps") ? "mps" : "lp"
    #expect(try folder.run("check", "-", "a.json", "--from", from, input: input).status == 0)
  }

  @Test("programs are converted there and back")
  func converted() throws {
    #expect(try folder.run("convert", "diet.lp", "again.mps").status == 0)
    #expect(try folder.run("convert", "again.mps", "again.lp").status == 0)
    #expect(try folder.run("convert", "again.lp", "twice.mps").status == 0)
    #expect(try folder.text(of: "again.mps") == folder.text(of: "twice.mps"))
    #expect(try answer("again.lp")["objectiveValue"] as? String == "11")
    let fixed = try folder.run(
      "convert", "-", "-", "--from", "lp", "--to", "fixed-mps", input: dietText)
    #expect(fixed.output.hasPrefix("NAME"))
  }

  @Test("an output that cannot be created ends with 73 before anything is read")
  func outputs() throws {
    #expect(try folder.run("lp", "missing.lp", "--output", "no/such/file").status == 73)
    #expect(try folder.run("lp", "missing.lp", "--certificate", "no/such/file").status == 73)
    #expect(try folder.run("lp", "diet.lp", "--output", "/dev/full").status == 74)
    #expect(try folder.run("lp", "missing.lp").status == 66)
    #expect(try folder.run("lp", ".").status == 66)
  }

  @Test("the time limit ends a long run with 75 and leaves no file")
  func timeLimit() throws {
    var numbers = SplitMix64(seed: 5)
    let names = (0..<200).map { "x\($0)" }
    func form() -> String {
      names.map { " + \(numbers.next() >> 20).\(numbers.next()) \($0)\n" }.joined()
    }
    let rows = (0..<200).map { _ in "\(form()) <= \(numbers.next())\n" }.joined()
    try folder.write("Maximize\n\(form())Subject To\n\(rows)End\n", to: "long.lp")
    let start = ContinuousClock.now
    let run = try folder.run("lp", "long.lp", "--time-limit", "0.5", "--output", "a.json")
    #expect(run.status == 75)
    #expect(ContinuousClock.now - start < .seconds(3))
    #expect(run.errors.contains("time limit of 0.5 s"))
    #expect(run.errors.contains("certified"))
    #expect(try !folder.files.contains("a.json"))
  }
}
