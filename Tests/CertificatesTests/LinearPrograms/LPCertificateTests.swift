import Certificates
import ExactArithmetic
import ExactJSON
import LinearPrograms
import TestSupport
import Testing

/// The three programs of the worked examples in the notes on duality and infeasibility.
enum LPExample {
  static let optimal =
    "max\n 3 x + 2 y\nst\n c1: x + y <= 4\n c2: x + 3 y <= 6\nbounds\n x <= 3\nend\n"
  static let infeasible = "min\n 0 x\nst\n c1: x + y >= 5\nbounds\n x <= 2\n y <= 2\nend\n"
  static let unbounded = "min\n -x\nst\n c1: x - y <= 1\nend\n"

  static let optimalCertificate =
    #"{"format":"rationale-certificate","version":1,"kind":"lp-optimal","direction":"maximize","primal":{"x":"3","y":"1"},"dual":{"c1":"2"},"objectiveValue":"11"}"#
  static let infeasibleCertificate =
    #"{"format":"rationale-certificate","version":1,"kind":"lp-infeasible","farkas":{"c1":"1"}}"#
  static let unboundedCertificate =
    #"{"format":"rationale-certificate","version":1,"kind":"lp-unbounded","direction":"minimize","primal":{},"ray":{"x":"1","y":"1"}}"#
}

func linearProgram(_ text: String) throws -> LinearProgram {
  try LinearProgramFile.read(bytes: Array(text.utf8), name: "a.lp")
}

func lpVerdict(_ certificate: String, _ program: String) throws -> Verdict {
  try LPCertificateDocument.read(bytes: Array(certificate.utf8), path: "c.json")
    .verify(on: linearProgram(program))
}

/// The statement of an accepted certificate, or the reason of a rejection.
func lpOutcome(_ certificate: String, _ program: String) throws -> String {
  switch try lpVerdict(certificate, program) {
  case .accepted(let statement, _): "accepted: \(statement)"
  case .rejected(let reason): "rejected: \(reason)"
  }
}

@Suite("Certificates of linear programs")
struct LPCertificateTests {
  @Test(
    "the worked examples are accepted", .tags(.worked),
    arguments: [
      (LPExample.optimalCertificate, LPExample.optimal, "the maximum of the linear program is 11"),
      (LPExample.infeasibleCertificate, LPExample.infeasible, "no feasible point"),
      (LPExample.unboundedCertificate, LPExample.unbounded, "has no lower bound"),
    ])
  func worked(certificate: String, program: String, statement: String) throws {
    let outcome = try lpOutcome(certificate, program)
    #expect(outcome.hasPrefix("accepted: ") && outcome.contains(statement), "\(outcome)")
  }

