import Certificates
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Enclosed comparisons")
struct EnclosedComparisonTests {
  private func problem(_ model: FiniteMDP) throws -> ComparisonProblem {
    try ComparisonProblem(
      model: model, rewards: model.rewards.map(\.name),
      discount: try #require(model.discount))
  }

  /// `R` and `D` of the worked cases: regrets 4/7 and 3/5, span distance 12/35.
  private func example() throws -> FiniteMDP {
    try Environments.e1([("R", [0, 1, 2, 0]), ("D", [0, 2, 1, 0])])
  }

  @Test("The exact numbers of the worked case lie between narrow bounds")
  func workedCase() throws {
    let answer = try encloseComparison(problem(try example()))
    let pair = answer.pairs[0]
    let expected: [(Enclosure, Rational)] = [
      (answer.rewards[0].span, Rational(7, 2)), (answer.rewards[1].span, Rational(5, 2)),
      (pair.spanDistance, Rational(12, 35)), (pair.worstCaseRegret[0], Rational(4, 7)),
      (pair.worstCaseRegret[1], Rational(3, 5)),
    ]
    for (bounds, value) in expected {
      #expect(bounds.contains(value))
      #expect(bounds.width < Rational(1, 1_000_000_000))
    }
    #expect(pair.isOrderProvedDifferent)
  }

  @Test("Enclosures hold the exact numbers on random models", arguments: [1, 2] as [UInt64])
  func randomModels(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    models.largestStateCount = 4
    for _ in 0..<10 {
      let problem = try problem(try models.next())
      let exact = try compareRewards(problem).answer
      let enclosed = try encloseComparison(problem)
      for (exact, enclosed) in zip(exact.rewards, enclosed.rewards) {
        #expect(enclosed.minimum.contains(exact.minimum))
        #expect(enclosed.maximum.contains(exact.maximum))
        #expect(enclosed.span.contains(exact.span))
      }
      for (exact, enclosed) in zip(exact.pairs, enclosed.pairs) {
        #expect(enclosed.spanDistance.contains(exact.spanDistance))
        for direction in 0...1 {
          #expect(
            enclosed.worstCaseRegret[direction].contains(exact.worstCaseRegret[direction]))
        }
        #expect(!exact.sameOrdering || !enclosed.isOrderProvedDifferent)
      }
    }
  }

  @Test("A written answer is accepted; one that claims more is rejected")
  func mutations() throws {
    let model = try example()
    let text = try written(try encloseComparison(problem(model)), model)
    #expect(try verdict(text, model).isAccepted)
    for (key, other) in [
      ("\"multiplier\": ", "\"-1\""), ("\"discount\": ", "\"2/5\""), ("\"lower\": ", "\"1/1000\""),
      ("\"sameOrdering\": ", "true"),
    ] {
      let mutated = try #require(replacingFirst(key, with: other, in: text))
      #expect(try !verdict(mutated, model).isAccepted, "\(key)\(other)")
    }
  }

  /// The text with another value after the first `key`.
  private func replacingFirst(_ key: String, with value: String, in text: String) -> String? {
    guard let start = text.firstRange(of: key)?.upperBound else { return nil }
    guard let end = text[start...].firstIndex(where: { $0 == "," || $0 == "\n" }) else {
      return nil
    }
    return text[..<start] + value + text[end...]
  }

  private func written(_ answer: EnclosedComparison, _ model: FiniteMDP) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter(indented: true) { bytes.append(contentsOf: $0) }
    answer.write(to: writer, names: model)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func verdict(_ text: String, _ model: FiniteMDP) throws -> Verdict {
    try CertificateDocument.read(bytes: Array(text.utf8), path: "answer.json").verify(
      against: model)
  }
}
