import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// C1 of the notes. With `a` at `s` the values are those of
/// `V(t) = -1/(1 - γ)`, `V(s) = 5 + γ (V(s) + V(t))/2 = (10 - 11γ)/((2 - γ)(1 - γ))`, so that
/// `(2 - γ)(1 - γ) = 2 - 3γ + γ²` is a denominator. `b` gains `10 - γ/(1 - γ) - V(s)`, whose
/// numerator `(10 - 11γ)(2 - γ) - (10 - 11γ) = (10 - 11γ)(1 - γ)` changes its sign at 10/11.
@Suite("Files about Blackwell optimality", .tags(.worked, .mutation))
struct BlackwellDocumentTests {
  private let model: FiniteMDP

  init() throws {
    model = try TinyModel.read("s a → s:1/2,t:1/2 | 5; s b → t | 10; t c → t | -1")
  }

  private var certificate: Object {
    [
      "format": "rationale-certificate", "version": 1, "kind": "blackwell",
      "objective": "blackwell", "direction": "maximize", "reward": "default",
      "pieces": [Self.last],
    ]
  }

  private static var last: Object {
    ["from": "10/11", "policy": ["s": "a", "t": "c"], "denominator": ["2", "-3", "1"]]
  }
  /// With `b` at `s`: `V(s) = 10 - γ/(1 - γ)`.
  private static var first: Object {
    ["from": "0", "policy": ["s": "b", "t": "c"], "denominator": ["1", "-1"]]
  }

  private var solution: Object {
    [
      "format": "rationale-solution", "version": 1, "objective": "blackwell",
      "direction": "maximize", "reward": "default", "status": "exact",
      "gain": ["s": "-1", "t": "-1"], "bias": ["s": "12", "t": "0"],
      "blackwellStart": "10/11", "optimalFrom": "10/11",
      // n = 2, m = 2, R = 20: 2·2·20·6³ = 17280.
      "aPrioriBound": "17280/17281",
      "policy": ["s": "a", "t": "c"], "optimalActions": ["s": ["a"], "t": ["c"]],
      "certificate": certificate,
    ]
  }

  private func piece(_ key: String, _ value: Any) -> Object {
    certificate.with("pieces", [Self.last.with(key, value)])
  }

  @Test("the true ones are accepted")
  func accepted() throws {
    let outcome = try check(certificate, model)
    #expect(outcome.isAccepted, "\(outcome.text)")
    #expect(outcome.text.contains("from 10/11 to 1, and for no interval that begins earlier"))
    let both = certificate.with("pieces", [Self.first, Self.last])
    let whole = try check(both, model)
    #expect(whole.isAccepted && whole.text.contains("2 rational functions"), "\(whole.text)")
    #expect(try check(solution, model).isAccepted)
    // The start as the root of a polynomial, a larger denominator, policies by index.
    let root: Object = ["lower": "9/10", "upper": "1", "polynomial": ["-10", "11"]]
    #expect(try check(piece("from", root), model).isAccepted)
    #expect(try check(piece("denominator", ["20", "-40", "25", "-5"]), model).isAccepted)
    #expect(try check(piece("policy", [0, 2]), model).isAccepted)
  }

  @Test("other certificates are rejected, with the reason")
  func rejected() throws {
    let root: Object = ["lower": "0", "upper": "1/2", "polynomial": ["-10", "11"]]
    let cases: [(Object, String)] = [
      (piece("from", "9/10"), "action 'b' is better"),
      (piece("from", "11/12"), "smaller discounts"), (piece("from", "1"), "less than 1"),
      (piece("from", "-1/2"), "at least 0"), (piece("from", root), "exactly one root"),
      (piece("from", ["lower": "9/10", "upper": "1"] as Object), "need a 'polynomial'"),
      (piece("denominator", ["1", "-1"]), "no polynomial"),
      (piece("denominator", ["-2", "3", "-1"]), "positive"),
      (piece("denominator", [String]()), "positive"),
      (piece("denominator", ["2", "-7", "7", "-2"]), "positive"),  // one more root, 1/2
      (piece("denominator", ["1"] + [String](repeating: "0", count: 6) + ["1"]), "degree"),
      (
        piece(
          "from",
          [
            "lower": "0", "upper": "1",
            "polynomial": ["-1"] + [String](repeating: "0", count: 6) + ["2"],
          ] as Object), "degree"
      ),
      (piece("policy", ["s": "b", "t": "c"]), "action 'a' is better"),
      (piece("policy", ["s": "c", "t": "c"]), "not available"),
      (piece("policy", ["s": "a"]), "no entry"),
      (certificate.with("reward", "other"), "no reward"),
      (certificate.with("direction", "minimize"), "better"),
      (certificate.with("objective", "average"), "objective"),
      (certificate.with("pieces", [Self.last, Self.first]), "greater"),
      (
        certificate.with("pieces", [Self.first, Self.first.with("from", "1/2")]),
        "is better"
      ),
    ]
    for (object, reason) in cases {
      let outcome = try check(object, model)
      #expect(outcome.isRejected && outcome.text.contains(reason), "\(object): \(outcome.text)")
    }
  }

