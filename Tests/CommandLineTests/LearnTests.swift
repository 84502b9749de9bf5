import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("rationale learn", .tags(.commandLine))
struct LearnTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  /// Home and away, with the probability of getting away.
  private func away(_ theta: String, _ rest: String) -> String {
    """
    {"format":"rationale-mdp","version":1,"states":["home","away"],"actions":["safe","go"],
    "transitions":[["home","safe","home",1],["home","go","away","\(theta)"],
    ["home","go","home","\(rest)"],["away","go","home","1/2"],["away","go","away","1/2"]],
    "rewards":[["home","safe","2/5"],["away","go",1]]}
    """
  }

  private func writeClass() throws {
    let models = [away("1/4", "3/4"), away("1/2", "1/2"), away("3/4", "1/4")]
    try folder.write(models[0], to: "truth.json")
    try folder.write(
      "{\"format\":\"rationale-class\",\"version\":1,\"hypotheses\":["
        + models.joined(separator: ",") + "]}", to: "class.json")
  }

  private let loop = [
    "learn", "loop", "truth.json", "--class", "class.json", "--initial", "home",
  ]

  @Test("LOOP: runs, expectation and bound of the worked case", .tags(.worked))
  func finiteClass() throws {
    try writeClass()
    let run = try folder.run(
      loop + [
        "--steps", "200", "--seeds", "2", "--beta", "3", "--expected", "2", "--format", "json",
      ])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.map { $0["seed"] as? Int } == [0, 1])
    #expect(runs[0]["regret"] as? String == "19/5")
    #expect(runs[0]["losses"] as? [String] == ["993/40", "559/20", "1601/40"])
    #expect(runs[0]["played"] as? [Int] == [63, 67, 70])
    #expect(runs[0]["alive"] as? [Bool] != nil && runs[0]["switches"] is Int)
    #expect(runs[1]["regret"] as? String == "1")
    #expect(json["trivialBound"] as? String == "80")
    #expect(json["spanBound"] as? String == "6/5" && json["range"] as? String == "6/5")
    #expect(json["eluderDimension"] as? Int == 2)
    // β = 3 is below (B²/2) log 100 = 3.3…: nothing is claimed.
    #expect(json["bound"] is NSNull && json["violations"] is NSNull)
    #expect((json["expectedRegret"] as? [String])?.count == 3)
  }

  @Test("LOOP: the bound with the least radius, and no violations")
  func finiteClassBound() throws {
    try writeClass()
    let run = try folder.run(loop + ["--steps", "100", "--seeds", "2", "--format", "json"])
    let json = try jsonObject(run.output)
    let bound = try #require(json["bound"] as? [String: String])
    #expect(bound["lower"] != nil && bound["upper"] != nil)
    #expect(json["violations"] as? Int == 0)
    let text = try folder.run(loop + ["--steps", "100", "--seeds", "2"])
    #expect(text.status == 0 && text.output.contains("Violations  0 of 2 runs"))
  }

  private func mixture(_ rows: String) -> String {
    """
    {"format":"rationale-mdp","version":1,"states":["u","v"],"actions":["l","r"],"initial":"u",
    "transitions":[\(rows),["u","r","u",1],["v","l","v",1]],
    "rewards":[["v","l",1],["u","r","1/4"]]}
    """
  }

  private func writeMixture() throws {
    try folder.write(mixture(#"["u","l","v",1]"#), to: "first.json")
    try folder.write(mixture(#"["u","l","u",1]"#), to: "second.json")
    try folder.write(
      mixture(#"["u","l","u","1/3"],["u","l","v","2/3"]"#), to: "model.json")
  }

  private let regression = [
    "learn", "ucrl-vtr", "model.json", "--basis", "first.json", "--basis", "second.json",
    "--horizon", "3",
  ]

  @Test("UCRL-VTR: certificate, coverage and bound, in both forms", arguments: [false, true])
  func mixtures(offset: Bool) throws {
    try writeMixture()
    let run = try folder.run(
      regression + ["--steps", "30", "--seeds", "2", "--format", "json"]
        + (offset ? ["--offset-form"] : []))
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    #expect(json["algorithm"] as? String == "ucrl-vtr" && json["episodes"] as? Int == 10)
    #expect(json["delta"] as? String == "1/20" && json["violations"] as? Int == 0)
    #expect(json["theta"] as? [String] == (offset ? ["2/3"] : ["2/3", "1/3"]))
    // To go is worth 2/3 · 1 + 1/3 · 1/4 = 3/4 with two steps left, 2/3 · 2 + 1/3 · 3/4 with three.
    #expect(json["optimalValue"] as? String == "19/12")
    for entry in try #require(json["runs"] as? [[String: Any]]) {
      let regret = try #require((entry["regret"] as? String).flatMap { Rational($0) })
      let certificate = try #require(entry["certificate"] as? [String: String])
      let upper = try #require(certificate["upper"].flatMap { Rational($0) })
      #expect(entry["covered"] as? Bool == true && regret <= upper)
    }
    let text = try folder.run(regression + ["--steps", "30"])
    #expect(text.status == 0 && text.output.contains("UCRL-VTR"))
  }

  @Test(
    "learners of finite models: the gain, the bound where there is one, exact regret",
    arguments: ["ucrl2", "psrl", "q-learning"])
  func endless(algorithm: String) throws {
    try folder.write(mixture(#"["u","l","u","1/3"],["u","l","v","2/3"]"#), to: "model.json")
    let run = try folder.run([
      "learn", algorithm, "model.json", "--steps", "100", "--seeds", "2", "--format", "json",
    ])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    #expect(json["algorithm"] as? String == algorithm && json["steps"] as? Int == 100)
    #expect(json["gain"] as? String == "1")
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.count == 2 && runs[0]["regret"] is String && runs[0]["switches"] is Int)
    #expect((runs[0]["regrets"] as? [String])?.count == 100)
    // v cannot be left: nothing is claimed even for UCRL2.
    #expect(json["bound"] is NSNull && json["violations"] is NSNull)
    #expect((runs[0]["covered"] is Bool) == (algorithm == "ucrl2"))
    let text = try folder.run(["learn", algorithm, "model.json", "--steps", "100"])
    #expect(text.status == 0 && text.output.contains("nothing is claimed"))
  }

  @Test("UCRL2 on RiverSwim: diameter and bound")
  func river() throws {
    let made = try folder.run([
      "generate", "riverswim", "--states", "6", "--output", "river.json",
    ])
    #expect(made.status == 0)
    let run = try folder.run([
      "learn", "ucrl2", "river.json", "--steps", "1000", "--initial", "s0", "--format", "json",
      "--plot", "regret.svg",
    ])
    let json = try jsonObject(run.output)
    #expect(json["diameter"] as? String == "106045/7203" && json["violations"] as? Int == 0)
    #expect(json["gain"] as? String == "7203/16805" && json["bound"] is [String: String])
    #expect(try folder.text(of: "regret.svg").contains("theorem's bound"))
  }

  @Test("episodes: certificates of UCBVI, none for the baselines")
  func episodes() throws {
    try folder.write(mixture(#"["u","l","u","1/3"],["u","l","v","2/3"]"#), to: "model.json")
    for algorithm in ["ucbvi", "psrl", "q-learning"] {
      let run = try folder.run([
        "learn", algorithm, "model.json", "--horizon", "3", "--steps", "30", "--format", "json",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let json = try jsonObject(run.output)
      #expect(json["episodes"] as? Int == 10 && json["optimalValue"] as? String == "19/12")
      let entry = try #require((json["runs"] as? [[String: Any]])?.first)
      #expect((entry["certificate"] is String) == (algorithm == "ucbvi"))
    }
  }

  @Test("UCRL-RFE and UCLK: suboptimalities, certificates and bounds", arguments: [false, true])
  func otherMixtures(offset: Bool) throws {
    try writeMixture()
    let form = offset ? ["--offset-form"] : []
    let explored = try folder.run(
      ["learn", "ucrl-rfe"] + regression.dropFirst(2) + ["--steps", "30", "--format", "json"] + form
    )
    #expect(explored.status == 0, "\(explored.errors)")
    let json = try jsonObject(explored.output)
    #expect(json["episodes"] as? Int == 10 && json["violations"] as? Int == 0)
    let entry = try #require((json["runs"] as? [[String: Any]])?.first)
    #expect((entry["suboptimality"] as? [String: String])?["default"] != nil)
    #expect(entry["covered"] as? Bool == true)
    let discounted = try folder.run(
      ["learn", "uclk"] + regression.dropFirst(2).dropLast(2)
        + ["--discount", "1/2", "--steps", "40", "--format", "json"] + form)
    #expect(discounted.status == 0, "\(discounted.errors)")
    let other = try jsonObject(discounted.output)
    #expect(other["algorithm"] as? String == "uclk" && other["violations"] as? Int == 0)
    let second = try #require((other["runs"] as? [[String: Any]])?.first)
    let regret = try #require((second["regret"] as? String).flatMap { Rational($0) })
    let upper = try #require(
      ((second["certificate"] as? [String: String])?["upper"]).flatMap { Rational($0) })
    #expect(second["covered"] as? Bool == true && regret <= upper)
  }

  @Test("UCRL-VTR+: weighted regressions with their own accounts", arguments: [false, true])
  func weighted(offset: Bool) throws {
    try writeMixture()
    let arguments =
      ["learn", "ucrl-vtr+"] + regression.dropFirst(2) + ["--steps", "30", "--seeds", "2"]
      + (offset ? ["--offset-form"] : [])
    let run = try folder.run(arguments + ["--format", "json", "--plot", "regret.svg"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    #expect(json["algorithm"] as? String == "ucrl-vtr+" && json["episodes"] as? Int == 10)
    #expect(json["theta"] as? [String] == (offset ? ["2/3"] : ["2/3", "1/3"]))
    #expect(json["optimalValue"] as? String == "19/12" && json["violations"] as? Int == 0)
    #expect(json["bound"] is [String: String] && json["trivialBound"] as? String == "30")
    for entry in try #require(json["runs"] as? [[String: Any]]) {
      let regret = try #require((entry["regret"] as? String).flatMap { Rational($0) })
      let certificate = try #require(entry["certificate"] as? [String: String])
      let upper = try #require(certificate["upper"].flatMap { Rational($0) })
      #expect(entry["covered"] as? Bool == true && regret <= upper)
      #expect(entry["varianceCovered"] as? Bool == true && entry["varianceBounded"] is Bool)
      #expect((entry["meanVariance"] as? String).flatMap { Rational($0) }.map { $0 > 0 } == true)
    }
    #expect(try folder.text(of: "regret.svg").contains("theorem's bound"))
    let text = try folder.run(arguments)
    #expect(text.status == 0 && text.output.contains("UCRL-VTR+"), "\(text.output)")
  }

  @Test("HF-UCRL-RFE++: suboptimalities at most 1, moments, and what it refuses")
  func moments() throws {
    try writeMixture()
    let halved = mixture(#"["u","l","u","1/3"],["u","l","v","2/3"]"#)
      .replacingOccurrences(of: #"["v","l",1]"#, with: #"["v","l","1/3"]"#)
    try folder.write(halved, to: "small.json")
    let arguments =
      ["learn", "hf-ucrl-rfe++", "small.json"] + regression.dropFirst(3)
      + ["--steps", "30", "--seeds", "2"]
    let run = try folder.run(arguments + ["--format", "json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    #expect(json["algorithm"] as? String == "hf-ucrl-rfe++" && json["violations"] as? Int == 0)
    #expect(json["valueCap"] as? String == "1" && json["trivialBound"] as? String == "1")
    // log2 of 7 times the 30 steps is a little below 8.
    #expect(json["moments"] as? String == "8" && json["leastVariance"] as? String == "1/30")
    for entry in try #require(json["runs"] as? [[String: Any]]) {
      let errors = try #require(entry["suboptimality"] as? [String: String])
      let error = try #require(errors["default"].flatMap { Rational($0) })
      #expect(error >= 0 && error <= 1 && entry["covered"] as? Bool == true)
    }
    let other = try folder.run(
      arguments + ["--format", "json", "--moments", "3", "--least-variance", "1/7"])
    let chosen = try jsonObject(other.output)
    #expect(chosen["moments"] as? String == "3" && chosen["leastVariance"] as? String == "1/7")
    for (more, part) in [
      (["--moments", "0"], "--moments"), (["--least-variance", "2"], "--least-variance"),
      (["--reward", "default"], "--reward"), (["--value-cap", "2"], "--value-cap"),
    ] {
      let refused = try folder.run(arguments + more)
      #expect(refused.status == 64 && refused.errors.contains(part), "\(refused.errors)")
    }
    // Three steps of reward 1 at v are more than 1.
    let large = try folder.run(
      ["learn", "hf-ucrl-rfe++"] + regression.dropFirst(2) + ["--steps", "30"])
    #expect(large.status == 64 && large.errors.contains("optimal value, 3"), "\(large.errors)")
  }

  @Test("what the arguments ask for in vain is 64, what the files lack 65")
  func refusals() throws {
    try writeClass()
    try writeMixture()
    let cases: [([String], Int32, String)] = [
      (loop, 64, "steps"), (loop + ["--steps", "0"], 64, "--steps"),
      (loop + ["--steps", "5", "--delta", "1"], 64, "--delta"),
      (loop + ["--steps", "5", "--keep", "1/2"], 64, "--keep"),
      (loop + ["--steps", "5", "--beta", "x"], 64, "--beta"),
      (Array(loop.dropLast(2)) + ["--steps", "5"], 64, "--initial"),
      (["learn", "loop", "model.json", "--class", "class.json", "--steps", "5"], 65, "model.json"),
      (Array(regression.dropLast(2)) + ["--steps", "6"], 64, "--horizon"),
      (regression + ["--steps", "7"], 64, "multiple"),
      (regression + ["--steps", "6", "--grid", "0"], 64, "--grid"),
      (regression + ["--steps", "6", "--value-cap", "1"], 64, "--value-cap"),
      (
        [
          "learn", "ucrl-vtr", "model.json", "--basis", "first.json", "--horizon", "3", "--steps",
          "3",
        ], 65, "no mixture"
      ),
      (["learn", "ucrl-vtr", "model.json", "--basis", "none.json"], 64, "steps"),
      (regression + ["--steps", "6", "--basis", "none.json"], 66, "none.json"),
      (["learn", "other"], 64, "other"),
      (["learn", "ucbvi", "model.json", "--steps", "6"], 64, "--horizon"),
      (["learn", "psrl", "model.json", "--steps", "6", "--delta", "1/2"], 64, "--delta"),
      (["learn", "q-learning", "model.json", "--steps", "6", "--epsilon", "2"], 64, "--epsilon"),
      (["learn", "q-learning", "model.json", "--steps", "7", "--horizon", "2"], 64, "multiple"),
      (["learn", "uclk", "model.json", "--basis", "first.json", "--steps", "3"], 64, "discount"),
    ]
    for (arguments, status, part) in cases {
      let run = try folder.run(arguments)
      #expect(run.status == status && run.output.isEmpty, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(part), "\(arguments): \(run.errors)")
    }
  }

  @Test("a picture of the regret")
  func plot() throws {
    try writeClass()
    try writeMixture()
    for arguments in [loop + ["--steps", "20", "--seeds", "3"], regression + ["--steps", "30"]] {
      let run = try folder.run(arguments + ["--plot", "regret.svg"])
      #expect(run.status == 0, "\(run.errors)")
      let picture = try folder.text(of: "regret.svg")
      #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
      #expect(picture.contains("median regret") && picture.contains("theorem's bound"))
    }
  }

  @Test("a time limit ends a long run")
  func timeLimit() throws {
    try writeClass()
    let run = try folder.run(loop + ["--steps", "1000000000", "--time-limit", "0.2"])
    #expect(run.status == 75 && run.output.isEmpty)
  }
}
