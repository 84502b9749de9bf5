import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Gymnasium's models", .tags(.differential))
struct GymnasiumTests {
  @Test("exact values at three discounts, as a solver in Python has them")
  func storedValues() throws {
    let rows = try #require(
      Fixture.json("gymnasium-initial-values.json")["values"] as? [[String: Any]])
    #expect(rows.count == 12)
    var options = ReadOptions()
    options.format = .gymnasium
    for row in rows {
      let name = try #require(row["model"] as? String)
      let model = try ModelFile.read(Fixture.path(name), options: options).model
      let discount = try #require(Rational(row["discount"] as? String ?? ""))
      let solution = try solved(model, discount: discount)
      let values = try #require(solution.exactValues)
      #expect(digest(of: values, in: model) == row["valuesSha256"] as? String, "\(name)")
      guard case .exact(let initial)? = solution.initialValue else {
        Issue.record("no initial value for \(name)")
        continue
      }
      #expect(initial.description == row["initialValue"] as? String, "\(name) \(discount)")
      expectAccepted(solution, in: model)
    }
  }

  @Test("one streamed value equals the value of the full solution")
  func streamed() throws {
    var options = ReadOptions()
    options.format = .gymnasium
    for name in ["frozenlake4x4", "frozenlake8x8", "cliffwalking"] {
      let model = try ModelFile.read(
        Fixture.path("gymnasium/\(name).json"), options: options
      ).model
      let full = try solved(model, discount: Rational(99, 100))
      let one = try solved(model, discount: Rational(99, 100), scope: .initial)
      #expect(one.initialValue == full.initialValue, "\(name)")
      #expect(one.values == nil)
      expectAccepted(one, in: model)
    }
  }
}
