import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import RewardComparison
import TestSupport
import Testing

@Suite("Curves and nearest rewards")
struct CurveTests {
  private func polygon(_ first: String, _ second: String) throws -> ValuePolygon {
    let model = try Environments.e1(first, second)
    return try ValuePolygon(
      ComparisonProblem(model: model, rewards: [first, second], discount: Rational(1, 2)))
  }

  /// Vertices (7/2, 1/2), (2, 1), (0, 0), (1, -2): down the left side x falls by 2 over a height
  /// of 1.
  @Test("the loss of nearly optimal policies of E is linear up to ε = 1", .tags(.worked))
  func nearlyOptimal() throws {
    let curve = try polygon("R", "E").lossOfNearlyOptimal
    #expect(curve.map(\.tolerance) == [0, 1])
    #expect(curve.map(\.loss) == [Rational(3, 2), Rational(7, 2)])
  }

  /// x + w y: (7/2, 1/2) and (2, 1) tie at w = 3.
  @Test("a blend of R and E changes its optimum at weight 3", .tags(.worked))
  func blend() throws {
    let pieces = try polygon("R", "E").blendedOptima
    #expect(pieces.map(\.from) == [0, 3])
    #expect(pieces.map(\.point.x) == [Rational(7, 2), 2])
  }

  @Test("curves of random models: monotone, and right at their corners", arguments: 0..<3)
  func random(seed: UInt64) throws {
    var models = RandomModel(seed: seed &+ 300)
    models.largestStateCount = 4
    for _ in 0..<8 {
      let model = try models.next()
      let problem = try ComparisonProblem(
        model: model, rewards: ["main", "other"], discount: #require(model.discount))
      let polygon = try ValuePolygon(problem)
      let pair = try compared(model).answer.pairs[0]
      let curve = polygon.lossOfNearlyOptimal
      if polygon.width.signum > 0 {
        #expect(curve[0].loss == pair.proxyRegret[0].worst * polygon.width)
        #expect(curve.last?.loss == polygon.width)
      }
      #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.loss < $1.loss })
      let pieces = polygon.blendedOptima
      for (piece, next) in zip(pieces, pieces.dropFirst()) {
        #expect(piece.from <= next.from && piece.point.x >= next.point.x)
        // Both are the best at the weight where the one takes over.
        let best = polygon.points.map { $0.x + next.from * $0.y }.max()
        #expect(best == piece.point.x + next.from * piece.point.y)
        #expect(best == next.point.x + next.from * next.point.y)
      }
    }
  }

  @Test("the nearest rewards that make a policy optimal with a margin", .tags(.worked))
  func design() throws {
    let model = try TinyModel.read(
      "0 stay → 0; 0 switch → 1; 1 stay → 1; 1 switch → 0", discount: Rational(1, 2))
    for (norm, expected) in [(RewardNorm.linf, Rational(11, 20)), (.l1, Rational(17, 15))] {
      let found = try nearestReward(
        making: [Action(1), Action(0)], optimalWithMargin: Rational(1, 10), in: model,
        discount: Rational(1, 2), reference: [1, 0, 0, 0], norm: norm)
      guard case .found(_, _, let distance) = found.outcome else {
        Issue.record("a reward is expected")
        continue
      }
      #expect(distance == expected)
    }
    // Nothing can change: the reference prefers to stay.
    let none = try nearestReward(
      making: [Action(1), Action(0)], optimalWithMargin: 0, in: model, discount: Rational(1, 2),
      reference: [1, 0, 0, 0], norm: .l1, fixed: Set((0..<4).map(Choice.init)))
    guard case .impossible = none.outcome else {
      Issue.record("no reward is expected")
      return
    }
  }

  @Test("a member of the family is its own nearest")
  func family() throws {
    let (environment, r, d) = try environment()
    let own = try nearestReward(
      to: 2 * r + -3 * d, in: [r, d], of: environment, norm: .l1)
    #expect(own.distance == 0 && own.coefficients == [2, -3])
    #expect(throws: ComparisonError.self) {
      try nearestReward(to: r, in: [d], of: environment, norm: .l2)
    }
  }

