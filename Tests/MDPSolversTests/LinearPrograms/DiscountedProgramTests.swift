import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Discounted problems by linear programming", .tags(.differential))
struct DiscountedProgramTests {
  @Test("it answers as policy iteration does", arguments: 0..<8 as Range<UInt64>)
  func agreement(seed: UInt64) throws {
    var generator = RandomModel(seed: 700 + seed)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 2 == 0 ? .minimize : .maximize
      let reference = try solved(model, direction: direction, method: .policyIteration)
      let solution = try solved(model, direction: direction, method: .linearProgram)
      #expect(solution.method == .linearProgram)
      #expect(solution.exactValues == reference.exactValues, label)
      #expect(solution.optimalActions == reference.optimalActions, label)
      #expect(solution.initialValue == reference.initialValue, label)
      expectAccepted(solution, in: model, label)
    }
  }

  @Test("the worked model of the certificates has the values 8/3 and 8", .tags(.worked))
  func worked() throws {
    let model = try TinyModel.read(
      "a stay → a | 1; a go → b:1/2, a:1/2; b stay → b | 4", discount: Rational(1, 2))
    let solution = try solved(model, method: .linearProgram)
    #expect(solution.exactValues == RationalVector([Rational(8, 3), 8]))
  }

  @Test("a finite horizon has no linear program here")
  func horizon() throws {
    let model = try TinyModel.read("a stay → a | 1")
    var options = SolverOptions()
    options.method = .linearProgram
    let problem = try FiniteHorizonProblem(model: model, reward: "default", horizon: 2)
    #expect(throws: SolverError.self) { try solve(problem, options: options) }
  }
}
