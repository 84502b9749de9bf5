import Certificates
import ExactArithmetic
import Foundation
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// EPIC and DARD against NumPy, and what neither can say of regret.
@Suite("EPIC and DARD")
struct EPICAndDARDTests {
  /// A model of `Tests/Fixtures/epic-dard.json`.
  private struct Stored: Decodable {
    struct File: Decodable { let models: [Stored] }

    let discount: [Int]
    let weights: [[[Int]]]
    let first: [[[Int]]]
    let second: [[[Int]]]
    let distances: [Entry]

    struct Entry: Decodable {
      let form: String
      let norm: String
      let value: Double

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        form = try list.decode(String.self)
        norm = try list.decode(String.self)
        value = try list.decode(Double.self)
      }
    }

    func model() throws -> FiniteMDP {
      let (states, actions) = (weights.count, weights[0].count)
      var builder = try FiniteMDPBuilder(
        states: NameTable(count: states), actions: NameTable(count: actions))
      for (state, rows) in weights.enumerated() {
        for (action, row) in rows.enumerated() {
          for (successor, weight) in row.enumerated() where weight > 0 {
            try builder.addTransition(
              from: State(state), under: Action(action), to: State(successor),
              probability: Rational(weight, row.reduce(0, +)))
          }
        }
      }
      for (name, table) in [("first", first), ("second", second)] {
        try builder.startReward(named: name)
        for (state, rows) in table.enumerated() {
          for (action, row) in rows.enumerated() {
            for (successor, value) in row.enumerated() where value != 0 {
              builder.addReward(
                state: State(state), action: Action(action), successor: State(successor),
                value: Rational(value))
            }
          }
        }
      }
      try builder.setDiscount(Rational(discount[0], discount[1]))
      try builder.setInitial([(State(0), 1)])
      return try builder.build()
    }
  }

  @Test("the distances are those that NumPy computed", .tags(.differential))
  func numpy() throws {
    let file = try JSONDecoder().decode(
      Stored.File.self, from: Data(Fixture.bytes("epic-dard.json")))
    #expect(file.models.count == 30)
    for stored in file.models {
      let model = try stored.model()
      let problem = try ComparisonProblem(
        model: model, rewards: ["first", "second"], discount: #require(model.discount))
      #expect(stored.distances.count == 6)
      for entry in stored.distances {
        let norm = try #require(RewardNorm(rawValue: entry.norm))
        var options = ComparisonOptions()
        options.settings = ComparisonSettings(
          canonicalization: try #require(Canonicalization(rawValue: entry.form)),
          normalization: norm, metric: norm)
        let distance = try rewardDistances(problem, options: options)[0][1]
        let bounds = distance.enclosure(width: Rational(1, Integer(10).power(15)))
        #expect(abs(Double(bounds.lower) - entry.value) <= 1e-9 * entry.value)
      }
    }
  }

  /// E2 of the worked cases with `k m + 1[s,a]`, `k m - 1[s,a]`, `1[s,a]` for a mask `m` of zero mean
  /// on every choice.
  private func masked(by factor: Int) throws -> FiniteMDP {
    let text = "s a → s:1/2, t:1/2; s b → s:1/4, t:3/4; t a → s:1/2, t:1/2; t b → s:3/4, t:1/4"
    let base = try Environments.withRewards(
      [], on: TinyModel.read(text, discount: Rational(1, 2)), initial: [1, 0])
    let mask = RewardFunction(
      summing: [(0, 0, 5, -5), (0, 1, 15, -5), (1, 0, -5, 5), (1, 1, -5, 15)].flatMap {
        (state, action, first, second) in
        [(0, first), (1, second)].map { successor, value in
          RewardFunction.Entry(
            state: State(state), action: Action(action), successor: State(successor),
            value: Rational(factor * value))
        }
      })
    let unit = RewardFunction(summing: [.init(state: State(0), action: Action(0), value: 1)])
    return try base.replacingRewards([
      ("plus", mask + unit), ("minus", mask - unit), ("unit", unit),
    ])
  }

  /// Unsound: `plus` and `minus` are reversed, of regret 1, and their distance tends to 0. Incomplete:
  /// `plus` and `unit` order all policies alike, and their distance stays away from 0. Both by answers
  /// that the checker accepts.
  @Test("neither is sound nor complete", arguments: [Canonicalization.epic, .dard])
  func neither(form: Canonicalization) throws {
    let settings = ComparisonSettings(canonicalization: form, normalization: .l2, metric: .l2)
    var last = RootNumber(1)
    for factor in [1, 10, 100, 1000] {
      let comparison = try compared(masked(by: factor), settings: settings)
      let (reversed, alike) = (comparison.answer.pairs[0], comparison.answer.pairs[1])
      #expect(reversed.reversedOrdering && reversed.worstCaseRegret == [1, 1])
      #expect(comparison.distances[0] < last)
      last = comparison.distances[0]
      #expect(alike.sameOrdering && alike.worstCaseRegret == [0, 0])
      #expect(comparison.distances[1] > RootNumber(Rational(1, 2)))
      #expect(reversed.boundConstants == nil && alike.boundConstants == nil)
    }
    #expect(last < RootNumber(Rational(1, 10000)))
  }
}
