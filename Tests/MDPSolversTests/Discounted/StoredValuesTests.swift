import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Exact values against a solver in Python", .tags(.differential))
struct StoredValuesTests {
  private struct Stored {
    let family: String
    let arguments: [String]
    let direction: Direction
    let reward: String?
    let states: Int
    let entry: [String: Any]

    init(_ entry: [String: Any]) throws {
      self.entry = entry
      family = try #require(entry["family"] as? String)
      arguments = try #require(entry["arguments"] as? [String])
      direction = try #require(Direction(rawValue: entry["direction"] as? String ?? ""))
      reward = entry["reward"] as? String
      states = try #require(entry["states"] as? Int)
    }
  }

  private func stored() throws -> [Stored] {
    let rows = try #require(
      Fixture.json("generated-values.json")["values"] as? [[String: Any]])
    return try rows.map(Stored.init)
  }

  private func check(_ row: Stored) throws {
    let model = try ModelFamily(row.family, arguments: row.arguments).model()
    let solution = try solved(model, reward: row.reward, direction: row.direction)
    let label = Comment(rawValue: "\(row.family) \(row.arguments) \(row.direction)")
    let values = try #require(solution.exactValues, label)
    #expect(digest(of: values, in: model) == row.entry["valuesSha256"] as? String, label)
    #expect(values.denominatorBits == row.entry["denominatorBits"] as? Int, label)
    let optimal = try #require(solution.optimalActions?[0])
    #expect(optimal.count { $0.count > 1 } == row.entry["tiedStates"] as? Int, label)
    guard case .exact(let initial)? = solution.initialValue else {
      Issue.record("no initial value", severity: .error)
      return
    }
    #expect(initial.description == row.entry["initialValue"] as? String, label)
    expectAccepted(solution, in: model, label)
  }

  @Test("generated models of all families, up to 160 states")
  func small() throws {
    for row in try stored() where row.states <= 160 { try check(row) }
  }

  #if !DEBUG
    @Test("generated models of all families, up to 2000 states", .tags(.slow))
    func large() throws {
      for row in try stored() where row.states > 160 { try check(row) }
    }
  #endif

  @Test("near ties below 1e-16 that doubles decide wrongly", arguments: [0, 1])
  func nearTies(half: Int) throws {
    let rows = try #require(Fixture.json("near-ties.json")["models"] as? [[String: Any]])
    for (index, row) in rows.enumerated() where index % 2 == half {
      let states = try #require(row["states"] as? Int)
      let model = try ModelFamily(
        "near-tie",
        options: [
          "states": "\(states)", "gap-exponent": "\(row["gapExponent"] as? Int ?? 0)",
          "seed": "\(row["seed"] as? Int ?? 0)",
        ]
      ).model()
      let solution = try solved(model)
      let values = try #require(solution.exactValues)
      #expect(digest(of: values, in: model) == row["valuesSha256"] as? String, "model \(index)")
      let optimal = try #require(solution.optimalActions?[0])
      let better = optimal[(2 * (states / 3))...].map { actions in
        actions.count == 2 ? "=" : model.actions[Int(actions[0].index)] == "base" ? "b" : "t"
      }
      #expect(better.joined() == row["better"] as? String, "model \(index)")
    }
  }
}
