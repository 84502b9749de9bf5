import Foundation
import TestSupport
import Testing

@Suite("rationale compare", .tags(.commandLine))
struct CompareTests {
  private let text = """
    {"format":"rationale-mdp","version":1,"states":["s","t"],"actions":["a","b"],
    "discount":"1/2","initial":[["s","1/2"],["t","1/2"]],
    "transitions":[["s","a","s",1],["s","b","t",1],["t","a","t",1],["t","b","s",1]],
    "rewards":{"R":[["s","b",1],["t","a",2]],"D":[["s","b",2],["t","a",1]],"zero":[]}}
    """
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(text, to: "e1.json")
  }

  @Test("the answer of the worked case, and its check", .tags(.worked))
  func json() throws {
    let run = try folder.run(
      "compare", "e1.json", "--rewards", "R,D", "--format", "json", "--decimals", "3")
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect(answer["format"] as? String == "rationale-comparison")
    #expect(answer["policy"] as? String == "uniform")
    let pair = try #require((answer["pairs"] as? [[String: Any]])?.first)
    #expect(pair["distance"] as? String == "12/35")
    #expect(pair["distanceDecimal"] as? String == "0.343")
    let regret = try #require(pair["worstCaseRegret"] as? [String: String])
    #expect(regret["R->D"] == "4/7" && regret["D->R"] == "3/5")
    try folder.write(run.output, to: "answer.json")
    let check = try folder.run("check", "e1.json", "answer.json")
    #expect(check.status == 0 && check.output.hasPrefix("accepted:"), "\(check.output)")
    try folder.write(run.output.replacing("12/35", with: "11/35"), to: "wrong.json")
    let rejected = try folder.run("check", "e1.json", "wrong.json")
    #expect(rejected.status == 1 && rejected.output.hasPrefix("rejected:"))
  }

  @Test("text names every number, plots are drawn, the proof is written beside")
  func textReport() throws {
    let run = try folder.run([
      "compare", "e1.json", "--rewards", "R,D", "--plot", "pair.svg", "--certificate", "p.json",
    ])
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("worst-case regret R->D"))
    #expect(run.output.contains("s: a 1/2 or b 1/2, t: a"))
    #expect(try folder.text(of: "pair.svg").contains("a loss of 2"))
    #expect(try folder.run("check", "e1.json", "p.json").status == 0)
    let all = try folder.run("compare", "e1.json", "--plot", "map.svg")
    #expect(all.status == 0)
    #expect(try folder.text(of: "map.svg").contains("R, D: 12/35"))
  }

  @Test("names that make one text of both directions are an error of the file")
  func ambiguousNames() throws {
    try folder.write(text.replacing("\"D\"", with: "\"R->R\""), to: "arrows.json")
    for values in ["exact", "enclosed"] {
      let run = try folder.run(
        "compare", "arrows.json", "--rewards", "R,R->R", "--values", values)
      #expect(run.status == 65 && run.output.isEmpty)
      #expect(run.errors.contains("the names 'R' and 'R->R' of rewards"), "\(run.errors)")
    }
  }

  @Test("a discount too near to 1 for bounds is a limit, not a defect")
  func discountLimit() throws {
    let run = try folder.run(
      "compare", "e1.json", "--discount", "9999999999/10000000000", "--values", "enclosed")
    #expect(run.status == 75 && run.output.isEmpty)
    #expect(run.errors.contains("--values exact"), "\(run.errors)")
  }

  @Test("a reward and its copy are enclosed, and checked")
  func enclosedCopy() throws {
    try folder.write(
      text.replacing(
        "\"D\":[[\"s\",\"b\",2],[\"t\",\"a\",1]]", with: "\"D\":[[\"s\",\"b\",1],[\"t\",\"a\",2]]"),
      to: "copy.json")
    let run = try folder.run(
      "compare", "copy.json", "--values", "enclosed", "--format", "json")
    try #require(run.status == 0, "\(run.errors)")
    try folder.write(run.output, to: "answer.json")
    #expect(try folder.run("check", "copy.json", "answer.json").status == 0)
  }

  @Test("a root is printed between bounds, with its square where that is rational")
  func roots() throws {
    let run = try folder.run(
      "compare", "e1.json", "--rewards", "R,zero", "--normalization", "l2", "--metric", "span",
      "--format", "json")
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    let pair = try #require((answer["pairs"] as? [[String: Any]])?.first)
    let distance = try #require(pair["distance"] as? [String: String])
    #expect(distance["squared"] == "49/53")
  }

  @Test("enclosed numbers are printed, written, certified and checked")
  func enclosed() throws {
    let run = try folder.run("compare", "e1.json", "--values", "enclosed")
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("R->D  0.571428571429"))
    let json = try folder.run(
      "compare", "e1.json", "--values", "enclosed", "--format", "json", "--output", "e.json",
      "--certificate", "c.json")
    try #require(json.status == 0, "\(json.errors)")
    #expect(try folder.text(of: "e.json") == folder.text(of: "c.json"))
    let check = try folder.run("check", "e1.json", "e.json")
    #expect(check.status == 0 && check.output.hasPrefix("accepted"), "\(check.errors)")
    let narrower = try folder.text(of: "e.json").replacing(
      #""discount": "1/2""#, with: #""discount": "1/3""#)
    try folder.write(narrower, to: "e.json")
    #expect(try folder.run("check", "e1.json", "e.json").status == 1)
  }

  @Test("random pairs are compared and drawn")
  func randomPairs() throws {
    let run = try folder.run([
      "compare", "e1.json", "--pairs", "random:4", "--seed", "1", "--format", "json", "--plot",
      "scatter.svg",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect((answer["samples"] as? [Any])?.count == 4)
    #expect(try folder.text(of: "scatter.svg").contains("dard l2 l2"))
  }

  @Test("the distance to a family of rewards, with its pieces and a picture", .tags(.worked))
  func along() throws {
    let run = try folder.run([
      "compare", "e1.json", "--rewards", "R,zero", "--along", "D", "--t", "0..2", "--format",
      "json", "--plot", "curve.svg",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect(answer["format"] as? String == "rationale-distance-curve")
    let exception = try #require(answer["exception"] as? [String: String])
    #expect(exception == ["t": "0", "distance": "1/2"])
    let nearest = try #require(answer["nearest"] as? [String: String])
    #expect(nearest["distance"] == "12/35")
    #expect(try folder.text(of: "curve.svg").contains("zero + t D"))
    let text = try folder.run("compare", "e1.json", "--rewards", "R", "--along", "D")
    #expect(text.status == 0 && text.output.contains("t = 0, at distance 0"))
  }

  /// With x at `s`, y at `t`: |z + 5/8| and |z + 9/8| for z = (x - y)/4, each twice.
  @Test("the nearest state-only reward", .tags(.worked))
  func nearest() throws {
    let run = try folder.run([
      "compare", "e1.json", "--rewards", "R", "--nearest", "state-only", "--metric", "linf",
      "--format", "json", "--decimals", "2",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect(answer["format"] as? String == "rationale-reward-answer")
    try folder.write(run.output, to: "nearest.json")
    #expect(try folder.run("check", "e1.json", "nearest.json").status == 0)
    try folder.write(run.output.replacing(#""1/4""#, with: #""1/5""#), to: "nearest.json")
    #expect(try folder.run("check", "e1.json", "nearest.json").status == 1)
    #expect(
      answer["distance"] as? String == "1/4" && answer["distanceDecimal"] as? String == "0.25")
    #expect((answer["nearest"] as? [String: String])?.count == 2)
    let text = try folder.run("compare", "e1.json", "--rewards", "R", "--nearest", "state-only")
    #expect(text.status == 0 && text.output.contains("1 in l1"))
  }

  static let wrong: [(arguments: [String], status: Int32)] = [
    (["--rewards", "R"], 64), (["--rewards", "R,R"], 64), (["--rewards", "R,Q"], 64),
    (["--metric", "none"], 64), (["--metric", "l3"], 64), (["--reward", "R"], 64),
    (["--canonicalization", "starc"], 64), (["--discount", "1"], 64), (["--initial", "x"], 64),
    (["--policy", "missing.json"], 66), (["--pairs", "12"], 64), (["--seed", "1"], 64),
    (["--policy", "policy.json", "--metric", "linf"], 65), (["--values", "floating"], 64),
    (["--values", "enclosed", "--canonicalization", "epic"], 64),
    (["--values", "enclosed", "--normalization", "l1"], 64),
    (["--values", "enclosed", "--metric", "l2"], 64),
    (["--values", "enclosed", "--policy", "policy.json"], 64),
    (["--values", "enclosed", "--plot", "plot.svg"], 64),
    (["--values", "enclosed", "--minimize"], 64),
    (["--values", "enclosed", "--pairs", "random:4", "--seed", "1"], 64),
    (["--rewards", "R", "--along", "D", "--values", "enclosed"], 64), (["--along", "D"], 64),
    (["--rewards", "R", "--t", "0..1"], 64), (["--rewards", "R", "--along", "Q"], 64),
    (["--rewards", "R,D", "--along", "D", "--t", "1..0"], 64),
    (["--rewards", "R", "--along", "D", "--normalization", "l2"], 64),
    (["--nearest", "state-only"], 64), (["--rewards", "R", "--nearest", "action-only"], 64),
    (["--rewards", "R,D", "--nearest", "state-only"], 64),
    (["--rewards", "Q", "--nearest", "state-only"], 64),
    (["--rewards", "R", "--nearest", "state-only", "--metric", "l2"], 64),
    (["--rewards", "R", "--nearest", "state-only", "--plot", "x.svg"], 64),
  ]

  @Test("what cannot be compared ends with its code", arguments: wrong)
  func failures(arguments: [String], status: Int32) throws {
    try folder.write(#"{"s":"a"}"#, to: "policy.json")
    let run = try folder.run(["compare", "e1.json"] + arguments)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.hasPrefix("error:"))
  }

  @Test("a model without discount or initial law needs the option")
  func missing() throws {
    try folder.write(text.replacing(#""discount":"1/2","#, with: ""), to: "bare.json")
    #expect(try folder.run("compare", "bare.json").status == 65)
    #expect(try folder.run("compare", "bare.json", "--discount", "1/2").status == 0)
    let start = #""initial":[["s","1/2"],["t","1/2"]],"#
    try folder.write(text.replacing(start, with: ""), to: "nowhere.json")
    let run = try folder.run("compare", "nowhere.json")
    #expect(run.status == 65 && run.errors.contains("nowhere.json: initial:"))
    #expect(try folder.run("compare", "nowhere.json", "--initial", "s").status == 0)
  }

  @Test("a policy of the levelling is read, printed and checked")
  func policy() throws {
    try folder.write(#"{"s":"a","t":{"a":"1/3","b":"2/3"}}"#, to: "policy.json")
    let run = try folder.run(
      "compare", "e1.json", "--rewards", "R,D", "--policy", "policy.json", "--format", "json")
    try #require(run.status == 0, "\(run.errors)")
    try folder.write(run.output, to: "answer.json")
    #expect(try folder.run("check", "e1.json", "answer.json").status == 0)
    let policy = try #require(try jsonObject(run.output)["policy"] as? [String: Any])
    #expect(policy["s"] as? String == "a")
  }
}
