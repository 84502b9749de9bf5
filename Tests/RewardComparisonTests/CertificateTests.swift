import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// Answers and certificates through their files: true ones are accepted, spoiled ones rejected.
@Suite("Certificates of reward comparison")
struct CertificateTests {
  private func verdict(_ text: String, _ model: FiniteMDP) throws -> Verdict {
    try CertificateDocument.read(bytes: Array(text.utf8), path: "answer.json")
      .verify(against: model)
  }

  private func text(_ write: (JSONWriter) -> Void) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    write(writer)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("what is written reads back and is accepted, with evidence and without", arguments: 0..<4)
  func roundTrip(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 70)
    models.largestStateCount = 4
    for _ in 0..<6 {
      let model = try models.next()
      let answer = try compared(model).answer
      let whole = try text { answer.write(to: $0, names: model) }
      let first = try verdict(whole, model)
      #expect(first.isAccepted, "\(first)")
      // Policies and optima are then evaluated by elimination.
      var bare = try #require(
        JSONSerialization.jsonObject(with: Data(whole.utf8)) as? [String: Any])
      bare = try #require(Self.stripped(bare) as? [String: Any])
      let data = try JSONSerialization.data(withJSONObject: bare)
      let second = try verdict(String(decoding: data, as: UTF8.self), model)
      #expect(second.isAccepted, "\(second)")
      for certificate in answer.certificates(ofPair: 0) {
        let file = try text { certificate.write(to: $0, names: model) }
        let verdict = try verdict(file, model)
        #expect(verdict.isAccepted, "\(certificate.kind): \(verdict)")
      }
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: #require(model.discount))
      let proxy = ComparisonCertificate.proxyRegret(
        try proxyRegretCertificate(problem, evaluated: 0, optimised: 1))
      let file = try text { proxy.write(to: $0, names: model) }
      #expect(try verdict(file, model).isAccepted)
    }
  }

  /// Without the members that a reader may do without.
  private static func stripped(_ value: Any) -> Any {
    if let object = value as? [String: Any] {
      let kept = object.filter { key, _ in
        !["certificate", "betterOccupancy", "worseOccupancy"].contains(key)
      }
      return kept.mapValues(stripped)
    }
    if let list = value as? [Any] { return list.map(stripped) }
    return value
  }

  @Test("every spoiled number of an answer is rejected", .tags(.mutation))
  func spoiled() throws {
    let model = try Environments.e1("R", "D")
    let answer = try compared(model).answer
    let whole = try text { answer.write(to: $0, names: model) }
    var count = 0
    for range in whole.ranges(of: /"-?[0-9]+(\/[0-9]+)?"/) {
      let number = try #require(Rational(whole[range].dropFirst().dropLast().description))
      for changed in [number + Rational(1, 1000), -number - Rational(1, 7)] {
        var spoiled = whole
        spoiled.replaceSubrange(range, with: "\"\(changed)\"")
        let place = whole.distance(from: whole.startIndex, to: range.lowerBound)
        if Self.isFree(whole[..<range.lowerBound]) { continue }
        let verdict = try verdict(spoiled, model)
        #expect(!verdict.isAccepted, "\(whole[range]) at \(place) became \(changed)")
        count += 1
      }
    }
    #expect(count > 100)
  }

  /// Constants may be worse than the best ones, and potentials do not exist here.
  private static func isFree(_ before: Substring) -> Bool {
    before.hasSuffix(#""boundConstants":{"lower":"#)
      || before.contains(#""boundConstants":{"lower":"1","upper":"#)
        && before.hasSuffix(#""upper":"#)
  }

  @Test(
    "a norm may be printed as an enclosure; the distance still divides by the proved one",
    .tags(.mutation),
    arguments: [
      ComparisonSettings(canonicalization: .minimal, normalization: .l1, metric: .l2),
      ComparisonSettings(canonicalization: .minimal, normalization: .linf, metric: .l1),
      ComparisonSettings(canonicalization: .dard, normalization: .span, metric: .linf),
    ])
  func enclosedNorm(settings: ComparisonSettings) throws {
    for (first, second) in [("R", "D"), ("B", "C"), ("E", "F"), ("X", "Y")] {
      let model = try Environments.e1(first, second)
      let answer = try compared(model, settings: settings).answer
      let whole = try text { answer.write(to: $0, names: model) }
      let wide = whole.replacing(/"norm":"[^"]+"/) { _ in
        #""norm":{"lower":"0","upper":"100000000"}"#
      }
      #expect(try verdict(wide, model).isAccepted)
      // As if it divided by the plain norm of the canonical reward, or by the span of the reward.
      let pair = answer.pairs[0]
      let (one, two) = (answer.rewards[pair.first], answer.rewards[pair.second])
      let divided = { (reward: ComparisonAnswer.Reward) in
        let canonical = try #require(reward.canonical)
        let norm =
          settings.normalization == .span
          ? NormValue.rational(reward.span) : canonical.norm(settings.normalization)
        return StandardisedVector(canonical, norm)
      }
      let other = StandardisedPair(try divided(one), try divided(two)).distance(settings.metric)
      for number in [other.rational, 3].compactMap({ $0 }) where .exact(number) != pair.distance {
        let spoiled = wide.replacing(
          /"distance":("[^"]+"|\{[^}]+\})/, maxReplacements: 1
        ) { _ in "\"distance\":\"\(number)\"" }
        #expect(spoiled != wide)
        #expect(try !verdict(spoiled, model).isAccepted, "\(number)")
      }
    }
  }

  @Test("spoiled claims, names and policies are rejected", .tags(.mutation))
  func claims() throws {
    let model = try Environments.e1("R", "D")
    let answer = try compared(model).answer
    let whole = try text { answer.write(to: $0, names: model) }
    let changes = [
      (#""sameOrdering":false"#, #""sameOrdering":true"#),
      (#""reversedOrdering":false"#, #""reversedOrdering":true"#),
      (#""sameOptimalPolicies":true"#, #""sameOptimalPolicies":false"#),
      (#""trivial":false"#, #""trivial":true"#),
      (#""comparedStates":["s","t"]"#, #""comparedStates":["s"]"#),
      (#""metric":"l1""#, #""metric":"linf""#),
      (#""normalization":"span""#, #""normalization":"linf""#),
      (#""policy":"uniform""#, #""policy":{"s":"a","t":"a"}"#),
      (#""better":{"s":{"a":"1/2","b":"1/2"}"#, #""better":{"s":{"a":"1/3","b":"2/3"}"#),
      (#""discount":"1/2""#, #""discount":"1/3""#),
      (#""boundConstants":{"lower":"1","upper":"5/2"}"#, #""boundConstants":null"#),
      (#""boundConstants":{"lower":"1""#, #""boundConstants":{"lower":"3""#),
    ]
    for (old, new) in changes {
      try #require(whole.contains(old), "\(old)")
      let verdict = try verdict(whole.replacing(old, with: new), model)
      #expect(!verdict.isAccepted, "\(new)")
    }
  }

  @Test("the worked certificate of worst-case regret, and its mutations", .tags(.mutation))
  func regret() throws {
    let model = try Environments.e1("R", "D")
    let text = """
      {"format":"rationale-certificate","version":1,"kind":"worst-case-regret",
      "direction":"maximize","discount":"1/2","evaluated":"R","proxy":"D",
      "better":[["s","a","1/3"],["s","b","1/3"],["t","a","4/3"]],
      "worse":[["s","b",1],["t","b",1]],"multiplier":"1","upperValues":{"s":"0","t":"2"},
      "lowerValues":["-4/3","-2/3"],"regret":"2"}
      """
    #expect(try verdict(text, model).isAccepted)
    for (old, new) in [
      (#""regret":"2""#, #""regret":"3""#), (#""multiplier":"1""#, #""multiplier":"1/2""#),
      (#""multiplier":"1""#, #""multiplier":"-1""#), (#""t":"2""#, #""t":"1""#),
      (#"["t","b",1]"#, #"["t","b",2]"#), ("maximize", "minimize"), ("\"D\"", "\"X\""),
      (#""-2/3""#, #""-1/3""#), (#""evaluated":"R","proxy":"D""#, #""evaluated":"D","proxy":"R""#),
    ] {
      #expect(try !verdict(text.replacing(old, with: new), model).isAccepted, "\(new)")
    }
    #expect(throws: InputError.self) {
      try verdict(text.replacing(#""regret":"2""#, with: #""regrets":"2""#), model)
    }
  }
}
