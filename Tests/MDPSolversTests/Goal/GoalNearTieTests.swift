import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Models whose actions differ by less than doubles resolve, beside actions that tie exactly.
@Suite("Goals with near ties", .tags(.differential))
struct GoalNearTieTests {
  private static func grid(seed: Int) throws -> FiniteMDP {
    try ModelFamily(
      "gridworld",
      options: ["width": "9", "height": "7", "holes": "14", "seed": "\(seed)", "slip": "1/1000"]
    ).model()
  }

  @Test("holes in grids: digits lead to the values of policy iteration", arguments: 1...6)
  func grids(seed: Int) throws {
    let model = try Self.grid(seed: seed)
    for direction in [Direction.maximize, .minimize] {
      let exact = try reachability(model, direction: direction, method: .policyIteration)
      let fast = try reachability(model, direction: direction)
      #expect(fast.shownValues == exact.shownValues)
      #expect(fast.optimalActions == exact.optimalActions)
      try expectAccepted(fast, in: model)
    }
  }

  @Test("holes in grids: bounds hold the values however near the ties", arguments: 1...6)
  func bounds(seed: Int) throws {
    let model = try Self.grid(seed: seed)
    let exact = try reachability(model, method: .policyIteration)
    guard case .exact(let values)? = exact.values else {
      Issue.record("policy iteration is exact")
      return
    }
    let enclosed = try reachability(model, scope: .none)
    try expectAccepted(enclosed, in: model)
    // Near ties that no bounds tell apart are left to the exact method.
    switch try #require(enclosed.values) {
    case .exact(let found): #expect(found == values)
    case .enclosed(let lower, let upper):
      for state in 0..<model.stateCount {
        #expect(lower[state] <= values[state] && values[state] <= upper[state])
      }
    }
  }

  // `a` and `b` lead to chances that differ by 2^-n, far below what words of digits show, and `c`
  // to the same as the better one.
  @Test("choices that differ by 2^-n", arguments: [30, 60, 120, 300])
  func hair(exponent: Int) throws {
    let gap = Rational(1, Integer(1) << exponent)
    let (better, worse) = (Rational(1, 3) + gap, Rational(1, 3))
    let model = try TinyModel.read(
      """
      s a → p; s b → q; s c → p:1/2, s:1/2; p x → win:\(better), lose:\(1 - better)
      q x → win:\(worse), lose:\(1 - worse); win x → win; lose x → lose
      """, goal: ["win"])
    let solution = try reachability(model)
    #expect(solution.shownValues[0] == "\(better)")
    #expect(solution.optimalActions?[0][0].count == 2)
    try expectAccepted(solution, in: model)
    try expectAccepted(try reachability(model, scope: .none), in: model)
  }

  @Test("a chain that stays longer than doubles can say")
  func beyondDoubles() throws {
    let model = try ModelFamily("haddad-monmege", options: ["states": "1100"]).model()
    let middle = try #require(model.states.place(of: "h0"))
    let solution = try reachability(model)
    #expect(solution.shownValues[middle] == "7/10")
    try expectAccepted(solution, in: model)
  }
}
