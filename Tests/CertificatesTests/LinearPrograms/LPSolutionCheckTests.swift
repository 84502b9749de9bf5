import Certificates
import TestSupport
import Testing

@Suite("Answers of rationale lp")
struct LPSolutionCheckTests {
  private static let optimal =
    #"{"format":"rationale-lp-solution","version":1,"status":"optimal","direction":"maximize","objectiveValue":"11","objectiveValueDecimal":"11.00","primal":{"x":"3","y":"1"},"dual":{"c1":"2"},"reducedCosts":{"x":"1"},"primalDecimal":{"x":"3.0","y":"1.0"},"dualDecimal":{"c2":"0"},"statistics":{"seconds":0.1},"certificate":"#
    + LPExample.optimalCertificate + "}"
  private static let infeasible =
    #"{"format":"rationale-lp-solution","version":1,"status":"infeasible","direction":"minimize","certificate":"#
    + LPExample.infeasibleCertificate + "}"
  private static let unbounded =
    #"{"format":"rationale-lp-solution","version":1,"status":"unbounded","direction":"minimize","certificate":"#
    + LPExample.unboundedCertificate + "}"

  @Test("true answers are accepted, with or without their optional claims")
  func accepted() throws {
    #expect(try lpVerdict(Self.optimal, LPExample.optimal).isAccepted)
    #expect(try lpVerdict(Self.infeasible, LPExample.infeasible).isAccepted)
    #expect(try lpVerdict(Self.unbounded, LPExample.unbounded).isAccepted)
    let bare =
      #"{"format":"rationale-lp-solution","version":1,"certificate":"#
      + LPExample.optimalCertificate + "}"
    #expect(try lpVerdict(bare, LPExample.optimal).isAccepted)
  }

  @Test("an embedded certificate may leave its vectors to the answer")
  func omitted() throws {
    let short = Self.optimal.replacing(
      LPExample.optimalCertificate,
      with: #"{"format":"rationale-certificate","version":1,"kind":"lp-optimal"}"#)
    #expect(try lpVerdict(short, LPExample.optimal).isAccepted)
    #expect(
      try !lpVerdict(short.replacing(#""x":"3""#, with: #""x":"2""#), LPExample.optimal).isAccepted)
  }

  @Test("another optimal point or multiplier than the certificate's follows, too")
  func otherOptimum() throws {
    let program = "max\n x + y\nst\n c1: x + y <= 4\n c2: 2 x + 2 y <= 8\nend\n"
    let answer =
      #"{"format":"rationale-lp-solution","version":1,"status":"optimal","direction":"maximize","objectiveValue":"4","primal":{"y":"4"},"dual":{"c2":"1/2"},"certificate":{"format":"rationale-certificate","version":1,"kind":"lp-optimal","direction":"maximize","primal":{"x":"4"},"dual":{"c1":"1"},"objectiveValue":"4"}}"#
    #expect(try lpVerdict(answer, program).isAccepted)
    #expect(
      try !lpVerdict(answer.replacing(#""y":"4""#, with: #""y":"3""#), program).isAccepted)
  }

  @Test(
    "every claim that does not follow is rejected", .tags(.mutation),
    arguments: [
      (#""status":"optimal""#, #""status":"infeasible""#, "status"),
      (
        #""status":"optimal","direction":"maximize""#,
        #""status":"optimal","direction":"minimize""#,
        "direction"
      ),
      (
        #""objectiveValue":"11","objectiveValueDecimal""#,
        #""objectiveValue":"10","objectiveValueDecimal""#, "objectiveValue"
      ),
      ("11.00", "11.01", "objectiveValueDecimal"), ("3.0", "3.1", "primalDecimal['x']"),
      (#""c2":"0""#, #""c1":"1""#, "dualDecimal['c1']"),
      (#""c2":"0""#, #""c3":"0""#, "dualDecimal"),
      (
        #""primal":{"x":"3","y":"1"},"dual":{"c1":"2"},"reduced"#,
        #""primal":{"x":"3","y":"2"},"dual":{"c1":"2"},"reduced"#, "primal"
      ),
      (#""dual":{"c1":"2"},"reduced"#, #""dual":{"c1":"3"},"reduced"#, "dual"),
      (#""reducedCosts":{"x":"1"}"#, #""reducedCosts":{"x":"1","y":"1"}"#, "reducedCosts"),
      (#""reducedCosts":{"x":"1"}"#, #""reducedCosts":{}"#, "reducedCosts"),
      (#""reducedCosts":{"x":"1"}"#, #""reducedCosts":{"w":"1"}"#, "'w'"),
    ])
  func mutations(old: String, new: String, place: String) throws {
    let changed = Self.optimal.replacing(old, with: new)
    try #require(changed != Self.optimal)
    let outcome = try lpOutcome(changed, LPExample.optimal)
    #expect(outcome.hasPrefix("rejected: ") && outcome.contains(place), "\(outcome)")
  }

  @Test("an answer without an optimum has no value, point or multipliers", .tags(.mutation))
  func noOptimum() throws {
    for field in [#""objectiveValue":"0""#, #""primal":{}"#, #""dual":{}"#] {
      let changed = Self.unbounded.replacing(
        #""status":"unbounded""#, with: #""status":"unbounded","# + field)
      #expect(try lpOutcome(changed, LPExample.unbounded).hasPrefix("rejected: "))
    }
    #expect(
      try lpOutcome(
        Self.infeasible.replacing(#""status":"infeasible""#, with: #""status":"unbounded""#),
        LPExample.infeasible
      ).contains("status"))
  }
}
