import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// The models of the comparisons: small ones of every family, and random ones with every trouble.
enum StormModels {
  static let families: [(family: String, arguments: [String])] = [
    ("garnet", ["--states", "9", "--seed", "3"]),
    ("gridworld", ["--width", "4", "--height", "3", "--holes", "2", "--seed", "1"]),
    ("riverswim", ["--states", "6"]), ("chain", ["--states", "7"]),
    ("haddad-monmege", ["--states", "4"]), ("multichain", ["--states", "14", "--seed", "2"]),
    ("ssp", ["--states", "12", "--seed", "1"]),
    ("ssp", ["--states", "16", "--seed", "2", "--zero-cycles"]),
    ("near-tie", ["--states", "9", "--seed", "1"]),
  ]

  /// Calls `body` with each model and a name for messages: rewards `main` and `cost`, which is its
  /// absolute value, and a label `goal`.
  static func forEach(
    seeds: Range<UInt64>, _ body: (FiniteMDP, String) throws -> Void
  ) throws {
    for (family, arguments) in families {
      let model = try ModelFamily(family, arguments: arguments).model()
      try body(prepared(model), ([family] + arguments).joined(separator: " "))
    }
    for seed in seeds {
      var random = RandomModel(seed: seed)
      try body(prepared(try random.next()), "seed \(seed)")
    }
  }

  private static func prepared(_ model: FiniteMDP) throws -> FiniteMDP {
    let expected = model.rewards[0].function.expected(in: model)
    let values = (0..<model.choiceCount).map { expected[$0] }
    return try model.forStorm(rewards: [("main", values), ("cost", values.map(\.magnitude))])
  }
}

@Suite("Side by side with Storm: discounted", .enabled(if: Storm.isInstalled, Storm.missing))
struct StormDiscountedTests {
  /// The discounted values as Storm can have them: rewards shifted to be non-negative, a sink.
  private func ask(
    about model: FiniteMDP, discount: Rational, ours: RationalVector,
    _ formula: String, _ name: String, _ sides: inout SideBySide
  ) throws {
    let expected = try #require(model.reward(named: "main")).expected(in: model)
    let values = (0..<model.choiceCount).map { expected[$0] }
    let least = values.min() ?? 0
    let shifted = try model.forStorm(
      rewards: [("shifted", values.map { $0 - least })], discount: discount)
    try sides.add(shifted)
    let shift = least / (1 - discount)
    sides.ask(formula, ours: ours.entries.map { ($0 - shift).description }, name)
  }

  @Test("values, and those of the chain of the policy", .tags(.differential))
  func discounted() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    let discounts: [Rational] = [Rational(9, 10), Rational(1, 3), 0, Rational(99, 100)]
    var turn = 0
    try StormModels.forEach(seeds: 0..<60) { model, name in
      let discount = discounts[turn % discounts.count]
      turn += 1
      for (direction, word) in [(Direction.maximize, "max"), (.minimize, "min")] {
        let solution = try solved(
          model, reward: "main", direction: direction, discount: discount)
        let values = try #require(solution.exactValues)
        try ask(
          about: model, discount: discount, ours: values,
          "R{\"shifted\"}\(word)=? [F \"sink\"]", name, &sides)
        let chain = try model.inducedChain(taking: solution.policies[0])
        try ask(
          about: chain, discount: discount, ours: values,
          "R{\"shifted\"}max=? [F \"sink\"]", "chain of \(name)", &sides)
      }
    }
    #expect(try sides.compare().count > 1000)
  }

  @Test("expected sums of a number of steps", .tags(.differential))
  func steps() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    try StormModels.forEach(seeds: 0..<60) { model, name in
      try sides.add(model)
      for (direction, word) in [(Direction.maximize, "max"), (.minimize, "min")] {
        let horizon = 1 + name.utf8.count % 5
        let problem = try FiniteHorizonProblem(
          model: model, reward: "main", horizon: horizon, discount: 1, direction: direction)
        let values = try #require(try solve(problem).exactValues)
        sides.ask(
          "R{\"main\"}\(word)=? [C<=\(horizon)]", ours: values.entries.map(\.description), name)
      }
    }
    #expect(try sides.compare().count > 500)
  }
}

/// A folder that is gone with its owner.
final class StormFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "rationale-storm-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
