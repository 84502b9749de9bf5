import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// One of the cases of section 6 of the note on average rewards.
struct AverageCase: CustomTestStringConvertible, Sendable {
  let name: String
  let rows: String
  let gain: String
  let bias: String
  let policy: String
  let optimalActions: String

  var testDescription: String { name }

  static let all = [
    AverageCase(
      name: "C1",
      rows: "s a → s:1/2,t:1/2 | 5; s b → t | 10; t c → t | -1",
      gain: "-1 -1", bias: "12 0", policy: "a c", optimalActions: "a c"),
    AverageCase(
      name: "C2",
      rows: """
        0 stay → 0 | 1/2; 0 move → 1:1/3,0:2/3 | 0
        1 stay → 1:3/4,0:1/4 | 1; 1 move → 0 | 5/4
        """,
      gain: "4/7 4/7", bias: "-48/49 36/49", policy: "move stay", optimalActions: "move stay"),
    AverageCase(
      name: "C4",
      rows: """
        1 a → 1 | 1; 1 b → 2 | -5; 2 a → 3:1/2,4:1/2 | 0; 2 b → 1 | 10; 3 a → 3 | 2
        4 a → 5 | 3; 5 a → 4 | -1; 5 b → 2 | 40
        """,
      gain: "5/2 5/2 2 5/2 5/2", bias: "-15/4 15/4 0 167/4 165/4", policy: "b b a a b",
      optimalActions: "b b a a b"),
    AverageCase(
      name: "C5",
      rows: "z a→x|9; z b→y|0; x a→y|1; x b→x|0; y a→x|0; y b→y|1/2",
      gain: "1/2 1/2 1/2", bias: "9 1/2 0", policy: "a a b", optimalActions: "a a a,b"),
    AverageCase(
      name: "C6",
      rows: "0 stay→0|1; 0 move→1|0; 1 stay→1|1; 1 move→0|0",
      gain: "1 1", bias: "0 0", policy: "stay stay", optimalActions: "stay stay"),
    AverageCase(
      name: "C7", rows: "0 a→1|0; 1 a→0|1", gain: "1/2 1/2", bias: "-1/4 1/4", policy: "a a",
      optimalActions: "a a"),
    // One state for each step of the four ways; the second level leaves way c alone.
    AverageCase(
      name: "C8",
      rows: """
        s a→e|1; s b→b1|0; s c→c1|2; s d→d1|3; b1 a→e|1; c1 a→e|-1; d1 a→d2|-5; d2 a→e|3
        e a→e|0
        """,
      gain: "0 0 0 0 0 0", bias: "1 1 -1 -2 3 0", policy: "c a a a a a",
      optimalActions: "a,b,c,d a a a a a"),
    AverageCase(
      name: "C10", rows: "s go→s|1; s jump→t|10; t go→t|0", gain: "1 0", bias: "0 0",
      policy: "go go", optimalActions: "go go"),
    AverageCase(
      name: "C12",
      // The fourth number is 4 - 3/2, the mean of the reward on the transition.
      rows: """
        good run→good:3/4,worn:1/4|6; worn run→worn:1/2,broken:1/2|5/2; worn service→good|1
        broken service→good:1/3,broken:2/3|-1
        """,
      gain: "5 5 5", bias: "4/5 -16/5 -86/5", policy: "run service service",
      optimalActions: "run service service"),
    AverageCase(
      name: "certificates.md, section 4",
      rows: """
        start left→x|50; start right→x:1/2,y:1/2|0; x stay→x|1; y move→z|3; z move→y|0
        """,
      gain: "5/4 1 3/2 3/2", bias: "-7/8 0 3/4 -3/4", policy: "right stay move move",
      optimalActions: "right stay move move"),
  ]
}

@Suite("Long-run averages by hand", .tags(.worked))
struct WorkedAverageTests {
  @Test(
    "gain, bias and actions are those of the note", arguments: AverageCase.all,
    [SolverMethod.auto, .policyIteration, .linearProgram, .enumeration])
  func worked(example: AverageCase, method: SolverMethod) throws {
    let model = try TinyModel.read(example.rows)
    let solution = try averageSolved(model, method: method)
    let exact = try #require(solution.exactValues)
    #expect(exact.gain.entries == numbers(example.gain))
    #expect(exact.bias.entries == numbers(example.bias))
    #expect(solution.isBiasOptimal)
    let name = { (action: Action) in model.actions[Int(action.index)] }
    #expect(solution.policy.map(name).joined(separator: " ") == example.policy)
    let optimal = try #require(solution.optimalActions)
    #expect(
      optimal.map { $0.map(name).joined(separator: ",") }.joined(separator: " ")
        == example.optimalActions)
    try expectProved(solution, in: model)
  }

  @Test("RiverSwim(6): C3")
  func riverSwim() throws {
    let model = try ModelFamily("riverswim", arguments: []).model()
    let solution = try averageSolved(model)
    let exact = try #require(solution.exactValues)
    #expect(exact.gain.entries == Array(repeating: Rational(7203, 16805), count: 6))
    let numerators = [-60_541_215, -52_471_454, -37_484_755, -21_509_922, -5_393_927, 10_742_234]
    #expect(exact.bias.entries == numerators.map { Rational($0, 11_296_321) })
    #expect(solution.span == Rational(21209, 3361))
    try expectProved(solution, in: model)
  }

  @Test("policy iteration on C4 passes the policies of the note")
  func multichainSteps() throws {
    let model = try TinyModel.read(AverageCase.all[2].rows)
    let reward = model.rewards[0].function.expected(in: model)
    var series = LaurentSeries(
      of: ContiguousArray(model.choiceOffsets.dropLast()), in: model, reward: reward)
    #expect(try series.gain().entries == numbers("1 3/2 2 1 1"))
    #expect(try series.bias().entries == numbers("0 -1 0 1 -1"))
    // Gain step, bias step, and the optimum that the third evaluation recognises.
    #expect(try MultichainIteration(model: model, reward: reward).run().iterations == 3)
  }
}
