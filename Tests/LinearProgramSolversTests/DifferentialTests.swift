import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import Testing

@Suite("Exact solutions against enumeration of bases")
struct DifferentialTests {
  @Test("every outcome agrees with enumeration and is proved", arguments: 0..<8 as Range<UInt64>)
  func tiny(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var counts: [LPSolution.Status: Int] = [:]
    for round in 0..<500 {
      let program = try randomProgram(
        &random, columns: Int(random.below(4)), rows: Int(random.below(4)))
      let options = LPOptions(guide: [.dual, .primal, nil][Int(random.below(3))])
      let solution = try solve(program, options: options)
      counts[solution.status, default: 0] += 1
      let fault = AnswerChecks(program: program).fault(solution)
      try #require(fault == nil, "seed \(seed), round \(round): \(fault ?? "")")
      let outcome: EnumeratedOutcome =
        switch solution.status {
        case .optimal: .optimal(try #require(solution.objectiveValue))
        case .infeasible: .infeasible
        case .unbounded: .unbounded
        }
      try #require(outcome == enumeratedOutcome(program), "seed \(seed), round \(round)")
    }
    #expect(counts.count == 3, "all three outcomes occur")
  }

  @Test("guides and no guide find the same optimum", arguments: 100..<104 as Range<UInt64>)
  func middling(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for round in 0..<25 {
      let program = try randomProgram(
        &random, columns: 4 + Int(random.below(8)), rows: 4 + Int(random.below(8)))
      var found: [Rational?] = []
      var statuses: Set<LPSolution.Status> = []
      for guide: LPOptions.FloatingMethod? in [.dual, .primal, nil] {
        let solution = try solve(program, options: LPOptions(guide: guide))
        let fault = AnswerChecks(program: program).fault(solution)
        try #require(fault == nil, "seed \(seed), round \(round): \(fault ?? "")")
        found.append(solution.objectiveValue)
        statuses.insert(solution.status)
      }
      #expect(Set(found).count == 1 && statuses.count == 1, "seed \(seed), round \(round)")
    }
  }
}
