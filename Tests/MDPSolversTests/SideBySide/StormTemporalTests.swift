import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Side by side with Storm: temporal logic", .enabled(if: Storm.isInstalled, Storm.missing))
struct StormTemporalTests {
  @Test("greatest and least probabilities of random formulas", .tags(.differential))
  func formulas() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    var random = RandomFormula(seed: 4242)
    for index in 0..<150 {
      let model = try random.model(largestStateCount: 6)
      // Storm's labels are those of states, and DRN files keep no empty ones.
      guard model.labels.allSatisfy({ !$0.states.isEmpty }) else { continue }
      try sides.add(model)
      for _ in 0..<3 {
        let formula = random.next(operators: 1 + random.draw(4)).text
        // Storm takes the negation of a constant for a label.
        if formula.contains("true") || formula.contains("false") { continue }
        for (direction, word) in [(Direction.maximize, "max"), (.minimize, "min")] {
          let solution = try solve(
            OmegaRegularProblem(model: model, formula: formula, direction: direction))
          let values = try #require(solution.exactValues).map { "\($0)" }
          sides.ask("P\(word)=? [\(formula)]", ours: values, "model \(index)")
        }
      }
    }
    #expect(try sides.compare().count > 400)
  }
}
