import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import TestSupport
import Testing

@Suite("Classic linear programs", .tags(.worked))
struct ClassicTests {
  private func proved(
    _ program: LinearProgram, _ options: LPOptions = LPOptions()
  ) throws -> LPSolution {
    let solution = try solve(program, options: options)
    let fault = AnswerChecks(program: program).fault(solution)
    try #require(fault == nil, "\(fault ?? "")")
    return solution
  }

  /// Both ways to the answer: with GLPK and without.
  private func value(_ program: LinearProgram) throws -> Rational? {
    let guided = try proved(program)
    let alone = try proved(program, LPOptions(guide: nil))
    #expect(guided.objectiveValue == alone.objectiveValue)
    #expect(guided.status == alone.status)
    return guided.objectiveValue
  }

  @Test("the example of the module's first page")
  func firstPage() throws {
    var builder = LinearProgramBuilder(name: "", direction: .maximize)
    let x = try builder.addColumn("x", lower: 0, upper: 3, objective: 3)
    let y = try builder.addColumn("y", objective: 2)
    let first: [(column: Int, coefficient: Rational)] = [(x, 1), (y, 1)]
    let second: [(column: Int, coefficient: Rational)] = [(x, 1), (y, 3)]
    try builder.addRow("c1", lower: nil, upper: 4, entries: first)
    try builder.addRow("c2", lower: nil, upper: 6, entries: second)
    let solution = try solve(builder.build())
    #expect(solution.objectiveValue == 11)
    #expect(solution.primal?.entries == [3, 1])
  }

  @Test("the contract's example: 11 at (3, 1)")
  func contractExample() throws {
    let program = try denseProgram(
      .maximize, [3, 2], columns: [between(0, 3), .nonNegative],
      rows: [([1, 1], atMost(4)), ([1, 3], atMost(6))])
    let solution = try proved(program)
    #expect(solution.objectiveValue == 11)
    // All three lines meet there, so (2, 0) and (0, 2/3) are both multipliers.
    #expect(solution.primal?.entries == [3, 1])
  }

  @Test("Beale's example, on which the textbook rule cycles: -1/20")
  func beale() throws {
    let program = try denseProgram(
      .minimize, [Rational(-3, 4), 150, Rational(-1, 50), 6],
      rows: [
        ([Rational(1, 4), -60, Rational(-1, 25), 9], atMost(0)),
        ([Rational(1, 2), -90, Rational(-1, 50), 3], atMost(0)),
        ([0, 0, 1, 0], atMost(1)),
      ])
    #expect(try value(program) == Rational(-1, 20))
  }

  @Test("Kuhn's cycling example: -2")
  func kuhn() throws {
    // min -2a - 3b + c + 12d; at (2, 0, 2, 0) the value is -4 + 2 = -2, and y = (-2, ., -1) proves.
    let program = try denseProgram(
      .minimize, [-2, -3, 1, 12],
      rows: [
        ([-2, -9, 1, 9], atMost(0)), ([Rational(1, 3), 1, Rational(-1, 3), -2], atMost(0)),
        ([2, 3, -1, -12], atMost(2)),
      ])
    #expect(try value(program) == -2)
  }

  @Test("Marshall and Suurballe's cycling example: -1 with a cap on x1")
  func marshallSuurballe() throws {
    // Chvátal's form: max 10a - 57b - 9c - 24d, a ≤ 1; value 1 at (1, 0, 1, 0).
    let program = try denseProgram(
      .maximize, [10, -57, -9, -24],
      rows: [
        ([Rational(1, 2), Rational(-11, 2), Rational(-5, 2), 9], atMost(0)),
        ([Rational(1, 2), Rational(-3, 2), Rational(-1, 2), 1], atMost(0)),
        ([1, 0, 0, 0], atMost(1)),
      ])
    #expect(try value(program) == 1)
  }

  @Test("Klee-Minty cubes: 5^n", arguments: [1, 2, 3, 5, 8, 12, 16, 20])
  func kleeMinty(n: Int) throws {
    // max Σ 2^(n-j) x_j, 2 Σ_{j<i} 2^(i-j) x_j + x_i ≤ 5^i; the optimum is x_n = 5^n.
    let two = Rational(2)
    let rows = (1...n).map { i in
      (
        (1...n).map { j in j < i ? two.power(i - j + 1) : (j == i ? 1 : 0) },
        atMost(Rational(5).power(i))
      )
    }
    let program = try denseProgram(.maximize, (1...n).map { two.power(n - $0) }, rows: rows)
    #expect(try proved(program).objectiveValue == Rational(5).power(n))
    if n <= 8 {
      #expect(try proved(program, LPOptions(guide: nil)).objectiveValue == Rational(5).power(n))
    }
  }

