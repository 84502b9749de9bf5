import Certificates
import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Side by side with Storm: goals", .enabled(if: Storm.isInstalled, Storm.missing))
struct StormGoalTests {
  private static let directions = [(Direction.maximize, "max"), (.minimize, "min")]

  @Test("probabilities of reaching a label, and those of the chain", .tags(.differential))
  func reachability() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    try StormModels.forEach(seeds: 0..<60) { model, name in
      var chains: [(FiniteMDP, [String])] = []
      try sides.add(model)
      for (direction, word) in Self.directions {
        let solution = try solve(
          ReachabilityProblem(model: model, goal: "goal", direction: direction))
        let values = try texts(solution)
        sides.ask("P\(word)=? [F \"goal\"]", ours: values, name)
        chains.append((try model.inducedChain(taking: solution.policies[0]), values))
        let steps = 1 + name.utf8.count % 4
        let bounded = try solve(
          ReachabilityProblem(model: model, goal: "goal", horizon: steps, direction: direction))
        sides.ask("P\(word)=? [F<=\(steps) \"goal\"]", ours: try texts(bounded), name)
      }
      for (chain, values) in chains {
        try sides.add(chain, isChain: true)
        sides.ask("P=? [F \"goal\"]", ours: values, "chain of \(name)")
      }
    }
    let (answers, count) = try sides.compare()
    #expect(count > 1000 && answers.contains { $0.type == "DTMC" })
  }

  @Test("least total costs until a label, and those of the chain", .tags(.differential))
  func total() throws {
    let folder = try StormFolder()
    var sides = SideBySide(folder: folder.url)
    try StormModels.forEach(seeds: 0..<60) { model, name in
      let solution = try solve(
        TotalRewardProblem(model: model, reward: "cost", goal: "goal", direction: .minimize))
      let values = try texts(solution)
      try sides.add(model)
      sides.ask("R{\"cost\"}min=? [F \"goal\"]", ours: values, name)
      try sides.add(try model.inducedChain(taking: solution.policies[0]), isChain: true)
      sides.ask("R{\"cost\"}=? [F \"goal\"]", ours: values, "chain of \(name)")
    }
    #expect(try sides.compare().count > 500)
  }

  /// One entry a state, as Storm prints it.
  private func texts(_ solution: GoalSolution) throws -> [String] {
    guard case .exact(let values)? = solution.values else {
      try #require(Bool(false), "the values are not exact")
      return []
    }
    return values.entries.enumerated().map { state, value in
      switch solution.divergence[state] {
      case .finite: value.description
      case .positive: "inf"
      case .negative: "-inf"
      }
    }
  }
}
