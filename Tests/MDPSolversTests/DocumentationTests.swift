import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("The example of the module's first page")
struct DocumentationTests {
  @Test("runs as written")
  func example() throws {
    // The machine of the README: new, it earns 3 and wears out with 1/3; worn, a repair costs 1/2.
    let text = """
      { "format": "rationale-mdp", "version": 1, "states": ["new", "worn"],
        "actions": ["run", "repair"], "discount": "9/10", "initial": "new",
        "transitions": [["new", "run", "new", "2/3"], ["new", "run", "worn", "1/3"],
                        ["worn", "run", "worn", 1], ["worn", "repair", "new", 1]],
        "rewards": [["new", "run", 3], ["worn", "run", 1], ["worn", "repair", "-0.5"]] }
      """
    let model = try ModelFile.read(
      bytes: Array(text.utf8), name: "machine.json", options: ReadOptions()
    ).model
    let problem = try DiscountedProblem(
      model: model, reward: "default", discount: Rational(9, 10))
    let solution = try solve(problem)
    #expect(solution.status == .exact)
    // v(new) = 3 + 9/10 (2/3 v(new) + 1/3 v(worn)), v(worn) = -1/2 + 9/10 v(new).
    #expect(solution.exactValues?.entries == [Rational(285, 13), Rational(250, 13)])
    #expect(model.actions[Int(solution.policies[0][1].index)] == "repair")
    #expect(solution.certificate.verify(in: model).isAccepted)
  }
}
