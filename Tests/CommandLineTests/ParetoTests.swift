import Foundation
import TestSupport
import Testing

@Suite("rationale pareto", .tags(.commandLine))
struct ParetoTests {
  /// One state, discount 0: the actions pay (4,0), (0,4) and (3/2,3/2); `same` pays 1 always.
  private let text = """
    {"format":"rationale-mdp","version":1,"states":["s"],"actions":["left","right","both"],
    "discount":0,"initial":"s",
    "transitions":[["s","left","s",1],["s","right","s",1],["s","both","s",1]],
    "rewards":{"a":[["s","left",4],["s","both","3/2"]],"b<c":[["s","right",4],["s","both","3/2"]],
    "same":[["s","left",1],["s","right",1],["s","both",1]]}}
    """
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(text, to: "k13.json")
  }

  @Test("every vertex comes with a certificate that check accepts", .tags(.worked))
  func json() throws {
    let run = try folder.run([
      "pareto", "k13.json", "--rewards", "a,b<c", "--format", "json", "--reference=-1,-1",
      "--deterministic", "--decimals", "2",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let answer = try jsonObject(run.output)
    #expect(answer["format"] as? String == "rationale-pareto")
    #expect(answer["hypervolume"] as? String == "17")
    #expect(answer["deterministicHypervolume"] as? String == "45/4")
    #expect(answer["deterministicHypervolumeDecimal"] as? String == "11.25")
    let vertices = try #require(answer["vertices"] as? [[String: Any]])
    #expect(vertices.compactMap { $0["point"] as? [String] } == [["4", "0"], ["0", "4"]])
    #expect(
      vertices.compactMap { $0["policy"] as? [String: String] } == [["s": "left"], ["s": "right"]])
    for vertex in vertices {
      let certificate = try JSONSerialization.data(withJSONObject: vertex["certificate"] ?? [:])
      try folder.write(String(decoding: certificate, as: UTF8.self), to: "point.json")
      let check = try folder.run(["check", "k13.json", "point.json"])
      #expect(check.status == 0, "\(check.output)")
      #expect(check.output.contains("Pareto optimal"))
    }
    try folder.write(run.output, to: "front.json")
    let whole = try folder.run(["check", "k13.json", "front.json"])
    #expect(whole.status == 0, "\(whole.output)")
    #expect(whole.output.contains("the 2 vertices and 3 facets are the whole Pareto front"))
    #expect(whole.errors.contains("warning: deterministic: it is not checked"))
    try folder.write(
      run.output.replacing("\"offset\": \"2\"", with: "\"offset\": \"3\""), to: "wrong.json")
    #expect(try folder.run(["check", "k13.json", "wrong.json"]).status == 1)
    let points = try #require(answer["deterministic"] as? [[String: Any]])
    #expect(points.map { $0["isSupported"] as? Bool } == [true, false, true])
  }

  @Test("the front is drawn with its axes named and exact numbers in tooltips")
  func plot() throws {
    let run = try folder.run([
      "pareto", "k13.json", "--rewards", "a,b<c,same", "--plot", "front.svg", "--deterministic",
    ])
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("missed by every positive weight"))
    let svg = try String(contentsOf: folder.url.appending(path: "front.svg"), encoding: .utf8)
    #expect(svg.hasPrefix("<svg"))
    #expect(svg.contains("b&lt;c (greater is better)"))
    #expect(svg.contains("<title>vertex 0: (4, 0, 1), weight"))
    #expect(!svg.contains("nan"))
    #expect(svg.components(separatedBy: "<g ").count == 4)
  }

  @Test("--initial goes into the certificate, --minimize and --discount change the problem")
  func problem() throws {
    try folder.write(
      text.replacing("\"initial\":\"s\",", with: ""), to: "free.json")
    let lost = try folder.run(["pareto", "free.json", "--rewards", "a,b<c"])
    #expect(lost.status == 64)
    #expect(lost.errors.contains("--initial"))
    let run = try folder.run([
      "pareto", "free.json", "--rewards", "a,b<c", "--initial", "s", "--minimize", "--discount",
      "1/2", "--format", "json",
    ])
    let answer = try jsonObject(run.output)
    let vertices = try #require(answer["vertices"] as? [[String: Any]])
    #expect(
      vertices.compactMap { $0["point"] as? [String] } == [["0", "8"], ["3", "3"], ["8", "0"]])
    let certificate = try JSONSerialization.data(
      withJSONObject: vertices[1]["certificate"] ?? [:])
    try folder.write(String(decoding: certificate, as: UTF8.self), to: "point.json")
    let check = try folder.run(["check", "free.json", "point.json"])
    #expect(check.status == 0, "\(check.output)")
    try folder.write(run.output, to: "front.json")
    let whole = try folder.run(["check", "free.json", "front.json"])
    #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
    #expect(whole.output.contains("minimized"))
  }

  @Test(
    "what does not fit is a usage error",
    arguments: [
      ["--rewards", "a"], ["--rewards", "a,nope"], ["--rewards", "a,b<c,same,a,a"],
      ["--rewards", "a,b<c", "--reference", "1"], ["--rewards", "a,b<c", "--reference", "1,x"],
      ["--rewards", "a,b<c", "--reward", "a"], ["--rewards", "a,b<c", "--discount", "1"],
    ])
  func usage(arguments: [String]) throws {
    let run = try folder.run(["pareto", "k13.json"] + arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }
}
