import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Goals, worked by hand")
struct GoalWorkedTests {
  private static let methods: [SolverMethod] = [
    .auto, .policyIteration, .linearProgram, .enumeration,
  ]

  // From `s` the one way to win is to try: 1/2. Going round s and t satisfies Bellman's equation at
  // every value and wins nothing.
  @Test("a loop that satisfies Bellman's equation is not taken", arguments: methods)
  func loop(method: SolverMethod) throws {
    let model = try labeled(
      """
      s loop → t; s try → win:1/2, lose:1/2; t loop → s; win stay → win; lose stay → lose
      """, goal: ["win"])
    let best = try reachability(model, method: method)
    #expect(best.shownValues == ["1/2", "1/2", "1", "0"])
    #expect(best.policies[0][0] == model.actions.place(of: "try").map(Action.init))
    #expect(best.optimalActions?[0][0].count == 2)
    #expect(best.optimalActions?[0][2].isEmpty == true)
    let least = try reachability(model, direction: .minimize, method: method)
    #expect(least.shownValues == ["0", "0", "1", "0"])
    for solution in [best, least] { try expectAccepted(solution, in: model) }
  }

  // `wait` at s costs nothing and never arrives; `leap` may fall into the pit. At t, `earn` first as
  // long as one likes.
  @Test("the certificate's example: -3, inf, -inf, 0", arguments: methods)
  func total(method: SolverMethod) throws {
    let model = try labeled(
      """
      s go → end | -3; s wait → s; s leap → pit:1/2, end:1/2 | 9
      t earn → t | 1; t go → s; pit stay → pit; end stay → end | 7
      """, goal: ["end"])
    let solution = try totalReward(model, method: method)
    #expect(solution.shownValues == ["-3", "inf", "-inf", "0"])
    #expect(solution.initialValue == nil)
    #expect(solution.policies[0][2] == nil)
    // Waiting attains equality at s as well, and is no policy.
    #expect(solution.optimalActions?[0].map(\.count) == [2, 0, 0, 0])
    try expectAccepted(solution, in: model)
  }

  // v = -10 + 9/10 v. Doubles with a relative difference test stop far from it.
  @Test("the signed chain is worth exactly -100", arguments: methods)
  func signedChain(method: SolverMethod) throws {
    let model = try labeled(
      "0 a → 1:9/10, 2:1/10 | -10; 1 a → 0:9/10, 2:1/10 | -10; 2 a → 2", goal: ["2"])
    for direction in [Direction.maximize, .minimize] {
      let solution = try totalReward(model, direction: direction, method: method)
      #expect(solution.shownValues == ["-100", "-100", "0"])
      try expectAccepted(solution, in: model)
    }
  }

  @Test("the chains of Haddad and Monmege", arguments: [3, 20, 60])
  func haddadMonmege(half: Int) throws {
    let model = try ModelFamily(
      "haddad-monmege", options: ["states": "\(half)"]
    ).model()
    let middle = try #require(model.states.place(of: "h0"))
    let best = try reachability(model)
    #expect(best.shownValues[middle] == "7/10")
    let least = try reachability(model, direction: .minimize)
    #expect(least.shownValues[middle] == "3/10")
    let steps = try totalReward(model, goal: "end")
    let expected = Rational(3) * Rational(2).power(half - 1) - 2
    #expect(steps.shownValues[middle] == "\(expected)")
    for solution in [best, least, steps] { try expectAccepted(solution, in: model) }
  }

  @Test("an empty goal is never reached")
  func emptyGoal() throws {
    let model = try labeled("0 a → 1 | 1; 1 a → 0", goal: [])
    #expect(try reachability(model).shownValues == ["0", "0"])
    #expect(try reachability(model, direction: .minimize).shownValues == ["0", "0"])
    #expect(try totalReward(model).shownValues == ["-inf", "-inf"])
    #expect(try totalReward(model, direction: .minimize).shownValues == ["inf", "inf"])
  }

  @Test("a goal everywhere is reached at once")
  func goalEverywhere() throws {
    let model = try labeled("0 a → 1 | 1; 1 a → 0", goal: ["0", "1"])
    #expect(try reachability(model).shownValues == ["1", "1"])
    #expect(try totalReward(model).shownValues == ["0", "0"])
  }

  // Within two steps: from s try at once, or loop and then try from s again is no help at t.
  @Test("within a number of steps")
  func bounded() throws {
    let model = try labeled(
      "s a → s:1/2, win:1/2; s b → t; t a → win; win a → s; lose a → lose", goal: ["win"])
    let values = try (0...3).map { try reachability(model, horizon: $0).shownValues }
    #expect(
      values == [
        ["0", "0", "1", "0"], ["1/2", "1", "1", "0"], ["1", "1", "1", "0"], ["1", "1", "1", "0"],
      ])
    let least = try reachability(model, direction: .minimize, horizon: 2)
    #expect(least.shownValues == ["1/2", "1", "1", "0"])
    #expect(least.policies.count == 2)
    #expect(least.policies[0][2] == nil)
    try expectAccepted(least, in: model)
  }

  @Test("a label or a reward that the model lacks is an error")
  func unknownNames() throws {
    let model = try labeled("0 a → 0", goal: [])
    #expect(throws: SolverError.noLabel("home", names: ["goal"])) {
      try reachability(model, goal: "home")
    }
    #expect(throws: SolverError.noReward("cost", names: ["default"])) {
      try totalReward(model, reward: "cost")
    }
    #expect(throws: SolverError.negativeHorizon(-1)) { try reachability(model, horizon: -1) }
  }

  /// A model in short notation with the label `goal`.
  private func labeled(_ text: String, goal: [String]) throws -> FiniteMDP {
    try TinyModel.read(text, goal: goal)
  }
}
