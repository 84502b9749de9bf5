import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// Many rewards at once: what the pairs say has to be what they say one by one.
@Suite("Matrices of distances")
struct DistanceMatrixTests {
  private static let settings: [ComparisonSettings] = [
    ComparisonSettings(),
    ComparisonSettings(normalization: .l2, metric: .linf),
    ComparisonSettings(normalization: .span, metric: .span),
    ComparisonSettings(canonicalization: .minimal, normalization: .l1, metric: .l1),
    ComparisonSettings(canonicalization: .epic, normalization: .l2, metric: .l2),
  ]

  private func text(_ matrix: DistanceMatrix, _ model: FiniteMDP) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    matrix.write(to: writer, names: model)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func verdict(_ text: String, _ model: FiniteMDP) throws -> Verdict {
    try CertificateDocument.read(bytes: Array(text.utf8), path: "answer.json")
      .verify(against: model)
  }

  /// A model with two rewards, a multiple of the first, the second reversed, and zero.
  private func problem(_ models: inout RandomModel) throws -> ComparisonProblem {
    let model = try models.next()
    let functions = model.rewards.map(\.function)
    let rewards: [(name: String, function: RewardFunction)] = [
      ("main", functions[0]), ("other", functions[1]), ("triple", Rational(3) * functions[0]),
      ("reverse", -functions[1]), ("zero", .zero),
    ]
    let several = try model.replacingRewards(rewards)
    return try ComparisonProblem(
      model: several, rewards: rewards.map(\.name), discount: #require(model.discount))
  }

  @Test("a matrix says of each pair what its comparison says", arguments: 0..<5)
  func sameAsPairs(place: Int) throws {
    var models = RandomModel(seed: UInt64(place) &+ 400)
    models.largestStateCount = 4
    var options = ComparisonOptions()
    options.settings = Self.settings[place]
    for _ in 0..<4 {
      let problem = try problem(&models)
      let matrix = try measureDistances(problem, options: options)
      let whole = try compareRewards(problem, options: options).answer
      #expect(matrix.pairs.count == 10)
      for (pair, expected) in zip(matrix.pairs, whole.pairs) {
        #expect(pair.first == expected.first && pair.second == expected.second)
        #expect(pair.distance == expected.distance)
        #expect(pair.sameOrdering == expected.sameOrdering)
        #expect(pair.reversedOrdering == expected.reversedOrdering)
        #expect(pair.sameOptimalPolicies == expected.sameOptimalPolicies)
        #expect((pair.equivalence != nil) == pair.sameOrdering)
      }
      let direct = try matrix.verify(in: problem.model)
      #expect(direct.isAccepted, "\(direct)")
      let read = try verdict(try text(matrix, problem.model), problem.model)
      #expect(read.isAccepted, "\(read)")
    }
  }

  @Test("every spoiled number and every other answer is rejected", .tags(.mutation))
  func spoiled() throws {
    let model = try Environments.e1("R", "D")
    let problem = try ComparisonProblem(
      model: model, rewards: ["R", "D"], discount: #require(model.discount))
    let whole = try text(try measureDistances(problem), model)
    try #require(try verdict(whole, model).isAccepted)
    var count = 0
    for range in whole.ranges(of: /"-?[0-9]+(\/[0-9]+)?"/) {
      // Bounds for all rewards are stated, not proved.
      let place = try #require(whole.range(of: "\"boundConstants\""))
      let end = try #require(whole.range(of: "\"pairs\""))
      if place.lowerBound < range.lowerBound, range.lowerBound < end.lowerBound { continue }
      let number = try #require(Rational(whole[range].dropFirst().dropLast().description))
      var spoiled = whole
      spoiled.replaceSubrange(range, with: "\"\(number + Rational(1, 1000))\"")
      #expect(try !verdict(spoiled, model).isAccepted, "\(whole[range])")
      count += 1
    }
    #expect(count > 12)
    for key in ["sameOrdering", "reversedOrdering", "sameOptimalPolicies"] {
      for (old, new) in [("true", "false"), ("false", "true")] {
        let spoiled = whole.replacing("\"\(key)\":\(old)", with: "\"\(key)\":\(new)")
        if spoiled != whole { #expect(try !verdict(spoiled, model).isAccepted, "\(key)") }
      }
    }
  }

  @Test("differences that doubles cannot see are seen", .tags(.worked))
  func belowDoubles() throws {
    let base = try Environments.e1("R", "D")
    let function = base.rewards[0].function
    let tiny = Rational(1, Integer(10).power(30))
    for scale in [Rational.one, Rational(Integer(10).power(400)), tiny] {
      let near = function + (tiny * base.rewards[1].function)
      let model = try base.replacingRewards([
        ("R", scale * function), ("near", near), ("copy", function),
      ])
      for metric in [RewardNorm.l1, .l2, .linf] {
        var options = ComparisonOptions()
        options.settings.metric = metric
        let problem = try ComparisonProblem(
          model: model, rewards: ["R", "near", "copy"], discount: #require(base.discount))
        let matrix = try measureDistances(problem, options: options)
        let isZero = matrix.pairs.map { $0.distance == .exact(0) }
        #expect(isZero == [false, true, false])
        #expect(matrix.pairs.map(\.sameOrdering) == [false, true, false])
        #expect(try matrix.verify(in: model).isAccepted)
      }
    }
  }
}
