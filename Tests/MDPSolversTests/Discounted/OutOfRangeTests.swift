import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Values that doubles do not hold", .tags(.worked))
struct OutOfRangeTests {
  /// Values of `±10^exponent / (1 - γ)`, whatever the sign, and their exact answer.
  @Test(
    "huge and tiny values are exact and enclosed narrowly",
    arguments: ["1e292", "1e400", "1e-400", "-1e400", "3e-330"], ["1/2", "99999999999999999e-17"])
  func range(reward: String, discount: String) throws {
    let (reward, discount) = (try #require(Rational(reward)), try #require(Rational(discount)))
    let model = try TinyModel.read("s a → s | \(reward)", discount: discount)
    let value = reward / (1 - discount)
    let exact = try solved(model)
    #expect(exact.exactValues?[0] == value)
    expectAccepted(exact, in: model)
    for method in [SolverMethod.auto, .valueIteration] {
      let enclosed = try solved(model, method: method, scope: .none)
      let (lower, upper) = try #require(enclosed.bounds)
      #expect(lower[0] <= value && value <= upper[0])
      #expect((upper[0] - lower[0]) * 1_000_000_000_000 <= value.magnitude)
      #expect(enclosed.policyIsOptimal)
      expectAccepted(enclosed, in: model)
    }
  }

  @Test("value iteration next to a discount of 1 still encloses narrowly, and says how")
  func valueIterationIsNarrow() throws {
    let discount = try #require(Rational("0.999999999999999"))
    let model = try TinyModel.read("s a → s | 1; s b → s | 0", discount: discount)
    let solution = try solved(model, method: .valueIteration, scope: .none)
    let (lower, upper) = try #require(solution.bounds)
    #expect((upper[0] - lower[0]) * 1_000_000_000_000 <= upper[0])
    #expect(solution.policyIsOptimal)
    #expect(solution.warnings.count == 1)
    expectAccepted(solution, in: model)
  }

  @Test("long rewards and a long discount on seven loops are solved by every method")
  func longNumbers() throws {
    let discount = try #require(Rational("0.12345678901234567"))
    let reward = "999999999999999999999999999999/"
    let rows = (1...7).map { "s\($0) a → s\($0) | \(reward)\($0)0000000000000000000000000000" }
    let model = try TinyModel.read(rows.joined(separator: ";"), discount: discount)
    for method in [SolverMethod.auto, .policyIteration] {
      let solution = try solved(model, method: method)
      #expect(solution.exactValues == (try solved(model, method: .enumeration)).exactValues)
      expectAccepted(solution, in: model)
    }
  }
}
