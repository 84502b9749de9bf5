import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Long-run averages of random small models", .tags(.differential, .metamorphic))
struct RandomAverageTests {
  @Test("all methods agree with enumeration", arguments: 0..<6 as Range<UInt64>)
  func enumeration(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 3 == 0 ? .minimize : .maximize
      let reference = try averageSolved(model, direction: direction, method: .enumeration)
      let expected = try #require(reference.exactValues)
      for method in [SolverMethod.auto, .policyIteration, .linearProgram] {
        let solution = try averageSolved(model, direction: direction, method: method)
        let exact = try #require(solution.exactValues)
        #expect(exact.gain == expected.gain, label)
        #expect(exact.bias == expected.bias, label)
        #expect(solution.optimalActions == reference.optimalActions, label)
        #expect(solution.initialValue == reference.initialValue, label)
        try expectProved(solution, in: model, label)
      }
    }
  }

  @Test("gain and bias of every policy solve its equations", arguments: 10..<14 as Range<UInt64>)
  func evaluation(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let plain = PlainModel(model)
      let choices = ContiguousArray(
        (0..<model.stateCount).map { state in
          let range = model.choiceOffsets[state]..<model.choiceOffsets[state + 1]
          return range.lowerBound + Int32(random.below(UInt64(range.count)))
        })
      var series = LaurentSeries(of: choices, in: model, reward: plain.reward)
      let isSolved = plain.isEvaluation(
        choices.map { Choice(Int($0)) }, gain: try series.gain().entries,
        bias: try series.bias().entries, witness: try series.term(1).entries)
      #expect(isSolved, "seed \(seed), model \(index)")
      let witness = try series.witness(1).entries
      #expect(
        plain.isEvaluation(
          choices.map { Choice(Int($0)) }, gain: try series.gain().entries,
          bias: try series.bias().entries, witness: witness), "seed \(seed), model \(index)")
    }
  }
}
