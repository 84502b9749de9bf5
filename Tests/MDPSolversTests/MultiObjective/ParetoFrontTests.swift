import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Pareto fronts")
struct ParetoFrontTests {
  private func front(
    _ points: [[Rational]], reference: [Rational]? = nil, direction: Direction = .maximize
  ) throws -> ParetoFront {
    var options = ParetoOptions()
    options.reference = reference
    options.includesDeterministic = true
    let model = try bandit(points)
    let front = try paretoFront(
      of: MultiObjectiveProblem(
        model: model, rewards: model.rewards.map(\.name), discount: 0, direction: direction),
      options: options)
    #expect(front.certificate.verify(in: model).isAccepted)
    return front
  }

  // (3/2, 3/2) lies 1/2 below the segment from (4,0) to (0,4) for every weight. Above (-1,-1) the
  // front has the square of side 5 less a triangle: 25 - 8 = 17. The two boxes have area
  // 5·1 + 1·5 - 1 = 9, and the third adds (5/2)² less what they cover, 2·5/2 - 1: 9/4.
  @Test(
    "the worked case: three points, one of them missed by every positive weight", .tags(.worked))
  func worked() throws {
    let front = try front(
      [[4, 0], [0, 4], [Rational(3, 2), Rational(3, 2)]], reference: [-1, -1])
    #expect(front.vertices.map(\.point) == [[4, 0], [0, 4]])
    #expect(front.facets.map(\.normal) == [[1, 0], [Rational(1, 2), Rational(1, 2)], [0, 1]])
    #expect(front.facets.map(\.offset) == [4, 2, 4])
    #expect(front.facets.map(\.vertices) == [[0], [0, 1], [1]])
    #expect(front.hypervolume == 17)
    #expect(front.deterministicHypervolume == Rational(45, 4))
    #expect(front.deterministic?.map(\.isSupported) == [true, false, true])
    let supported: [[Rational]] = [[4, 0], [0, 4]]
    #expect(Hypervolume.ofBoxes(supported, above: [-1, -1]) == 9)
  }

  @Test("points below the reference are clipped before volumes are taken", .tags(.worked))
  func clipping() {
    #expect(Hypervolume.ofBoxes([[1, 1], [2, -1]], above: [0, 0]) == 1)
    #expect(Hypervolume.ofBoxes([[2, 1, 1], [1, 2, 1], [1, 1, 2]], above: [0, 0, 0]) == 4)
  }

  // The corner simplex x + y + z + u ≤ 1 has volume 1/d!.
  @Test("a simplex has volume 1/d!", .tags(.worked), arguments: 2...4)
  func simplex(dimension: Int) throws {
    let axes = (0..<dimension).map { i in
      (0..<dimension).map { $0 == i ? Rational.one : .zero }
    }
    let front = try front(axes)
    #expect(front.vertices.count == dimension)
    #expect(front.reference == axes[0].map { _ in 0 })
    #expect(front.hypervolume == Rational(1, (1...dimension).reduce(1, *)))
    #expect(front.facets.filter(\.isParetoOptimal).count == 1)
  }

  @Test("degenerate fronts: one point, equal rewards, constant rewards, points on a line")
  func degenerate() throws {
    #expect(try front([[1, 2], [0, 1]]).vertices.map(\.point) == [[1, 2]])
    #expect(try front([[1, 1], [3, 3]]).vertices.map(\.point) == [[3, 3]])
    let constant = try front([[4, 0, 1], [0, 4, 1], [1, 1, 1]])
    #expect(constant.vertices.map(\.point) == [[4, 0, 1], [0, 4, 1]])
    #expect(constant.deterministic?.map(\.isSupported) == [true, false, true])
    let line = try front([[0, 2], [1, 1], [2, 0], [1, 1]])
    #expect(line.vertices.map(\.point) == [[2, 0], [0, 2]])
    #expect(line.deterministic?.map(\.isSupported) == [true, true, true])
    // The square's upper right corner, and a tie of the first weight along an edge.
    #expect(try front([[0, 1], [1, 1], [1, 0]]).vertices.map(\.point) == [[1, 1]])
  }

  @Test("minimising is maximising the negated rewards", .tags(.metamorphic))
  func minimize() throws {
    let points: [[Rational]] = [[1, 5], [2, 2], [5, 1], [4, 4]]
    let least = try front(points, direction: .minimize)
    let greatest = try front(points.map { $0.map { -$0 } })
    #expect(least.vertices.map(\.point) == greatest.vertices.map { $0.point.map { -$0 } })
    #expect(least.hypervolume == greatest.hypervolume)
    #expect(least.vertices.map(\.point) == [[1, 5], [2, 2], [5, 1]])
  }

  @Test("random models against the hull of all policies", .tags(.differential), arguments: [2, 3])
  func bruteForce(rewardCount: Int) throws {
    var models = RandomModel(seed: UInt64(400 + rewardCount))
    models.largestStateCount = 4
    var random = SplitMix64(seed: 77)
    for round in 0..<60 {
      let base = try models.next()
      let model =
        rewardCount == 2 ? base : try base.addingReward(named: "third", noise(base, &random))
      let direction = round % 3 == 0 ? Direction.minimize : .maximize
      try compare(model, direction, round)
    }
  }

