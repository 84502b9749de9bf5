import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Worked cases of the notes", .tags(.worked))
struct WorkedSolutionTests {
  @Test("discounted values and optimal actions", arguments: [SolverMethod.auto, .policyIteration])
  func discounted(method: SolverMethod) throws {
    for row in try rows("discounted") {
      let model = try model(row)
      let solution = try solved(
        model, reward: row["reward"] as? String, direction: direction(row),
        discount: rational(row["discount"]), method: method)
      let values = try #require(solution.exactValues)
      try expectEqual(values, row["values"], model)
      let optimal = try #require(solution.optimalActions?[0])
      if let expected = row["optimalActions"] as? [String: [String]] {
        for (name, actions) in expected {
          let state = try #require(model.states.place(of: name))
          #expect(optimal[state].map { model.actions[Int($0.index)] } == actions, "\(row)")
        }
      }
      expectAccepted(solution, in: model)
    }
  }

  @Test("finite horizons")
  func finiteHorizon() throws {
    for row in try rows("finite-horizon") {
      let model = try model(row)
      let problem = try FiniteHorizonProblem(
        model: model, reward: row["reward"] as? String ?? model.rewards[0].name,
        horizon: #require(row["horizon"] as? Int), discount: rational(row["discount"]),
        direction: direction(row))
      let solution = try solve(problem)
      try expectEqual(#require(solution.exactValues), row["values"], model)
      expectAccepted(solution, in: model)
    }
  }

  private func rows(_ objective: String) throws -> [[String: Any]] {
    let data = Data(try Fixture.bytes("worked/expected.json"))
    let object = try JSONSerialization.jsonObject(with: data)
    let all = try #require(
      object as? [[String: Any]] ?? (object as? [String: Any])?["cases"] as? [[String: Any]])
    let found = all.filter { $0["objective"] as? String == objective }
    #expect(!found.isEmpty)
    return found
  }

  private func model(_ row: [String: Any]) throws -> FiniteMDP {
    let name = try #require(row["model"] as? String)
    return try ModelFile.read(Fixture.path("worked/\(name).json")).model
  }

  private func direction(_ row: [String: Any]) throws -> Direction {
    try #require(Direction(rawValue: row["direction"] as? String ?? ""))
  }

  private func rational(_ value: Any?) throws -> Rational {
    try #require(Rational(value as? String ?? ""))
  }

  private func expectEqual(
    _ values: RationalVector, _ expected: Any?, _ model: FiniteMDP
  ) throws {
    let expected = try #require(expected as? [String: String])
    #expect(expected.count == model.stateCount)
    for (name, text) in expected {
      let state = try #require(model.states.place(of: name))
      #expect(values[state].description == text, "\(name)")
    }
  }
}
