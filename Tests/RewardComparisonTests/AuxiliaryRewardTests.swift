import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Auxiliary and blended rewards")
struct AuxiliaryRewardTests {
  /// Root with branches; the right one pays 4 or 0, the left one 1 or 0.
  private func tree() throws -> FiniteMDP {
    try TinyModel.read(
      "o l → p; o r → q; p l → e | 1; p r → e; q l → e | 4; q r → e; e l → e")
  }

  private func moments(
    _ model: FiniteMDP, shapedBy potential: [Rational]? = nil, horizon: Int = 2
  ) throws -> PolicyGradientMoments {
    var reward = model.rewards[0].function
    if let potential {
      reward = reward.shaped(by: RationalVector(potential), discount: 1, in: model)
    }
    return try PolicyGradientMoments(
      of: .uniform(in: model), in: model, reward: reward, discount: 1, horizon: horizon,
      initial: [(State(0), 1)])
  }

  /// States o, p (left), q (right), e.
  @Test("potentials that end at 0 change the variance of the gradient alone", .tags(.worked))
  func gradient() throws {
    let model = try tree()
    let mean: [Rational] = try ["-3/8", "3/8", "1/8", "-1/8", "1/2", "-1/2", "0"].map(q)
    let plain = try moments(model)
    #expect(plain.mean == mean)
    #expect(try plain.totalVariance == q("55/16"))
    let value = try moments(
      model, shapedBy: [q("5/4"), q("1/2"), 2, 0])
    #expect(try value.mean == mean && value.totalVariance == q("51/32"))
    let far = try moments(model, shapedBy: [-10, 0, 0, 0])
    #expect(try far.mean == mean && far.totalVariance == q("1055/16"))
    let atEnd = try moments(model, shapedBy: [0, 0, 0, 2])
    #expect(try atEnd.mean == mean && atEnd.totalVariance == q("199/16"))
  }

  /// Cut off after one step, a potential of 4 on the left is worth more than the reward 1.
  @Test("a potential that is not 0 at a cut-off turns the gradient", .tags(.worked))
  func cutOff() throws {
    let model = try TinyModel.read("o l → p; o r → q | 1; p l → p; q l → q")
    let plain = try moments(model, horizon: 1)
    #expect(plain.mean.prefix(2).map(\.signum) == [-1, 1])
    let turned = try moments(model, shapedBy: [0, 4, 0], horizon: 1)
    #expect(turned.mean.prefix(2).map(\.signum) == [1, -1])
  }

  @Test("the mean is the derivative of the value, and shaping keeps it", arguments: 0..<3)
  func derivative(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 610)
    models.largestStateCount = 3
    models.largestActionCount = 2
    var random = SplitMix64(seed: seed)
    for _ in 0..<4 {
      let model = try models.next()
      let (discount, initial) = (try #require(model.discount), try #require(model.initial))
      let policy = Policy.uniform(in: model)
      let reward = model.rewards[0].function
      let moments = { (reward: RewardFunction) in
        try PolicyGradientMoments(
          of: policy, in: model, reward: reward, discount: discount, horizon: 3, initial: initial)
      }
      let plain = try moments(reward)
      #expect(plain.mean == derivative(of: policy, model, reward, discount, initial))
      // Less Φ at the end it is a baseline: pay the end back.
      let potential = random.vector(model.stateCount)
      let shaped = try moments(
        reward.shaped(by: potential, discount: discount, in: model))
      let bonus = try terminalGradient(of: policy, model, potential, discount, initial)
      #expect(zip(shaped.mean, bonus).map { $0 - $1 } == plain.mean)
      for (row, entries) in plain.covariance.enumerated() {
        #expect(entries[row] >= 0)
        #expect(entries.enumerated().allSatisfy { plain.covariance[$0.offset][row] == $0.element })
      }
    }
  }

  /// `Σ_s d_t(s) π(a|s) γ^t A_t(s,a)` summed over steps, from values step by step.
  private func derivative(
    of policy: Policy, _ model: FiniteMDP, _ reward: RewardFunction, _ discount: Rational,
    _ initial: [(state: State, probability: Rational)],
    terminal: [Rational]? = nil
  ) -> [Rational] {
    let bellman = BellmanOperator(
      model: model, reward: reward.expected(in: model), discount: discount)
    var layers = [terminal ?? Array(repeating: Rational.zero, count: model.stateCount)]
    for _ in 0..<3 {
      let next = layers[0]
      layers.insert(
        (0..<model.stateCount).map { state in
          policy.choices(at: State(state)).reduce(Rational.zero) {
            $0 + $1.probability * bellman.lookahead($1.choice, over: next)
          }
        }, at: 0)
    }
    var law = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in initial { law[Int(state.index)] += probability }
    var gradient = [Rational](repeating: 0, count: model.choiceCount)
    for step in 0..<3 {
      var next = [Rational](repeating: 0, count: model.stateCount)
      for state in 0..<model.stateCount {
        for weighted in policy.choices(at: State(state)) {
          let mass = law[state] * weighted.probability
          let advantage =
            bellman.lookahead(weighted.choice, over: layers[step + 1]) - layers[step][state]
          gradient[Int(weighted.choice.index)] += discount.power(step) * mass * advantage
          for (successor, probability) in model.transitions(of: weighted.choice) {
            next[Int(successor.index)] += mass * probability
          }
        }
      }
      law = next
    }
    return gradient
  }