  private func noise(_ model: FiniteMDP, _ random: inout SplitMix64) -> RewardFunction {
    RewardFunction(
      summing: (0..<model.choiceCount).map { choice in
        RewardFunction.Entry(
          state: model.state(of: Choice(choice)), action: model.action(of: Choice(choice)),
          value: Rational(Int(random.below(5)) - 2))
      })
  }

  /// Every certificate is accepted, and the vertices are the corners of the brute-force hull.
  private func compare(_ model: FiniteMDP, _ direction: Direction, _ round: Int) throws {
    let names = model.rewards.map(\.name)
    let discount = try #require(model.discount)
    let front = try paretoFront(
      of: MultiObjectiveProblem(
        model: model, rewards: names, discount: discount, direction: direction))
    let verdict = front.certificate.verify(in: model)
    try #require(verdict.isAccepted, "round \(round): \(verdict)")
    for vertex in front.vertices {
      #expect(try point(of: vertex.policy, model, discount) == vertex.point)
    }
    let sign: Rational = direction == .maximize ? 1 : -1
    let all = try Set(policies(of: model).map { try point(of: $0, model, discount) })
      .map { $0.map { sign * $0 } }
    let found = Set(front.vertices.map { $0.point.map { sign * $0 } })
    #expect(found.count == front.vertices.count)
    // No attainable point lies beyond a facet, and each facet touches one.
    for facet in front.facets {
      let values = all.map { zip(facet.normal, $0).reduce(Rational.zero) { $0 + $1.0 * $1.1 } }
      #expect(values.max() == sign * facet.offset, "round \(round)")
    }
    // A vertex is the only best point for its weight, among all policies.
    for vertex in front.vertices {
      let value = { (z: [Rational]) in
        zip(vertex.weight, z).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
      }
      let own = value(vertex.point.map { sign * $0 })
      #expect(all.filter { value($0) >= own }.count == 1, "round \(round)")
    }
    // And none is missing: the weights of a grid find no others.
    for weight in Self.weights(names.count) {
      let values = all.map { zip(weight, $0).reduce(Rational.zero) { $0 + $1.0 * $1.1 } }
      let best = try #require(values.max())
      let winners = zip(all, values).filter { $0.1 == best }.map(\.0)
      if winners.count == 1 { #expect(found.contains(winners[0]), "round \(round)") }
    }
  }

  private static func weights(_ count: Int) -> [[Rational]] {
    let steps = 1...7
    let pairs = steps.flatMap { i in steps.map { [Rational(i), Rational($0 * $0)] } }
    return count == 2 ? pairs : pairs.flatMap { pair in steps.map { pair + [Rational($0)] } }
  }

  private func policies(of model: FiniteMDP) -> [[Action]] {
    (0..<model.stateCount).reduce([[]]) { partial, state in
      partial.flatMap { policy in
        model.choices(at: State(state)).map { policy + [model.action(of: $0)] }
      }
    }
  }

  /// By elimination written for this test: it shares nothing with the solvers.
  private func point(
    of policy: [Action], _ model: FiniteMDP, _ discount: Rational
  ) throws -> [Rational] {
    let n = model.stateCount
    let choices = try policy.enumerated().map { state, action in
      try #require(model.choice(of: action, at: State(state)))
    }
    let rewards = model.rewards.map { $0.function.expected(in: model) }
    var rows = choices.enumerated().map { state, choice in
      var row = (0..<n).map { $0 == state ? Rational.one : .zero }
      for (successor, probability) in model.transitions(of: choice) {
        row[Int(successor.index)] -= discount * probability
      }
      return row + rewards.map { $0[Int(choice.index)] }
    }
    for column in 0..<n {
      let pivot = try #require((column..<n).first { !rows[$0][column].isZero })
      rows.swapAt(column, pivot)
      let scale = rows[column][column]
      rows[column] = rows[column].map { $0 / scale }
      for row in 0..<n where row != column && !rows[row][column].isZero {
        let factor = rows[row][column]
        rows[row] = zip(rows[row], rows[column]).map { $0 - factor * $1 }
      }
    }
    let initial = try #require(model.initial)
    return rewards.indices.map { reward in
      initial.reduce(Rational.zero) { $0 + $1.probability * rows[Int($1.state.index)][n + reward] }
    }
  }

  @Test("what does not fit is refused")
  func refused() throws {
    let model = try bandit([[1, 2], [2, 1]])
    #expect(throws: SolverError.self) {
      try MultiObjectiveProblem(model: model, rewards: ["r0"], discount: 0)
    }
    #expect(throws: SolverError.noReward("x", names: ["r0", "r1"])) {
      try MultiObjectiveProblem(model: model, rewards: ["r0", "x"], discount: 0)
    }
    var options = ParetoOptions()
    options.reference = [0]
    #expect(throws: SolverError.self) {
      try paretoFront(
        of: MultiObjectiveProblem(model: model, rewards: ["r0", "r1"], discount: 0),
        options: options)
    }
  }
}
