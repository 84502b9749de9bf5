import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("rationale bounds linear-mixture", .tags(.commandLine))
struct MixtureCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try write("first.json", ["1/2", "1/2", "0"], ["0", "0", "1"])
    try write("second.json", ["1/4", "0", "3/4"], ["1/2", "0", "1/2"])
    try write("mixed.json", ["1/3", "1/6", "1/2"], ["1/3", "0", "2/3"])
    try write("other.json", ["1/3", "1/6", "1/2"], ["0", "1", "0"])
  }

  /// States u, v, w; `u` and `v` move by these laws, `w` stays.
  private func write(_ name: String, _ first: [String], _ second: [String]) throws {
    var rows: [String] = [#"["w","a","w","1"]"#]
    for (state, law) in [("u", first), ("v", second)] {
      for (place, successor) in ["u", "v", "w"].enumerated() where law[place] != "0" {
        rows.append(#"["\#(state)","a","\#(successor)","\#(law[place])"]"#)
      }
    }
    try folder.write(
      #"{"format":"rationale-mdp","version":1,"states":["u","v","w"],"actions":["a"],"#
        + #""transitions":[\#(rows.joined(separator: ","))]}"#, to: name)
  }

  private func answer(_ target: String, _ rest: String...) throws -> [String: Any] {
    let run = try folder.run(
      ["bounds", "linear-mixture", "--model", target, "--format", "json"] + rest)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    return try jsonObject(run.output)
  }

  @Test("a mixture of two kernels")
  func mixture() throws {
    let json = try answer("mixed.json", "--basis", "first.json", "--basis", "second.json")
    #expect(json["rank"] as? Int == 2)
    for key in ["linear", "convex", "unique"] { #expect(json[key] as? Bool == true) }
    #expect(json["theta"] as? [String] == ["1/3", "2/3"])
    #expect(json["minimumNormTheta"] as? [String] == ["1/3", "2/3"])
    #expect(json["minimumNormSquared"] as? String == "5/9")
    #expect(json["residualSquared"] == nil)
    #expect(json["featureNormSquared"] as? String == "2")
    // P₁ - P₂ is (1/4, 1/2, -3/4) at u.
    #expect(json["offsetFeatureNormSquared"] as? String == "9/16")
    #expect((json["certificate"] as? [String: Any])?["kind"] as? String == "theta")
  }

  @Test("no mixture, and kernels of another model")
  func refusals() throws {
    let json = try answer("other.json", "--basis", "first.json", "--basis", "second.json")
    #expect(json["linear"] as? Bool == false && json["theta"] == nil)
    #expect((json["residualSquared"] as? String).flatMap { Rational($0) }.map { $0 > 0 } == true)
    let certificate = try #require(json["certificate"] as? [String: Any])
    #expect(certificate["kind"] as? String == "fredholm")
    #expect((certificate["vector"] as? [[String]])?.isEmpty == false)
    try folder.write(
      #"{"format":"rationale-mdp","version":1,"states":2,"actions":1,"#
        + #""transitions":[[0,0,0,1],[1,0,1,1]]}"#, to: "small.json")
    let run = try folder.run(
      "bounds", "linear-mixture", "--model", "mixed.json", "--basis", "small.json")
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: small.json: transitions: 2 states"), "\(run.errors)")
  }

  @Test("features from a file; text for people")
  func features() throws {
    try folder.write(
      #"{"format":"rationale-features","version":1,"dimension":2,"features":["#
        + #"["u","a","u",["1/2","1/4"]],["u","a","v",["1/2",0]],["u","a","w",[0,"3/4"]],"#
        + #"["v","a","u",[0,"1/2"]],["v","a","w",["1","1/2"]],["w","a","w",[1,1]]]}"#,
      to: "features.json")
    let json = try answer("mixed.json", "--features", "features.json")
    #expect(json["theta"] as? [String] == ["1/3", "2/3"])
    #expect(json["offsetFeatureNormSquared"] == nil)
    let text = try folder.run(
      "bounds", "linear-mixture", "--model", "other.json", "--features", "features.json")
    #expect(text.status == 0 && text.output.contains("no linear mixture"))
    try folder.write("{}", to: "empty.json")
    let bad = try folder.run(
      "bounds", "linear-mixture", "--model", "mixed.json", "--features", "empty.json")
    #expect(bad.status == 65 && bad.errors.hasPrefix("error: empty.json: format: "))
  }
}

@Suite("rationale bounds finite-class and mixing", .tags(.commandLine))
struct ModelQuestionTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let models = [("1/4", "3/4"), ("1/2", "1/2"), ("3/4", "1/4")].map(Self.model)
    try folder.write(models[0], to: "quarter.json")
    try folder.write(Self.model("1/3", "2/3"), to: "stranger.json")
    try folder.write(
      #"{"format":"rationale-class","version":1,"hypotheses":[\#(models.joined(separator: ","))]}"#,
      to: "class.json")
  }

  /// Home and away, with the chances of the way out to succeed and to fail.
  private static func model(_ success: String, _ failure: String) -> String {
    #"{"format":"rationale-mdp","version":1,"states":["home","away"],"actions":["safe","go"],"#
      + #""transitions":[["home","safe","home",1],["home","go","away","\#(success)"],"#
      + #"["home","go","home","\#(failure)"],["away","go","home","1/2"],"#
      + #"["away","go","away","1/2"]],"rewards":[["home","safe","2/5"],["away","go",1]]}"#
  }

  @Test("the complexity of the worked class", .tags(.worked))
  func finiteClass() throws {
    let run = try folder.run(
      "bounds", "finite-class", "--class", "class.json", "--model", "quarter.json", "--format",
      "json")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    // The file lists 1/4, 1/2, 3/4.
    #expect(json["gains"] as? [String] == ["2/5", "1/2", "3/5"])
    #expect(json["truth"] as? Int == 0)
    #expect(json["spanBound"] as? String == "6/5" && json["range"] as? String == "6/5")
    #expect(json["leastError"] as? String == "1/5")
    #expect(json["bellmanRank"] as? Int == 1 && json["eluderDimension"] as? Int == 2)
    #expect(json["squaredScales"] as? [String] == ["1/16", "9/100"])
    #expect(
      json["bellmanErrorMatrix"] as? [[String]] == [
        ["0", "0", "0"], ["0", "1/6", "4/15"], ["0", "1/6", "4/15"],
      ])
    let text = try folder.run(
      "bounds", "finite-class", "--class", "class.json", "--model", "quarter.json", "--scale", "0.4"
    )
    #expect(text.status == 0 && text.output.contains("dimension 1 at the scale 2/5"))
  }

  @Test("coefficients of a trace, laws as points, the dimension of the class", .tags(.worked))
  func trace() throws {
    try folder.write(
      #"{"format":"rationale-trace","version":1,"#
        + #""steps":[["home","go",1],["home","go",1],[0,1,2]]}"#, to: "trace.json")
    let arguments = [
      "bounds", "finite-class", "--class", "class.json", "--model", "quarter.json", "--trace",
      "trace.json",
    ]
    let run = try folder.run(arguments + ["--format", "json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try jsonObject(run.output)
    #expect(json["mixtureDimension"] as? Int == 2)
    // The rows of the two that go out are equal, so that the second tells nothing.
    #expect(json["bellmanEluderDimension"] as? Int == 1)
    #expect(json["bellmanSquaredScales"] as? [String] == ["0", "1/36"])
    // h(away) - h(home) is 1 for 1/2 and 4/5 for 3/4: errors of 1/4, 1/4, 1/2 · 4/5;
    // before them 0, 1/16, 2 · (1/2)².
    let trace = try #require(json["trace"] as? [String: Any])
    for (key, number) in [
      ("error", "9/10"), ("priorSquares", "9/16"), ("squares", "57/200"), ("largestPrior", "1/2"),
      ("dominance", "36/25"), ("transferability", "57/100"), ("additive", "0"),
    ] {
      #expect(trace[key] as? String == number, "\(key)")
    }
    let more = try jsonObject(
      folder.run(arguments + ["--additive", "1/2", "--format", "json"]).output)
    let other = try #require(more["trace"] as? [String: Any])
    // d/2 + √(9/16 d) = 9/10.
    let ends = try #require(other["dominance"] as? [String: String])
    let least = try ["lower", "upper"].map { try #require(ends[$0].flatMap { Rational($0) }) }
    for (end, isBelow) in zip(least, [true, false]) {
      let rest = Rational(9, 10) - end / 2
      #expect((Rational(9, 16) * end < rest * rest) == isBelow)
    }
    #expect(other["dominanceIsValid"] as? Bool == true)
    let text = try folder.run(arguments)
    #expect(text.output.contains("36/25 over the trace"), "\(text.output)")
    try folder.write(
      #"{"format":"rationale-trace","version":1,"steps":[["home","go",3]]}"#, to: "far.json")
    let far = try folder.run(arguments.dropLast() + ["far.json"])
    #expect(far.status == 65 && far.errors.contains("far.json: steps[0][2]: "), "\(far.errors)")
    #expect(try folder.run(arguments.dropLast(2) + ["--additive", "1"]).status == 64)
  }

  @Test("how well data cover what policies visit", .tags(.worked))
  func coverage() throws {
    let arguments = [
      "bounds", "coverage", "--model", "quarter.json", "--discount", "1/2", "--initial", "home",
    ]
    func answer(_ more: String...) throws -> [String: Any] {
      let run = try folder.run(arguments + more + ["--format", "json"])
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      return try jsonObject(run.output)
    }
    // To stay is best, and has all of its mass on one of three pairs.
    let even = try answer()
    #expect(even["concentrability"] as? String == "3" && even["policyCoverage"] as? String == "3")
    #expect(even["policy"] as? [String: String] == ["home": "safe", "away": "go"])
    // To go out has 6/7 of its mass at home.
    try folder.write(
      #"{"format":"rationale-data","version":1,"weights":[["home","safe",6],["home","go",3],"#
        + #"["away","go","1"]]}"#, to: "data.json")
    let counted = try answer("--data", "data.json")
    #expect(counted["concentrability"] as? String == "20/7")
    #expect(counted["state"] as? String == "home" && counted["action"] as? String == "go")
    #expect(counted["policyCoverage"] as? String == "5/3")
    try folder.write(
      #"{"format":"rationale-data","version":1,"weights":[["home","go",3],["away","go",1]]}"#,
      to: "blind.json")
    let blind = try answer("--data", "blind.json")
    #expect(
      blind["concentrability"] as? String == "inf" && blind["policyCoverage"] as? String == "inf")
    #expect(try folder.run(arguments + ["--data", "blind.json"]).output.contains("never show"))
    for (weights, part) in [
      (#"[["home","go",-1]]"#, "weights[0][2]: a weight is at least 0"),
      (#"[["home","go",1],[0,1,2]]"#, "weights[1]: this pair is listed twice"),
      (#"[["home","go"]]"#, "weights[0]: expected [state, action, number]"),
      (#"[["away","safe",1]]"#, "weights[0]: action 'safe' is not available"),
      ("[]", "weights: the weights are all 0"),
    ] {
      try folder.write(
        #"{"format":"rationale-data","version":1,"weights":\#(weights)}"#, to: "bad.json")
      let run = try folder.run(arguments + ["--data", "bad.json"])
      #expect(run.status == 65 && run.errors.contains("bad.json: \(part)"), "\(run.errors)")
    }
    let bare = try folder.run("bounds", "coverage", "--model", "quarter.json")
    #expect(bare.status == 65 && bare.errors.contains("coverage needs a discount"))
  }

  @Test("linear models: measures, or what refutes them", .tags(.worked))
  func linearModel() throws {
    try folder.write(
      #"{"format":"rationale-mdp","version":1,"states":["s","t"],"actions":["a","b"],"#
        + #""transitions":[["s","a","s","1/2"],["s","a","t","1/2"],["s","b","s",1],"#
        + #"["t","a","s","3/4"],["t","a","t","1/4"]],"rewards":[["s","a",1],["t","a","1/2"]]}"#,
      to: "model.json")
    func answer(third: String) throws -> [String: Any] {
      try folder.write(
        #"{"format":"rationale-pair-features","version":1,"dimension":2,"features":["#
          + #"["s","a",[1,0]],["s","b",[0,1]],["t","a",\#(third)]]}"#, to: "features.json")
      let run = try folder.run(
        "bounds", "linear-model", "--model", "model.json", "--features", "features.json",
        "--format", "json")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      return try jsonObject(run.output)
    }
    let json = try answer(third: #"["1/2","1/2"]"#)
    #expect(json["linear"] as? Bool == true)
    #expect(json["dimension"] as? Int == 2 && json["dimensionWithReward"] as? Int == 2)
    let proof = try #require(json["certificate"] as? [String: Any])
    #expect(proof["kind"] as? String == "measures")
    #expect(proof["measures"] as? [String: [String]] == ["s": ["1/2", "1"], "t": ["1/2", "0"]])
    #expect(proof["rewardWeights"] as? [String] == ["1", "0"])
    // The third is the sum of the others, but 3/4 is not 1/2 + 1.
    let other = try answer(third: "[1,1]")
    #expect(other["linear"] as? Bool == false)
    let refutation = try #require(other["certificate"] as? [String: Any])
    #expect(
      refutation["kind"] as? String == "fredholm" && refutation["successor"] as? String == "s")
    #expect(
      refutation["vector"] as? [[String]] == [
        ["s", "a", "4/3"], ["s", "b", "4/3"], ["t", "a", "-4/3"],
      ])
    let text = try folder.run("bounds", "linear-model", "--model", "model.json")
    #expect(text.status == 0 && text.output.contains("of dimension 2, no less"), "\(text.output)")
    try folder.write("[]", to: "features.json")
    let bad = try folder.run(
      "bounds", "linear-model", "--model", "model.json", "--features", "features.json")
    #expect(bad.status == 65 && bad.errors.contains("features.json"), "\(bad.errors)")
  }

  @Test("a truth that is no hypothesis, broken classes, missing options")
  func refusals() throws {
    try folder.write(#"{"format":"rationale-class","version":1}"#, to: "empty.json")
    try folder.write(
      #"{"format":"rationale-class","version":1,"hypotheses":[{"format":"x"}]}"#, to: "bad.json")
    try folder.write(
      #"{"format":"rationale-class","version":1,"hypotheses":[]}"#, to: "none.json")
    try folder.write(
      #"{"format":"rationale-class","version":1,"hypothesis":[]}"#, to: "key.json")
    for (file, model, text) in [
      ("class.json", "stranger.json", "error: class.json: hypotheses: none of them"),
      ("empty.json", "quarter.json", "error: empty.json: 1:1: the key 'hypotheses' is missing"),
      ("bad.json", "quarter.json", "error: bad.json: hypotheses[0]: "),
      ("none.json", "quarter.json", "error: none.json: hypotheses: there is no"),
      ("key.json", "quarter.json", "'hypotheses'"),
    ] {
      let run = try folder.run("bounds", "finite-class", "--class", file, "--model", model)
      #expect(run.status == 65 && run.output.isEmpty, "\(file)")
      #expect(run.errors.contains(text), "\(run.errors)")
    }
    for arguments in [
      ["bounds", "finite-class", "--model", "quarter.json"],
      ["bounds", "finite-class", "--class", "class.json"],
      ["bounds", "mixing", "--model", "quarter.json", "--steps", "-1"],
    ] {
      #expect(try folder.run(arguments).status == 64, "\(arguments)")
    }
    #expect(
      try folder.run("bounds", "finite-class", "--class", "gone.json", "--model", "quarter.json")
        .status == 66)
  }

  @Test("mixing of the best policy, and of a chain that never mixes")
  func mixing() throws {
    let run = try folder.run(
      "bounds", "mixing", "--model", "quarter.json", "--steps", "3", "--format", "json")
    let json = try jsonObject(run.output)
    // The best policy stays at home; from away it comes home with 1/2 a step.
    #expect(json["distances"] as? [String] == ["1", "1/2", "1/4", "1/8"])
    #expect(json["stationary"] as? [String: String] == ["home": "1"])
    #expect(json["mixingTime"] as? Int == 2)
    try folder.write(
      #"{"format":"rationale-mdp","version":1,"states":2,"actions":1,"#
        + #""transitions":[[0,0,0,1],[1,0,1,1]]}"#, to: "split.json")
    let split = try folder.run("bounds", "mixing", "--model", "split.json")
    #expect(split.status == 65 && split.errors.contains("2 recurrent classes"))
  }
}
