import Dispatch
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import Synchronization
import TestSupport
import Testing

/// The value program of a random sparse model: minimise Σ v under v_s - γ Σ p v ≥ r, v free.
func garnetValueProgram(states: Int, seed: UInt64) throws -> LinearProgram {
  var random = SplitMix64(seed: seed)
  var builder = LinearProgramBuilder(name: "", direction: .minimize)
  for s in 0..<states {
    try builder.addColumn("v\(s)", lower: nil, upper: nil, objective: 1)
  }
  for s in 0..<states {
    for _ in 0..<4 {
      var row: [Int: Rational] = [s: 1]
      for _ in 0..<4 {
        // Four successors of probability 1/4 each, γ = 9/10; equal ones add up.
        let successor = Int(random.below(UInt64(states)))
        row[successor, default: 0] -= Rational(9, 40)
      }
      let reward = Rational(Int(random.below(201)) - 100, 10)
      try builder.addRow(
        lower: reward, upper: nil,
        entries: row.sorted { $0.key < $1.key }.map { (column: $0.key, coefficient: $0.value) })
    }
  }
  return builder.build()
}

@Suite("Runs of the solver")
struct RunTests {
  @Test("a program on which doubles wander for ever is left to the exact method")
  func wandering() throws {
    let program = try LinearProgramFile.read(Fixture.path("wandering.mps"))
    let solution = try solve(program)
    #expect(solution.status == .optimal)
    #expect(try solution.certificate.verify(on: program, progress: .none).isAccepted)
  }

  @Test("the value program of a model is solved from GLPK's basis alone", arguments: [10, 60])
  func values(states: Int) throws {
    let program = try garnetValueProgram(states: states, seed: 1)
    let solution = try solve(program)
    #expect(AnswerChecks(program: program).fault(solution) == nil)
    #expect(solution.statistics.exactPivots == 0)
    // A unique optimum: the values of the optimal policy.
    #expect(try solution.optimalFace(of: program)?.isUnique == true)
  }

  @Test("transportation problems with many ties have integer solutions", arguments: [5, 12])
  func transportation(size: Int) throws {
    var random = SplitMix64(seed: UInt64(size))
    var builder = LinearProgramBuilder(name: "", direction: .minimize)
    for i in 0..<size {
      for j in 0..<size {
        try builder.addColumn("x\(i)_\(j)", objective: Rational(Int(random.below(4))))
      }
    }
    for i in 0..<size {
      try builder.addRow(
        lower: 10, upper: 10, entries: (0..<size).map { (column: i * size + $0, coefficient: 1) })
      try builder.addRow(
        lower: 10, upper: 10, entries: (0..<size).map { (column: $0 * size + i, coefficient: 1) })
    }
    let program = builder.build()
    let solution = try solve(program)
    #expect(AnswerChecks(program: program).fault(solution) == nil)
    #expect(solution.primal?.denominatorBits == 1)
  }

  @Test("dense programs with coefficients of many digits", arguments: 0..<3 as Range<UInt64>)
  func dense(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func number() -> Rational {
      Rational(Integer(Int(random.below(1 << 40))) * Integer(Int(random.below(1 << 40))), 1_000_003)
    }
    let program = try denseProgram(
      .maximize, (0..<12).map { _ in number() },
      rows: (0..<12).map { _ in ((0..<12).map { _ in number() }, atMost(number())) })
    let solution = try solve(program)
    #expect(solution.status == .optimal)
    #expect(AnswerChecks(program: program).fault(solution) == nil)
  }

  @Test("tasks on several threads get the answers that one gets")
  func concurrent() throws {
    let program = try garnetValueProgram(states: 12, seed: 3)
    let expected = try solve(program).objectiveValue
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      let found = try? solve(program).objectiveValue
      if found != expected { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("a request to stop ends the run wherever it is met", arguments: [1, 2, 3, 5, 8, 13, 30])
  func stop(after count: Int) throws {
    let program = try garnetValueProgram(states: 40, seed: 5)
    let asked = Mutex(0)
    let progress = ProgressHandler(stopReason: {
      asked.withLock { asked in
        asked += 1
        return asked >= count ? .cancelled : nil
      }
    })
    do {
      let solution = try solve(program, options: LPOptions(progress: progress))
      #expect(solution.status == .optimal)
      #expect(asked.withLock { $0 } < count)
    } catch let interrupted as Interrupted {
      #expect(interrupted.reason == .cancelled)
    }
  }
}
