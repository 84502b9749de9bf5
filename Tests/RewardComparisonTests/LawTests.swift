import Certificates
import ExactArithmetic
import Foundation
import LinearProgramSolvers
import LinearPrograms
import MDPSolvers
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

/// Laws that hold in every environment, on random models with unreachable states, zero rewards,
/// discount 0, terminal states, unavailable actions and rewards on impossible transitions.
@Suite("Laws of reward comparison")
struct LawTests {
  static let seeds = 0..<4 as Range<UInt64>
  /// Models a law and seed. `RATIONALE_LAW_MODELS=500` tries 2000 models a law, in some minutes.
  private static let modelsPerSeed =
    ProcessInfo.processInfo.environment["RATIONALE_LAW_MODELS"].flatMap(Int.init) ?? 45

  private func forEachModel(_ seed: UInt64, _ body: (FiniteMDP) throws -> Void) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed &+ 800)
    for place in 0..<Self.modelsPerSeed {
      // Now and then a larger one; every second one with rewards that are seldom trivial.
      models.largestStateCount = place % 6 == 0 ? 4 : 3
      let model = try models.next()
      try body(place % 2 == 0 ? model : model.withDenseRewards(&random))
    }
  }

  @Test("the random models have what makes laws fail")
  func coverage() throws {
    var counts: [String: Int] = [:]
    for seed in Self.seeds {
      try forEachModel(seed) { model in
        for trouble in try troubles(of: model) { counts[trouble, default: 0] += 1 }
      }
    }
    for trouble in [
      "unreachable state", "zero reward", "discount 0", "terminal state", "unavailable action",
      "reward on an impossible transition", "both nontrivial",
    ] {
      #expect(counts[trouble, default: 0] >= 8, "\(trouble): \(counts[trouble, default: 0])")
    }
  }

  private func troubles(of model: FiniteMDP) throws -> [String] {
    let problem = try ComparisonProblem(
      model: model, rewards: ["main", "other"], discount: #require(model.discount))
    var list: [String] = []
    let choices = (0..<model.choiceCount).map(Choice.init)
    if problem.pairs.states.count < model.stateCount { list.append("unreachable state") }
    if model.rewards.contains(where: { $0.function.entries.allSatisfy(\.value.isZero) }) {
      list.append("zero reward")
    }
    if model.discount == 0 { list.append("discount 0") }
    let isTerminal = (0..<model.stateCount).contains { state in
      model.choices(at: State(state)).allSatisfy { choice in
        model.transitions(of: choice).allSatisfy { $0.successor == State(state) }
      }
    }
    if isTerminal { list.append("terminal state") }
    if model.choiceCount < model.stateCount * model.actions.count {
      list.append("unavailable action")
    }
    let isPossible = { (entry: RewardFunction.Entry) in
      choices.contains { choice in
        model.state(of: choice) == entry.state && model.action(of: choice) == entry.action
          && model.transitions(of: choice).contains { $0.successor == entry.successor }
      }
    }
    if model.rewards.contains(where: {
      $0.function.entries.contains { $0.successor != nil && !isPossible($0) }
    }) {
      list.append("reward on an impossible transition")
    }
    let spans = try (0..<2).map { try ValuePolygon(problem, first: $0, second: $0).width }
    if !spans.contains(0) { list.append("both nontrivial") }
    return list
  }

  @Test(
    "δ ≤ regret ≤ min(1, 2δ), the constants, opt ≤ regret, same order iff no regret",
    arguments: seeds)
  func bounds(seed: UInt64) throws {
    try forEachModel(seed) { model in
      let comparison = try compared(model)
      let pair = comparison.answer.pairs[0]
      let isTrivial = comparison.answer.rewards.map(\.isTrivial)
      for direction in 0...1 {
        let (regret, proxy) = (pair.worstCaseRegret[direction], pair.proxyRegret[direction])
        #expect(proxy.best >= 0 && proxy.best <= proxy.worst && proxy.worst <= regret)
        if isTrivial[0] || isTrivial[1] { continue }
        #expect(pair.spanDistance <= regret && regret <= min(1, 2 * pair.spanDistance))
        let constants = try #require(pair.boundConstants)
        guard case .exact(let distance) = pair.distance else { continue }
        #expect(constants.lower * distance <= regret && regret <= constants.upper * distance)
      }
      #expect(
        pair.sameOrdering
          == (pair.worstCaseRegret == [0, 0]
            && isTrivial[0] == isTrivial[1]))
      #expect(!pair.sameOrdering || pair.sameOptimalPolicies)
    }
  }

  @Test(
    "line search = polygon = linear program = enumeration", .tags(.differential),
    arguments: seeds)
  func methods(seed: UInt64) throws {
    try forEachModel(seed) { model in
      let discount = try #require(model.discount)
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: discount)
      let answer = try compared(model).answer
      let pair = answer.pairs[0]
      let polygon = try ValuePolygon(problem)
      #expect(polygon.width == answer.rewards[0].span)
      #expect(polygon.height == answer.rewards[1].span)
      for direction in 0...1 where !answer.rewards[direction].isTrivial {
        let loss = pair.worstCaseRegret[direction] * answer.rewards[direction].span
        let turned = direction == 0 ? polygon : polygon.exchanged
        #expect(turned.longestStep.length == loss)
        #expect(try lossByProgram(problem, direction) == loss)
      }
      #expect(
        try hull(deterministicPoints(problem)) == polygon.points.sorted(by: isBefore))
    }
  }

  /// `max <d_1 - d_2, r_true>` over pairs of occupancy measures with `<d_1 - d_2, r_proxy> ≤ 0`.
  private func lossByProgram(_ problem: ComparisonProblem, _ direction: Int) throws -> Rational {
    let model = problem.model
    let rewards = model.rewards.map { $0.function.expected(in: model) }
    var weights = [Rational](repeating: 0, count: model.stateCount)
    for (state, probability) in problem.initial { weights[Int(state.index)] += probability }
    var builder = LinearProgramBuilder(direction: .maximize)
    for choice in 0..<model.choiceCount {
      try builder.addColumn("p\(choice)", objective: rewards[direction][choice])
    }
    for choice in 0..<model.choiceCount {
      try builder.addColumn("n\(choice)", objective: -rewards[direction][choice])
    }
    for copy in 0...1 {
      for state in 0..<model.stateCount {
        var row: [Int: Rational] = [:]
        for choice in 0..<model.choiceCount {
          let column = copy * model.choiceCount + choice
          if model.state(of: Choice(choice)) == State(state) { row[column, default: 0] += 1 }
          for (successor, probability) in model.transitions(of: Choice(choice))
          where successor == State(state) {
            row[column, default: 0] -= problem.discount * probability
          }
        }
        try builder.addRow(
          lower: weights[state], upper: weights[state],
          entries: row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      }
    }
    try builder.addRow(
      lower: nil, upper: 0,
      entries: (0..<model.choiceCount).flatMap { choice in
        let value = rewards[1 - direction][choice]
        return [(choice, value), (model.choiceCount + choice, -value)]
      })
    let solution = try solve(builder.build())
    return try #require(solution.objectiveValue)
  }

  private func deterministicPoints(_ problem: ComparisonProblem) throws -> [ValuePolygon.Point] {
    let model = problem.model
    let rewards = model.rewards.map { $0.function.expected(in: model) }
    var points: [ValuePolygon.Point] = []
    var actions = (0..<model.stateCount).map { _ in 0 }
    repeat {
      let policy = try Policy(
        (0..<model.stateCount).map { state in
          model.action(of: Array(model.choices(at: State(state)))[actions[state]])
        }, in: model)
      let measure = try OccupancyMeasure(
        of: policy, in: model, discount: problem.discount, initial: problem.initial)
      points.append(
        ValuePolygon.Point(x: measure.value(of: rewards[0]), y: measure.value(of: rewards[1])))
    } while advance(&actions, model)
    return points
  }

  private func advance(_ actions: inout [Int], _ model: FiniteMDP) -> Bool {
    for state in actions.indices {
      actions[state] += 1
      if actions[state] < model.choices(at: State(state)).count { return true }
      actions[state] = 0
    }
    return false
  }

  private func isBefore(_ p: ValuePolygon.Point, _ q: ValuePolygon.Point) -> Bool {
    (p.x, p.y) < (q.x, q.y)
  }

  /// The vertices of the convex hull, sorted: a point is one iff no two others (or a triangle)
  /// hold it. By the monotone chain.
  private func hull(_ points: [ValuePolygon.Point]) -> [ValuePolygon.Point] {
    let sorted = Array(Set(points)).sorted(by: isBefore)
    guard sorted.count > 2 else { return sorted }
    func chain(_ points: [ValuePolygon.Point]) -> [ValuePolygon.Point] {
      var chain: [ValuePolygon.Point] = []
      for point in points {
        while chain.count >= 2 {
          let (o, a) = (chain[chain.count - 2], chain[chain.count - 1])
          let cross = (a.x - o.x) * (point.y - o.y) - (a.y - o.y) * (point.x - o.x)
          if cross.signum > 0 { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain.dropLast()
    }
    return (chain(sorted) + chain(sorted.reversed())).sorted(by: isBefore)
  }

  @Test(
    "shaping, redistribution, scales of 1e300 and new names of states change nothing",
    .tags(.metamorphic), arguments: seeds)
  func invariance(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 900)
    try forEachModel(seed) { model in
      let discount = try #require(model.discount)
      let base = try compared(model).answer.pairs[0]
      let huge = Rational(Integer(10).power(300))
      let main = try #require(model.reward(named: "main"))
      let other = try #require(model.reward(named: "other"))
      let noise = RewardFunction(
        summing: (0..<model.choiceCount).flatMap { choice in
          (0..<model.stateCount).map { successor in
            RewardFunction.Entry(
              state: model.state(of: Choice(choice)), action: model.action(of: Choice(choice)),
              successor: State(successor), value: Rational(Int(random.below(9)) - 4))
          }
        })
      let changed =
        huge
        * main.shaped(by: random.vector(model.stateCount), discount: discount, in: model)
        .redistributed(by: noise, in: model)
      let states = random.permutation(model.stateCount)
      let actions = random.permutation(model.actions.count)
      let moved = try model.replacingRewards([("main", changed), ("other", other)])
        .permuted(states: states, actions: actions)
      let pair = try compared(moved).answer.pairs[0]
      #expect(pair.distance == base.distance && pair.spanDistance == base.spanDistance)
      #expect(pair.worstCaseRegret == base.worstCaseRegret)
      #expect(pair.proxyRegret.map(\.worst) == base.proxyRegret.map(\.worst))
      #expect(pair.proxyRegret.map(\.best) == base.proxyRegret.map(\.best))
      #expect(pair.sameOrdering == base.sameOrdering)
      #expect(pair.sameOptimalPolicies == base.sameOptimalPolicies)
    }
  }

  @Test("negating both rewards changes no regret; R and -R are reversed", arguments: seeds)
  func negation(seed: UInt64) throws {
    try forEachModel(seed) { model in
      let base = try compared(model).answer.pairs[0]
      let negated = try compared(model, direction: .minimize).answer.pairs[0]
      #expect(base.worstCaseRegret == negated.worstCaseRegret)
      #expect(base.distance == negated.distance && base.spanDistance == negated.spanDistance)
      let main = try #require(model.reward(named: "main"))
      let both = try model.replacingRewards([("main", main), ("minus", -main)])
      for norm in [RewardNorm.span, .l1, .l2, .linf] {
        let settings = ComparisonSettings(
          normalization: norm, metric: norm)
        let answer = try compared(both, settings: settings).answer
        let isTrivial = answer.rewards[0].isTrivial
        #expect(answer.pairs[0].distance == .exact(isTrivial ? 0 : 1))
        #expect(answer.pairs[0].reversedOrdering == !isTrivial)
        #expect(answer.pairs[0].worstCaseRegret == (isTrivial ? [0, 0] : [1, 1]))
      }
    }
  }
}
