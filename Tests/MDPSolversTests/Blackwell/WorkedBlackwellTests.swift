import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Blackwell optimality in the worked cases", .tags(.worked))
struct WorkedBlackwellTests {
  @Test(
    "starts that are fractions",
    arguments: [
      (BlackwellCase.c1, Rational(10, 11), "a c"),
      (BlackwellCase.c2, Rational(12, 13), "move stay"),
      (BlackwellCase.c8, Rational(1, 3), "c a a a a a"),
      (BlackwellCase.c10, Rational(9, 10), "go go"),
    ])
  func fractions(text: String, start: Rational, policy: String) throws {
    let model = try TinyModel.read(text)
    let solution = try blackwellSolved(model)
    #expect(solution.start.isExact && solution.start.lower == start)
    #expect(solution.actionNames(in: model).joined(separator: " ") == policy)
    #expect(solution.aPrioriBound >= start)
  }

  @Test(
    "starts that are irrational, by the digits of the notes",
    arguments: [
      (BlackwellCase.c3, "0.61430094881", 10), (BlackwellCase.c4, "0.98226410675", 11),
      (BlackwellCase.c9, "0.5773502691896", 13), (BlackwellCase.c12, "0.23624344", 8),
    ])
  func irrational(text: String, digits: String, places: Int) throws {
    let solution = try blackwellSolved(TinyModel.read(text))
    let expected = try #require(Rational(digits))
    let slack = Rational(1, Integer(10).power(UInt(places)))
    #expect(!solution.start.isExact)
    #expect(abs(solution.start.lower - expected) <= slack)
    #expect(abs(solution.start.upper - expected) <= slack)
  }

  // 1 + γ + γ² + … = 1/(1-γ) beats 10^20 (1 + γ) from γ = √(1 - 10^-20) on.
  @Test("a start within 2^-64 of 1 is printed below 1, and proved from there on")
  func closeToOne() throws {
    let text = """
      {"format":"rationale-mdp","version":1,"states":["s","u","t"],"actions":["a","b"],
       "transitions":[["s","a","s",1],["s","b","u",1],["u","a","t",1],["t","a","t",1]],
       "rewards":[["s","a",1],["s","b","1e20"],["u","a","1e20"]]}
      """
    let model = try ModelFile.read(bytes: [UInt8](text.utf8), name: "close").model
    let solution = try blackwellSolved(model)
    let ten = Rational(1, Integer(10).power(20))
    #expect(solution.start.upper < 1)
    #expect(solution.start.lower * solution.start.lower <= 1 - ten)
    #expect(solution.start.upper * solution.start.upper >= 1 - ten)
    #expect(try solution.certificate.verify(in: model).isAccepted)
  }

  @Test("polynomials: 3γ² - 1 in C9, 28γ² - 159γ + 36 in C12")
  func polynomials() throws {
    #expect(
      try blackwellSolved(TinyModel.read(BlackwellCase.c9)).start.polynomial
        == Polynomial([-1, 0, 3]))
    #expect(
      try blackwellSolved(TinyModel.read(BlackwellCase.c12)).start.polynomial
        == Polynomial([36, -159, 28]))
  }

  @Test("RiverSwim: gain, bias and the a-priori bound of the note")
  func riverSwim() throws {
    let solution = try blackwellSolved(TinyModel.read(BlackwellCase.c3))
    #expect(solution.gain.entries.allSatisfy { $0 == Rational(7203, 16805) })
    #expect(
      solution.bias.entries
        == [-60_541_215, -52_471_454, -37_484_755, -21_509_922, -5_393_927, 10_742_234].map {
          Rational($0, 11_296_321)
        })
    let size = try #require(Integer("8707129344000000000000000000000001"))
    #expect(solution.aPrioriBound == 1 - Rational(1, size))
  }

  @Test("C8: all four ways are bias optimal, c alone is Blackwell optimal")
  func orders() throws {
    let model = try TinyModel.read(BlackwellCase.c8)
    let names = { (solution: BlackwellSolution) in
      solution.optimalActions[0].map { model.actions[Int($0.index)] }
    }
    #expect(names(try blackwellSolved(model)) == ["c"])
    #expect(names(try blackwellSolved(model, order: -1)) == ["a", "b", "c", "d"])
    // Levels through 1 tell them apart: the entries at level 1 are those of y_1.
    #expect(names(try blackwellSolved(model, order: 0)) == ["c"])
    let solution = try blackwellSolved(model, order: 1)
    // V(s) = 2 - γ and γ = 1/(1 + ρ): Σ ρᵏ y_k = γV = (1 + 2ρ)/(1 + ρ)² = 1 - ρ² + …
    #expect(solution.laurentCoefficients.map { $0[0] } == [0, 1, 0])
  }

  @Test("C2: the three pieces, and a tie at the last breakpoint")
  func pieces() throws {
    let solution = try blackwellSolved(TinyModel.read(BlackwellCase.c2), includesPieces: true)
    #expect(solution.pieces.map { $0.from.rationalValue } == [0, Rational(4, 9), Rational(12, 13)])
    let expected: [(discount: Rational, values: [Rational])] = [
      (Rational(1, 2), [1, Rational(9, 5)]), (Rational(9, 10), [5, Rational(85, 13)]),
      (Rational(12, 13), [Rational(13, 2), Rational(65, 8)]),
    ]
    for (discount, values) in expected {
      #expect((0..<2).map { solution.value(at: $0, discount: discount) } == values)
    }
    // Both policies have these values at the breakpoint.
    #expect(solution.pieces[1].value(at: 0, discount: Rational(12, 13)) == Rational(13, 2))
  }

  @Test("to minimise is to maximise the negated reward")
  func direction() throws {
    let model = try TinyModel.read("s a → s:1/2,t:1/2 | -5; s b → t | -10; t c → t | 1")
    let solution = try blackwellSolved(model, direction: .minimize, includesPieces: true)
    #expect(solution.start.rationalValue == Rational(10, 11))
    #expect(solution.gain.entries == [1, 1] && solution.bias.entries == [-12, 0])
    #expect(solution.value(at: 0, discount: Rational(19, 20)) == Rational(60, 7))
  }

  @Test("what the objective does not take is refused")
  func refusals() throws {
    let model = try TinyModel.read(BlackwellCase.c1)
    #expect(throws: SolverError.self) {
      try BlackwellProblem(model: model, reward: "default", order: -2)
    }
    #expect(throws: SolverError.self) { try BlackwellProblem(model: model, reward: "none") }
    var options = SolverOptions()
    options.method = .linearProgram
    #expect(throws: SolverError.self) {
      try solve(BlackwellProblem(model: model, reward: "default"), options: options)
    }
    options = SolverOptions()
    options.memoryLimit = 10
    #expect(throws: Interrupted(.memoryLimit)) {
      try solve(BlackwellProblem(model: model, reward: "default"), options: options)
    }
    options = SolverOptions()
    options.progress = ProgressHandler(stopReason: { .cancelled })
    #expect(throws: Interrupted(.cancelled)) {
      try solve(BlackwellProblem(model: model, reward: "default"), options: options)
    }
  }
}