  @Test("what is no certificate is malformed")
  func malformed() throws {
    let cases: [Object] = [
      certificate.with("pieces", nil), certificate.with("pieces", [Any]()),
      piece("from", "x"), piece("from", ["lower": "0"] as Object), piece("denominator", ["1/2"]),
      piece("denominator", "1"), certificate.with("values", ["s": "1"]),
      certificate.with("version", 2), certificate.with("reward", nil),
    ]
    for object in cases {
      let outcome = try check(object, model)
      #expect(outcome.isMalformed, "\(object): \(outcome.text)")
    }
  }

  /// The solution of order 0 with these levels.
  private func levels(_ levels: [[String]]) -> Object {
    solution.with("order", 0).with("optimalActions", nil).with("laurentCoefficients", levels)
  }

  @Test("every claim of a solution has to follow")
  func claims() throws {
    let whole = solution.with(
      "certificate", certificate.with("pieces", [Self.first, Self.last]))
    let one: Object = [
      "from": "0", "to": "10/11", "policy": ["s": "b", "t": "c"], "denominator": ["1", "-1"],
      "numerators": ["s": ["10", "-11"], "t": ["-1"]],
    ]
    let two: Object = [
      "from": "10/11", "to": "1", "policy": ["s": "a", "t": "c"],
      "denominator": ["2", "-3", "1"], "numerators": ["s": ["10", "-11"], "t": ["-2", "1"]],
    ]
    #expect(try check(whole.with("pieces", [one, two]), model).isAccepted)
    // V(s) = (10 - 11γ)/((2 - γ)(1 - γ)), y_1 = -2 y_0 + …: levels beyond are checked as well.
    #expect(
      try check(levels([["-1", "-1"], ["12", "0"]]), model).isAccepted)
    #expect(
      try check(
        solution.with("blackwellStart", ["lower": "1/2", "upper": "1"] as Object), model
      ).isAccepted)
    let wrong: [Object] = [
      solution.with("gain", ["s": "-1", "t": "0"]), solution.with("bias", ["s": "11", "t": "0"]),
      solution.with("blackwellStart", "9/10"), solution.with("optimalFrom", "9/10"),
      solution.with("optimalFrom", "1"), solution.with("aPrioriBound", "1/2"),
      solution.with("policy", ["s": "b", "t": "c"]),
      solution.with("optimalActions", ["s": ["a", "b"], "t": ["c"]]),
      solution.with("objective", "average"), solution.with("direction", "minimize"),
      solution.with("policyIsOptimal", false), solution.with("initialValue", "-1"),
      levels([["-1", "-1"], ["12", "1"]]), levels([["-1", "-1"]]),
      levels([["-1", "-1"], ["12", "0"]]).with("order", 1),
      levels([["-1", "-1"], ["12", "0"]]).with("order", nil),
      solution.with("status", "enclosed"), solution.with("undecided", ["s"]),
      solution.with("blackwellStart", ["lower": "1/2", "upper": "2/3"] as Object),
      whole.with("pieces", [one]), whole.with("pieces", [one, one]),
      whole.with("pieces", [one.with("to", "9/10"), two]),
      whole.with("pieces", [one.with("numerators", ["s": ["10", "-10"], "t": ["-1"]]), two]),
      whole.with("pieces", [one.with("policy", ["s": "a", "t": "c"]), two]),
      whole.with("pieces", [one.with("denominator", [String]()), two]),
    ]
    for object in wrong {
      let outcome = try check(object, model)
      #expect(outcome.isRejected, "\(object): \(outcome.text)")
    }
  }
}