  /// `R` is levelled to (-5/8, 5/8, 9/8, -9/8), and x at `s`, y at `t` to (z, -z, -z, z) with
  /// z = (x - y)/4: |z + 5/8| and |z + 9/8|, each twice.
  @Test("the nearest state-only reward: 1/4 in linf, 1 in l1", .tags(.worked))
  func stateOnly() throws {
    let (environment, r, _) = try environment()
    let most = try nearestStateOnlyReward(to: r, of: environment, norm: .linf).nearest
    #expect(most.distance == Rational(1, 4))
    #expect(most.coefficients[0] - most.coefficients[1] == Rational(-7, 2))
    let (found, sum) = try nearestStateOnlyReward(to: r, of: environment, norm: .l1)
    #expect(sum.distance == 1)
    for state in 0..<2 {
      let values = (0..<2).map {
        found.value(state: State(state), action: Action($0), successor: State(0))
      }
      #expect(values == [sum.coefficients[state], sum.coefficients[state]])
    }
  }

  /// c on `b` at `s` is levelled to (-3c, 3c, -c, c)/8: |3c - 5|/8 and |c + 9|/8, each twice.
  @Test("the nearest reward on one choice: 8/3 in l1 at 5/3, 1 in linf at -1", .tags(.worked))
  func support() throws {
    let (environment, r, _) = try environment()
    for (norm, distance, factor) in [
      (RewardNorm.l1, Rational(8, 3), Rational(5, 3)), (.linf, 1, -1),
    ] {
      let (found, nearest) = try nearestReward(
        to: r, supportedOn: [Choice(1)], of: environment, norm: norm)
      #expect(nearest.distance == distance && nearest.coefficients == [factor])
      #expect(found.value(state: State(0), action: Action(1), successor: State(1)) == factor)
      #expect(found.value(state: State(1), action: Action(1), successor: State(1)) == 0)
    }
    let all = Set((0..<4).map(Choice.init))
    #expect(
      try nearestReward(to: r, supportedOn: all, of: environment, norm: .l1).nearest.distance == 0)
  }

  private func environment() throws -> (ComparisonProblem, RewardFunction, RewardFunction) {
    let model = try Environments.e1("R", "D")
    return (
      try ComparisonProblem.environment(model, discount: Rational(1, 2)),
      try #require(model.reward(named: "R")), try #require(model.reward(named: "D"))
    )
  }

  @Test("shaping is recognised, and what it is not tells a policy that loses")
  func auxiliary() throws {
    let model = try Environments.e1("R", "D")
    let environment = try ComparisonProblem.environment(model, discount: Rational(1, 2))
    let reward = try #require(model.reward(named: "R"))
    let potential = RationalVector([Rational(3), Rational(-1, 7)])
    let shaping = RewardFunction.potentialShaping(potential, discount: Rational(1, 2), in: model)
    guard case .shaping(let found) = try effect(ofAdding: shaping, to: reward, in: environment)
    else {
      Issue.record("shaping is expected")
      return
    }
    #expect(found == potential)
    let other = try #require(model.reward(named: "D"))
    guard case .sameOptimalPolicies = try effect(ofAdding: other, to: reward, in: environment)
    else {
      Issue.record("R and R + D have the same optimum")
      return
    }
    guard
      case .changesOptimum(_, _, let loss) = try effect(
        ofAdding: -2 * reward, to: reward, in: environment)
    else {
      Issue.record("-R has another optimum")
      return
    }
    #expect(loss == Rational(7, 2))
  }

  @Test("the matrix of distances is that of the pairs")
  func matrix() throws {
    let names = ["R", "D", "zero", "X"]
    let model = try Environments.e1(
      names.map { name in (name, try #require(Environments.tables[name])) })
    let problem = try ComparisonProblem(model: model, rewards: names, discount: Rational(1, 2))
    let matrix = try rewardDistances(problem)
    let comparison = try compareRewards(problem)
    for (pair, distance) in zip(comparison.answer.pairs, comparison.distances) {
      #expect(matrix[pair.first][pair.second] == distance)
      #expect(matrix[pair.second][pair.first] == distance)
    }
  }
}
