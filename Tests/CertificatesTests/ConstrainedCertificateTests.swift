import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Certificates of constrained problems")
struct ConstrainedCertificateTests {
  /// The example of the theory, verbatim.
  private static let worked = """
    {"format":"rationale-certificate","version":1,"kind":"constrained-optimal","direction":"maximize","reward":"win","discount":"1/2","constraints":[{"reward":"cost","relation":"<=","bound":"2/3"}],"occupancy":[["0","play","2/3"],["0","rest","4/3"]],"multipliers":["1"],"values":{"0":"0"},"objectiveValue":"2/3"}
    """

  /// One state, `play` (reward 1, cost 1), `rest` (0, 0), γ = ½.
  private func model(bonus: Rational = 0) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 1), actions: NameTable(["play", "rest"], of: .action))
    for action in 0..<2 {
      try builder.addTransition(
        from: State(0), under: Action(action), to: State(0), probability: 1)
    }
    for name in ["win", "cost"] {
      try builder.startReward(named: name)
      builder.addReward(state: State(0), action: Action(0), successor: nil, value: 1 + bonus)
    }
    try builder.setDiscount(Rational(1, 2))
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }

  private func edited(_ old: String, _ new: String) -> String {
    let text = Self.worked.replacingFirst(old, new)
    precondition(text != Self.worked, "'\(old)' is not in the example")
    return text
  }

  @Test("the worked example is accepted, in every written form", .tags(.worked))
  func accepted() throws {
    let model = try model()
    let outcome = check(Self.worked, model)
    #expect(outcome.isAccepted, "\(outcome.text)")
    #expect(outcome.text.contains("2/3"))
    for (old, new) in [
      ("\"values\":{\"0\":\"0\"}", "\"values\":[\"0\"]"),
      ("\"values\":{\"0\":\"0\"}", "\"values\":{\"denominator\":\"5\",\"numerators\":[\"0\"]}"),
      ("[\"0\",\"play\",\"2/3\"]", "[0,0,\"4/6\"]"),
      ("\"direction\":\"maximize\",", ""),
      ("\"direction\"", "\"objective\":\"discounted\",\"direction\""),
      ("\"constraints\"", "\"initial\":\"0\",\"constraints\""),
      ("\"constraints\"", "\"initial\":[[\"0\",1]],\"constraints\""),
      ("\"constraints\"", "\"x-note\":1,\"constraints\""),
      // Equality at the bound, and a multiplier that is 0 at a row that does not bind.
      ("\"<=\"", "\"=\""),
    ] {
      let outcome = check(edited(old, new), model)
      #expect(outcome.isAccepted, "\(new): \(outcome.text)")
    }
  }

  @Test(
    "a spoiled field is rejected", .tags(.mutation),
    arguments: [
      ("\"maximize\"", "\"minimize\""), ("\"win\"", "\"none\""),
      ("\"discount\":\"1/2\"", "\"discount\":\"1/3\""),
      ("\"discount\":\"1/2\"", "\"discount\":\"1\""), ("\"cost\"", "\"none\""),
      ("\"<=\"", "\">=\""),
      ("\"bound\":\"2/3\"", "\"bound\":\"1/3\""), ("\"bound\":\"2/3\"", "\"bound\":\"1\""),
      ("\"play\",\"2/3\"", "\"play\",\"1/3\""), ("\"rest\",\"4/3\"", "\"rest\",\"5/3\""),
      ("\"rest\",\"4/3\"", "\"rest\",\"-4/3\""), ("\"rest\"", "\"play\""), ("\"rest\"", "\"nap\""),
      ("[\"0\",\"rest\",\"4/3\"]", "[\"1\",\"rest\",\"4/3\"]"),
      (",[\"0\",\"rest\",\"4/3\"]", ""), ("\"multipliers\":[\"1\"]", "\"multipliers\":[\"-1\"]"),
      ("\"multipliers\":[\"1\"]", "\"multipliers\":[\"2\"]"),
      ("\"multipliers\":[\"1\"]", "\"multipliers\":[\"1/2\"]"),
      ("\"multipliers\":[\"1\"]", "\"multipliers\":[]"),
      ("{\"0\":\"0\"}", "{\"0\":\"1/100\"}"), ("{\"0\":\"0\"}", "{\"0\":\"-1/100\"}"),
      ("{\"0\":\"0\"}", "[\"0\",\"0\"]"),
      ("\"objectiveValue\":\"2/3\"", "\"objectiveValue\":\"1\""),
      ("\"objectiveValue\":\"2/3\"", "\"objectiveValue\":\"200/301\""),
      ("\"constraints\"", "\"initial\":\"1\",\"constraints\""),
      ("\"direction\"", "\"objective\":\"average\",\"direction\""),
    ])
  func rejected(old: String, new: String) throws {
    let outcome = check(edited(old, new), try model())
    #expect(outcome.isRejected, "\(new): \(outcome.text)")
  }

  @Test("another model with the same names is rejected", .tags(.mutation))
  func otherModel() throws {
    #expect(check(Self.worked, try model(bonus: Rational(1, 7))).isRejected)
  }

  @Test(
    "what is no such certificate is malformed",
    arguments: [
      ("\"multipliers\":[\"1\"],", ""), ("\"occupancy\"", "\"occupancies\""), ("\"<=\"", "\"<\""),
      ("[\"0\",\"play\",\"2/3\"]", "[\"0\",\"play\"]"), ("\"4/3\"", "\"4/0\""),
      ("\"reward\":\"win\",", ""),
      ("\"relation\":\"<=\",", ""), ("\"bound\"", "\"limit\""), (",\"objectiveValue\":\"2/3\"", ""),
      ("constrained-optimal", "constrained-best"),
      ("constrained-optimal", "constrained-infeasible"),
    ])
  func malformed(old: String, new: String) throws {
    let outcome = check(edited(old, new), try model())
    #expect(outcome.isMalformed, "\(new): \(outcome.text)")
  }

  @Test("minimizing negates the values, not the multipliers", .tags(.worked))
  func minimize() throws {
    // At least 2/3 of the cost: the least win is 2/3, its multiplier 1 a unit of the bound.
    let text = edited("\"maximize\"", "\"minimize\"").replacingFirst("\"<=\"", "\">=\"")
    let outcome = check(text, try model())
    #expect(outcome.isAccepted, "\(outcome.text)")
  }

  @Test("an impossible bound: multiplier 1 and values that prove it", .tags(.worked))
  func infeasible() throws {
    // Cost ≤ −1 needs λ = 1, v ≥ −c + v/2, so v = 0, and 0 − 1 < 0; cost ≥ 3: v ≥ c + v/2 gives
    // v = 2, and 2 − 3 < 0.
    let model = try model()
    for (direction, relation, bound, value, isTrue) in [
      ("maximize", "<=", "-1", "0", true), ("maximize", "<=", "0", "0", false),
      ("maximize", ">=", "3", "2", true), ("minimize", ">=", "3", "-2", true),
      ("minimize", ">=", "3", "2", false), ("maximize", ">=", "3", "199/100", false),
      ("maximize", ">=", "2", "2", false), ("maximize", ">=", "3", "3", false),
    ] {
      let text = """
        {"format":"rationale-certificate","version":1,"kind":"constrained-infeasible",
        "direction":"\(direction)","reward":"win","discount":"1/2",
        "constraints":[{"reward":"cost","relation":"\(relation)","bound":"\(bound)"}],
        "multipliers":["1"],"values":{"0":"\(value)"}}
        """
      let outcome = check(text, model)
      #expect(outcome.isAccepted == isTrue, "\(text): \(outcome.text)")
      #expect(!outcome.isMalformed)
    }
  }

  @Test(
    "claims of a solution follow from the certificate", .tags(.mutation),
    arguments: [
      ("", "", true), ("\"initialValue\":\"2/3\"", "\"initialValue\":\"1\"", false),
      ("\"play\":\"1/3\",\"rest\":\"2/3\"", "\"play\":\"2/3\",\"rest\":\"1/3\"", false),
      ("{\"play\":\"1/3\",\"rest\":\"2/3\"}", "\"play\"", false),
      ("\"play\":\"1/3\",\"rest\":\"2/3\"", "\"play\":\"1/3\",\"rest\":\"1/3\"", false),
      ("\"status\":\"exact\"", "\"status\":\"infeasible\"", false),
      ("\"status\":\"exact\"", "\"status\":\"enclosed\"", false),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"policyIsOptimal\":true", true),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"values\":[\"0\"]", false),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"initial\":\"0\"", true),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"initialValueDecimal\":\"0.67\"", true),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"initialValueDecimal\":\"0.66\"", false),
      ("\"status\":\"exact\"", "\"status\":\"exact\",\"discount\":\"1/3\"", false),
      ("\"value\":\"2/3\"", "\"value\":\"1/3\"", false),
      ("\"multiplier\":\"1\"", "\"multiplier\":\"2\"", false),
    ])
  func solution(old: String, new: String, isTrue: Bool) throws {
    let text = """
      {"format":"rationale-solution","version":1,"objective":"discounted","direction":"maximize",
      "reward":"win","status":"exact","initialValue":"2/3",
      "policy":{"0":{"play":"1/3","rest":"2/3"}},"constraints":[{"reward":"cost",
      "relation":"<=","bound":"2/3","value":"2/3","multiplier":"1"}],
      "certificate":\(Self.worked)}
      """
    let outcome = check(old.isEmpty ? text : text.replacingFirst(old, new), try model())
    #expect(outcome.isAccepted == isTrue, "\(new): \(outcome.text)")
    #expect(!outcome.isMalformed, "\(outcome.text)")
  }
}

extension String {
  /// The text with the first occurrence of `old` replaced.
  fileprivate func replacingFirst(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }

  private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
