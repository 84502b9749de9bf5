import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// The four deterministic policies of E1: `J_R` orders `ab < bb < aa < ba` (0, 1, 2, 7/2).
@Suite("Rewards on finite sets of policies", .tags(.worked))
struct PolicySetTests {
  private let order: PolicySetOrder

  init() throws {
    let names = ["R", "D", "Y", "X"]
    let model = try Environments.e1(
      names.map { name in (name, try #require(Environments.tables[name])) })
    let problem = try ComparisonProblem(
      model: model, rewards: names, discount: Rational(1, 2))
    let actions = [[0, 1], [1, 1], [0, 0], [1, 0]]
    order = try PolicySetOrder(
      problem, policies: actions.map { try Policy($0.map(Action.init), in: model) })
  }

  @Test("D can be hacked, Y cannot on this set, X simplifies R")
  func cases() throws {
    #expect(order.values(ofReward: 0) == [0, 1, 2, Rational(7, 2)])
    let witness = try #require(order.hackingWitness(trueReward: 0, proxy: 1))
    #expect(witness.first == 1 && witness.second == 2)
    #expect(order.hackingWitness(trueReward: 0, proxy: 2) == nil)
    #expect(order.isSimplification(2, of: 0) && !order.isNontrivialSimplification(2, of: 0))
    #expect(order.isNontrivialSimplification(3, of: 0))
    #expect(order.dimensions(of: 0) == (2, 0))
    // Over all policies Y is hackable: the two are not equivalent.
    let comparison = try compared(order.problem.model, ["R", "Y"])
    #expect(!comparison.answer.pairs[0].sameOrdering)
  }

  @Test("a nontrivial simplification is found where one exists")
  func construction() throws {
    let table = try #require(try order.nontrivialSimplification(of: 0))
    let model = order.problem.model
    let simple = RewardFunction(
      summing: table.enumerated().map { choice, value in
        RewardFunction.Entry(
          state: model.state(of: Choice(choice)), action: model.action(of: Choice(choice)),
          value: value)
      })
    let extended = try model.addingReward(named: "simple", simple)
    let problem = try ComparisonProblem(
      model: extended, rewards: ["R", "simple"], discount: Rational(1, 2))
    let actions = [[0, 1], [1, 1], [0, 0], [1, 0]]
    let other = try PolicySetOrder(
      problem, policies: actions.map { try Policy($0.map(Action.init), in: extended) })
    #expect(other.isNontrivialSimplification(1, of: 0))
  }

  @Test("two policies leave no room for one")
  func none() throws {
    let model = order.problem.model
    let two = try PolicySetOrder(
      order.problem,
      policies: [[0, 0], [1, 1]].map { try Policy($0.map(Action.init), in: model) })
    #expect(two.dimensions(of: 0) == (1, 0))
    #expect(try two.nontrivialSimplification(of: 0) == nil)
  }

  @Test("X is refined by R on this set, and over all policies only the like of R is")
  func refinement() throws {
    #expect(order.refines(0, 3) && !order.refines(3, 0) && !order.refines(0, 1))
    let names = ["R", "X", "zero"]
    let model = try Environments.e1(
      names.map { name in (name, try #require(Environments.tables[name])) })
    let twice = try model.addingReward(
      named: "twice", 2 * #require(model.reward(named: "R")))
    let problem = try ComparisonProblem(
      model: twice, rewards: names + ["twice"], discount: Rational(1, 2))
    let coarse = try (0..<4).map { try refines(problem, fine: 0, coarse: $0) }
    #expect(coarse == [true, false, true, true])
    #expect(try !refines(problem, fine: 2, coarse: 0))
  }

  @Test("where two rewards differ and neither is trivial, two policies show it strictly")
  func strictWitness() throws {
    var models = RandomModel(seed: 720)
    models.largestStateCount = 4
    var random = SplitMix64(seed: 721)
    var found = 0
    for _ in 0..<60 {
      let model = try models.next().withDenseRewards(&random)
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: #require(model.discount))
      let comparison = try compared(model).answer
      let isTrivial = comparison.rewards.contains(where: \.isTrivial)
      let isHackable = !isTrivial && !comparison.pairs[0].sameOrdering
      guard let witness = try hackingWitness(problem) else {
        #expect(!isHackable)
        continue
      }
      #expect(isHackable)
      found += 1
      let policies = try PolicySetOrder(problem, policies: [witness.hacked, witness.honest])
      let (truth, proxy) = (policies.values(ofReward: 0), policies.values(ofReward: 1))
      #expect(truth[0] < truth[1] && proxy[0] > proxy[1])
      #expect(truth[1] - truth[0] == witness.loss && proxy[0] - proxy[1] == witness.gain)
    }
    #expect(found >= 10)
  }
}