  private func terminalGradient(
    of policy: Policy, _ model: FiniteMDP, _ potential: RationalVector, _ discount: Rational,
    _ initial: [(state: State, probability: Rational)]
  ) throws -> [Rational] {
    derivative(
      of: policy, model, .zero, discount, initial, terminal: potential.entries)
  }

  @Test("the effect of an auxiliary reward proves itself, and a spoiled answer does not")
  func proofs() throws {
    var models = RandomModel(seed: 640)
    models.largestStateCount = 4
    var kinds = Set<Int>()
    for _ in 0..<40 {
      let model = try models.next()
      let inquiry = try RewardInquiry(model, discount: #require(model.discount))
      // The inquiry throws unless the checker accepts.
      guard case .auxiliary(let answer) = try inquiry.effect(ofAdding: "other", to: "main").question
      else { continue }
      let isProved = { (effect: AuxiliaryAnswer.Effect) in
        let question = RewardQuestion.auxiliary(
          AuxiliaryAnswer(reward: "main", auxiliary: "other", effect: effect))
        return try RewardAnswer(discount: inquiry.discount, initial: nil, question: question)
          .verify(in: model).isAccepted
      }
      #expect(try isProved(answer.effect))
      switch answer.effect {
      case .shaping(let potential):
        kinds.insert(0)
        let pairs = try ComparedPairs(
          model: model, discount: inquiry.discount, initial: #require(model.initial))
        var entries = potential.entries
        entries[Int(try #require(pairs.states.first).index)] += 1
        #expect(try !isProved(.shaping(potential: RationalVector(entries))))
      case .sameOptimalPolicies(let optima):
        kinds.insert(1)
        let policy = Policy.first(in: model).actions(in: model)
        let worst = try ComparisonAnswer.Optimum(
          values: optima.values, policy: #require(policy))
        #expect(try !isProved(.changesOptimum(optima, worst: worst, loss: 0)))
      case .changesOptimum(let optima, let worst, let loss):
        kinds.insert(2)
        #expect(try !isProved(.sameOptimalPolicies(optima)))
        #expect(try !isProved(.changesOptimum(optima, worst: worst, loss: loss + 1)))
        #expect(try loss == largestLoss(in: model, inquiry.discount))
      }
    }
    #expect(kinds == [0, 1, 2])
  }

  /// The largest loss in `main` over all deterministic policies that are optimal for the sum.
  private func largestLoss(in model: FiniteMDP, _ discount: Rational) throws -> Rational {
    let functions = model.rewards.map(\.function)
    let problem = try ComparisonProblem(
      model: model.replacingRewards([("main", functions[0]), ("sum", functions[0] + functions[1])]),
      rewards: ["main", "sum"], discount: discount)
    let order = try PolicySetOrder(
      problem,
      policies: DeterministicPolicies(of: model).map { choices in
        try Policy(choices.map { model.action(of: Choice(Int($0))) }, in: model)
      })
    let (own, sum) = (order.values(ofReward: 0), order.values(ofReward: 1))
    let best = try #require(sum.max())
    let optimal = own.indices.filter { sum[$0] == best }.map { own[$0] }
    return try #require(own.max()) - #require(optimal.min())
  }

  // MARK: - Blends

  /// Take 1 now, or go and receive 3 next step.
  private func shortSighted() throws -> (
    environment: ComparisonProblem, reward: RewardFunction, bonus: RewardFunction
  ) {
    let model = try Environments.withRewards(
      [("true", [1, 0, 3, 0]), ("bonus", [0, Rational(27, 10), 0, 0])],
      on: TinyModel.read("o take → e; o go → p; p take → e; e take → e"), initial: [1, 0, 0])
    let environment = try ComparisonProblem.environment(model, discount: Rational(9, 10))
    return (environment, model.rewards[0].function, model.rewards[1].function)
  }

  @Test("a myopic planner is right from weight 10/27 on, an exact one at once", .tags(.worked))
  func myopic() throws {
    let (environment, reward, bonus) = try shortSighted()
    for planner in [BlendPlanner.optimal(discount: 0), .lookahead(steps: 1, discount: 1)] {
      let plans = try blendedPlans(of: reward, with: bonus, planner: planner, in: environment)
      let corner = Rational(10, 27)
      #expect(plans.map(\.from) == [0, 0, corner, corner])
      #expect(plans.map(\.to) == [0, corner, corner, nil])
      let right = Rational(27, 10)
      #expect(plans.map(\.worst) == [1, 1, 1, right])
      #expect(plans.map(\.best) == [1, 1, right, right])
    }
    for planner in [
      BlendPlanner.optimal(discount: Rational(9, 10)),
      .lookahead(steps: 2, discount: Rational(9, 10)),
    ] {
      let plans = try blendedPlans(of: reward, with: bonus, planner: planner, in: environment)
      #expect(plans.allSatisfy { $0.worst == Rational(27, 10) })
    }
  }

  @Test("an exact planner attains less the more is blended in, as the polygon says")
  func monotone() throws {
    try forEachModel(660, 12) { model, problem, discount in
      let plans = try blendedPlans(
        of: model.rewards[0].function, with: model.rewards[1].function,
        planner: .optimal(discount: discount), in: problem)
      let polygon = try ValuePolygon(problem).blendedOptima
      for plan in plans where !plan.isSingleWeight {
        // Of one weight inside all optima have one point.
        let inside = plan.to.map { (plan.from + $0) / 2 } ?? plan.from + 1
        let piece = try #require(polygon.last { $0.from <= inside })
        #expect(plan.worst == plan.best && plan.best == piece.point.x)
      }
      for (plan, next) in zip(plans, plans.dropFirst()) {
        #expect(plan.worst >= next.worst && plan.best >= next.best)
        #expect(plan.to == next.from)
      }
    }
  }

  @Test("limited planners do between the corners what they do at one weight", arguments: 0...2)
  func limited(steps: Int) throws {
    try forEachModel(661, 10) { model, problem, discount in
      let planner =
        steps == 0
        ? BlendPlanner.optimal(discount: Rational(1, 4))
        : .lookahead(steps: steps + 1, discount: discount)
      let (reward, bonus) = (model.rewards[0].function, model.rewards[1].function)
      let plans = try blendedPlans(of: reward, with: bonus, planner: planner, in: problem)
      #expect(plans[0].from == 0 && plans[0].to == 0 && plans.last?.to == nil)
      for plan in plans {
        let weight =
          plan.isSingleWeight
          ? plan.from : plan.to.map { (plan.from + 2 * $0) / 3 } ?? plan.from + 7
        // The plan of the blend alone: its first stretch is the weight 0.
        let there = try blendedPlans(
          of: reward + weight * bonus, with: .zero, planner: planner, in: problem)[0]
        let own = try value(there.policy, reward, problem)
        #expect(plan.worst <= own && own <= plan.best)
        #expect(try value(plan.policy, reward, problem) == plan.worst)
      }
    }
  }

  private func value(
    _ actions: [Action], _ reward: RewardFunction, _ problem: ComparisonProblem
  ) throws -> Rational {
    let order = try PolicySetOrder(
      ComparisonProblem(
        model: problem.model.replacingRewards([("r", reward), ("zero", .zero)]),
        rewards: ["r", "zero"], discount: problem.discount, initial: problem.initial),
      policies: [Policy(actions, in: problem.model)])
    return order.values(ofReward: 0)[0]
  }

  private func forEachModel(
    _ seed: UInt64, _ count: Int,
    _ body: (FiniteMDP, ComparisonProblem, Rational) throws -> Void
  ) throws {
    var models = RandomModel(seed: seed)
    models.largestStateCount = 4
    for _ in 0..<count {
      let model = try models.next()
      let discount = try #require(model.discount)
      try body(
        model,
        ComparisonProblem(model: model, rewards: ["main", "other"], discount: discount), discount)
    }
  }

  /// Weights (z, 1), u = (3, 1), the derivative by ln z at z = 2.
  @Test("the derivative of a blend counts the change of the policy", .tags(.worked))
  func hypergradient() throws {
    let gradient = SoftmaxHypergradient(
      weights: [2, 1], utility: [3, 1], utilityDerivative: [0, 0], logWeightDerivative: [1, 0])
    #expect(try gradient.value == q("7/3") && gradient.derivative == q("4/9"))
    #expect(gradient.direct == 0)
  }
}