  @Test(
    "every single change of a field is rejected with its place", .tags(.mutation),
    arguments: [
      (#""x":"3""#, #""x":"4""#, "column 'x'"), (#""x":"3""#, #""x":"-1""#, "column 'x'"),
      (#""x":"3""#, #""x":"2""#, "row 'c1'"), (#""y":"1""#, #""y":"2""#, "row 'c1'"),
      (#""y":"1""#, #""y":"1000000000001/1000000000000""#, "row 'c1'"),
      (#""y":"1""#, #""y":"999999999999/1000000000000""#, "row 'c1'"),
      (#""y":"1""#, #""q":"1""#, "no column 'q'"), (#""c1":"2""#, #""c1":"-2""#, "row 'c1'"),
      (#""c1":"2""#, #""c1":"21/10""#, "column 'y'"), (#""c1":"2""#, #""c2":"2""#, "column 'y'"),
      (#""c1":"2""#, #""c1":"2","c2":"1""#, "'y'"), (#""c1":"2""#, #""c3":"2""#, "no row 'c3'"),
      (#""objectiveValue":"11""#, #""objectiveValue":"12""#, "objectiveValue"),
      ("maximize", "minimize", "direction"),
      (#""direction":"maximize""#, #""objective":"discounted""#, "objective"),
    ])
  func optimalMutations(old: String, new: String, place: String) throws {
    let changed = LPExample.optimalCertificate.replacing(old, with: new)
    try #require(changed != LPExample.optimalCertificate)
    let outcome = try lpOutcome(changed, LPExample.optimal)
    #expect(outcome.hasPrefix("rejected: ") && outcome.contains(place), "\(outcome)")
  }

  @Test(
    "changed proofs of infeasibility and unboundedness are rejected", .tags(.mutation),
    arguments: [
      (LPExample.infeasible, #""farkas":{"c1":"-1"}"#, "row 'c1'"),
      (LPExample.infeasible, #""farkas":{}"#, "add up to 0"),
      (LPExample.infeasible, #""farkas":{"c2":"1"}"#, "no row 'c2'"),
      (LPExample.infeasible.replacing(">= 5", with: ">= 4"), #""farkas":{"c1":"1"}"#, "up to 0"),
      (LPExample.infeasible.replacing(" y <= 2\n", with: ""), #""farkas":{"c1":"1"}"#, "'y'"),
      (LPExample.infeasible, #""crossed":{"row":"c1"}"#, "crossed: row 'c1'"),
      (LPExample.infeasible, #""crossed":{"column":"x"}"#, "crossed: column 'x'"),
      (LPExample.infeasible, #""crossed":{"column":"q"}"#, "no column 'q'"),
      (LPExample.infeasible, #""direction":"maximize","farkas":{"c1":"1"}"#, "direction"),
    ])
  func infeasibleMutations(program: String, fields: String, place: String) throws {
    let certificate = LPExample.infeasibleCertificate.replacing(
      #""farkas":{"c1":"1"}"#, with: fields)
    let outcome = try lpOutcome(certificate, program)
    #expect(outcome.hasPrefix("rejected: ") && outcome.contains(place), "\(outcome)")
  }

  @Test(
    "changed rays and points are rejected", .tags(.mutation),
    arguments: [
      (#""ray":{"x":"1","y":"1"}"#, #""ray":{"x":"1"}"#, "row 'c1'"),
      (#""ray":{"x":"1","y":"1"}"#, #""ray":{}"#, "changes by 0"),
      (#""ray":{"x":"1","y":"1"}"#, #""ray":{"x":"-1","y":"-1"}"#, "column 'x'"),
      (#""ray":{"x":"1","y":"1"}"#, #""ray":{"y":"1"}"#, "changes by 0"),
      (#""primal":{}"#, #""primal":{"x":"2"}"#, "row 'c1'"),
      (#""primal":{}"#, #""primal":{"y":"-1/7"}"#, "column 'y'"),
      ("minimize", "maximize", "direction"), (#""direction":"minimize","#, "", "direction"),
    ])
  func unboundedMutations(old: String, new: String, place: String) throws {
    let changed = LPExample.unboundedCertificate.replacing(old, with: new)
    try #require(changed != LPExample.unboundedCertificate)
    let outcome = try lpOutcome(changed, LPExample.unbounded)
    #expect(outcome.hasPrefix("rejected: ") && outcome.contains(place), "\(outcome)")
  }

  @Test("crossed sides prove infeasibility by themselves")
  func crossed() throws {
    let program = "min x\nst\n 3 <= x <= 2\nbounds\n 1 <= x <= 0\nend\n"
    for field in [#"{"row":"r1"}"#, #"{"column":"x"}"#] {
      let certificate = LPExample.infeasibleCertificate.replacing(
        #""farkas":{"c1":"1"}"#, with: #""crossed":"# + field)
      #expect(try lpVerdict(certificate, program).isAccepted)
    }
  }

  @Test("a free column forces its reduced cost to 0, a constant counts, minimize mirrors maximize")
  func directions() throws {
    let minimum =
      "min\n -3 x - 2 y + 5\nst\n c1: x + y <= 4\n c2: x + 3 y <= 6\nbounds\n x <= 3\nend\n"
    let mirrored =
      #"{"format":"rationale-certificate","version":1,"kind":"lp-optimal","direction":"minimize","primal":{"x":"3","y":"1"},"dual":{"c1":"-2"},"objectiveValue":"-6"}"#
    #expect(try lpVerdict(mirrored, minimum).isAccepted)
    let free = LPExample.optimal.replacing("x <= 3", with: "x free")
    #expect(try lpOutcome(LPExample.optimalCertificate, free).contains("finite upper bound"))
    let equal = "min x\nst\n c: x - y = 1/3\nbounds\n y >= 1/7\n x free\nend\n"
    let pair =
      #"{"format":"rationale-certificate","version":1,"kind":"lp-optimal","direction":"minimize","primal":{"x":"20/42","y":"1/7"},"dual":{"c":1},"objectiveValue":"10/21"}"#
    #expect(try lpVerdict(pair, equal).isAccepted)
  }

  @Test("programs without rows or columns have certificates too")
  func empty() throws {
    let pair =
      #"{"format":"rationale-certificate","version":1,"kind":"lp-optimal","primal":{},"dual":{},"objectiveValue":"7"}"#
    #expect(try lpVerdict(pair, "max\n 7\nst\nend\n").isAccepted)
    #expect(try lpVerdict(pair, "max\n 7\nst\n 0 <= 5\nend\n").isAccepted)
    #expect(try !lpVerdict(pair, "max\n 7\nst\n 0 >= 5\nend\n").isAccepted)
    #expect(
      try lpVerdict(
        LPExample.infeasibleCertificate.replacing("c1", with: "r1"), "max\n 7\nst\n 0 >= 5\nend\n"
      ).isAccepted)
  }

  @Test(
    "what is malformed is no certificate",
    arguments: [
      ("", "1:1"), ("[]", "an object"), ("{}", "'format'"),
      (LPExample.optimalCertificate.replacing("lp-optimal", with: "lp-best"), "kind"),
      (LPExample.optimalCertificate.replacing("\"version\":1", with: "\"version\":2"), "version"),
      (LPExample.optimalCertificate.replacing(#""dual":{"c1":"2"},"#, with: ""), "'dual'"),
      (
        LPExample.optimalCertificate.replacing(#","objectiveValue":"11""#, with: ""),
        "objectiveValue"
      ),
      (LPExample.optimalCertificate.replacing(#""x":"3""#, with: #""x":"3/0""#), "primal['x']"),
      (LPExample.optimalCertificate.replacing(#""x":"3""#, with: #""x":null"#), "primal['x']"),
      (LPExample.optimalCertificate.replacing(#""x":"3""#, with: #""x":"3","x":"3""#), "twice"),
      (LPExample.optimalCertificate.replacing(#"{"c1":"2"}"#, with: #"["2"]"#), "dual"),
      (LPExample.optimalCertificate.replacing("maximize", with: "up"), "direction"),
      (LPExample.optimalCertificate.replacing("dual\"", with: "duals\""), "'duals'"),
      (LPExample.infeasibleCertificate.replacing("farkas", with: "ray"), "'ray'"),
      (LPExample.infeasibleCertificate.replacing(#","farkas":{"c1":"1"}"#, with: ""), "'farkas'"),
      (
        LPExample.infeasibleCertificate.replacing(#""farkas":{"c1":"1"}"#, with: #""crossed":{}"#),
        "crossed"
      ),
      (
        LPExample.infeasibleCertificate.replacing(
          "\"farkas\"", with: #""crossed":{"row":"c1"},"farkas""#), "only one"
      ),
      (LPExample.unboundedCertificate.replacing(#""primal":{},"#, with: ""), "'primal'"),
    ])
  func malformed(certificate: String, words: String) {
    #expect {
      try LPCertificateDocument.read(bytes: Array(certificate.utf8), path: "c.json")
    } throws: { error in
      guard let error = error as? InputError, error.kind == .malformed else { return false }
      return "\(error)".hasPrefix("c.json: ") && "\(error)".contains(words)
    }
  }

  @Test("what is written is read back and accepted")
  func writing() throws {
    let cases: [(LPCertificate, String)] = [
      (.optimal(.init(primal: [3, 1], dual: [2, 0], objectiveValue: 11)), LPExample.optimal),
      (.infeasible(.farkas([1])), LPExample.infeasible),
      (.unbounded(.init(primal: [0, 0], ray: [1, 1])), LPExample.unbounded),
      (.infeasible(.crossedRow(0)), "min x\nst\n 3 <= x <= 2\nend\n"),
      (.infeasible(.crossedColumn(0)), "min x\nst\nbounds\n 3 <= x <= 2\nend\n"),
    ]
    for (certificate, text) in cases {
      let program = try linearProgram(text)
      #expect(certificate.verify(on: program).isAccepted)
      var bytes: [UInt8] = []
      let writer = JSONWriter { bytes += $0 }
      certificate.write(to: writer, names: program)
      try writer.finish()
      let document = try LPCertificateDocument.read(bytes: bytes, path: "c.json")
      #expect(document.verify(on: program).isAccepted)
    }
  }
}
