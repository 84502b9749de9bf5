import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Constrained problems")
struct ConstrainedTests {
  @Test(
    "one state: the budget is the probability of playing", .tags(.worked),
    arguments: [("1/3", "1/3"), ("0", "0"), ("1", "1"), ("2", "1")])
  func oneState(bound: String, value: String) throws {
    // Reward and cost (1, 0) at γ = 0: with budget b the best policy plays with probability b.
    let model = try oneState(discount: 0)
    let solution = try solve(problem(model, [("cost", .atMost, bound)]))
    let optimum = try #require(solution.optimum)
    let expected = try #require(Rational(value))
    #expect(optimum.value == expected)
    #expect(optimum.occupancy.masses == [expected, 1 - expected])
  }

  @Test("the worked certificate: cost at most 2/3 of 2", .tags(.worked))
  func worked() throws {
    let model = try oneState(discount: Rational(1, 2))
    let solution = try solve(problem(model, [("cost", .atMost, "2/3")]))
    let optimum = try #require(solution.optimum)
    #expect(optimum.value == Rational(2, 3))
    #expect(optimum.occupancy.masses == [Rational(2, 3), Rational(4, 3)])
    #expect(optimum.multipliers == [1])
    #expect(optimum.constraintValues == [Rational(2, 3)])
    #expect(
      optimum.policy.choices(at: State(0)).map(\.probability) == [Rational(1, 3), Rational(2, 3)])
  }

  @Test("a bound that nothing keeps is infeasible, in both directions")
  func infeasible() throws {
    let model = try oneState(discount: Rational(1, 2))
    for direction in Direction.allCases {
      for (relation, bound) in [
        (RewardConstraint.Relation.atMost, "-1/100"), (.atLeast, "201/100"), (.equal, "3"),
        (.equal, "-1"),
      ] {
        let solution = try solve(problem(model, [("cost", relation, bound)], direction))
        #expect(solution.optimum == nil)
        #expect(solution.certificate.kind == .infeasible)
        #expect(solution.certificate.verify(in: model).isAccepted)
      }
    }
  }

  @Test(
    "without binding constraints it is the plain problem", .tags(.metamorphic),
    arguments: 0..<3 as Range<UInt64>)
  func unconstrained(seed: UInt64) throws {
    var generator = RandomModel(seed: 40 + seed)
    for index in 0..<40 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let direction: Direction = index % 2 == 0 ? .minimize : .maximize
      let plain = try solved(model, direction: direction, method: .policyIteration)
      guard case .exact(let value)? = plain.initialValue else { continue }
      // Rewards are between −60 and 60, discounts at most 99/100.
      for constraints in [[], [("other", RewardConstraint.Relation.atMost, "1000000")]] {
        let problem = try ConstrainedProblem(
          model: model, reward: "main", discount: try #require(model.discount),
          direction: direction, constraints: constraints.map(constraint))
        let optimum = try #require(try solve(problem).optimum)
        #expect(optimum.value == value, label)
        #expect(optimum.multipliers.allSatisfy { $0.isZero }, label)
        #expect(optimum.occupancy.randomizedChoiceCount(in: model) == 0, label)
      }
    }
  }

  @Test(
    "the optimum is the best mixture of deterministic policies that keeps the bound",
    .tags(.differential), arguments: 0..<4 as Range<UInt64>)
  func bruteForce(seed: UInt64) throws {
    var generator = RandomModel(seed: 80 + seed)
    generator.largestStateCount = 4
    var random = SplitMix64(seed: seed)
    for index in 0..<40 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let points = try Vertices(model).points
      let costs = points.map(\.cost)
      let (low, high) = (try #require(costs.min()), try #require(costs.max()))
      let place = Rational(Int(random.below(13)) - 2, 8)
      let relation = RewardConstraint.Relation.allCases[index % 3]
      let bound = low + place * (high - low)
      let direction: Direction = random.below(2) == 0 ? .minimize : .maximize
      let problem = try ConstrainedProblem(
        model: model, reward: "main", discount: try #require(model.discount),
        direction: direction,
        constraints: [RewardConstraint(reward: "other", relation: relation, bound: bound)])
      let solution = try solve(problem)
      #expect(solution.certificate.verify(in: model).isAccepted, label)
      let expected = best(of: points, relation, bound, direction)
      #expect(solution.optimum?.value == expected, label)
      if let optimum = solution.optimum {
        let binding = optimum.constraintValues.count { $0 == bound }
        #expect(optimum.occupancy.randomizedChoiceCount(in: model) <= binding, label)
        // Complementary slackness.
        #expect(optimum.multipliers[0].isZero || optimum.constraintValues[0] == bound, label)
      }
    }
  }

  /// The best reward of a point between two of `points` whose cost keeps the bound.
  ///
  /// The achievable pairs are the convex hull of those of deterministic policies, and an optimum
  /// under one linear constraint is a point of `points` or lies between two of them on the bound.
  private func best(
    of points: [(reward: Rational, cost: Rational)], _ relation: RewardConstraint.Relation,
    _ bound: Rational, _ direction: Direction
  ) -> Rational? {
    var found = points.filter { keeps($0.cost, relation, bound) }.map(\.reward)
    for a in points where a.cost < bound {
      for b in points where b.cost > bound {
        let weight = (bound - a.cost) / (b.cost - a.cost)
        found.append(a.reward + weight * (b.reward - a.reward))
      }
    }
    return direction == .maximize ? found.max() : found.min()
  }

  private func keeps(
    _ value: Rational, _ relation: RewardConstraint.Relation, _ bound: Rational
  ) -> Bool {
    switch relation {
    case .atMost: value <= bound
    case .atLeast: value >= bound
    case .equal: value == bound
    }
  }

  private func constraint(
    _ text: (reward: String, relation: RewardConstraint.Relation, bound: String)
  ) -> RewardConstraint {
    RewardConstraint(
      reward: text.reward, relation: text.relation, bound: Rational(text.bound) ?? 0)
  }

  private func problem(
    _ model: FiniteMDP, _ constraints: [(String, RewardConstraint.Relation, String)],
    _ direction: Direction = .maximize
  ) throws -> ConstrainedProblem {
    try ConstrainedProblem(
      model: model, reward: "win", discount: try #require(model.discount), direction: direction,
      constraints: constraints.map(constraint))
  }

  private func oneState(discount: Rational) throws -> FiniteMDP {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: 1), actions: NameTable(["play", "rest"], of: .action))
    for action in 0..<2 {
      try builder.addTransition(
        from: State(0), under: Action(action), to: State(0), probability: 1)
    }
    for name in ["win", "cost"] {
      try builder.startReward(named: name)
      builder.addReward(state: State(0), action: Action(0), successor: nil, value: 1)
    }
    try builder.setDiscount(discount)
    try builder.setInitial([(State(0), 1)])
    return try builder.build()
  }
}

/// The pairs (reward, cost) of all deterministic policies of a tiny model.
private struct Vertices {
  private(set) var points: [(reward: Rational, cost: Rational)] = []

  init(_ model: FiniteMDP) throws {
    let (discount, law) = (try #require(model.discount), try #require(model.initial))
    let rewards = try ["main", "other"].map {
      try #require(model.reward(named: $0)).expected(in: model)
    }
    var places = [Int](repeating: 0, count: model.stateCount)
    while true {
      let policy = try Policy(
        places.enumerated().map { state, place in
          model.action(of: Array(model.choices(at: State(state)))[place])
        }, in: model)
      let measure = try OccupancyMeasure(of: policy, in: model, discount: discount, initial: law)
      points.append((measure.value(of: rewards[0]), measure.value(of: rewards[1])))
      guard
        let state = places.indices.first(where: {
          places[$0] + 1 < model.choices(at: State($0)).count
        })
      else { return }
      places[state] += 1
      for earlier in 0..<state { places[earlier] = 0 }
    }
  }
}
