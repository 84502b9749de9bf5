import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
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

  @Test("Scales of rewards do not matter, however far apart they are")
  func scales() throws {
    let model = try Environments.e1([("R", [0, 1, 2, 0]), ("D", [0, 2, 1, 0])])
    let large = Rational(10).power(400)
    let scaled = try Environments.e1([
      ("R", [0, large, 2 * large, 0]), ("D", [0, 2 / large, 1 / large, 0]),
    ])
    let plain = try encloseComparison(problem(model)).pairs[0]
    let pair = try encloseComparison(problem(scaled)).pairs[0]
    #expect(pair.spanDistance.contains(Rational(12, 35)))
    for direction in 0...1 {
      #expect(pair.worstCaseRegret[direction].overlaps(plain.worstCaseRegret[direction]))
      #expect(pair.worstCaseRegret[direction].width < Rational(1, 1_000_000_000))
    }
  }

  @Test("Rewards that are 0 have the distance 1/2 from others, and 0 from each other")
  func zero() throws {
    let model = try Environments.e1([
      ("R", [0, 1, 2, 0]), ("zero", [0, 0, 0, 0]), ("none", [0, 0, 0, 0]),
    ])
    let pairs = try encloseComparison(problem(model)).pairs
    #expect(pairs.map(\.spanDistance.lower) == [Rational(1, 2), Rational(1, 2), 0])
    #expect(pairs.map(\.spanDistance.upper) == [Rational(1, 2), Rational(1, 2), 0])
    #expect(pairs[0].worstCaseRegret[0].lower > Rational(999_999, 1_000_000))
    #expect(pairs[0].worstCaseRegret[1] == Enclosure(0))
  }

  @Test("A discount that doubles do not tell from 1 is refused")
  func outOfRange() throws {
    let problem = try ComparisonProblem(
      model: try example(), rewards: ["R", "D"], discount: 1 - Rational(1, timesTwoToThe: -40))
    #expect(throws: ComparisonError.outOfRange) { try encloseComparison(problem) }
  }

  @Test(
    "An answer that claims more, or proves less, is rejected",
    arguments: [
      Mutation(["\"discount\": "], "2/5"),
      Mutation(["\"spanCertificate\"", "\"multiplier\": "], "-1"),
      Mutation(["\"regretCertificates\"", "\"multiplier\": "], "-1"),
      Mutation(["\"regretCertificates\"", "\"multiplier\": "], "3/4"),
      Mutation(["\"upperValues\"", "\"s\": "], "1"),
      Mutation(["\"lowerValues\"", "\"t\": "], "1"),
      Mutation(["\"better\"", "\"numerators\": [\n"], "-1"),
      Mutation(["\"better\"", "\"numerators\": [\n"], "288230376151711744"),
      Mutation(["\"worse\"", "\"denominator\": "], "1"),
      Mutation(["\"maximum\"", "\"upper\": "], "7/2"),
      Mutation(["\"span\": {", "\"upper\": "], "7/2"),
      Mutation(["\"norm\"", "\"upper\": "], "7/2"),
      Mutation(["\"distance\"", "\"upper\": "], "12/35"),
      Mutation(["\"spanDistance\"", "\"lower\": "], "12/35"),
      Mutation(["\"worstCaseRegret\"", "\"lower\": "], "4/7"),
      Mutation(["\"worstCaseRegret\"", "\"upper\": "], "4/7"),
      Mutation(["\"sameOrdering\": "], nil),
    ])
  func mutations(_ mutation: Mutation) throws {
    let model = try example()
    let text = try written(try encloseComparison(problem(model)), model)
    #expect(try verdict(text, model).isAccepted)
    let mutated = try #require(mutation.applied(to: text))
    #expect(mutated != text)
    #expect(try !verdict(mutated, model).isAccepted)
  }

  @Test("An answer without its pair, or with one twice, is rejected", arguments: [0, 2])
  func pairs(count: Int) throws {
    let model = try example()
    let text = try written(try encloseComparison(problem(model)), model)
    var answer = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let pair = try #require((answer["pairs"] as? [Any])?.first)
    answer["pairs"] = Array(repeating: pair, count: count)
    let spoiled = try JSONSerialization.data(withJSONObject: answer)
    let verdict = try verdict(String(decoding: spoiled, as: UTF8.self), model)
    #expect("\(verdict)".contains("each pair of the rewards has to stand once"))
  }

  /// Another value after the first of the last key that follows the others.
  struct Mutation: Sendable, CustomTestStringConvertible {
    let keys: [String]
    let value: String

    /// - Parameter number: `nil` for `true`.
    init(_ keys: [String], _ number: String?) {
      self.keys = keys
      value = number.map { "\"\($0)\"" } ?? "true"
    }

    var testDescription: String { keys.joined(separator: " ") + value }

    func applied(to text: String) -> String? {
      var start = text.startIndex
      for key in keys {
        guard let found = text[start...].firstRange(of: key) else { return nil }
        start = found.upperBound
      }
      while text[start] == " " { start = text.index(after: start) }
      guard let end = text[start...].firstIndex(where: { $0 == "," || $0 == "\n" }) else {
        return nil
      }
      return text[..<start] + value + text[end...]
    }
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
