import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// On ``WorkedModel`` from `a` with discount 1/2, always `stay`: the rewards `default` and `other`
/// sum to 2 and 18, x(a,stay) = 2. For the weights (1, 1): `stay` pays 10, so v(a) = 20 and
/// v(b) = 8; `go` gives (20 + 8)/4 = 7.
///
/// With `go` at `a`: x(a,go) = 1 + x/4 = 4/3 and x(b) = x(a,go)/4 + x(b)/2 = 2/3; the sums are
/// 4 · 2/3 = 8/3 and 0. For (1, 0): v = (8/3, 8).
@Suite("Pareto points")
struct ParetoPointTests {
  static let strict = #"""
    {"format":"rationale-certificate","version":1,"kind":"pareto-point","objective":"discounted","direction":"maximize","rewards":["default","other"],"discount":"1/2","point":["2","18"],"weight":["1","1"],"occupancy":[["a","stay","2"]],"values":{"a":"20","b":"8"}}
    """#
  static let weak = #"""
    {"format":"rationale-certificate","version":1,"kind":"pareto-point","rewards":["default","other"],"discount":"1/2","initial":"a","point":["8/3","0"],"weight":["1","0"],"occupancy":[["a","go","4/3"],["b","stay","2/3"]],"values":["8/3","8"]}
    """#

  private func object(_ text: String) throws -> Object {
    try #require(try JSONText.object(text))
  }

  @Test("both examples are accepted, and say what they prove", .tags(.worked))
  func worked() throws {
    let model = try WorkedModel.make()
    #expect(
      check(Self.strict, model)
        == .accepted(
          "the point (2, 18) of the expected discounted sums of the rewards 'default', 'other' "
            + "with discount 1/2 is attained and Pareto optimal where all are maximized",
          warnings: []))
    let weak = check(Self.weak, try WorkedModel.make(initial: nil))
    #expect(weak.isAccepted)
    #expect(weak.text.contains("weakly Pareto optimal"))
    #expect(weak.text.contains("from 'a' with probability 1"))
  }

  @Test("other written forms are accepted")
  func forms() throws {
    let model = try WorkedModel.make()
    let base = try object(Self.strict)
    let forms: [Object] = [
      base.with("values", ["denominator": "3", "numerators": ["60", "24"]] as Object),
      base.with("occupancy", [[0, 0, "4/2"], ["b", "stay", "0"]] as [[Any]]),
      base.with("initial", [["a", "1"], ["b", 0]] as [[Any]]).with("objective", nil),
      base.with("values", "b", "10"), base.with("x-note", "free"),
      base.with("weight", ["2", "0.5"]).with("values", ["13", "16"]),
    ]
    for form in forms { #expect(try check(form, model).isAccepted, "\(form)") }
  }

  @Test("minimising turns the inequality", .tags(.worked))
  func minimize() throws {
    // Least sums of both: `go`, `other` 0 and `default` 8/3; for (1, 1) `stay` would pay 10.
    let least = try object(Self.weak).with("direction", "minimize")
      .with("weight", ["1", "1"])
    #expect(try check(least, WorkedModel.make()).isAccepted)
    #expect(
      try check(object(Self.strict).with("direction", "minimize"), WorkedModel.make()).isRejected)
  }

  @Test("every spoiled field is rejected", .tags(.mutation))
  func spoiled() throws {
    let model = try WorkedModel.make()
    let base = try object(Self.strict)
    let spoiled: [Object] = [
      base.with("point", ["2", "19"]), base.with("point", ["2"]),
      base.with("weight", ["1", "-1"]), base.with("weight", ["0", "0"]),
      base.with("weight", ["1"]), base.with("weight", ["1", "2"]),
      base.with("occupancy", [["a", "stay", "1"]]), base.with("occupancy", [] as [String]),
      base.with("occupancy", [["a", "stay", "1"], ["a", "stay", "1"]]),
      base.with("occupancy", [["a", "stay", "2"], ["b", "stay", "-1"]]),
      base.with("occupancy", [["b", "go", "2"]]), base.with("occupancy", [["c", "stay", "2"]]),
      base.with("occupancy", [["a", "go", "4/3"], ["b", "stay", "2/3"]]),
      base.with("values", "a", "21"), base.with("values", "a", "19"),
      base.with("values", "b", "7"), base.with("values", "b", nil),
      base.with("values", ["20", "8", "8"]), base.with("rewards", ["other", "default"]),
      base.with("rewards", ["default", "none"]), base.with("rewards", [] as [String]),
      base.with("discount", "1/3"), base.with("discount", "1"), base.with("initial", "b"),
      base.with("initial", [["a", "1/2"], ["b", "1/2"]]), base.with("objective", "total"),
      base.with("initial", [["a", "1/2"], ["a", "1/2"]]), base.with("direction", "minimize"),
    ]
    for object in spoiled {
      let outcome = try check(object, model)
      #expect(outcome.isRejected, "\(object): \(outcome)")
    }
    #expect(check(Self.strict, try WorkedModel.make(initial: nil)).isRejected)
    #expect(check(Self.strict, try WorkedModel.make(stayReward: 2)).isRejected)
  }

  @Test("what is no certificate is malformed", .tags(.mutation))
  func malformed() throws {
    let model = try WorkedModel.make()
    let base = try object(Self.strict)
    let wrong: [Object] = [
      base.with("occupancy", nil), base.with("values", nil), base.with("rewards", nil),
      base.with("point", nil), base.with("weight", nil), base.with("discount", nil),
      base.with("occupancy", [["a", "stay"]]), base.with("occupancy", [["a", "stay", "x"]]),
      base.with("point", "2"), base.with("reward", "default"), base.with("policy", ["stay"]),
      base.with("initial", [["a", "1/2"]]),
    ]
    for object in wrong { #expect(try check(object, model).isMalformed, "\(object)") }
  }

  @Test("a solution around it may claim no more than it proves")
  func solution() throws {
    let model = try WorkedModel.make()
    let outer: Object = [
      "format": "rationale-solution", "version": 1, "discount": "1/2", "direction": "maximize",
      "certificate": try object(Self.strict),
    ]
    #expect(try check(outer, model).isAccepted)
    #expect(try check(outer.with("initial", "b"), model).isRejected)
    #expect(try check(outer.with("direction", "minimize"), model).isRejected)
    #expect(try check(outer.with("values", ["20", "8"]), model).isRejected)
    #expect(try check(outer.with("initialValue", "20"), model).isRejected)
  }
}