  @Test("Chvátal's diet-like example: 13 at (2, 0, 1)")
  func chvatal() throws {
    let program = try denseProgram(
      .maximize, [5, 4, 3],
      rows: [([2, 3, 1], atMost(5)), ([4, 1, 2], atMost(11)), ([3, 4, 2], atMost(8))])
    let solution = try proved(program)
    #expect(solution.objectiveValue == 13)
    #expect(solution.primal?.entries == [2, 0, 1])
  }

  @Test("the glass factory of Hillier and Lieberman: 36, shadow prices 0, 3/2, 1")
  func glass() throws {
    let program = try denseProgram(
      .maximize, [3, 5],
      rows: [([1, 0], atMost(4)), ([0, 2], atMost(12)), ([3, 2], atMost(18))])
    let solution = try proved(program)
    #expect(solution.objectiveValue == 36)
    #expect(solution.dual?.entries == [0, Rational(3, 2), 1])
  }

  @Test("an infeasible system of which two rows of four say why")
  func minimalFarkas() throws {
    let program = try denseProgram(
      .minimize, [0, 0, 0],
      rows: [
        ([1, 1, 0], atMost(1)), ([1, 0, 1], atMost(5)), ([1, 1, 0], atLeast(2)),
        ([0, 1, 1], atMost(7)),
      ])
    let solution = try proved(program)
    guard case .infeasible(.farkas(let y)) = solution.certificate else {
      Issue.record("not infeasible")
      return
    }
    #expect(y.indices.filter { !y[$0].isZero } == [0, 2])
  }

  @Test("a transportation problem with tied routes: 20·4 + 10·2 + 25·3 + 15·1")
  func transportation() throws {
    // Supplies 30, 40; demands 20, 25, 25; costs 4 6 2 / 5 3 1. Balanced: one row is redundant.
    // Ship 20 (4), 10 (2) from the first, 25 (3), 15 (1) from the second; potentials
    // u = (0, -1), v = (4, 4, 2) leave reduced costs 2 and 2 on the other two routes.
    let program = try denseProgram(
      .minimize, [4, 6, 2, 5, 3, 1],
      rows: [
        ([1, 1, 1, 0, 0, 0], exactly(30)), ([0, 0, 0, 1, 1, 1], exactly(40)),
        ([1, 0, 0, 1, 0, 0], exactly(20)), ([0, 1, 0, 0, 1, 0], exactly(25)),
        ([0, 0, 1, 0, 0, 1], exactly(25)),
      ])
    #expect(try value(program) == 190)
  }

  @Test("a degenerate assignment: the identity costs 0", arguments: [2, 5, 9])
  func assignment(n: Int) throws {
    var builder = LinearProgramBuilder(name: "", direction: .minimize)
    for i in 0..<n {
      for j in 0..<n { try builder.addColumn("x\(i)_\(j)", objective: Rational(abs(i - j) % 3)) }
    }
    for i in 0..<n {
      try builder.addRow(
        lower: 1, upper: 1, entries: (0..<n).map { (column: i * n + $0, coefficient: 1) })
      try builder.addRow(
        lower: 1, upper: 1, entries: (0..<n).map { (column: $0 * n + i, coefficient: 1) })
    }
    #expect(try value(builder.build()) == 0)
  }

  @Test("rock, paper, scissors as a program: value 0, a third each")
  func matrixGame() throws {
    let program = try denseProgram(
      .maximize, [0, 0, 0, 1],
      columns: [.nonNegative, .nonNegative, .nonNegative, .free],
      rows: [
        ([0, 1, -1, -1], atLeast(0)), ([-1, 0, 1, -1], atLeast(0)),
        ([1, -1, 0, -1], atLeast(0)), ([1, 1, 1, 0], exactly(1)),
      ])
    let solution = try proved(program)
    let third = Rational(1, 3)
    #expect(solution.primal?.entries == [third, third, third, 0])
  }

  @Test("programs without rows, without columns, without either")
  func empty() throws {
    #expect(try value(denseProgram(.minimize, [], rows: [])) == 0)
    #expect(try value(denseProgram(.minimize, [2, 3], rows: [])) == 0)
    #expect(try proved(denseProgram(.maximize, [1], rows: [])).status == .unbounded)
    #expect(try proved(denseProgram(.minimize, [], rows: [([], atLeast(1))])).status == .infeasible)
    #expect(try value(denseProgram(.minimize, [], rows: [([], between(-1, 1))])) == 0)
    let crossed = try denseProgram(.minimize, [1], columns: [between(2, 1)], rows: [])
    guard case .infeasible(.crossedColumn(0)) = try proved(crossed).certificate else {
      Issue.record("not crossed")
      return
    }
  }

