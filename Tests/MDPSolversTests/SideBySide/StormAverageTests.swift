import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Side by side with Storm: averages", .enabled(if: Storm.isInstalled, Storm.missing))
struct StormAverageTests {
  @Test("long-run averages, and those of the chain", .tags(.differential))
  func average() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    try StormModels.forEach(seeds: 0..<60) { model, name in
      var chains: [(FiniteMDP, [String])] = []
      try sides.add(model)
      for (direction, word) in [(Direction.maximize, "max"), (.minimize, "min")] {
        let solution = try solve(
          AverageProblem(model: model, reward: "main", direction: direction))
        let gain = try #require(solution.exactValues).gain.entries.map(\.description)
        sides.ask("R{\"main\"}\(word)=? [LRA]", ours: gain, name)
        chains.append((try model.inducedChain(taking: solution.policy), gain))
      }
      for (chain, gain) in chains {
        try sides.add(chain, isChain: true)
        sides.ask("R{\"main\"}=? [LRA]", ours: gain, "chain of \(name)")
      }
    }
    #expect(try sides.compare().count > 1000)
  }
}
