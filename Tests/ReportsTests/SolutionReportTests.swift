import Certificates
import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@testable import Reports

@Suite("SolutionReport")
struct SolutionReportTests {
  /// `count` states that earn 1 for ever: at discount 1/2 each is worth 2.
  private func constantModel(count: Int) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: count), actions: NameTable(["stay"], of: .action))
    for state in 0..<count {
      try builder.addTransition(
        from: State(state), under: Action(0), to: State(state), probability: 1)
    }
    try builder.startReward(named: "default")
    for state in 0..<count {
      builder.addReward(state: State(state), action: Action(0), successor: nil, value: 1)
    }
    try builder.setDiscount(Rational(1, 2))
    return try builder.build()
  }

  /// The solution of a ``constantModel(count:)`` with these exact values.
  private func solution(values: RationalVector) -> Solution {
    let terms = DiscountedObjective(
      direction: .maximize, reward: "default", discount: Rational(1, 2))
    let policy = Array(repeating: Action(0), count: values.count)
    return Solution(
      objective: .discounted, terms: terms, status: .exact, method: .policyIteration,
      values: .exact(values), initialValue: nil, policies: [policy],
      optimalActions: [policy.map { [$0] }], policyIsOptimal: true, undecided: [],
      certificate: .discountedExact(
        DiscountedExactCertificate(objective: terms, values: values, policy: policy)),
      statistics: Solution.Statistics(seconds: 0.5, iterations: 1, denominatorBits: 2))
  }

  private func json(_ report: SolutionReport) throws -> (object: [String: Any], bytes: [UInt8]) {
    var bytes: [UInt8] = []
    try report.writeJSON { bytes += $0 }
    let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    return (try #require(object), bytes)
  }

  private func lines(_ report: SolutionReport) throws -> [Substring] {
    var bytes: [UInt8] = []
    try report.writeText { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  @Test("a large model has vectors without names, and its certificate leaves them to the solution")
  func largeModel() throws {
    let count = 10_000
    let model = try constantModel(count: count)
    let common = RationalVector(
      numerators: Array(repeating: Integer(6), count: count), denominator: Integer(3))
    let (object, bytes) = try json(SolutionReport(solution(values: common), of: model))
    let values = try #require(object["values"] as? [String: Any])
    #expect(values["denominator"] as? String == "3")
    #expect((values["numerators"] as? [String])?.count == count)
    #expect((object["policy"] as? [String])?.first == "stay")
    #expect((object["optimalActions"] as? [String: [String]])?["9999"] == ["stay"])
    let certificate = try #require(object["certificate"] as? [String: Any])
    #expect(certificate["values"] == nil && certificate["policy"] == nil)
    let document = try CertificateDocument.read(bytes: bytes, path: "s.json")
    #expect(document.verify(against: model).isAccepted)
  }

  @Test("one state less, and everything has its name")
  func smallerModel() throws {
    let count = 9_999
    let model = try constantModel(count: count)
    let values = RationalVector(Array(repeating: Rational(2), count: count))
    let (object, bytes) = try json(SolutionReport(solution(values: values), of: model))
    #expect((object["values"] as? [String: String])?["9998"] == "2")
    let certificate = try #require(object["certificate"] as? [String: Any])
    #expect((certificate["values"] as? [String: String])?.count == count)
    let document = try CertificateDocument.read(bytes: bytes, path: "s.json")
    #expect(document.verify(against: model).isAccepted)
  }

  @Test("the decimal ends of an enclosure enclose")
  func enclosure() throws {
    let model = try constantModel(count: 1)
    let (lower, upper) = (Rational(5, 3), Rational(7, 3))
    let terms = DiscountedObjective(
      direction: .maximize, reward: "default", discount: Rational(1, 2))
    let bounds = DiscountedEnclosedCertificate(
      objective: terms, lower: RationalVector([lower]), upper: RationalVector([upper]),
      policy: [Action(0)], policyIsOptimal: false, undecided: [State(0)], partition: nil)
    let solution = Solution(
      objective: .discounted, terms: terms, status: .enclosed, method: .auto,
      values: .enclosed(lower: RationalVector([lower]), upper: RationalVector([upper])),
      initialValue: .enclosed(lower: lower, upper: upper), policies: [[Action(0)]],
      optimalActions: nil, policyIsOptimal: false, undecided: [State(0)],
      certificate: .discountedEnclosed(bounds),
      statistics: Solution.Statistics(seconds: 1, iterations: 1, denominatorBits: nil))
    var options = SolutionReport.Options()
    options.decimals = 2
    let report = SolutionReport(solution, of: model, options: options)
    let object = try json(report).object
    #expect(
      object["values"] as? [String: [String: String]] == ["0": ["lower": "5/3", "upper": "7/3"]])
    #expect(
      object["initialValueDecimal"] as? [String: String] == ["lower": "1.66", "upper": "2.34"])
    #expect(object["policyIsOptimal"] as? Bool == false)
    #expect(object["undecided"] as? [String] == ["0"])
    let text = try lines(report)
    #expect(text.contains("Policy         not proved optimal; 1 undecided: '0'"))
    #expect(text.last?.split(separator: " ") == ["0", "stay", "1.66", "2.34"])
  }

  @Test("a fraction that is too long for the table is shown as a decimal, with a hint")
  func longFraction() throws {
    let model = try constantModel(count: 1)
    let long = Rational(Integer(10).power(2000) + 1, Integer(10).power(2000))
    let text = try lines(
      SolutionReport(solution(values: RationalVector([long])), of: model))
    #expect(text.contains { $0.hasSuffix("≈ 1.000000000000") })
    #expect(text.last?.contains("--format json") == true)
  }
}