  @Test("redundant and dependent rows do no harm")
  func dependent() throws {
    let program = try denseProgram(
      .minimize, [1, 1, 1], columns: [.free, .free, .nonNegative],
      rows: [
        ([1, 2, 3], exactly(6)), ([2, 4, 6], exactly(12)), ([1, 1, 1], atLeast(0)),
        ([3, 6, 9], between(18, 20)), ([0, 0, 0], exactly(0)),
      ])
    #expect(try value(program) == 0)
  }
}

@Suite("What doubles cannot see", .tags(.worked))
struct HiddenDigitsTests {
  private let tiny = Rational(1, Integer(10).power(30))
  private let huge = Rational(Integer(10).power(30))

  private func proved(_ program: LinearProgram) throws -> LPSolution {
    let solution = try solve(program)
    let fault = AnswerChecks(program: program).fault(solution)
    try #require(fault == nil, "\(fault ?? "")")
    return solution
  }

  @Test("coefficients from 1e-30 to 1e30")
  func wideRange() throws {
    // max x + y, 1e-30 x + 1e30 y ≤ 1, x ≤ 1e30: x = 1e30 uses all, y = 0.
    let program = try denseProgram(
      .maximize, [1, 1], columns: [between(0, huge), .nonNegative],
      rows: [([tiny, huge], atMost(1))])
    #expect(try proved(program).objectiveValue == huge)
  }

  @Test("exponents that no double holds")
  func beyondDoubles() throws {
    let vast = Rational(Integer(10).power(400))
    let program = try denseProgram(
      .minimize, [vast, 1], rows: [([1, 1], atLeast(vast)), ([vast, 1 / vast], atLeast(1))])
    // x1 costs 1e400 a unit, x2 costs 1: x2 = 1e800 costs that; with x1 = t the second row wants
    // x2 ≥ 1e400 - 1e800 t. At t = 0 both rows ask 1e400: the value is 1e400.
    #expect(try proved(program).objectiveValue == vast)
  }

  @Test("a gap of 1e-30 between two optima is decided")
  func costTie() throws {
    let program = try denseProgram(.minimize, [1, 1 - tiny], rows: [([1, 1], exactly(1))])
    #expect(try proved(program).primal?.entries == [0, 1])
    let other = try denseProgram(.minimize, [1 - tiny, 1], rows: [([1, 1], exactly(1))])
    #expect(try proved(other).primal?.entries == [1, 0])
  }

  @Test("a program that misses feasibility by 1e-30 is infeasible")
  func almostFeasible() throws {
    let rows = [([Rational(1), 1], atMost(1)), ([1, 1], atLeast(1 + tiny))]
    #expect(try proved(denseProgram(.minimize, [1, 2], rows: rows)).status == .infeasible)
    let touching = [([Rational(1), 1], atMost(1)), ([1, 1], atLeast(1))]
    #expect(try proved(denseProgram(.minimize, [1, 2], rows: touching)).objectiveValue == 1)
  }

  @Test("an objective that grows by 1e-30 a unit is unbounded")
  func almostBounded() throws {
    let program = try denseProgram(
      .maximize, [1, tiny - 1], rows: [([1, -1], exactly(0))])
    #expect(try proved(program).status == .unbounded)
    let flat = try denseProgram(.maximize, [1, -1], rows: [([1, -1], exactly(0))])
    #expect(try proved(flat).objectiveValue == 0)
  }

  @Test("forty hidden ties are settled by refinement, without exact pivots")
  func refinement() throws {
    // Per pair x + y ≥ 1 at costs 1 and 1 ± 1e-30: the optimum takes the cheaper of the two.
    let pairs = 40
    var builder = LinearProgramBuilder(name: "", direction: .minimize)
    for j in 0..<pairs {
      let sign: Rational = j % 2 == 0 ? 1 : -1
      try builder.addColumn("x\(j)", objective: 1)
      try builder.addColumn("y\(j)", objective: 1 + sign * tiny)
      let row: [(column: Int, coefficient: Rational)] = [(2 * j, 1), (2 * j + 1, 1)]
      try builder.addRow(lower: 1, upper: nil, entries: row)
    }
    let solution = try proved(builder.build())
    #expect(solution.objectiveValue == 40 - 20 * tiny)
    #expect(solution.statistics.refinements == 1)
    #expect(solution.statistics.exactPivots == 0)
  }

  @Test("Hilbert's matrix: a basis that is singular to doubles", arguments: [6, 12, 18])
  func hilbert(n: Int) throws {
    // H x = H 1 has the solution 1 alone.
    let rows = (0..<n).map { i in
      let row = (0..<n).map { Rational(1, i + $0 + 1) }
      return (row, exactly(row.reduce(0, +)))
    }
    let program = try denseProgram(
      .minimize, (0..<n).map { Rational($0 % 3) }, columns: Array(repeating: .free, count: n),
      rows: rows)
    #expect(try proved(program).primal?.entries == Array(repeating: 1, count: n))
  }
}
