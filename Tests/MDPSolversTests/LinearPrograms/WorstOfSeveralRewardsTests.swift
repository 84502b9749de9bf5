import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("The best policy for the worst of several rewards: the example of the article")
struct WorstOfSeveralRewardsTests {
  /// Maximises `λ · mean + (1 − λ) · min` of the rewards' expected sums.
  private func best(
    _ model: FiniteMDP, mean lambda: Rational = 0
  ) throws -> (value: Rational, measure: OccupancyMeasure) {
    let (discount, law) = (try #require(model.discount), try #require(model.initial))
    var weights = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in law { weights[Int(state.index)] += probability }
    var builder = LinearProgramBuilder(direction: .maximize)
    let polytope = try OccupancyPolytope(
      of: model, discount: discount, weights: weights, addedTo: &builder)
    let worst = try builder.addColumn("t", lower: nil, objective: 1 - lambda)
    let rewards = model.rewards.map { $0.function.expected(in: model) }
    for (index, reward) in rewards.enumerated() {
      try builder.addRow(
        "reward\(index)", lower: 0, upper: nil,
        entries: polytope.entries(of: reward) + [(column: worst, coefficient: -1)])
    }
    for choice in 0..<model.choiceCount {
      let sum = rewards.reduce(Rational.zero) { $0 + $1[choice] }
      builder.setObjective(
        lambda * sum / Rational(rewards.count), ofColumn: polytope.firstColumn + choice)
    }
    let solution = try LinearProgramSolvers.solve(builder.build())
    let measure = try OccupancyMeasure(
      masses: polytope.masses(at: #require(solution.primal)), discount: discount, initial: law,
      in: model)
    return (try #require(solution.objectiveValue), measure)
  }

  // Mixing the first two evenly gives (2, 2), whose mean and minimum are both 2. No mean exceeds
  // 2, and no minimum exceeds the mean: 2 is optimal for every λ, and below 1 alone so.
  @Test("three candidates, two models of their value", .tags(.worked))
  func candidates() throws {
    let model = try bandit([[4, 0], [0, 4], [2, 1]])
    for lambda: Rational in [0, Rational(1, 3), Rational(9, 10)] {
      let (value, measure) = try best(model, mean: lambda)
      #expect(value == 2, "\(lambda)")
      #expect(measure.masses == [Rational(1, 2), Rational(1, 2), 0], "\(lambda)")
    }
    #expect(try best(model, mean: 1).value == 2)
  }

  // The normals of the facets sum to 1: (t, …, t) is below the front iff t is at most each offset.
  @Test("the optimum is the least offset of the Pareto front's facets", .tags(.metamorphic))
  func front() throws {
    var models = RandomModel(seed: 70)
    for round in 0..<40 {
      let model = try models.next()
      let names = model.rewards.map(\.name)
      guard MultiObjectiveProblem.rewardCounts.contains(names.count) else { continue }
      let front = try paretoFront(
        of: MultiObjectiveProblem(
          model: model, rewards: names, discount: #require(model.discount)))
      #expect(try best(model).value == front.facets.map(\.offset).min(), "round \(round)")
    }
  }
}
