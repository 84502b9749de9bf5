import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// One state `s`, discount 0: the actions pay (2,0), (3/2,3/2), (0,2) and (1,1). The front has the
/// facets z1 ≤ 2, (3 z1 + z2)/4 ≤ 3/2, (z1 + 3 z2)/4 ≤ 3/2 and z2 ≤ 2.
@Suite("Whole Pareto fronts")
struct ParetoFrontCertificateTests {
  private let points = [("left", ["2", "0"]), ("both", ["3/2", "3/2"]), ("right", ["0", "2"])]
  private let weights = [["7/8", "1/8"], ["1/2", "1/2"], ["1/8", "7/8"]]
  private let values = ["7/4", "3/2", "7/4"]

  private func model() throws -> FiniteMDP {
    let text = """
      {"format":"rationale-mdp","version":1,"states":["s"],"actions":["left","both","right","low"],
      "discount":0,"initial":"s","transitions":[["s","left","s",1],["s","both","s",1],
      ["s","right","s",1],["s","low","s",1]],
      "rewards":{"a":[["s","left",2],["s","both","3/2"],["s","low",1]],
      "b":[["s","right",2],["s","both","3/2"],["s","low",1]]}}
      """
    return try ModelFile.read(
      bytes: Array(text.utf8), name: "bandit.json", options: ReadOptions()
    ).model
  }

  private func vertex(_ index: Int) -> Object {
    let (action, point) = points[index]
    return [
      "point": point, "weight": weights[index], "policy": ["s": action] as Object,
      "certificate": [
        "format": "rationale-certificate", "version": 1, "kind": "pareto-point",
        "objective": "discounted", "direction": "maximize", "rewards": ["a", "b"],
        "discount": "0", "point": point, "weight": weights[index],
        "occupancy": [["s", action, "1"]], "values": ["s": values[index]] as Object,
      ] as Object,
    ]
  }

  private func facet(_ normal: [String], _ offset: String, _ vertices: [Int]) -> Object {
    ["normal": normal, "offset": offset, "values": ["s": offset] as Object, "vertices": vertices]
  }

  private var facets: [Object] {
    [
      facet(["1", "0"], "2", [0]), facet(["3/4", "1/4"], "3/2", [0, 1]),
      facet(["1/4", "3/4"], "3/2", [1, 2]), facet(["0", "1"], "2", [2]),
    ]
  }

  private var front: Object {
    [
      "format": "rationale-pareto", "version": 1, "direction": "maximize", "rewards": ["a", "b"],
      "discount": "0", "vertices": (0..<3).map(vertex), "facets": facets,
      "reference": ["0", "0"],
    ]
  }

  @Test("the worked front is accepted, and says what it proves", .tags(.worked))
  func worked() throws {
    #expect(
      try check(front, model())
        == .accepted(
          "the 3 vertices and 4 facets are the whole Pareto front of the expected discounted sums "
            + "of the rewards 'a', 'b' with discount 0, where all are maximized", warnings: []))
    // Below the lines to (3/2, 3/2) from (2, 0) and (0, 2): two triangles of area 3/2 with (0, 0).
    let withVolume = front.with("hypervolume", "3").with("hypervolumeDecimal", "3.00")
    #expect(try check(withVolume, model()).isAccepted)
    let deterministic = try check(withVolume.with("deterministic", [Object]()), model())
    #expect("\(deterministic)".contains("deterministic: it is not checked"))
  }

  @Test("a front that lacks a vertex or a facet is rejected", .tags(.mutation))
  func incomplete() throws {
    let model = try model()
    // Without the middle one the first has a side that no other has.
    let two = front.with("vertices", [vertex(0), vertex(2)]).with(
      "facets",
      [
        facet(["1", "0"], "2", [0]), facet(["3/4", "1/4"], "3/2", [0]),
        facet(["1/4", "3/4"], "3/2", [1]), facet(["0", "1"], "2", [1]),
      ])
    #expect(try check(two, model).text.contains("not complete"))
    for skipped in 0..<4 {
      var fewer = facets
      fewer.remove(at: skipped)
      #expect(try check(front.with("facets", fewer), model).isRejected, "\(skipped)")
    }
    #expect(try check(front.with("facets", [Object]()), model).isRejected)
    #expect(try check(front.with("vertices", [Object]()), model).isRejected)
    #expect(
      try check(front.with("vertices", [vertex(0), vertex(1)]), model).isRejected)
  }

  @Test("every spoiled part is rejected", .tags(.mutation))
  func spoiled() throws {
    let model = try model()
    func spoiledVertex(_ key: String, _ value: Any) -> Object {
      front.with("vertices", [vertex(0).with(key, value), vertex(1), vertex(2)])
    }
    func spoiledFacet(_ key: String, _ value: Any) -> Object {
      front.with("facets", [facets[0], facets[1].with(key, value), facets[2], facets[3]])
    }
    let extra = facet(["1/2", "1/2"], "3/2", [1])
    let spoiled: [Object] = [
      spoiledVertex("point", ["2", "1"]), spoiledVertex("weight", ["1/2", "1/2"]),
      spoiledVertex("policy", ["s": "both"] as Object),
      spoiledVertex("policy", ["s": "up"] as Object),
      spoiledFacet("normal", ["1/2", "1/2"]), spoiledFacet("normal", ["3/2", "1/2"]),
      spoiledFacet("normal", ["5/4", "-1/4"]), spoiledFacet("normal", ["3/4"]),
      spoiledFacet("offset", "2"), spoiledFacet("offset", "1"),
      spoiledFacet("values", ["1"]), spoiledFacet("values", ["2"]),
      spoiledFacet("vertices", [0]), spoiledFacet("vertices", [0, 1, 2]),
      spoiledFacet("isParetoOptimal", false),
      front.with("vertices", [vertex(0), vertex(1), vertex(1), vertex(2)]),
      // A supporting line through a vertex alone is no facet; a facet twice is none either.
      front.with("facets", facets + [extra]), front.with("facets", facets + [facets[0]]),
      front.with("hypervolume", "4"), front.with("hypervolume", "3").with("reference", nil),
      front.with("hypervolume", "3").with("hypervolumeDecimal", "3.01"),
      front.with("reference", ["0"]), spoiledVertex("pointDecimal", ["2.0", "0.1"]),
      spoiledFacet("offsetDecimal", "1.4"),
      front.with("rewards", ["b", "a"]), front.with("rewards", ["a"]),
      front.with("discount", "1/2"), front.with("direction", "minimize"),
      front.with("initial", [["s", "1/2"], ["s", "1/2"]]), front.with("objective", "total"),
    ]
    for object in spoiled {
      let outcome = try check(object, model)
      #expect(outcome.isRejected, "\(object): \(outcome)")
    }
  }

  @Test("what is no front is malformed", .tags(.mutation))
  func malformed() throws {
    let model = try model()
    let wrong: [Object] = [
      front.with("vertices", nil), front.with("facets", "none"), front.with("rewards", nil),
      front.with("volume", "1"), front.with("version", 2), front.with("vertices", [1]),
      front.with("vertices", [vertex(0).with("certificate", nil)]),
      front.with("vertices", [vertex(0).with("certificate", ["kind": "x"] as Object)]),
      front.with("facets", [facets[0].with("values", nil)]),
    ]
    for object in wrong { #expect(try check(object, model).isMalformed, "\(object)") }
  }
}
