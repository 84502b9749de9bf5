import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Goals of random small models", .tags(.differential))
struct GoalRandomTests {
  private static let methods: [SolverMethod] = [
    .auto, .policyIteration, .linearProgram, .enumeration,
  ]

  @Test(
    "reachability agrees with every deterministic policy",
    arguments: 100..<108 as Range<UInt64>)
  func reachabilityAgrees(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    generator.largestStateCount = 5
    for index in 0..<40 {
      let model = try generator.next()
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let label: Comment = "seed \(seed), model \(index)"
      let brute = GoalBruteForce(model, goal: "goal", reward: nil, direction: direction)
      let best = brute.policies.map(brute.probabilities).reduce(nil as [Rational]?) {
        guard let known = $0 else { return $1 }
        return zip(known, $1).map { direction == .maximize ? max($0, $1) : min($0, $1) }
      }
      let expected = try #require(best).map { "\($0)" }
      for method in Self.methods {
        let solution = try reachability(model, direction: direction, method: method)
        #expect(solution.shownValues == expected, label)
        try expectAccepted(solution, in: model, label)
        // The policy is worth what is printed.
        let policy = choices(of: solution, in: model)
        #expect(brute.probabilities(policy).map { "\($0)" } == expected, label)
      }
    }
  }

  @Test(
    "total reward agrees with every deterministic policy",
    arguments: 200..<208 as Range<UInt64>)
  func totalAgrees(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    generator.largestStateCount = 5
    for index in 0..<40 {
      let model = try generator.next()
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let reward = index % 4 < 2 ? "main" : "other"
      let label: Comment = "seed \(seed), model \(index)"
      let brute = GoalBruteForce(model, goal: "goal", reward: reward, direction: direction)
      let expected = expectedTotals(brute, direction)
      for method in Self.methods {
        let solution = try totalReward(
          model, reward: reward, direction: direction, method: method)
        #expect(solution.shownValues == expected, label)
        try expectAccepted(solution, in: model, label)
        let totals = brute.totals(choices(of: solution, in: model))
        for (state, text) in expected.enumerated() where !text.hasSuffix("inf") {
          let sign: Rational = direction == .maximize ? 1 : -1
          #expect(totals[state].map { "\($0 * sign)" } == text, label)
        }
      }
    }
  }

  @Test(
    "bounds hold the exact values, and the policy attains one",
    arguments: 300..<306 as Range<UInt64>)
  func bounds(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    for index in 0..<60 {
      let model = try generator.next()
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let label: Comment = "seed \(seed), model \(index)"
      try expectEnclosed(
        reachability(model, direction: direction, scope: .none),
        reachability(model, direction: direction), model, label)
      try expectEnclosed(
        totalReward(model, direction: direction, method: .valueIteration),
        totalReward(model, direction: direction), model, label)
    }
  }

  private func expectEnclosed(
    _ enclosed: GoalSolution, _ exact: GoalSolution, _ model: FiniteMDP, _ label: Comment
  ) throws {
    try expectAccepted(enclosed, in: model, label)
    #expect(enclosed.divergence == exact.divergence, label)
    guard case .exact(let values)? = exact.values else { return }
    guard let (lower, upper) = enclosed.bounds else {
      #expect(enclosed.shownValues == exact.shownValues, label)
      return
    }
    for state in 0..<model.stateCount {
      #expect(lower[state] <= values[state] && values[state] <= upper[state], label)
      let width = upper[state] - lower[state]
      #expect(width <= Rational(1, 1_000_000_000_000) * max(1, values[state].magnitude), label)
    }
  }

  private func expectedTotals(_ brute: GoalBruteForce, _ direction: Direction) -> [String] {
    let (improper, infinite) = brute.classification()
    let all = brute.policies.map(brute.totals)
    return improper.indices.map { state in
      if improper[state] { return direction == .maximize ? "-inf" : "inf" }
      if infinite[state] { return direction == .maximize ? "inf" : "-inf" }
      let best = all.compactMap { $0[state] }.max() ?? 0
      return "\(direction == .maximize ? best : -best)"
    }
  }

  /// The policy of an answer, with any choice where it has none.
  private func choices(of solution: GoalSolution, in model: FiniteMDP) -> [Int] {
    (0..<model.stateCount).map { state in
      let all = Array(model.choices(at: State(state)))
      let choice = solution.policies[0][state].flatMap { model.choice(of: $0, at: State(state)) }
      return Int((choice ?? all[0]).index)
    }
  }
}
