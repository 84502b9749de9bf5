import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Solutions held against their certificates")
struct SolutionCheckTests {
  /// The solution of the worked model around an embedded certificate.
  static func solution(_ claims: String, certificate: String) -> String {
    #"{"format":"rationale-solution","version":1,"# + claims
      + (claims.isEmpty ? "" : ",") + #""certificate":"# + certificate + "}"
  }

  static let claims = #"""
    "objective":"discounted","direction":"maximize","reward":"default","discount":"1/2","status":"exact","method":"policy-iteration","values":{"a":"8/3","b":"8"},"valuesDecimal":{"a":"2.667","b":"8.000"},"initialValue":"8/3","initialValueDecimal":"2.67","policy":{"a":"go","b":"stay"},"optimalActions":{"a":["go"],"b":["stay"]},"policyIsOptimal":true,"undecided":[],"statistics":{"seconds":0.5,"iterations":2}
    """#
  static let enclosedClaims = #"""
    "objective":"discounted","direction":"maximize","reward":"default","discount":"1/2","status":"enclosed","values":{"a":{"lower":"21/8","upper":"11/4"},"b":{"lower":"63/8","upper":"33/4"}},"initialValue":{"lower":"21/8","upper":"11/4"},"policy":{"a":"go","b":"stay"},"policyIsOptimal":true,"undecided":[]
    """#
  static let horizonClaims = #"""
    "objective":"finite-horizon","direction":"maximize","reward":"default","discount":1,"horizon":2,"status":"exact","values":{"a":"5/2","b":"8"},"initialValue":"5/2","policy":[{"a":"go","b":"stay"},{"a":"stay","b":"stay"}],"optimalActions":[{"a":["go"],"b":["stay"]},{"a":["stay"],"b":["stay"]}]
    """#

  @Test("true claims are accepted, all of them and each alone")
  func accepted() throws {
    let model = try WorkedModel.make()
    for (claims, certificate) in [
      (Self.claims, WorkedModel.exact), (Self.enclosedClaims, WorkedModel.enclosed),
      (Self.horizonClaims, WorkedModel.horizon), ("", WorkedModel.exact),
      (#""status":"exact""#, WorkedModel.exact), (#""x-mine":[1]"#, WorkedModel.enclosed),
    ] {
      let outcome = check(Self.solution(claims, certificate: certificate), model)
      #expect(outcome.isAccepted, "\(outcome)")
    }
  }

  @Test(
    "bounds may be wider than proved, and numbers may be given as bounds",
    arguments: [
      (WorkedModel.exact, #"{"a":{"lower":"5/2","upper":"3"},"b":"8"}"#),
      (WorkedModel.exact, #"[{"lower":"8/3","upper":"8/3"},"16/2"]"#),
      (WorkedModel.exact, #"{"denominator":6,"numerators":[16,48]}"#),
      (WorkedModel.enclosed, #"[{"lower":"21/8","upper":"11/4"},{"lower":0,"upper":9}]"#),
    ])
  func wider(certificate: String, values: String) throws {
    let text = Self.solution(#""values":"# + values, certificate: certificate)
    let outcome = check(text, try WorkedModel.make())
    #expect(outcome.isAccepted, "\(outcome)")
  }

  @Test(
    "a claim that does not follow is rejected", .tags(.mutation),
    arguments: [
      (#""objective":"discounted""#, #""objective":"total""#),
      (#""direction":"maximize""#, #""direction":"minimize""#),
      (#""reward":"default""#, #""reward":"other""#),
      (#""discount":"1/2""#, #""discount":"1/3""#),
      (#""discount":"1/2""#, #""discount":"1/2","horizon":2"#),
      (#""discount":"1/2""#, #""discount":"1/2","terminal":[0,1]"#),
      (#""a":"8/3""#, #""a":"9/3""#), (#""b":"8"}"#, #""b":"8.0000000001"}"#),
      (#"{"a":"8/3","b":"8"}"#, #"{"a":"8/3"}"#), (#"{"a":"8/3","b":"8"}"#, #"["8/3"]"#),
      (#"{"a":"8/3","b":"8"}"#, #"{"a":"8/3","c":"8"}"#),
      (#"{"a":"8/3","b":"8"}"#, #"{"a":{"lower":"8/3","upper":"2"},"b":"8"}"#),
      (#"{"a":"8/3","b":"8"}"#, #"{"a":{"lower":"3","upper":"4"},"b":"8"}"#),
      (#""initialValue":"8/3""#, #""initialValue":"8""#),
      (#""initialValue":"8/3""#, #""initialValue":{"lower":"0","upper":"5/2"}"#),
      (#""initialValue":"8/3""#, #""initialValue":"8/3","initial":"b""#),
      (#""initialValue":"8/3""#, #""initialValue":"8/3","initial":"c""#),
      (#""initialValue":"8/3""#, #""initialValue":"8/3","initial":[["a",1],["a",0]]"#),
      (#""initialValueDecimal":"2.67""#, #""initialValueDecimal":"2.66""#),
      (#""a":"2.667""#, #""a":"2.666""#), (#""b":"8.000""#, #""b":"8.001""#),
      (#""a":"go","b":"stay"}"#, #""a":"stay","b":"stay"}"#),
      (#""a":"go","b":"stay"}"#, #""a":"go","b":"go"}"#),
      (#""a":"go","b":"stay"}"#, #""a":"go"}"#),
      (#""a":["go"]"#, #""a":["stay"]"#), (#""a":["go"]"#, #""a":["go","stay"]"#),
      (#""a":["go"]"#, #""a":["go","go"]"#), (#""a":["go"]"#, #""a":[]"#),
      (#""a":["go"],"#, ""),
      (#""policyIsOptimal":true"#, #""policyIsOptimal":false"#),
      (#""undecided":[]"#, #""undecided":["a"]"#),
    ])
  func exactMutation(part: String, replacement: String) throws {
    let outcome = check(
      Self.solution(Self.claims.replacing(part, with: replacement), certificate: WorkedModel.exact),
      try WorkedModel.make())
    #expect(outcome.isRejected, "\(outcome)")
  }

  @Test(
    "bounds narrower than proved and numbers that are only enclosed are rejected",
    .tags(.mutation),
    arguments: [
      (#""status":"enclosed""#, #""status":"exact""#),
      (#""a":{"lower":"21/8""#, #""a":{"lower":"8/3""#),
      (#"{"lower":"63/8","upper":"33/4"}"#, #"{"lower":"63/8","upper":"8"}"#),
      (#"{"lower":"63/8","upper":"33/4"}"#, #""8""#),
      (#""initialValue":{"lower":"21/8","upper":"11/4"}"#, #""initialValue":"8/3""#),
      (#""initialValue":{"lower":"21/8""#, #""initialValue":{"lower":"22/8""#),
      (#""a":"go""#, #""a":"stay""#),
      (#""policyIsOptimal":true"#, #""policyIsOptimal":false"#),
      (#""undecided":[]"#, #""undecided":["b"]"#),
    ])
  func enclosedMutation(part: String, replacement: String) throws {
    let outcome = check(
      Self.solution(
        Self.enclosedClaims.replacing(part, with: replacement), certificate: WorkedModel.enclosed),
      try WorkedModel.make())
    #expect(outcome.isRejected, "\(outcome)")
  }

  @Test(
    "claims of every step are compared", .tags(.mutation),
    arguments: [
      (#""horizon":2"#, #""horizon":3"#), (#""b":"8"}"#, #""b":"4"}"#),
      (#""initialValue":"5/2""#, #""initialValue":"1""#),
      (#"{"a":"stay","b":"stay"}]"#, #"{"a":"go","b":"stay"}]"#),
      (#",{"a":"stay","b":"stay"}]"#, "]"), (#"{"a":["stay"]"#, #"{"a":["stay","go"]"#),
      (#",{"a":["stay"],"b":["stay"]}]"#, "]"),
      (#""horizon":2"#, #""horizon":2,"terminal":{"a":1,"b":4}"#),
    ])
  func horizonMutation(part: String, replacement: String) throws {
    let outcome = check(
      Self.solution(
        Self.horizonClaims.replacing(part, with: replacement), certificate: WorkedModel.horizon),
      try WorkedModel.make())
    #expect(outcome.isRejected, "\(outcome)")
  }

  @Test(
    "claims that are malformed", .tags(.mutation),
    arguments: [
      (#""status":"exact""#, #""status":"certain""#, "status"),
      (#""a":"8/3""#, #""a":{"lower":"8/3"}"#, "values['a']"),
      (#""a":"8/3""#, #""a":{"lower":"8/3","upper":"x"}"#, "values['a'].upper"),
      (#""initialValue":"8/3""#, #""initialValue":[]"#, "initialValue"),
      (#""initialValue":"8/3""#, #""initialValue":"8/3","initial":[["a","1/2"]]"#, "initial"),
      (
        #""initialValue":"8/3""#, #""initialValue":"8/3","initial":[["a",2],["b",-1]]"#,
        "initial[1][1]"
      ),
      (#""initialValue":"8/3""#, #""initialValue":"8/3","initial":[["a"]]"#, "initial[0]"),
      (#""method""#, #""mehtod""#, ""), (#""a":["go"]"#, #""a":"go""#, "optimalActions['a']"),
      (#""a":["go"]"#, #""a":[["go"]]"#, "optimalActions['a'][0]"),
    ])
  func malformed(part: String, replacement: String, place: String) throws {
    let outcome = check(
      Self.solution(Self.claims.replacing(part, with: replacement), certificate: WorkedModel.exact),
      try WorkedModel.make())
    #expect(outcome.isMalformed, "\(outcome)")
    #expect(outcome.text.hasPrefix("c.json: \(place)"), "\(outcome)")
  }

  @Test("an exact initial value alone is accepted between proved bounds, and that is said")
  func initialValueAlone() throws {
    let model = try WorkedModel.make()
    let text = { (value: String) in
      Self.solution(
        #""status":"exact","initialValue":"\#(value)","policy":["go","stay"],"policyIsOptimal":true"#,
        certificate: WorkedModel.enclosed)
    }
    let outcome = check(text("8/3"), model)
    #expect(outcome.isAccepted)
    #expect(outcome.text.contains("only the bounds are proved"))
    #expect(check(text("12/4"), model).isRejected)
    #expect(check(text("20/8"), model).isRejected)
  }

  @Test(
    "decimals of a number are the nearest, of bounds the nearest or outward",
    arguments: [
      (#""initialValue":"8/3","initialValueDecimal":"3""#, true),
      (#""initialValue":"8/3","initialValueDecimal":"2.67""#, true),
      (#""initialValue":"8/3","initialValueDecimal":"2.66""#, false),
      (#""initialValue":"8/3","initialValueDecimal":"2.67e0""#, false),
      (#""initialValue":"8/3","initialValueDecimal":"8/3""#, false),
      (#""initialValueDecimal":"2.67""#, false),
      (#""values":["8/3",8],"valuesDecimal":["2.7","8.0"]"#, true),
      (#""values":["8/3",8],"valuesDecimal":["2.7","8.1"]"#, false),
      (#""values":["8/3",8],"valuesDecimal":["2.7"]"#, false),
      (bounds("2.6", "2.8"), true), (bounds("2.6", "2.7"), false), (bounds("2.7", "2.8"), false),
      (bounds("2.62", "2.75"), true), (bounds("2.63", "2.75"), false),
      (bounds("2.625", "2.750"), true),
    ])
  func decimals(claims: String, isAccepted: Bool) throws {
    let outcome = check(
      Self.solution(claims, certificate: WorkedModel.exact), try WorkedModel.make())
    #expect(outcome.isAccepted == isAccepted, "\(outcome)")
  }

  /// The bounds 21/8 = 2.625 (a tie for two digits, of which 2.62 is even) and 11/4 = 2.75.
  private static func bounds(_ lower: String, _ upper: String) -> String {
    #""initialValue":{"lower":"21/8","upper":"11/4"},"initialValueDecimal":{"lower":"\#(lower)","upper":"\#(upper)"}"#
  }

  @Test("the initial law of the solution stands before the model's")
  func initialLaw() throws {
    let model = try WorkedModel.make()
    let text = Self.solution(
      #""initial":[["a","1/4"],[1,"3/4"]],"initialValue":"20/3""#, certificate: WorkedModel.exact)
    let outcome = check(text, model)  // (8/3 + 3·8)/4
    #expect(outcome.isAccepted, "\(outcome)")
    #expect(outcome.text.contains("the initial value is 20/3"))
    let none = Self.solution(#""initialValue":"8/3""#, certificate: WorkedModel.exact)
    #expect(check(none, try WorkedModel.make(initial: nil)).isRejected)
  }

  @Test("optimal actions are recomputed at decided states from an enclosure too")
  func enclosedOptimalActions() throws {
    let model = try WorkedModel.make()
    let text = { (actions: String) in
      Self.solution(#""optimalActions":"# + actions, certificate: WorkedModel.enclosed)
    }
    #expect(check(text(#"[["go"],["stay"]]"#), model).isAccepted)
    #expect(check(text(#"[["go","stay"],["stay"]]"#), model).isRejected)
    let undecided = text(#"[["go"],["stay"]]"#).replacing(
      #""policyIsOptimal":true,"undecided":[]"#, with: #""policyIsOptimal":false,"undecided":["a"]"#
    )
    #expect(check(undecided, model).isRejected)
  }

  @Test("fields may be left to the solution, the direction only by an embedded certificate")
  func leftOut() throws {
    let model = try WorkedModel.make()
    let short = #"""
      {"format":"rationale-certificate","version":1,"kind":"discounted-exact"}
      """#
    #expect(check(Self.solution(Self.claims, certificate: short), model).isAccepted)
    let wrong = Self.claims.replacing(#""b":"8"}"#, with: #""b":"9"}"#)
    #expect(check(Self.solution(wrong, certificate: short), model).isRejected)
    let noValues = Self.claims.replacing(#""values":{"a":"8/3","b":"8"},"#, with: "")
    #expect(check(Self.solution(noValues, certificate: short), model).isMalformed)
    let least =
      #""direction":"minimize","reward":"default","discount":"1/2","values":[2,8],"policy":["stay","stay"]"#
    #expect(check(Self.solution(least, certificate: short), model).isAccepted)
    // The values of a finite horizon stand in the certificate alone.
    let horizon = #"{"format":"rationale-certificate","version":1,"kind":"finite-horizon"}"#
    #expect(check(Self.solution(Self.horizonClaims, certificate: horizon), model).isMalformed)
  }

  @Test("a certificate in a file of its own is found beside the solution")
  func reference() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "rationale-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "inner"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let least = WorkedModel.exact.replacing("maximize", with: "minimize")
      .replacing("8/3", with: "2").replacing(#""a":"go""#, with: #""a":"stay""#)
    for (name, text) in [
      ("c.json", WorkedModel.exact), ("least.json", least),
      ("s0.json", Self.solution("", certificate: "7")),
      ("silent.json", WorkedModel.exact.replacing(#""direction":"maximize","#, with: "")),
    ] {
      try Data(text.utf8).write(to: folder.appending(path: "inner/" + name))
    }
    let model = try WorkedModel.make()
    let outcome = { (claims: String, certificate: String) throws -> Outcome in
      let path = folder.appending(path: "solution.json")
      try Data(Self.solution(claims, certificate: certificate).utf8).write(to: path)
      do throws(InputError) {
        let document = try CertificateDocument.read(path.path(percentEncoded: false))
        switch document.verify(against: model) {
        case .accepted(let statement, let warnings):
          return .accepted(statement, warnings: warnings)
        case .rejected(let reason): return .rejected(reason)
        }
      } catch {
        return .malformed("\(error)")
      }
    }
    let file = { (kind: String, name: String) in #"{"kind":"\#(kind)","file":"inner/\#(name)"}"# }
    #expect(try outcome(Self.claims, file("discounted-exact", "c.json")).isAccepted)
    #expect(try outcome(Self.claims, file("discounted-enclosed", "c.json")).isRejected)
    #expect(try outcome(Self.claims, file("discounted-exact", "missing.json")).isMalformed)
    #expect(try outcome(Self.claims, file("discounted-exact", "s0.json")).isMalformed)
    #expect(
      try outcome(Self.claims, #"{"kind":"discounted-exact","file":7}"#).isMalformed)
    // A direction that one file leaves out is to maximise.
    #expect(try outcome("", file("discounted-exact", "least.json")).isRejected)
    let minimize = #""direction":"minimize""#
    #expect(try outcome(minimize, file("discounted-exact", "least.json")).isAccepted)
    #expect(try outcome(minimize, file("discounted-exact", "silent.json")).isRejected)
    #expect(try outcome("", file("discounted-exact", "silent.json")).isAccepted)
  }
}
